"""packstation: scan, pack, weigh, label and hand over cross-border orders at a bench."""

__version__ = "0.1.0"
