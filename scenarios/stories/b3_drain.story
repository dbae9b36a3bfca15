# A browser that is drained takes nobody new; who is there goes on, and who
# waited there waits elsewhere. Then it may be restarted, or removed.

given browsers a b
given admission.per_key = 1

alice acquires web in a for 1h
alice: granted 1:1.1 in a
bob acquires web in b for 1h
bob: granted 2:1.2 in b
carol acquires web in a within 10m
carol: waits with ticket 1, 0 ahead
dave acquires web within 10m
dave: waits with ticket 2, 0 ahead
erin drains a
carol: refused browser.unavailable: Browser 'a' is drained: it takes no new leases until `berth browser undrain a`.
erin: finds browser a ready, drained
alice evaluates whoami
alice: gets "about:blank"
erin asks for status
erin: sees 2 slots taken, 2 leases, 1 waiting, a ready with 1 slot taken, drained, b ready with 1 slot taken
erin restarts a
alice: hears that the tab of 1:1.1 is lost: browser_gone
erin: finds browser a ready, drained
alice evaluates whoami
alice: refused tab.lost, browser_gone, generation 1, restorable
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
erin removes b
erin: refused browser.busy: Browser 'b' is in use by 1 lease.
erin undrains a
erin: finds browser a ready
erin removes a
erin: refused browser.busy: Browser 'a' is in use by 1 lease.
erin drains a
erin: finds browser a ready, drained
erin removes a
alice: hears that 1:1.1 is over: revoked
erin: finds browser a stopped, drained
erin asks for status
erin: sees 1 slot taken, 1 lease, 1 waiting, Chrome ready
erin removes b
erin: refused request.invalid
alice evaluates whoami
alice: refused lease.gone

# One that is added takes part at once.

erin adds c
dave: granted 3:1.3 in c
erin: finds browser c ready
erin adds c
erin: refused request.invalid
erin acquires web
erin: refused provider.capacity, 1 of 1 taken, again in 30s
dave asks for status
dave: sees 2 slots taken, 2 leases, 0 waiting, b ready with 1 slot taken, c ready with 1 slot taken
