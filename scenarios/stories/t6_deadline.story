# T6: one deadline for a run, from its tier or as it was asked for. It is told
# to stop then; whoever waits learns of it at once.

alice opens chatgpt
alice queries one
wait 2m
the page lives
wait 2m
the page lives
wait 2m
the page lives
wait 2m
the page lives
wait 2m

# An explicit timeout wins; the answer comes when there is no time left.

alice queries two lasting 10s
wait 5s
the page answers in-time
alice queries three lasting 10s
wait 10s
alice queries four lasting 3h

# A page that says nothing for three minutes has lost its tab.

alice queries five
wait 3m
the page answers after-all
