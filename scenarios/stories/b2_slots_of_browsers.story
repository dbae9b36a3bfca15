# B2: a lease that ends frees its own slot, in its own browser, and at once; the
# other browsers are as they were.

given browsers a b
given admission.per_key = 1

alice acquires web in a
bob acquires web in b
carol acquires web in a
carol acquires web
alice releases
bob asks for status
carol acquires web in b
carol acquires web in a

# Whoever waits for one browser is served there; who waits for any, where there
# is room first.

dave acquires web in a within 10m
erin acquires web within 10m
bob releases
carol releases
bob asks for status
