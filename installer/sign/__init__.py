"""Signatures of what we ship."""
