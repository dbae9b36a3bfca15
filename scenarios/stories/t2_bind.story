# T2: there is never a tab without a durable row. A grant is written down before
# Chrome is asked for a tab, and its binding before anybody hears of it.

alice acquires web
alice: granted 1:1.1
the journal reads
journal: browser_up (Chrome/156.0.0.0)
journal: client_joined (alice)
journal: slot_granted slot 1
journal: lease_granted 1:1.1 slot 1
journal: lease_bound 1:1.1 slot 1

# The disk refuses the row: no tab is made.

the disk refuses once
bob acquires web
bob: hears that 2:1.2 is over: not_opened
bob: refused journal.failed
Chrome counts
Chrome: 1 tab

# It refuses the binding: the tab that was made is closed again.

the disk takes 2s
carol acquires web
the disk refuses once
wait 10s
carol: hears that 3:1.3 is over: not_opened
carol: refused journal.failed
Chrome counts
Chrome: 1 tab

# Dave's process dies while his tab is being made.

the disk takes 0s
Chrome answers Target.createTarget after 3s
dave acquires web
dave's process dies
wait 10s
Chrome counts
Chrome: 1 tab
the journal reads
journal: client_joined (bob)
journal: slot_granted slot 2
journal: lease_ended 2:1.2 slot 2 (not_opened)
journal: slot_returned slot 2
journal: client_joined (carol)
journal: slot_granted slot 3
journal: lease_granted 3:1.3 slot 3
journal: lease_ended 3:1.3 slot 3 (not_opened)
journal: slot_returned slot 3
journal: client_joined (dave)
journal: slot_granted slot 4
journal: lease_granted 4:1.4 slot 4
journal: client_left (dave)
journal: lease_ended 4:1.4 slot 4 (client_gone)
journal: slot_returned slot 4

# While the row is not yet written down, Chrome is not asked.

Chrome answers Target.createTarget after 0s
the disk takes 5s
eve acquires web
wait 3s
Chrome counts
Chrome: 1 tab
wait 10s
eve: granted 5:1.5
Chrome counts
Chrome: 2 tabs
