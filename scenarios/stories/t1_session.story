# T1 for sessions: a tab dies while an answer is on its way. There is one new
# tab, the prompt is not sent again, and all who wait get the same answer.

alice opens chatgpt
alice queries hello
bob polls for 1h
carol polls for 1h
the page writes 20
the page loses its tab
the page writes 30
the page answers hello-all

# The page side itself has an accident: to the run that is the same.

alice queries again
the page dies
the page answers hello-again

# Lost before the prompt was seen: nobody can tell whether it was sent, so
# it is not sent twice.

the page cannot send
the page cannot recover
alice queries lost
the page loses its tab
alice polls
