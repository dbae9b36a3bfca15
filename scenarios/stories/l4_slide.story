# L4 slide. Commands keep a lease alive; silence ends it.

alice acquires web lives 20s
wait 15s
alice evaluates whoami
wait 15s
alice evaluates whoami
wait 19s
wait 5s
alice evaluates whoami
