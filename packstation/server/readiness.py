"""Whether a server can do its work now, and if not, why."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import SQLAlchemyError

from packstation.domain.errors import StorageError
from packstation.server.core import Server
from packstation.server.migrations.chain import REVISIONS
from packstation.server.store import alive

LEAST_BYTES: Final = 256 * 1024 * 1024  # under it facts are refused soon


def reasons(server: Server) -> tuple[str, ...]:
    """Why it is not ready; none: it is.

    ``stopping``: it is going down. ``database``: it does not answer. ``migrations``: its tables
    are not of this program. ``disk``: under 256 MiB are free where its files lie.
    """
    if server.bell.closed:
        return ("stopping",)
    found = []
    try:
        if not alive(server.store):
            found.append("database")
        elif not _migrated(server):
            found.append("migrations")
    except (SQLAlchemyError, StorageError):
        found.append("database")
    if any(free < LEAST_BYTES for free in _free(server)):
        found.append("disk")
    return tuple(found)


def _migrated(server: Server) -> bool:
    """Whether the tables are at the program's own revision, or at a newer one's.

    The next release expands before it contracts, so this program works on its tables.
    """
    with server.store.read() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return bool(heads) and not set(heads) & set(REVISIONS[:-1])


def _free(server: Server) -> list[int]:
    """Free bytes of each folder that it writes to."""
    database = server.store.engine.url.database or ""
    here = [Path(database).parent] if server.store.engine.dialect.name == "sqlite" else []
    if server.evidence is not None:
        here.append(server.evidence.parent)
    return [shutil.disk_usage(one).free for one in here if one.is_dir()]
