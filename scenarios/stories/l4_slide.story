# L4: what an agent does keeps its lease alive, and silence ends it.

alice acquires web for 1m
wait 50s
alice evaluates whoami
wait 50s
alice evaluates whoami
wait 50s
alice renews for 5m
wait 4m
alice renews
wait 5m
Chrome counts

# A long command is a sign of life, too.

bob acquires web for 20s
bob goes to http://slow/page within 2m
wait 50s
bob evaluates whoami
