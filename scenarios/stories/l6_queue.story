# L6: who waits is served in turn, however much a greedy one asks for. A ticket
# can be cancelled, runs out, and leaves the line when its client dies.

given admission.per_key = 1

alice acquires web for 1h

greedy acquires web within 10m
and greedy acquires web within 10m
and greedy acquires web within 10m
bob acquires web within 10m
carol acquires web within 10m
dave acquires web within 10m
eve acquires web within 5s

carol cancels
dave's process dies
wait 5s
alice asks for status

# One turn for the greedy one, then it is Bob's, who came later.

alice releases
greedy releases
bob releases
