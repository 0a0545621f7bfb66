"""Pushes into the tables, on either database: one transaction for all of them, or each alone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field
from sqlalchemy import Connection, and_, insert, select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from packstation.domain.psp import PushAnswer
from packstation.server.access import StationCaller
from packstation.server.core import Clock
from packstation.server.database_problems import is_away
from packstation.server.ingest.admission import Mark, admit, answered, moved, skew_ms
from packstation.server.ingest.envelopes import COLUMNS, Entry, Pushed
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.store import Store, generation
from packstation.server.tables import JOURNAL, QUARANTINE, STREAM

log = logging.getLogger(__name__)

# A row of the journal, and the statement that inserts it; every name is our own.
ROW: Final = ("site", "station", "epoch", "seq", *COLUMNS, "hash", "received", "skew_ms")
_NAMES: Final = ", ".join(f'"{name}"' for name in ROW)
_INSERT: Final = f"INSERT INTO journal ({_NAMES}) VALUES"

# What became of a push.
Outcome = PushAnswer | Exception
Stream = tuple[str, str, str]
_KEY: Final = ("site", "station", "epoch")
FORK: Final = "fork"  # the problem of a push that told another past: evidence, no event
# The database itself does not answer: no push of a flush would fare better alone.
AWAY: Final = (OperationalError, InterfaceError)


class Writer:
    """Writes pushes by SQLAlchemy; all there is on SQLite."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Write into ``store``; ``clock`` tells when a push was received."""
        self._store = store
        self._clock = clock

    def write(self, pushes: Sequence[Pushed]) -> list[Outcome]:
        """Keep these pushes; what became of each, in their order."""
        try:
            with self._store.write() as connection:
                return take(connection, pushes, self._clock.now())
        except Exception as exc:  # whatever it is, it is one bench's: the others go on
            if isinstance(exc, AWAY) and is_away(exc):
                return [away()] * len(pushes)
            if len(pushes) == 1:
                log.exception("a push could not be kept")
                return [away() if isinstance(exc, DBAPIError) else exc]
            return [outcome for push in pushes for outcome in self.write([push])]


def away() -> Problem:
    """The refusal while the database does not answer."""
    return Problem(503, "storage", headers={"Retry-After": "5"})


class _Flush(Struct):
    """What is to be written."""

    marks: dict[Stream, Mark] = field(default_factory=dict)
    moves: dict[Stream, dict[str, Any]] = field(default_factory=dict)
    journal: list[tuple[Any, ...]] = field(default_factory=list)
    poison: list[dict[str, Any]] = field(default_factory=list)
    hashes: dict[tuple[Stream, int], str] = field(default_factory=dict)


def take(connection: Connection, pushes: Sequence[Pushed], now: datetime) -> list[Outcome]:
    """Keep pushes in a transaction that has begun, each as if it came alone after the others."""
    gen = generation(connection)
    flush = _Flush()
    outcomes: list[Outcome] = []
    for push in pushes:
        try:
            outcomes.append(_one(connection, flush, push, gen, now))
        except Problem as problem:
            outcomes.append(problem)
    _write(connection, flush)
    return outcomes


def stream_of(caller: StationCaller) -> Stream:
    """Whose journal it is."""
    return caller.site, caller.station, caller.epoch


def skewed(push: Pushed, now: datetime) -> int:
    """How far the bench's clock is behind, in ms."""
    return skew_ms(push.sent_at, now)


def _one(
    connection: Connection, flush: _Flush, push: Pushed, gen: int, now: datetime
) -> PushAnswer:
    stream = stream_of(push.caller)
    mark = flush.marks.get(stream) or _mark(connection, stream)

    def hash_at(seq: int) -> str:
        return flush.hashes.get((stream, seq)) or _hash_at(connection, stream, seq)

    fresh = admit(mark, push, gen, hash_at)
    at = stamp(now)
    late = skewed(push, now)
    place = dict(zip(_KEY, stream, strict=True))
    for entry in fresh:
        flush.hashes[stream, entry.seq] = entry.hash
        if entry.columns is not None:
            flush.journal.append((*stream, entry.seq, *entry.columns, entry.hash, at, late))
        else:
            flush.poison.append(_poison(place, entry, at))
    after = flush.marks[stream] = moved(mark, fresh)
    flush.moves[stream] = {
        "hw": after.hw,
        "last_hash": after.last_hash,
        "head": max(push.head, after.hw),
        "seen": at,
        "skew_ms": late,
    }
    return answered(after, fresh, gen, at)


def _poison(place: dict[str, str], entry: Entry, at: str) -> dict[str, Any]:
    return {
        **place,
        "seq": entry.seq,
        "hash": entry.hash,
        "problem": entry.problem,
        "raw": entry.raw,
        "received": at,
    }


def _of(stream: Stream, table: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's tables
    return and_(*(table.c[name] == value for name, value in zip(_KEY, stream, strict=True)))


def _mark(connection: Connection, stream: Stream) -> Mark:
    """How far it is known; its row is ours until the transaction ends."""
    row = connection.execute(
        select(STREAM).where(_of(stream, STREAM)).with_for_update()
    ).one_or_none()
    if row is None:
        return Mark()
    return Mark(
        hw=row.hw, last_hash=row.last_hash, durable=row.durable, closed=row.closed, new=False
    )


def _hash_at(connection: Connection, stream: Stream, seq: int) -> str:
    at = and_(_of(stream, JOURNAL), JOURNAL.c.seq == seq)
    found = connection.scalar(select(JOURNAL.c.hash).where(at))
    if found is None:
        odd = and_(_of(stream, QUARANTINE), QUARANTINE.c.seq == seq, QUARANTINE.c.problem != FORK)
        found = connection.scalar(select(QUARANTINE.c.hash).where(odd))
    return str(found or "")


def _write(connection: Connection, flush: _Flush) -> None:
    if flush.journal:
        # Past SQLAlchemy's own handling of values, which takes longer than the database.
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        marks = ", ".join([mark] * len(ROW))
        connection.exec_driver_sql(f"{_INSERT} ({marks})", flush.journal)
    if flush.poison:
        connection.execute(insert(QUARANTINE), flush.poison)
    for stream, move in flush.moves.items():
        if flush.marks[stream].new:
            place = dict(zip(_KEY, stream, strict=True))
            connection.execute(insert(STREAM).values(**place, **move))
        else:
            connection.execute(update(STREAM).where(_of(stream, STREAM)).values(**move))
