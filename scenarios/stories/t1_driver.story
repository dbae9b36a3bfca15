# The daemon's own part that drives a tab fails, as by a bug in it. Another one
# takes its place: same lease, same token, same page. Whoever waited is told.

alice acquires web for 10m
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
alice evaluates never within 30s
alice's tab loses its driver
alice: refused tab.lost, driver_gone, generation 1, restorable
alice evaluates whoami
alice: gets "http://a/"
alice recovers
alice: has the same tab, generation 1
Chrome counts
Chrome: 1 tab
the journal says
journal: browser_up (Chrome/156.0.0.0)
journal: client_joined (alice)
journal: slot_granted slot 1
journal: lease_granted 1:1.1 slot 1
journal: lease_bound 1:1.1 slot 1
journal: tab_moved 1:1.1 (http://a/)
journal: tab_moved 1:1.1 (http://a/)

# Also if the tab had crashed before.

alice's tab crashes
alice: hears that the tab of 1:1.1 is lost: crashed
alice's tab loses its driver
alice: hears that the tab of 1:1.1 is lost: crashed
alice evaluates whoami
alice: refused tab.lost, crashed, generation 1, restorable
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates whoami
alice: gets "about:blank"
Chrome counts
Chrome: 1 tab

# What fails again and again is over, and says so; the tab is closed.

alice's tab loses its driver
alice's tab loses its driver
alice: hears that 1:1.1 is over: failed
alice evaluates whoami
alice: refused lease.gone
Chrome counts
Chrome: 0 tabs
alice asks for status
alice: sees 0 slots taken, 0 leases, 0 waiting, Chrome ready
