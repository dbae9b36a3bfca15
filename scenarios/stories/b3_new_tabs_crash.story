# Chrome runs and answers, but can start no renderer any more: every new tab
# crashes before anybody has it. After three in a row it is replaced.

alice acquires web for 10m
alice goes to http://a/
Chrome bears only dead tabs
alice evaluates whoami
bob acquires web
bob acquires web
alice asks for status
bob acquires web
wait 2s
bob acquires web
alice asks for status
alice evaluates whoami
alice recovers
alice evaluates whoami
the journal says
