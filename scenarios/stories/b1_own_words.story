# B1: what is said of a lease is said by its own browser, whatever the others
# are at. One died too often and rests; one is drained; one is well.

given browsers a b c
given restart.restarts_max = 1
given quarantine.lasts = 5m

alice acquires web in a for 1h
alice: granted 1:1.1 in a
bob acquires web in b for 1h
bob: granted 2:1.2 in b
carol acquires web in c for 1h
carol: granted 3:1.3 in c
Chrome a dies
alice: hears that the tab of 1:1.1 is lost: browser_gone
wait 5s
Chrome a dies
wait 5s
bob drains b
bob: finds browser b ready, drained
carol asks for status
carol: sees 3 slots taken, 3 leases, 0 waiting, a quarantined with 1 slot taken, b ready with 1 slot taken, drained, c ready with 1 slot taken

# Whoever named one hears from that one, and from no other.

dave acquires web in a
dave: refused browser.unavailable, again in 4m 52s: Browser 'a' is in quarantine: it does not stay alive. The fake Chrome died.
dave acquires web in b
dave: refused browser.unavailable: Browser 'b' is drained: it takes no new leases until `berth browser undrain b`.
dave acquires web in c
dave: granted 4:1.4 in c
dave acquires web in d
dave: refused browser.unknown: There is no browser 'd'.

# So does whoever has something there.

alice recovers
alice: refused browser.unavailable, again in 4m 48s: Browser 'a' is in quarantine: it does not stay alive. The fake Chrome died.
bob evaluates whoami
bob: gets "about:blank"
carol evaluates whoami
carol: gets "about:blank"

# Whoever named none need not know.

erin acquires web
erin: granted 5:1.5 in c
erin acquires other
erin: granted 6:1.6 in c

# When its time has come it is tried again.

wait 5m
dave: hears that 4:1.4 is over: expired
erin: hears that 5:1.5 is over: expired
erin: hears that 6:1.6 is over: expired
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
dave acquires web in a
dave: granted 7:1.7 in a
bob undrains b
bob: finds browser b ready
dave acquires web in b
dave: granted 8:1.8 in b
