"""The parts that a screen and its frame are made of."""
