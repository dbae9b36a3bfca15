# The daemon's own part that drives a tab fails, as by a bug in it. Another one
# takes its place: same lease, same token, same page. Whoever waited is told.

alice acquires web for 10m
alice goes to http://a/
alice evaluates never within 30s
alice's tab loses its driver
alice evaluates whoami
alice recovers
Chrome counts
the journal says

# Also if the tab had crashed before.

alice's tab crashes
alice's tab loses its driver
alice evaluates whoami
alice recovers
alice evaluates whoami
Chrome counts

# What fails again and again is over, and says so; the tab is closed.

alice's tab loses its driver
alice's tab loses its driver
alice evaluates whoami
Chrome counts
alice asks for status
