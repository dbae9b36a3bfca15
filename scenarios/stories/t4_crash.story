# T4: an agent's process is killed. Nobody else has to do anything: its lease
# ends at once, its tab is closed, and its slot goes to who waits for it.

given admission.per_key = 1

alice acquires web for 1h
alice: granted 1:1.1
bob acquires web within 10m
bob: waits with ticket 1, 0 ahead

alice's process dies
bob: granted 2:1.2
Chrome counts
Chrome: 1 tab
bob evaluates whoami
bob: gets "about:blank"
