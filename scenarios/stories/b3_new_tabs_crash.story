# Chrome runs and answers, but can start no renderer any more: every new tab
# crashes before anybody has it. After three in a row it is replaced.

alice acquires web for 10m
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
Chrome bears only dead tabs
alice evaluates whoami
alice: gets "http://a/"
bob acquires web
bob: hears that 2:1.2 is over: not_opened
bob: refused tab.lost, crashed, generation 1, restorable
bob acquires web
bob: hears that the tab of 3:1.3 is lost: crashed
bob: hears that 3:1.3 is over: not_opened
bob: refused tab.lost, crashed, generation 1, restorable
alice asks for status
alice: sees 1 slot taken, 1 lease, 0 waiting, Chrome ready
bob acquires web
alice: hears that the tab of 1:1.1 is lost: browser_gone
bob: hears that 4:1.4 is over: not_opened
bob: refused tab.lost, crashed, generation 1, restorable
wait 2s
bob acquires web
bob: granted 5:1.5
alice asks for status
alice: sees 2 slots taken, 2 leases, 0 waiting, Chrome ready
alice evaluates whoami
alice: refused tab.lost, browser_gone, generation 1, restorable
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates whoami
alice: gets "http://a/"
the journal says
journal: browser_up (Chrome/156.0.0.0)
journal: client_joined (alice)
journal: slot_granted slot 1
journal: lease_granted 1:1.1 slot 1
journal: lease_bound 1:1.1 slot 1
journal: tab_moved 1:1.1 (http://a/)
journal: client_joined (bob)
journal: slot_granted slot 2
journal: lease_granted 2:1.2 slot 2
journal: lease_ended 2:1.2 slot 2 (not_opened)
journal: slot_returned slot 2
journal: slot_granted slot 3
journal: lease_granted 3:1.3 slot 3
journal: tab_lost 3:1.3 (about:blank)
journal: lease_ended 3:1.3 slot 3 (not_opened)
journal: slot_returned slot 3
journal: slot_granted slot 4
journal: lease_granted 4:1.4 slot 4
journal: browser_changed (given up: Its last 3 new tabs crashed as soon as they were made.)
journal: lease_ended 4:1.4 slot 4 (not_opened)
journal: browser_down (Its last 3 new tabs crashed as soon as they were made. It is ended, to be started again.)
journal: slot_returned slot 4
journal: tab_lost 1:1.1 (http://a/)
journal: browser_up (Chrome/156.0.0.0)
journal: slot_granted slot 5
journal: lease_granted 5:1.5 slot 5
journal: lease_bound 5:1.5 slot 5
journal: lease_bound 1:1.1 slot 1
journal: tab_recovered 1:1.1 (http://a/)
