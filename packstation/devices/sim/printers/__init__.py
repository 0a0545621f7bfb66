"""Simulated label printers of six languages, which read a job's bytes as the real ones would."""
