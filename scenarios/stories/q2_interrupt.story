# Q2: a prompt that takes another's place starts when the old run was seen to
# end, and not before.

alice opens chatgpt
alice queries one
the page writes 20
bob sends two instead
the page answers better

# A page that does not stop in time: the newcomer waits, and is told why.

the page cannot stop
alice sends three
bob sends four instead
bob polls 4
wait 11s
bob polls 4
carol sends five instead
bob polls 4
the page ends
the page answers best
carol polls
