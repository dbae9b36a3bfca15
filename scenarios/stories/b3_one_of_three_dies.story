# B3: one browser dies. Its leases have lost their tabs and say so; all others
# go on, and what they were at is done. The status says which one it was.

given browsers a b c
given restart.backoff_min = 3s

alice acquires web in a for 10m
bob acquires web in b for 10m
carol acquires web in c for 10m
alice goes to http://a/
bob goes to http://b/
Chrome b refuses once
bob evaluates never
and carol goes to http://c/
and alice evaluates whoami
and Chrome b dies
carol asks for status
carol evaluates whoami

# Soon it is there again, and Bob with it.

wait 5s
alice asks for status
bob recovers
bob evaluates whoami
