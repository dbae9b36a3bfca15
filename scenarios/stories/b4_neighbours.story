# B4: a tab that is stuck is its holder's trouble alone. Each command has its
# deadline; a script that does not end is ended, and the tab can be used again.

alice acquires web for 10m
alice: granted 1:1.1
bob acquires web for 10m
bob: granted 2:1.2
bob goes to http://b/
bob: is at http://b/

alice evaluates busy within 5s
bob evaluates whoami
bob: gets "http://b/"
wait 10s
alice: refused deadline.exceeded
alice evaluates 42
alice: gets 42

# A promise that nobody keeps blocks nothing.

alice evaluates never within 3s
alice evaluates 43
alice: gets 43
wait 5s
alice: refused deadline.exceeded

# A renderer that says nothing at all is given up, and can be had anew.

alice's tab stops
alice evaluates 44 within 5s
bob evaluates whoami
bob: gets "http://b/"
wait 10s
alice: hears that the tab of 1:1.1 is lost: unresponsive
alice: refused deadline.exceeded
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates 45
alice: gets 45

# A dialog is answered before it blocks anything.

bob evaluates alert
bob: hears that a dialog was answered: alert: Hello
bob: gets null
