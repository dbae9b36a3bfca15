# B1: what is said of a lease is said by its own browser, whatever the others
# are at. One died too often and rests; one is drained; one is well.

given browsers a b c
given restart.restarts_max = 1
given quarantine.lasts = 5m

alice acquires web in a for 1h
bob acquires web in b for 1h
carol acquires web in c for 1h
Chrome a dies
wait 5s
Chrome a dies
wait 5s
bob drains b
carol asks for status

# Whoever named one hears from that one, and from no other.

dave acquires web in a
dave acquires web in b
dave acquires web in c
dave acquires web in d

# So does whoever has something there.

alice recovers
bob evaluates whoami
carol evaluates whoami

# Whoever named none need not know.

erin acquires web
erin acquires other

# When its time has come it is tried again.

wait 5m
alice recovers
dave acquires web in a
bob undrains b
dave acquires web in b
