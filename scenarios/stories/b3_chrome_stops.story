# Chrome's process is stopped: no connection breaks, and nothing is answered. It
# is asked as long as somebody uses it, said to be silent, and replaced. Tabs
# can be had anew then.

alice acquires web for 10m
alice goes to http://a/
Chrome stops
wait 16s
bob asks for status
bob acquires web for 10m
wait 10s
alice evaluates whoami
alice recovers
alice evaluates whoami
bob evaluates whoami
bob asks for status
Chrome counts

# Whoever asks a Chrome that has just stopped for a tab is told in time what was
# not done, and nothing of it stays.

Chrome stops
carol acquires web for 10m
wait 30s
carol acquires web for 10m
Chrome counts

# One that is merely slow is waited for, and loses nothing.

alice recovers
Chrome stops
wait 15s
bob asks for status
Chrome goes on
bob asks for status
alice evaluates whoami
the journal says
