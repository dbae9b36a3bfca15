# Chrome is killed. Every tab is lost, no lease is; a new Chrome starts, and
# holders bring their tabs back.

alice acquires web
alice goes http://home/
chrome dies
wait 1s
alice recovers
alice evaluates whoami
