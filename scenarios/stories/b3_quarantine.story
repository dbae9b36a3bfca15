# One that dies often rests, and is tried again after that; whoever named no
# browser is served by another meanwhile. Only when all of them rest the daemon
# gives up.

given browsers a b
given restart.restarts_max = 1
given quarantine.lasts = 2m

alice acquires web in a for 1h
alice: granted 1:1.1 in a
Chrome a refuses always
Chrome a dies
alice: hears that the tab of 1:1.1 is lost: browser_gone
wait 5s
alice asks for status
alice: sees 1 slot taken, 1 lease, 0 waiting, a quarantined with 1 slot taken, b ready with 0 slots taken
alice recovers
alice: refused browser.unavailable, again in 1m 53s: Browser 'a' is in quarantine: it does not stay alive. The fake Chrome refused to start.
bob acquires web in a within 10m
bob: refused browser.unavailable, again in 1m 52s: Browser 'a' is in quarantine: it does not stay alive. The fake Chrome refused to start.
bob acquires web for 1h
bob: granted 2:1.2 in b
wait 3m
alice asks for status
alice: sees 2 slots taken, 2 leases, 0 waiting, a quarantined with 1 slot taken, b ready with 1 slot taken
Chrome b refuses always
Chrome b dies
bob: hears that the tab of 2:1.2 is lost: browser_gone
wait 5s
alice asks for status
alice: refused client.gone
