# T4 live: an agent leaves after it sent its prompt. The session keeps its tab
# until its own deadline; another agent reads the answer much later.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice sends think-hard lasting 90m
page: begins run 1 with chatgpt
page: follows run 1
alice: run 1 is sending
alice says goodbye
alice: goodbye
wait 2m
the page lives
bob watches
bob: session 1 with chatgpt is polling, 0 queued
wait 2m
the page writes 400
bob: hears that run 1 has 400 characters
wait 2m
the page answers well-thought
bob: hears that run 1 is complete
wait 8h
bob polls
bob: run 1 is complete: well-thought

# Nobody used it for a day: it is over.

wait 24h
page: leaves its tab
bob: hears that session 1 is over: nobody used it
bob polls
bob: refused session.unknown
