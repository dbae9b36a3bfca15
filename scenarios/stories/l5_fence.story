# L5: every command shows the token of its lease. A token that is old, or made
# up, opens nothing; a lease that is over stays over.

alice acquires web
alice: granted 1:1.1
alice goes to http://bank/
alice: is at http://bank/

mallory evaluates whoami with 1:1.2
mallory: refused lease.stale_token
mallory releases with 1:9.9
mallory: refused lease.stale_token
mallory renews with 1:1.9
mallory: refused lease.stale_token

# Nor is the right token enough: it can be guessed, the proof of it cannot. Who
# has none does not even hear whether there is such a lease.

mallory evaluates whoami with 1:1.1 guessed
mallory: refused lease.wrong_credential
mallory releases with 1:1.1 guessed
mallory: refused lease.wrong_credential
mallory renews with 1:1.1 guessed
mallory: refused lease.wrong_credential
mallory evaluates whoami with 77:1.77 guessed
mallory: refused lease.wrong_credential

# Nor is it enough to hold the lease: the tab itself looks at the token.

alice evaluates whoami with 1:1.2
alice: refused lease.stale_token

alice releases
alice: hears that 1:1.1 is over: released
alice: released
mallory evaluates whoami with 1:1.1
mallory: refused lease.gone
alice evaluates whoami
alice: refused lease.gone

# The operator may end a lease without its token; its holder hears of it.

bob acquires web
bob: granted 2:1.2
carol revokes with 2:0.0
bob: hears that 2:1.2 is over: revoked
carol: revoked
bob evaluates whoami
bob: refused lease.gone
