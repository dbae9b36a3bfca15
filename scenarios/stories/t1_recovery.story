# T1: many clients use one lease, and its tab dies. Everybody who asks for the
# tab back gets the same new one; Chrome was asked for one tab only.

alice acquires web for 10m
alice: granted 1:1.1
alice goes to http://mail/inbox
alice: is at http://mail/inbox

alice's tab crashes
alice: hears that the tab of 1:1.1 is lost: crashed
alice evaluates whoami
alice: refused tab.lost, crashed, generation 1, restorable

alice recovers
and bob recovers with 1:1.1
and carol recovers with 1:1.1
and dave recovers with 1:1.1
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
bob: has a new tab, generation 2
carol: has a new tab, generation 2
dave: has a new tab, generation 2

# The new tab is where the old one was, and the old one is gone.

dave evaluates whoami with 1:1.1
dave: gets "http://mail/inbox"
Chrome counts
Chrome: 1 tab

# Also whoever asks while the new tab is being written down is given that one.

the disk takes 3s
alice's tab crashes
alice recovers
bob recovers with 1:1.1
alice: hears that the tab of 1:1.1 is lost: crashed
wait 10s
alice: hears that the tab of 1:1.1 is back, generation 3
alice: has a new tab, generation 3
bob: has a new tab, generation 3
Chrome counts
Chrome: 1 tab
