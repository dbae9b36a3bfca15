# Chrome's process is stopped: no connection breaks, and nothing is answered. It
# is asked as long as somebody uses it, said to be silent, and replaced. Tabs
# can be had anew then.

alice acquires web for 10m
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
Chrome stops
wait 16s
bob asks for status
bob: sees 1 slot taken, 1 lease, 0 waiting, Chrome silent
bob acquires web for 10m
wait 10s
alice: hears that the tab of 1:1.1 is lost: browser_gone
bob: granted 2:1.2
alice evaluates whoami
alice: refused tab.lost, browser_gone, generation 1, restorable
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates whoami
alice: gets "http://a/"
bob evaluates whoami
bob: gets "about:blank"
bob asks for status
bob: sees 2 slots taken, 2 leases, 0 waiting, Chrome ready
Chrome counts
Chrome: 2 tabs

# Whoever asks a Chrome that has just stopped for a tab is told in time what was
# not done, and nothing of it stays.

Chrome stops
carol acquires web for 10m
wait 30s
alice: hears that the tab of 1:1.1 is lost: browser_gone
bob: hears that the tab of 2:1.2 is lost: browser_gone
carol: hears that 3:1.3 is over: not_opened
carol: refused browser.unavailable: It answered nothing for 20s. It is ended, to be started again.
carol acquires web for 10m
carol: granted 4:1.4
Chrome counts
Chrome: 1 tab

# One that is merely slow is waited for, and loses nothing.

alice recovers
alice: hears that the tab of 1:1.1 is back, generation 3
alice: has a new tab, generation 3
Chrome stops
wait 15s
bob asks for status
bob: sees 3 slots taken, 3 leases, 0 waiting, Chrome silent
Chrome goes on
bob asks for status
bob: sees 3 slots taken, 3 leases, 0 waiting, Chrome ready
alice evaluates whoami
alice: gets "http://a/"
the journal says
journal: browser_up (Chrome/156.0.0.0)
journal: client_joined (alice)
journal: slot_granted slot 1
journal: lease_granted 1:1.1 slot 1
journal: lease_bound 1:1.1 slot 1
journal: tab_moved 1:1.1 (http://a/)
journal: browser_changed (silent: it has answered nothing for 15s)
journal: client_joined (bob)
journal: slot_granted slot 2
journal: lease_granted 2:1.2 slot 2
journal: browser_changed (given up: It answered nothing for 20s.)
journal: browser_down (It answered nothing for 20s. It is ended, to be started again.)
journal: tab_lost 1:1.1 (http://a/)
journal: browser_up (Chrome/156.0.0.0)
journal: lease_bound 2:1.2 slot 2
journal: lease_bound 1:1.1 slot 1
journal: tab_recovered 1:1.1 (http://a/)
journal: client_joined (carol)
journal: slot_granted slot 3
journal: lease_granted 3:1.3 slot 3
journal: browser_changed (silent: it has answered nothing for 15s)
journal: browser_changed (given up: It answered nothing for 20s.)
journal: browser_down (It answered nothing for 20s. It is ended, to be started again.)
journal: tab_lost 2:1.2 (about:blank)
journal: tab_lost 1:1.1 (http://a/)
journal: lease_ended 3:1.3 slot 3 (not_opened)
journal: slot_returned slot 3
journal: browser_up (Chrome/156.0.0.0)
journal: slot_granted slot 4
journal: lease_granted 4:1.4 slot 4
journal: lease_bound 4:1.4 slot 4
journal: lease_bound 1:1.1 slot 1
journal: tab_recovered 1:1.1 (http://a/)
journal: browser_changed (silent: it has answered nothing for 15s)
journal: browser_changed (answers again)
