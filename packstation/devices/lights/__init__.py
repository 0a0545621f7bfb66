"""Andon lights: USB lamps, towers in the network, lamps on a relay; never the only sign."""
