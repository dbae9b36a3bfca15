# L5: every command shows the token of its lease. A token that is old, or made
# up, opens nothing; a lease that is over stays over.

alice acquires web
alice goes to http://bank/

mallory evaluates whoami with 1:1.2
mallory releases with 1:9.9
mallory renews with 1:1.9

alice releases
mallory evaluates whoami with 1:1.1
alice evaluates whoami

# The operator may end a lease without its token; its holder hears of it.

bob acquires web
carol revokes with 2:0.0
bob evaluates whoami
