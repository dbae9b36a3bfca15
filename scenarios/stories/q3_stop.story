# Q3: stop works in every phase of a run, and the run does not go on after it.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
the page cannot send

# Before its prompt is in the conversation.

alice queries one
page: begins run 1 with chatgpt
bob stops
page: halts run 1
alice: run 1 is interrupted: run.stopped, not seen to end yet
bob: run 1 is interrupted: run.stopped, not seen to end yet
the page shows the prompt
alice polls 1
alice: run 1 is interrupted: run.stopped

# While it waits for its turn.

the page can
alice sends two
page: begins run 2 with chatgpt
page: follows run 2
alice: run 2 is sending
alice sends three within 10m
alice: run 3 is queued: busy, 0 ahead
bob stops 3
bob: run 3 is interrupted: run.stopped
the page answers hello
alice polls 3
alice: run 3 is interrupted: run.stopped

# While its answer is on its way: whoever waits learns of it at once.

the page cannot stop
alice queries four
page: begins run 4 with chatgpt
page: follows run 4
the page writes 20
bob stops
page: halts run 4
alice: run 4 is interrupted: run.stopped, not seen to end yet
bob: run 4 is interrupted: run.stopped, not seen to end yet
bob stops
bob: run 4 is interrupted: run.stopped, not seen to end yet
the page writes 30
the page ends
alice polls 4
alice: run 4 is interrupted: run.stopped
