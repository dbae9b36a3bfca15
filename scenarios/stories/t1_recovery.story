# T1 recovery. A tab crashes. Whoever was waiting for it is told how it was
# lost; whoever asks for its recovery gets the same new tab, at the last address.

alice acquires web
alice goes http://home/
alice evaluates never
alice's tab crashes
alice evaluates whoami
alice recovers
alice evaluates whoami
