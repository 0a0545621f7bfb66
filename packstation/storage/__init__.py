"""The station's SQLite: journal, order cache, migrations (ARCHITECTURE "The log is the outbox")."""
