# The front door fails, as by a bug in it: nobody would get in any more, and
# nobody would clean up after those who are in. Another one takes its place;
# everybody comes back to what he held.

alice acquires web for 10m
alice goes to http://a/
bob acquires web for 10m
the front door fails
wait 2s
alice comes back
alice evaluates whoami
carol acquires web
Chrome counts

# Bob does not come back: his lease ends when he has had his time.

wait 2m
alice asks for status
Chrome counts
