# B2: a lease that ends frees its own slot, in its own browser, and at once; the
# other browsers are as they were.

given browsers a b
given admission.per_key = 1

alice acquires web in a
alice: granted 1:1.1 in a
bob acquires web in b
bob: granted 2:1.2 in b
carol acquires web in a
carol: refused provider.capacity, 1 of 1 taken, again in 30s
carol acquires web
carol: refused provider.capacity, 1 of 1 taken, again in 30s
alice releases
alice: hears that 1:1.1 is over: released
alice: released
bob asks for status
bob: sees 1 slot taken, 1 lease, 0 waiting, a ready with 0 slots taken, b ready with 1 slot taken
carol acquires web in b
carol: refused provider.capacity, 1 of 1 taken, again in 30s
carol acquires web in a
carol: granted 3:1.3 in a

# Whoever waits for one browser is served there; who waits for any, where there
# is room first.

dave acquires web in a within 10m
dave: waits with ticket 1, 0 ahead
erin acquires web within 10m
erin: waits with ticket 2, 0 ahead
bob releases
bob: hears that 2:1.2 is over: released
bob: released
erin: granted 4:1.4 in b
carol releases
carol: hears that 3:1.3 is over: released
carol: released
dave: granted 5:1.5 in a
bob asks for status
bob: sees 2 slots taken, 2 leases, 0 waiting, a ready with 1 slot taken, b ready with 1 slot taken
