# Q4: where later prompts go changes nothing for the run that is being stopped.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
the page cannot stop
alice sends one
page: begins run 1 with chatgpt
page: follows run 1
alice: run 1 is sending
alice stops
page: halts run 1
alice: run 1 is interrupted: run.stopped, not seen to end yet
alice switches to gemini
alice: session 1 with gemini is stopping, 0 queued
alice sends two within 10m
alice: run 2 is queued: busy, 0 ahead
the page ends
page: begins run 2 with gemini
page: follows run 2
the page answers hello
alice polls 1
alice: run 1 is interrupted: run.stopped
alice shows
alice: session 1 with gemini is complete, 0 queued
