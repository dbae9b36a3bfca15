# L6 fair. Bob asks three times, Carol once: she is served second, not last. A
# ticket can be given up, and has a deadline.

alice acquires web
dave acquires web
bob acquires web waits 2m
bob acquires web waits 2m
carol acquires web waits 2m
erin acquires web waits 30s
alice releases
dave releases
wait 31s
bob cancels 2
