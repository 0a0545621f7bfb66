"""Checks on the repository itself; run by `make lint` and `make test`, never shipped."""
