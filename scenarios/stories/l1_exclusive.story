# L1: a tab has one holder for life. Whoever acquires gets a tab that nobody has
# had before, however many ask at once, and whatever was left behind in it.

alice acquires web
and bob acquires web
and carol acquires web
alice: granted 1:1.1
bob: granted 2:1.2
carol: granted 3:1.3
alice goes to http://alice/
alice: is at http://alice/
bob evaluates whoami
bob: gets "about:blank"
carol evaluates whoami
carol: gets "about:blank"

# What Alice gives back is closed, not handed on.

alice releases
alice: hears that 1:1.1 is over: released
alice: released
dave acquires web
dave: granted 4:1.4
dave evaluates whoami
dave: gets "about:blank"

# Nor does it help to know another's lease: only its token opens the tab.

dave evaluates whoami with 2:1.4
dave: refused lease.stale_token
