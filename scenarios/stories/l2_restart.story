# L2: a daemon is killed. The next one goes on with what was written down: alice
# comes back, and has her lease with the same token, and the page as it was.

alice acquires web
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
bob acquires web
bob: granted 2:1.2
the daemon is killed
wait 5s
alice comes back
alice evaluates whoami
alice: gets "http://a/"
Chrome counts
Chrome: 2 tabs

# Her tab crashes, and comes back where it was.

alice's tab crashes
alice: hears that the tab of 1:1.1 is lost: crashed
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates whoami
alice: gets "http://a/"

# Bob does not come back. His lease ends half a minute after the restart.

wait 30s
Chrome counts
Chrome: 1 tab

# Whatever is granted next has a newer token.

alice releases
alice: hears that 1:1.1 is over: released
alice: released
alice acquires web
alice: granted 3:2.1

# A conversation goes on, too: its run, and who waits for its turn.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice sends one
page: begins run 1 with chatgpt
page: follows run 1
alice: run 1 is sending
alice sends two within 10m
alice: run 2 is queued: busy, 0 ahead
the daemon is killed
page: makes a new tab for run 1
page: follows run 1
wait 5s
alice comes back
alice shows
alice: session 1 with chatgpt is polling, 1 queued
the page comes back
the page answers first
page: begins run 2 with chatgpt
page: follows run 2
alice polls 1 of 1
alice: run 1 is complete: first
