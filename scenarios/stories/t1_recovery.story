# T1: many clients use one lease, and its tab dies. Everybody who asks for the
# tab back gets the same new one; Chrome was asked for one tab only.

alice acquires web for 10m
alice goes to http://mail/inbox

alice's tab crashes
alice evaluates whoami

alice recovers
and bob recovers with 1:1.1
and carol recovers with 1:1.1
and dave recovers with 1:1.1

# The new tab is where the old one was, and the old one is gone.

dave evaluates whoami with 1:1.1
Chrome counts
