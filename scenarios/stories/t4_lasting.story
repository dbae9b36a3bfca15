# T4: a lease that belongs to a conversation outlives its clients. It ends by
# its own deadline, not because somebody else cleans up.

alice acquires web for 10m lasting
alice: granted 1:1.1
alice goes to http://chat/1
alice: is at http://chat/1
alice's process dies
wait 5m

# Bob comes and goes meanwhile; his own tab ends with him.

bob acquires web
bob: granted 2:1.2
bob's process dies
Chrome counts
Chrome: 1 tab
alice comes back
alice evaluates whoami
alice: gets "http://chat/1"
alice renews for 10m
alice: renewed for 10m

# Nobody comes back the second time. The lease has its time all the same; then
# its tab is kept for the next one that lasts.

alice's process dies
wait 9m
Chrome counts
Chrome: 1 tab
wait 2m
carol asks
carol: sees 0 slots taken, 0 leases, 0 waiting, 1 parked, Chrome ready
