"""Benches, a network, a server and disks from one seed, on a clock of their own; the code is real.

One thread, one queue of moments: the bench's sender and puller take their turns, its journal is a
real SQLite file, the server's functions run on a real database in memory. What the seed decides:
when anything happens and what breaks. Afterwards everything is healed and must be true again.
"""
