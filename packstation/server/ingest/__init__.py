"""Taking in what benches push: verify, decode, chain, keep, answer (decision 053).

What the facts mean is none of it: `server.projector` reads the journal afterwards.
"""
