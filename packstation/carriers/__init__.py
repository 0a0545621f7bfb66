"""Tariffs, the sandbox carrier and carrier adapters."""
