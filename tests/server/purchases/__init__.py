"""Purchases in trouble, and accounts, as the office sees them."""
