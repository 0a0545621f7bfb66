"""Keeping what was done: copies that were verified, chains that show any change, rebuilding."""
