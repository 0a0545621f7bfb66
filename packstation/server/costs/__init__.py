"""Carriers' invoices held against what the benches predicted."""
