# O3: a crash with a good start after it changes nothing. When Chrome cannot be
# had any more, the daemon gives up, and says so to whoever still asks.

given restart.restarts_max = 2

alice acquires web for 1h
alice: granted 1:1.1
Chrome dies
alice: hears that the tab of 1:1.1 is lost: browser_gone
wait 5s
alice recovers
alice: hears that the tab of 1:1.1 is back, generation 2
alice: has a new tab, generation 2
alice evaluates whoami
alice: gets "about:blank"
Chrome refuses twice
Chrome dies
alice: hears that the tab of 1:1.1 is lost: browser_gone
wait 1m
alice evaluates whoami
alice: refused client.gone
