"""Projections follow the journal behind a mark of their own (decision 053).

What the release before kept was projected at once: all of it is behind the mark.
"""

from __future__ import annotations

from packstation.server.migrations.texts import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The marks, and how far a bench's clock was off by each push."""
    run(revision)
