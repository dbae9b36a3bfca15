# B4: a tab that is stuck is its holder's trouble alone. Each command has its
# deadline; a script that does not end is ended, and the tab can be used again.

alice acquires web for 10m
bob acquires web for 10m
bob goes to http://b/

alice evaluates busy within 5s
bob evaluates whoami
wait 10s
alice evaluates 42

# A promise that nobody keeps blocks nothing.

alice evaluates never within 3s
alice evaluates 43
wait 5s

# A renderer that says nothing at all is given up, and can be had anew.

alice's tab stops
alice evaluates 44 within 5s
bob evaluates whoami
wait 10s
alice recovers
alice evaluates 45

# A dialog is answered before it blocks anything.

bob evaluates alert
