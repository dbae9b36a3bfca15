# T4 crash, with grace. A client that said it may come back keeps its lease for
# that long, and no longer.

alice acquires web grace 5s
alice's process dies
wait 3s
alice renews
alice's process dies
wait 6s
alice renews
