"""Dimensioner protocols: pure decoders from one frame's bytes to a `SizeReading`."""
