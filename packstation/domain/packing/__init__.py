"""The packing session: ``decide`` what an input means, ``evolve`` by its facts."""
