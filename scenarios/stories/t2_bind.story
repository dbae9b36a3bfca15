# T2: there is never a tab without a durable row. A grant is written down before
# Chrome is asked for a tab, and its binding before anybody hears of it.

alice acquires web
the journal reads

# The disk refuses the row: no tab is made.

the disk refuses once
bob acquires web
Chrome counts

# It refuses the binding: the tab that was made is closed again.

the disk takes 2s
carol acquires web
the disk refuses once
wait 10s
Chrome counts

# Dave's process dies while his tab is being made.

the disk takes 0s
Chrome answers Target.createTarget after 3s
dave acquires web
dave's process dies
wait 10s
Chrome counts
the journal reads
