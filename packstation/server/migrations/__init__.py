"""The server's schema, version by version: one chain of Alembic revisions for both databases."""
