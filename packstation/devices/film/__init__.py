"""Films of a bench: encoded in a process of their own, so that no scan ever waits for one."""
