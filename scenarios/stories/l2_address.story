# L2: a daemon is killed, and its Chrome with it. Tabs are gone, but whose they
# were and where is written down: they come back where they were.

alice acquires web for 10m
alice: granted 1:1.1
bob acquires web for 10m isolated
bob: granted 2:1.2
alice goes to http://a/
alice: is at http://a/
bob goes to http://b/
bob: is at http://b/
alice goes to http://c/
alice: is at http://c/
wait 1s
the daemon is killed
Chrome dies
wait 5s
alice comes back
bob comes back
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
bob recovers
bob: hears that the tab of 2:1.2 is back, generation 2
bob: has a new tab, generation 2
alice evaluates whoami
alice: gets "http://c/"
bob evaluates whoami
bob: gets "http://b/"
Chrome counts
Chrome: 2 tabs
