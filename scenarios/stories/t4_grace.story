# T4: an agent that asked for a grace may come back within it, and has its lease
# again with the same token. Its tab was never touched.

alice acquires web for 10m grace 30s
alice: granted 1:1.1
alice goes to http://a/
alice: is at http://a/
alice's process dies
wait 20s
alice comes back
alice evaluates whoami
alice: gets "http://a/"

# The second time she does not come back.

alice's process dies
wait 31s
Chrome counts
Chrome: 0 tabs
bob acquires web
bob: granted 2:1.2

# Who says goodbye does not come back: there is no grace.

carol acquires web for 10m grace 30s
carol: granted 3:1.3
carol says goodbye
carol: hears that 3:1.3 is over: client_gone
carol: goodbye
Chrome counts
Chrome: 1 tab
