"""The station's SQLite: event store, order cache, migrations."""
