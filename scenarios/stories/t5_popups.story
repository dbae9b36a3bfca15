# T5: popups belong to whoever opened them. They count as tabs, a lease has only
# so many of them, and they go with their lease.

given target.popups_max = 2

alice acquires web for 10m
alice: granted 1:1.1
alice's tab opens http://one/
alice: hears that a popup of 1:1.1 opened: http://one/
alice's tab ctrl-clicks http://two/
alice: hears that a popup of 1:1.1 opened: http://two/
alice's tab opens http://three/
Chrome counts
Chrome: 3 tabs

# The one that was refused was let go first: its opener is not blocked.

alice evaluates whoami
alice: gets "about:blank"

alice releases
alice: hears that 1:1.1 is over: released
alice: released
Chrome counts
Chrome: 0 tabs
