# The front door fails, as by a bug in it: nobody would get in any more, and
# nobody would clean up after those who are in. Another one takes its place;
# everybody comes back to what he held.

alice acquires web for 10m
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
bob acquires web for 10m
bob: granted 2:1.2
the front door fails
wait 2s
alice comes back
alice evaluates whoami
alice: gets "http://a/"
carol acquires web
carol: granted 3:2.1
Chrome counts
Chrome: 3 tabs

# Bob does not come back: his lease ends when he has had his time.

wait 2m
carol: hears that 3:2.1 is over: expired
alice asks for status
alice: sees 1 slot taken, 1 lease, 0 waiting, Chrome ready
Chrome counts
Chrome: 1 tab
