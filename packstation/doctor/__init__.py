"""Checks of a machine, each finding with its cure."""
