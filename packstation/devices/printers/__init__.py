"""Printers: transport, status and the ladder from bytes to paper; they take bytes, not labels."""
