"""Tables of the central server: claims, audit, copies, projections.

New tables only, so that processes of the release before go on working beside this one.
"""

from __future__ import annotations

from packstation.server.migrations.texts import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make what is not there."""
    run(revision)
