# One key stays in one browser while there is room; other keys may be elsewhere.
# When its browser is not there it is served by another, and nobody waits for
# what can be had.

given browsers a b c
given admission.per_key = 2
given admission.global = 2
given admission.tabs = 2

alice acquires web
alice: granted 1:1.1 in a
alice acquires web
alice: granted 2:1.2 in a
alice acquires web
alice: granted 3:1.3 in c
bob acquires mail
bob: granted 4:1.4 in b
carol acquires web
carol: granted 5:1.5 in c
dave acquires web
dave: granted 6:1.6 in b
erin acquires web
erin: refused provider.capacity, 2 of 2 taken, again in 15s
erin acquires web within 10m
erin: waits with ticket 1, 0 ahead
dave asks for status
dave: sees 6 slots taken, 6 leases, 1 waiting, a ready with 2 slots taken, b ready with 2 slots taken, c ready with 2 slots taken

# Her ticket is for whichever has room first.

dave releases
dave: hears that 6:1.6 is over: released
dave: released
erin: granted 7:1.7 in b
frank asks for status
frank: sees 6 slots taken, 6 leases, 0 waiting, a ready with 2 slots taken, b ready with 2 slots taken, c ready with 2 slots taken
