# The browser dies: every lease has lost its tab and says so. A new browser is
# there soon, and the tabs can be had anew.

alice acquires web for 10m
bob acquires web for 10m isolated
alice goes to http://a/
bob goes to http://b/

Chrome dies
alice asks for status
alice evaluates whoami
alice recovers
bob recovers
alice evaluates whoami
bob evaluates whoami
Chrome counts
