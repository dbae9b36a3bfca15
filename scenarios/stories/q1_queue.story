# Q1: what waits for its turn starts as soon as the run before it ends, though
# its client said nothing since, or is gone.

alice opens chatgpt
alice sends one
bob sends two within 10m
carol queries three within 10m
bob's process dies
the page answers first
the page answers second
the page answers third

# The same where no tab was to be had: a tab that comes free anywhere is enough.

dave acquires web
the page cannot send
alice sends four within 1h
the page has no tab
alice polls
wait 1m
dave releases
the page shows the prompt
the page answers fourth
alice polls

# The queue has ten places, and says so.

alice sends 5 later
and alice sends 6 later
and alice sends 7 later
and alice sends 8 later
and alice sends 9 later
and alice sends 10 later
and alice sends 11 later
and alice sends 12 later
and alice sends 13 later
and alice sends 14 later
and alice sends 15 later
alice sends 16 later
