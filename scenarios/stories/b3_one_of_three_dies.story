# B3: one browser dies. Its leases have lost their tabs and say so; all others
# go on, and what they were at is done. The status says which one it was.

given browsers a b c
given restart.backoff_min = 3s

alice acquires web in a for 10m
alice: granted 1:1.1 in a
bob acquires web in b for 10m
bob: granted 2:1.2 in b
carol acquires web in c for 10m
carol: granted 3:1.3 in c
alice goes to http://a/
alice: is at http://a/
bob goes to http://b/
bob: is at http://b/
Chrome b refuses once
bob evaluates never
and carol goes to http://c/
and alice evaluates whoami
and Chrome b dies
alice: gets "http://a/"
bob: hears that the tab of 2:1.2 is lost: browser_gone
bob: refused tab.lost, browser_gone, generation 1, restorable
carol: is at http://c/
carol asks for status
carol: sees 3 slots taken, 3 leases, 0 waiting, a ready with 1 slot taken, b waiting with 1 slot taken, c ready with 1 slot taken
carol evaluates whoami
carol: gets "http://c/"

# Soon it is there again, and Bob with it.

wait 5s
alice asks for status
alice: sees 3 slots taken, 3 leases, 0 waiting, a ready with 1 slot taken, b ready with 1 slot taken, c ready with 1 slot taken
bob recovers
bob: hears that the tab of 2:1.2 is back, generation 2
bob: has a new tab, generation 2
bob evaluates whoami
bob: gets "http://b/"
