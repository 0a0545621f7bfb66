"""Simulated devices that speak bytes over real ptys and TCP, for the demo and the tests alike."""
