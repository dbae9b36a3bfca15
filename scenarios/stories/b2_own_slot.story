# B2: a lease that ends frees its own slot, no other one, and at once: whoever
# asks next has it.

given admission.per_key = 2

alice acquires web for 1h
alice: granted 1:1.1
bob acquires web for 1h
bob: granted 2:1.2
carol acquires web
carol: refused provider.capacity, 2 of 2 taken, again in 15s

# Alice's slot, and hers alone: one for Carol, none for Dave.

alice's process dies
carol acquires web for 1h
carol: granted 3:1.3
dave acquires web
dave: refused provider.capacity, 2 of 2 taken, again in 1s 502ms
bob evaluates whoami
bob: gets "about:blank"

# Also what an operator takes away comes back once, not twice.

bob revokes with 3:1.3
bob: revoked
carol: hears that 3:1.3 is over: revoked
dave acquires web
dave: granted 4:1.4
erin acquires web
erin: refused provider.capacity, 2 of 2 taken, again in 1s 503ms
