# B3: Chrome dies before it has said that it is ready, and starts again. Whoever
# waits is served by the one that comes up.

Chrome never answers Target.setAutoAttach
Chrome dies
wait 3s
alice acquires web within 2m
Chrome dies
alice: granted 1:1.1
wait 5s
alice evaluates whoami
alice: gets "about:blank"
