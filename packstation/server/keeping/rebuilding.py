"""Folds made anew from the journal, compared with those that are kept, put in their place.

The journal is folded by the projector's own functions in a scratch database beside; only the
last of it is folded while nobody else writes. Then each table is compared by its checksum and
the rows that differ are replaced, in one transaction.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import URL, Connection, Table, and_, delete, insert, select, tuple_, update

from packstation.domain.errors import StorageError
from packstation.domain.events import Event, decode
from packstation.server import folds
from packstation.server.core import Server
from packstation.server.keeping.chains import Place
from packstation.server.store import Store, open_engine
from packstation.server.tables import DEVICE, JOURNAL, ORDERS, SESSION, STREAM_DONE, TALLY

FOLDED: Final = (SESSION, DEVICE, TALLY)  # nothing else writes these
OUTCOME: Final = ("outcome", "session", "finished")  # what folds write of an order
_PAGE: Final = 500
_ENVELOPE: Final = Event.__struct_fields__
_ORDER: Final = ("received", "site", "station", "epoch", "seq")

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
Marks = Mapping[Place, int]


class Remade(Struct, frozen=True, kw_only=True):
    """A table: how many rows it has, how many were other, lacking or too much before."""

    table: str
    rows: int
    changed: int
    before: str  # SHA-256 over its rows
    after: str


class Rebuilt(Struct, frozen=True, kw_only=True):
    """What came of it; ``events`` were folded."""

    events: int
    tables: tuple[Remade, ...]

    @property
    def changed(self) -> int:
        """Rows that differed, of all tables."""
        return sum(one.changed for one in self.tables)


def rebuild(
    server: Server, *, keep: bool = False, progress: Callable[[int, int], None] = lambda *_: None
) -> Rebuilt:
    """Fold all journals anew; with ``keep`` only compare. ``progress``: events done, of how many.

    What is folded is what the kept tables have been told of: never more.
    """
    with _scratch() as scratch:
        with server.store.read() as source:
            seen = _marks(source)
            with scratch.write() as target:
                _orders(source, target)
            count = _fold(source, scratch, ({}, seen), lambda n: progress(n, sum(seen.values())))
        with server.store.write() as live:
            now = _marks(live)
            with scratch.write() as target:
                _orders(live, target)
            count += _fold(live, scratch, (seen, now), lambda _: None)
            with scratch.read() as made:
                tables = tuple(_compared(live, made, keep=keep))
    progress(count, count)
    return Rebuilt(events=count, tables=tables)


@contextmanager
def _scratch() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="packstation-rebuild-") as folder:
        url = URL.create("sqlite", database=str(Path(folder) / "scratch.sqlite3"))
        store = Store(open_engine(url.render_as_string()))
        try:
            yield store
        finally:
            store.close()


def _marks(connection: Connection) -> dict[Place, int]:
    """How far the projector has read each journal."""
    rows = connection.execute(select(STREAM_DONE))
    return {Place(row.site, row.station, row.epoch): row.seq for row in rows}


def _orders(source: Connection, target: Connection) -> None:
    """The orders that there are; what came of them is folded."""
    query = select(ORDERS.c.site, ORDERS.c.order)
    known = {tuple(row) for row in target.execute(query)}
    rows = [tuple(row) for row in source.execute(query)]
    fresh = [{"site": site, "order": order} for site, order in rows if (site, order) not in known]
    if fresh:
        target.execute(insert(ORDERS), fresh)


def _fold(
    source: Connection, scratch: Store, span: tuple[Marks, Marks], told: Callable[[int], None]
) -> int:
    """Fold the events between two marks of each journal, in the order in which they came."""
    count = 0
    for page in _pages(source, *span):
        with scratch.write() as target:
            for (place, skew), rows in groupby(page, key=_run):
                steps = [step for row in rows if (step := _step(row)) is not None]
                off = timedelta(milliseconds=skew)
                folds.apply(target, place.site, place.station, place.epoch, steps, off)
        count += len(page)
        told(count)
    return count


def _pages(source: Connection, after: Marks, until: Marks) -> Iterator[list[Any]]:
    columns = [JOURNAL.c[name] for name in _ORDER]
    since: tuple[Any, ...] = ()
    if after:
        started = [p for p, seq in until.items() if seq > after.get(p, 0)]
        if not started:
            return
    while True:
        query = select(JOURNAL).order_by(*columns).limit(_PAGE)
        if since:
            query = query.where(tuple_(*columns) > since)
        rows = source.execute(query).all()
        fresh = [
            row for row in rows if after.get(_place(row), 0) < row.seq <= until.get(_place(row), 0)
        ]
        if fresh:
            yield fresh
        if len(rows) < _PAGE:
            return
        since = tuple(getattr(rows[-1], name) for name in _ORDER)


def _place(row: Any) -> Place:  # noqa: ANN401 - a row of JOURNAL
    return Place(row.site, row.station, row.epoch)


def _run(row: Any) -> tuple[Place, int]:  # noqa: ANN401 - a row of JOURNAL
    return _place(row), row.skew_ms


def _step(row: Any) -> folds.Step | None:  # noqa: ANN401 - a row of JOURNAL
    columns = {name: getattr(row, name) for name in _ENVELOPE}
    body = msgspec.json.decode(row.body)
    try:
        fact = decode(row.kind, row.v, body)
    except (StorageError, KeyError):  # in the quarantine, hence in no fold
        return None
    return folds.Step(seq=row.seq, event=Event(**{**columns, "body": body}), fact=fact)


def _compared(live: Connection, made: Connection, *, keep: bool) -> Iterator[Remade]:
    for table in FOLDED:
        names = [column.name for column in table.columns]
        before, after = rows_of(live, table, names), rows_of(made, table, names)
        differ = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        if not keep:
            _replace(live, table, differ, [after[key] for key in sorted(differ) if key in after])
        yield _remade(str(table.name), before, after, differ)
    before, after = rows_of(live, ORDERS, OUTCOME), rows_of(made, ORDERS, OUTCOME)
    differ = {key for key, row in before.items() if after.get(key) != row}
    if not keep:
        for key in differ:
            values = dict(zip(OUTCOME, after[key], strict=True))
            live.execute(update(ORDERS).where(_at(ORDERS, key)).values(**values))
    yield _remade("orders", before, after, differ)


def _remade(name: str, before: Rows, after: Rows, differ: set[tuple[Any, ...]]) -> Remade:
    return Remade(
        table=name,
        rows=len(after),
        changed=len(differ),
        before=checksum(before),
        after=checksum(after),
    )


def rows_of(connection: Connection, table: Table, names: Sequence[str]) -> Rows:
    """Columns of all rows of a table, by its key."""
    keys = [column.name for column in table.primary_key.columns]
    found = connection.execute(select(*(table.c[name] for name in (*keys, *names))))
    return {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in found}


def checksum(rows: Rows) -> str:
    """SHA-256 over rows in the order of their keys."""
    sums = hashlib.sha256()
    for key in sorted(rows):
        sums.update(msgspec.json.encode([key, rows[key]]) + b"\n")
    return sums.hexdigest()


def _at(table: Table, key: tuple[Any, ...]) -> Any:  # noqa: ANN401 - SQLAlchemy
    columns = table.primary_key.columns
    return and_(*(column == value for column, value in zip(columns, key, strict=True)))


def _replace(
    live: Connection, table: Table, gone: set[tuple[Any, ...]], rows: Sequence[tuple[Any, ...]]
) -> None:
    for key in gone:
        live.execute(delete(table).where(_at(table, key)))
    names = [column.name for column in table.columns]
    if rows:
        live.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
