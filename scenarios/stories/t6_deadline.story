# T6: one deadline for a run, from its tier or as it was asked for. It is told
# to stop then; whoever waits learns of it at once.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice queries one
page: begins run 1 with chatgpt
page: follows run 1
wait 2m
the page lives
wait 2m
the page lives
wait 2m
the page lives
wait 2m
the page lives
wait 2m
page: halts run 1
alice: run 1 is timed_out: run.timed_out, not seen to end yet

# An explicit timeout wins; the answer comes when there is no time left.

alice queries two lasting 10s
page: begins run 2 with chatgpt
page: follows run 2
wait 5s
the page answers in-time
alice: run 2 is complete: in-time
alice queries three lasting 10s
page: begins run 3 with chatgpt
page: follows run 3
wait 10s
page: halts run 3
alice: run 3 is timed_out: run.timed_out, not seen to end yet
alice queries four lasting 3h
alice: refused request.invalid

# A page that says nothing for three minutes has lost its tab.

alice queries five
page: begins run 4 with chatgpt
page: follows run 4
wait 3m
page: makes a new tab for run 4
page: follows run 4
the page answers after-all
alice: run 4 is complete: after-all
