"""PSP/1 over HTTP from the bench's side (domain/psp.py, reference/sync.md)."""
