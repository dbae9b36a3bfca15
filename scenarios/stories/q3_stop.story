# Q3: stop works in every phase of a run, and the run does not go on after it.

alice opens chatgpt
the page cannot send

# Before its prompt is in the conversation.

alice queries one
bob stops
the page shows the prompt
alice polls 1

# While it waits for its turn.

the page can
alice sends two
alice sends three within 10m
bob stops 3
the page answers hello
alice polls 3

# While its answer is on its way: whoever waits learns of it at once.

the page cannot stop
alice queries four
the page writes 20
bob stops
bob stops
the page writes 30
the page ends
alice polls 4
