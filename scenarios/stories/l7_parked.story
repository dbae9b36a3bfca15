# L7: a tab that a lasting lease gives back is not closed. It is cleaned of all
# that its holder left in it, and parked for the next one of its key.

alice acquires web for 10m lasting
alice: granted 1:1.1
alice goes to http://chat/1
alice: is at http://chat/1
alice releases
alice: hears that 1:1.1 is over: released
alice: released
the journal tells
journal: browser_up (Chrome/156.0.0.0)
journal: client_joined (alice)
journal: slot_granted slot 1
journal: lease_granted 1:1.1 slot 1
journal: lease_bound 1:1.1 slot 1
journal: tab_moved 1:1.1 (http://chat/1)
journal: lease_ended 1:1.1 slot 1 (released)
journal: tab_parked of lease 1
journal: slot_returned slot 1
alice asks
alice: sees 0 slots taken, 0 leases, 0 waiting, 1 parked, Chrome ready
Chrome counts
Chrome: 1 tab

# One of another key does not get it; of two of its own, only one does.

bob acquires mail for 10m lasting
bob: granted 2:1.2
Chrome counts
Chrome: 2 tabs
carol acquires web for 10m lasting
and dave acquires web for 10m lasting
carol: granted 3:1.3
dave: granted 4:1.4
the journal tells
journal: client_joined (bob)
journal: slot_granted slot 2
journal: lease_granted 2:1.2 slot 2
journal: lease_bound 2:1.2 slot 2
journal: client_joined (carol)
journal: slot_granted slot 3
journal: lease_granted 3:1.3 slot 3
journal: client_joined (dave)
journal: tab_unparked 3:1.3
journal: lease_bound 3:1.3 slot 3
journal: slot_granted slot 4
journal: lease_granted 4:1.4 slot 4
journal: lease_bound 4:1.4 slot 4
Chrome counts
Chrome: 3 tabs
carol evaluates whoami
carol: gets "about:blank"
dave evaluates whoami
dave: gets "about:blank"

# What a client leaves behind when it goes is closed, as is a profile of its own.

carol releases
carol: hears that 3:1.3 is over: released
carol: released
dave releases
dave: hears that 4:1.4 is over: released
dave: released
Chrome counts
Chrome: 3 tabs
erin acquires web
erin: granted 5:1.5
erin releases
erin: hears that 5:1.5 is over: released
erin: released
frank acquires web for 10m lasting isolated
frank: granted 6:1.6
frank releases
frank: hears that 6:1.6 is over: released
frank: released
Chrome counts
Chrome: 3 tabs
erin asks
erin: sees 1 slot taken, 1 lease, 0 waiting, 2 parked, Chrome ready

# A tab that cannot be cleaned in time is closed, and its slot is free then.

bob's tab stops
bob releases
bob: hears that 2:1.2 is over: released
wait 5s
bob: released
Chrome counts
Chrome: 2 tabs

# One that dies while it is parked is nobody's any more.

Chrome dies
wait 10s
erin asks
erin: sees 0 slots taken, 0 leases, 0 waiting, Chrome ready

# Nor does anybody wait for the place of one, or find it after half an hour.

gina acquires web for 10m lasting
gina: granted 7:1.7
gina releases
gina: hears that 7:1.7 is over: released
gina: released
erin asks
erin: sees 0 slots taken, 0 leases, 0 waiting, 1 parked, Chrome ready
wait 29m
erin asks
erin: sees 0 slots taken, 0 leases, 0 waiting, 1 parked, Chrome ready
wait 1m
erin asks
erin: sees 0 slots taken, 0 leases, 0 waiting, Chrome ready
Chrome counts
Chrome: 0 tabs

# Nothing can happen in a blank tab. If something does, it goes with what came.

hank acquires web for 10m lasting
hank: granted 8:1.8
hank releases
hank: hears that 8:1.8 is over: released
hank: released
hank's tab opens http://late/
Chrome counts
Chrome: 0 tabs
hank asks
hank: sees 0 slots taken, 0 leases, 0 waiting, Chrome ready
