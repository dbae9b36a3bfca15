# The browser dies: every lease has lost its tab and says so. A new browser is
# there soon, and the tabs can be had anew.

alice acquires web for 10m
alice: granted 1:1.1
bob acquires web for 10m isolated
bob: granted 2:1.2
alice goes to http://a/
alice: is at http://a/
bob goes to http://b/
bob: is at http://b/

Chrome dies
alice: hears that the tab of 1:1.1 is lost: browser_gone
bob: hears that the tab of 2:1.2 is lost: browser_gone
alice asks for status
alice: sees 2 slots taken, 2 leases, 0 waiting, Chrome ready
alice evaluates whoami
alice: refused tab.lost, browser_gone, generation 1, restorable
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
bob recovers
bob: hears that the tab of 2:1.2 is back, generation 2
bob: has a new tab, generation 2
alice evaluates whoami
alice: gets "http://a/"
bob evaluates whoami
bob: gets "http://b/"
Chrome counts
Chrome: 2 tabs
