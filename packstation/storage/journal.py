"""Reading the journal beside its writer: for the syncer's thread, audits and help desks."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

from packstation.domain.errors import StorageError
from packstation.domain.events import Event
from packstation.station.sync import JournalPlace
from packstation.storage import records, texts
from packstation.storage.database import Database
from packstation.storage.migrations import require_known


class SqliteJournalReader:
    """``station.sync.JournalReader`` with a read-only connection of its own.

    Opened by the thread that uses it, at its first call.
    """

    def __init__(self, path: Path) -> None:
        """Read the database at ``path``."""
        self._path = path
        self._opened: Database | None = None

    def _database(self) -> Database:
        if self._opened is None:
            self._opened = Database(self._path, read_only=True)
        return self._opened

    def place(self) -> JournalPlace:
        """Station, epoch, and the seq of the newest record."""
        database = self._database()
        meta: dict[str, str] = dict(database.all(texts.META))
        station, epoch = meta["station"], meta["epoch"]
        return JournalPlace(station, epoch, records.last_seq(database, station, epoch))

    def earlier(self, place: JournalPlace) -> tuple[JournalPlace, ...]:
        """The same station's epochs before that of ``place``, each to its last record."""
        database = self._database()
        epochs = [
            epoch
            for station, epoch in database.all(texts.PLACES)
            if station == place.station and epoch != place.epoch
        ]
        heads = [records.last_seq(database, place.station, epoch) for epoch in epochs]
        return tuple(map(JournalPlace, [place.station] * len(epochs), epochs, heads))

    def events(self, place: JournalPlace, after: int, count: int) -> tuple[Event, ...]:
        """At most ``count`` events after seq ``after``, in order, up to a run that went."""
        run = records.run_of(self._database(), place.station, place.epoch, after, count)
        there = takewhile(lambda one: one[1].seq == one[0], enumerate(run, after + 1))
        return tuple(record.event for _, record in there)

    def cursor(self) -> str:
        """The change cursor up to which pulled rows are in the cache."""
        meta: dict[str, str] = dict(self._database().all(texts.META))
        return meta.get("change_cursor", "")

    def beside(self) -> SqliteJournalReader:
        """Another reader of the same file, for another thread."""
        return SqliteJournalReader(self._path)

    def close(self) -> None:
        """Close the connection."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def verify_file(path: Path) -> int:
    """Check the whole chain of the journal at ``path``; answer how many records it has.

    Raises:
        StorageError: no such file, a newer schema, or a damaged chain (field ``at``).
    """
    if not path.is_file():
        raise StorageError("error.storage.missing", path=str(path))
    database = Database(path, read_only=True)
    try:
        require_known(database)
        return records.verify_all(database)
    finally:
        database.close()
