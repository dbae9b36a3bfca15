# T5: popups belong to whoever opened them. They count as tabs, a lease has only
# so many of them, and they go with their lease.

given target.popups_max = 2

alice acquires web for 10m
alice's tab opens http://one/
alice's tab ctrl-clicks http://two/
alice's tab opens http://three/
Chrome counts

# The one that was refused was let go first: its opener is not blocked.

alice evaluates whoami

alice releases
Chrome counts
