# L2: a tab crashes while nobody serves. Chrome would load its page again, and
# nothing would tell that it is not what it was; the next daemon says so.

alice acquires web for 10m
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
wait 1s
the daemon is killed
alice's tab crashes
wait 5s
alice comes back
alice evaluates whoami
alice: refused tab.lost, crashed, generation 1, restorable
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates whoami
alice: gets "http://a/"
Chrome counts
Chrome: 1 tab
