TRIES = ()
