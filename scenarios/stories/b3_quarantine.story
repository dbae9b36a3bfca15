# One that dies often rests, and is tried again after that; whoever named no
# browser is served by another meanwhile. Only when all of them rest the daemon
# gives up.

given browsers a b
given restart.restarts_max = 1
given quarantine.lasts = 2m

alice acquires web in a for 1h
Chrome a refuses always
Chrome a dies
wait 5s
alice asks for status
alice recovers
bob acquires web in a within 10m
bob acquires web for 1h
wait 3m
alice asks for status
Chrome b refuses always
Chrome b dies
wait 5s
alice asks for status
