# L6: who waits is served in turn, however much a greedy one asks for. A ticket
# can be cancelled, runs out, and leaves the line when its client dies.

given admission.per_key = 1

alice acquires web for 1h
alice: granted 1:1.1

greedy acquires web within 10m
and greedy acquires web within 10m
and greedy acquires web within 10m
greedy: waits with ticket 1, 0 ahead
greedy: waits with ticket 2, 1 ahead
greedy: waits with ticket 3, 2 ahead
bob acquires web within 10m
bob: waits with ticket 4, 1 ahead
carol acquires web within 10m
carol: waits with ticket 5, 2 ahead
dave acquires web within 10m
dave: waits with ticket 6, 3 ahead
eve acquires web within 5s
eve: waits with ticket 7, 4 ahead

carol cancels
carol: refused ticket.cancelled
carol: cancelled
dave's process dies
wait 5s
eve: refused ticket.expired
alice asks for status
alice: sees 1 slot taken, 1 lease, 4 waiting, Chrome ready

# One turn for the greedy one, then it is Bob's, who came later.

alice releases
alice: hears that 1:1.1 is over: released
alice: released
greedy: granted 2:1.2
greedy releases
greedy: hears that 2:1.2 is over: released
greedy: released
bob: granted 3:1.3
bob releases
greedy: granted 4:1.4
bob: hears that 3:1.3 is over: released
bob: released
