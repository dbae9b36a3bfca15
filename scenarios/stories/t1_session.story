# T1 for sessions: a tab dies while an answer is on its way. There is one new
# tab, the prompt is not sent again, and all who wait get the same answer.

alice opens chatgpt
alice: session 1 with chatgpt is fresh, 0 queued
alice queries hello
page: begins run 1 with chatgpt
page: follows run 1
bob polls for 1h
carol polls for 1h
the page writes 20
the page loses its tab
page: makes a new tab for run 1
page: follows run 1
the page writes 30
the page answers hello-all
alice: run 1 is complete: hello-all
bob: run 1 is complete: hello-all
carol: run 1 is complete: hello-all

# The page side itself has an accident: to the run that is the same.

alice queries again
page: begins run 2 with chatgpt
page: follows run 2
the page dies
page: makes a new tab for run 2
page: follows run 2
the page answers hello-again
alice: run 2 is complete: hello-again

# Lost before the prompt was seen: nobody can tell whether it was sent, so
# it is not sent twice.

the page cannot send
the page cannot recover
alice queries lost
page: begins run 3 with chatgpt
the page loses its tab
page: makes a new tab for run 3
alice polls
alice: run 3 is confirming
the page comes back
page: looks for the prompt of run 3
the page misses the prompt
alice: run 3 is failed: send.unconfirmed
