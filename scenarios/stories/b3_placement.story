# One key stays in one browser while there is room; other keys may be elsewhere.
# When its browser is not there it is served by another, and nobody waits for
# what can be had.

given browsers a b c
given admission.per_key = 2
given admission.global = 2
given admission.tabs = 2

alice acquires web
alice acquires web
alice acquires web
bob acquires mail
carol acquires web
dave acquires web
erin acquires web
erin acquires web within 10m
dave asks for status

# Her ticket is for whichever has room first.

dave releases
frank asks for status
