# T2 bind. Chrome dies while a tab is under way: no lease is left without a tab,
# no tab without a lease, and the slot is free again.

chrome dies
wait 1s
alice acquires web
bob acquires web
alice releases
bob releases
carol acquires web
