# Q5: background work gives way to people, and runs later, once. What was
# cancelled never starts.

alice opens chatgpt
alice sends slow later
alice sends never later
bob queries quick
alice polls 1
alice stops 2
the page answers soon
the page answers late
alice polls 1
alice polls 2

# At its time, and not before.

alice sends nightly after 1h
alice polls 4
wait 59m
wait 1m
the page answers report
alice polls 4
