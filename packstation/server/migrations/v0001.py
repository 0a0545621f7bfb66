"""The tables of the releases before PostgreSQL; on PostgreSQL the journal lies by months."""

from __future__ import annotations

from packstation.server.migrations.texts import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    run(revision)
