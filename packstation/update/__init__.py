"""Signed updates on the station."""
