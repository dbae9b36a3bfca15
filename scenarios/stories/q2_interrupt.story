# Q2: a prompt that takes another's place starts when the old run was seen to
# end, and not before.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice queries one
page: begins run 1 with chatgpt
page: follows run 1
the page writes 20
bob sends two instead
page: halts run 1
page: begins run 2 with chatgpt
page: follows run 2
alice: run 1 is interrupted: run.superseded, not seen to end yet
bob: run 2 is queued: superseding, 0 ahead
the page answers better

# A page that does not stop in time: the newcomer waits, and is told why.

the page cannot stop
alice sends three
page: begins run 3 with chatgpt
page: follows run 3
alice: run 3 is sending
bob sends four instead
page: halts run 3
bob: run 4 is queued: superseding, 0 ahead
bob polls 4
bob: run 4 is queued: superseding, 0 ahead
wait 11s
bob polls 4
bob: run 4 is queued: not_ended, 0 ahead
carol sends five instead
carol: run 5 is queued: not_ended, 0 ahead
bob polls 4
bob: run 4 is interrupted: run.superseded
the page ends
page: begins run 5 with chatgpt
page: follows run 5
the page answers best
carol polls
carol: run 5 is complete: best
