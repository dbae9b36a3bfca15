# T5: no key has more tabs than its cap, and whoever is refused learns how many
# there are and when to ask again. Or one waits: a ticket is a place in a line.

given admission.per_key = 2

alice acquires web
and bob acquires web
and carol acquires web
Chrome counts

# Another key is not affected.

carol acquires mail
Chrome counts

# Dave waits for his turn, Eve not long enough.

dave acquires web within 1m
eve acquires web within 10s
wait 15s
alice releases
Chrome counts

# A tab that does not close when it is asked to keeps its slot for a while. Then
# it is an orphan, and the reaper goes on asking.

eve acquires web within 1m
bob's tab clings
bob releases
Chrome counts
wait 10s
Chrome counts
bob's tab lets go
wait 20s
Chrome counts
