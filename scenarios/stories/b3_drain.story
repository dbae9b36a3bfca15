# A browser that is drained takes nobody new; who is there goes on, and who
# waited there waits elsewhere. Then it may be restarted, or removed.

given browsers a b
given admission.per_key = 1

alice acquires web in a for 1h
bob acquires web in b for 1h
carol acquires web in a within 10m
dave acquires web within 10m
erin drains a
alice evaluates whoami
erin asks for status
erin restarts a
alice evaluates whoami
alice recovers
erin removes b
erin undrains a
erin removes a
erin drains a
erin removes a
erin asks for status
erin removes b
alice evaluates whoami

# One that is added takes part at once.

erin adds c
erin adds c
erin acquires web
dave asks for status
