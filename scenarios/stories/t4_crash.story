# T4 crash. Alice's process is killed. Nobody else acts; her tab is taken back at
# once, and Bob, who waited, gets the slot.

alice acquires web
carol acquires web
bob acquires web waits 60s
alice's process dies
bob evaluates whoami
