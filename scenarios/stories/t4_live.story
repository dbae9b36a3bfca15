# T4 live: an agent leaves after it sent its prompt. The session keeps its tab
# until its own deadline; another agent reads the answer much later.

alice opens chatgpt
alice sends think-hard lasting 90m
alice says goodbye
wait 2m
the page lives
bob watches
wait 2m
the page writes 400
wait 2m
the page answers well-thought
wait 8h
bob polls

# Nobody used it for a day: it is over.

wait 24h
bob polls
