"""The central server: intake, journal ingest, claims, web."""
