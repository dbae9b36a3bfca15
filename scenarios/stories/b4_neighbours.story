# B4 neighbours. Alice's page hangs. Bob notices nothing; Alice is told at her
# deadline, and then that her tab does not answer at all.

alice acquires web
bob acquires web
alice's tab freezes
alice evaluates whoami
bob evaluates whoami
wait 10s
bob evaluates whoami
wait 5s
alice recovers
alice evaluates whoami
