# T4: an agent's process is killed. Nobody else has to do anything: its lease
# ends at once, its tab is closed, and its slot goes to who waits for it.

given admission.per_key = 1

alice acquires web for 1h
bob acquires web within 10m

alice's process dies
Chrome counts
bob evaluates whoami
