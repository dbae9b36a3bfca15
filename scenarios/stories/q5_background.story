# Q5: background work gives way to people, and runs later, once. What was
# cancelled never starts.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice sends slow later
page: begins run 1 with chatgpt
page: follows run 1
alice: run 1 is sending
alice sends never later
alice: run 2 is queued: busy, 0 ahead
bob queries quick
page: halts run 1
page: begins run 3 with chatgpt
page: follows run 3
alice polls 1
alice: run 1 is queued: preempted, 0 ahead
alice stops 2
alice: run 2 is interrupted: run.stopped
the page answers soon
page: begins run 1 with chatgpt
page: follows run 1
bob: run 3 is complete: soon
the page answers late
alice polls 1
alice: run 1 is complete: late
alice polls 2
alice: run 2 is interrupted: run.stopped

# At its time, and not before.

alice sends nightly after 1h
alice: run 4 is queued: not_due, 0 ahead
alice polls 4
alice: run 4 is queued: not_due, 0 ahead
wait 59m
wait 1m
page: begins run 4 with chatgpt
page: follows run 4
the page answers report
alice polls 4
alice: run 4 is complete: report
