# Q1: what waits for its turn starts as soon as the run before it ends, though
# its client said nothing since, or is gone.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice sends one
page: begins run 1 with chatgpt
page: follows run 1
alice: run 1 is sending
bob sends two within 10m
bob: run 2 is queued: busy, 0 ahead
carol queries three within 10m
bob's process dies
the page answers first
page: begins run 2 with chatgpt
page: follows run 2
the page answers second
page: begins run 3 with chatgpt
page: follows run 3
the page answers third
carol: run 3 is complete: third

# The same where no tab was to be had: it starts when its turn in the line for one
# has come. A run that is stopped meanwhile waits for none.

the page cannot send
alice sends four within 1h
page: begins run 4 with chatgpt
alice: run 4 is sending
the page has no tab
page: waits in line for a tab for run 4
alice polls
alice: run 3 is complete: third
alice sends five within 1h
alice: run 5 is queued: capacity, 1 ahead
alice stops 4
alice: run 4 is interrupted: run.stopped
wait 1m
the page gets a tab
page: begins run 5 with chatgpt
the page shows the prompt
page: follows run 5
the page answers fifth
alice polls
alice: run 5 is complete: fifth

# The queue has ten places, and says so.

alice sends 5 later
and alice sends 6 later
and alice sends 7 later
and alice sends 8 later
and alice sends 9 later
and alice sends 10 later
and alice sends 11 later
and alice sends 12 later
and alice sends 13 later
and alice sends 14 later
and alice sends 15 later
page: begins run 6 with chatgpt
alice: run 6 is sending
alice: run 10 is queued: busy, 3 ahead
alice: run 8 is queued: busy, 1 ahead
alice: run 14 is queued: busy, 7 ahead
alice: run 15 is queued: busy, 8 ahead
alice: run 12 is queued: busy, 5 ahead
alice: run 16 is queued: busy, 9 ahead
alice: run 11 is queued: busy, 4 ahead
alice: run 13 is queued: busy, 6 ahead
alice: run 9 is queued: busy, 2 ahead
alice: run 7 is queued: busy, 0 ahead
alice sends 16 later
alice: refused session.queue_full, 10 of 10 taken, again in 1m, run 6 has it
