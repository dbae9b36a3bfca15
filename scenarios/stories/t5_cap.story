# T5 cap. Two tabs of a key at most, three in all. The one too many is told when
# to come back, and nothing was made for it. A full key blocks no other key.

alice acquires red
bob acquires red
carol acquires red
dave acquires blue
erin acquires blue
