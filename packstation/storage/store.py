"""The station's database as one thing: locked, migrated, with journal, cache and intake."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec import Struct

from packstation.station.ports import Clock, Ids
from packstation.storage.database import Database, Raw, connect
from packstation.storage.event_store import SqliteEventStore
from packstation.storage.intake import Intake
from packstation.storage.lock import WriterLock
from packstation.storage.migrations import migrate
from packstation.storage.order_cache import SqliteOrderCache

FILE: Final = "station.sqlite3"  # inside the data folder

_LOG: Final = logging.getLogger(__name__)


class Store(Struct, frozen=True):
    """Everything of one station's database; for the main thread only."""

    database: Database
    lock: WriterLock
    events: SqliteEventStore
    orders: SqliteOrderCache
    intake: Intake

    def close(self) -> None:
        """Close the file and let the next writer in."""
        self.database.close()
        self.lock.close()

    def __enter__(self) -> Self:
        """Use it until the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def open_store(
    path: Path, *, station: str, clock: Clock, ids: Ids, by: Callable[..., Raw] = connect
) -> Store:
    """Open or make the database at ``path`` for writing; ``by``: what makes the connection.

    Raises:
        StorageError: another process writes it, SQLite is too old, a newer program or another
            station made it, or the end of its chain is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = WriterLock(path)
    try:
        return _open(lambda: Database(path, by=by), lock, station, clock, ids)
    except BaseException:  # whatever it was, the lock is let go and the error goes on
        lock.close()
        raise


def _open(
    opened: Callable[[], Database], lock: WriterLock, station: str, clock: Clock, ids: Ids
) -> Store:
    database = opened()
    try:
        if copy := migrate(database):
            _LOG.info("schema changed; the file as it was: %s", copy.name)
        events = SqliteEventStore(database, station, clock, ids)
    except BaseException:  # whatever it was, the file is closed and the error goes on
        database.close()
        raise

    def synced() -> tuple[str, int]:
        return events.head().epoch, events.acknowledged()

    return Store(database, lock, events, SqliteOrderCache(database, synced), Intake(database))
