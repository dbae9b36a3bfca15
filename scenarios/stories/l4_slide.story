# L4: what an agent does keeps its lease alive, and silence ends it.

alice acquires web for 1m
alice: granted 1:1.1
wait 50s
alice evaluates whoami
alice: gets "about:blank"
wait 50s
alice evaluates whoami
alice: gets "about:blank"
wait 50s
alice renews for 5m
alice: renewed for 5m
wait 4m
alice renews
alice: renewed for 5m
wait 5m
alice: hears that 1:1.1 is over: expired
Chrome counts
Chrome: 0 tabs

# A long command is a sign of life, too.

bob acquires web for 20s
bob: granted 2:1.2
bob goes to http://slow/page within 2m
wait 50s
bob: is at http://slow/page
bob evaluates whoami
bob: gets "http://slow/page"
