# T5: no key has more tabs than its cap, and whoever is refused learns how many
# there are and when to ask again. Or one waits: a ticket is a place in a line.

given admission.per_key = 2

alice acquires web
and bob acquires web
and carol acquires web
alice: granted 1:1.1
bob: granted 2:1.2
carol: refused provider.capacity, 2 of 2 taken, again in 15s
Chrome counts
Chrome: 2 tabs

# Another key is not affected.

carol acquires mail for 10m
carol: granted 3:1.3
Chrome counts
Chrome: 3 tabs

# Dave waits for his turn, Eve not long enough.

dave acquires web for 10m within 1m
dave: waits with ticket 1, 0 ahead
eve acquires web within 10s
eve: waits with ticket 2, 1 ahead
wait 15s
eve: refused ticket.expired
alice releases
alice: hears that 1:1.1 is over: released
alice: released
dave: granted 4:1.4
Chrome counts
Chrome: 3 tabs

# A tab that does not close when it is asked to keeps its slot for a while. Then
# it is an orphan, and the reaper goes on asking.

eve acquires web within 1m
eve: waits with ticket 3, 0 ahead
bob's tab clings
bob releases
bob: hears that 2:1.2 is over: released
Chrome counts
Chrome: 3 tabs
wait 10s
bob: released
eve: granted 5:1.5
Chrome counts
Chrome: 4 tabs
bob's tab lets go
wait 20s
Chrome counts
Chrome: 3 tabs

# The reaper goes after the next orphan, too.

eve's tab clings
eve releases
eve: hears that 5:1.5 is over: released
wait 10s
eve: released
Chrome counts
Chrome: 3 tabs
eve's tab lets go
wait 20s
Chrome counts
Chrome: 2 tabs
