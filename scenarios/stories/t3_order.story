# T3: requests of one session are served in one order. Who waits blocks nobody,
# and who does not want to wait is told who has the session.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice queries one
page: begins run 1 with chatgpt
page: follows run 1
bob sends two
bob: refused session.busy, again in 1m, run 1 has it
bob polls for 30s
carol shows
carol: session 1 with chatgpt is polling, 0 queued
wait 30s
bob: run 1 is polling
carol polls
carol: run 1 is polling
the page answers first
alice: run 1 is complete: first

# What is complete stays so, whatever comes late.

the page answers other
the page fails provider.rate_limited
alice stops 1
alice: run 1 is complete: first
alice polls 1
alice: run 1 is complete: first

# Where there are several, a session must be named.

bob opens gemini
bob: session 2 with gemini is fresh, 0 queued
carol polls
carol: refused session.ambiguous, may be 1 or 2
carol polls of 2
carol: refused run.unknown
carol polls of 9
carol: refused session.unknown
bob closes of 2
bob: session 2 with gemini is closed, 0 queued
bob closes of 2
bob: refused session.unknown
carol polls
carol: run 1 is complete: first
