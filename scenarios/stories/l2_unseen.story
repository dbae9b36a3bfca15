# L2: Chrome neither shows the tab of a kept lease nor says that it is gone. The
# next daemon does not wait for it longer than for a new one: the lease goes on
# with a tab that is lost, and can be recovered. Whoever joins meanwhile waits
# with it, and is served.

alice acquires web for 10m
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
alice's tab closes
alice: hears that the tab of 1:1.1 is lost: destroyed
the daemon is killed
Chrome never answers Target.getTargetInfo
wait 2s
bob comes back
bob acquires web
bob: granted 2:2.1
wait 15s
bob asks for status
bob: sees 2 slots taken, 2 leases, 0 waiting, Chrome ready
alice comes back
alice evaluates whoami
alice: refused tab.lost, browser_gone, generation 1, restorable
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates whoami
alice: gets "http://a/"
Chrome counts
Chrome: 2 tabs
