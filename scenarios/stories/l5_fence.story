# L5 fence. Mallory knows the lease, and guesses a token. Alice's own old lease
# opens nothing, either, once it is given back.

alice acquires web
mallory evaluates whoami with 1:1.0
mallory renews with 1:1.2
mallory releases with 1:0.1
alice evaluates whoami
alice releases
alice evaluates whoami
