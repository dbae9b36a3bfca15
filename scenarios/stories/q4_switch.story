# Q4: where later prompts go changes nothing for the run that is being stopped.

alice opens chatgpt
the page cannot stop
alice sends one
alice stops
alice switches to gemini
alice sends two within 10m
the page ends
the page answers hello
alice polls 1
alice shows
