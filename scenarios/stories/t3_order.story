# T3: requests of one session are served in one order. Who waits blocks nobody,
# and who does not want to wait is told who has the session.

alice opens chatgpt
alice queries one
bob sends two
bob polls for 30s
carol shows
wait 30s
carol polls
the page answers first

# What is complete stays so, whatever comes late.

the page answers other
the page fails provider.rate_limited
alice stops 1
alice polls 1

# Where there are several, a session must be named.

bob opens gemini
carol polls
carol polls of 2
carol polls of 9
bob closes of 2
bob closes of 2
carol polls
