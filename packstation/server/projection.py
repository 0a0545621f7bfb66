"""What facts mean: the next events of one journal into every table that follows from them.

Part of a transaction of the projector. Everything but the journal, its marks and the quarantine
is made of this, in the order of each journal.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from packstation.domain.errors import StorageError
from packstation.domain.events import Event, decode
from packstation.server import (
    choices,
    folds,
    holdings,
    ledger,
    passing,
    requirements,
    staff_list,
    weights,
)
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.customs import papers
from packstation.server.handover import noting
from packstation.server.moments import stamp
from packstation.server.tables import JOURNAL, QUARANTINE, STREAM, STREAM_DONE

log = logging.getLogger(__name__)

SLICE: Final = 100  # events that are read at once
_ENVELOPE: Final = Event.__struct_fields__
# The database's word about a value, which stays the same however often it is asked.
_LASTING: Final = (DataError, IntegrityError)


class Done(Struct, frozen=True):
    """``seq`` read so far; ``more``: there is more; ``problems`` by seq."""

    seq: int
    more: bool
    problems: Mapping[int, str]


def advance(server: Server, connection: Connection, caller: StationCaller) -> Done:
    """Project the next events of a journal, at most `SLICE`, and move its mark behind them.

    An event that raises is put into the quarantine and the others go on. What the database
    itself cannot do now (away, full, locked) is raised, and nothing of it is kept.
    """
    before = _done(connection, caller)
    hw = connection.scalar(select(STREAM.c.hw).where(_of(caller, STREAM))) or 0
    seq = before or 0
    ahead = and_(_of(caller, JOURNAL), JOURNAL.c.seq > seq, JOURNAL.c.seq <= hw)
    found = connection.execute(
        select(JOURNAL).where(ahead).order_by(JOURNAL.c.seq).limit(SLICE)
    ).all()
    # Facts of one push have one skew; those after another one wait for their turn.
    rows = list(takewhile(lambda row: row.skew_ms == found[0].skew_ms, found))
    whole = len(rows) == len(found) < SLICE
    last = hw if whole else rows[-1].seq
    steps, problems = _understood(rows)
    if steps:
        skew = timedelta(milliseconds=rows[0].skew_ms)
        problems |= _projected(server, connection, caller, steps, skew)
    if problems:
        _set_aside(server, connection, caller, rows, problems)
    if last != seq:
        _move(connection, caller, last, new=before is None)
    return Done(last, not whole, problems)


def apply(
    server: Server,
    connection: Connection,
    caller: StationCaller,
    steps: Sequence[folds.Step],
    skew: timedelta,
) -> dict[int, str]:
    """Follow what these facts say; answers by seq what cannot be so."""
    site = caller.site
    odd = folds.apply(connection, site, caller.station, caller.epoch, steps, skew)
    choices.take(server, connection, site, steps)
    odd |= holdings.note(server, connection, caller, steps)
    odd |= ledger.note(server, connection, caller, [s for s in steps if s.seq not in odd])
    requirements.note(server, connection, site, [s for s in steps if s.seq not in odd])
    papers.note(connection, site, steps)
    odd |= weights.note(server, connection, site, steps)
    noting.note(server, connection, caller, [s for s in steps if s.seq not in odd])
    passing.note(server, connection, caller, [s for s in steps if s.seq not in odd])
    staff_list.note(server, connection, caller, [s for s in steps if s.seq not in odd])
    return odd


def _projected(
    server: Server,
    connection: Connection,
    caller: StationCaller,
    steps: Sequence[folds.Step],
    skew: timedelta,
) -> dict[int, str]:
    """All steps at once; each by itself where one of them fails."""
    try:
        with connection.begin_nested():
            return apply(server, connection, caller, steps, skew)
    except Exception as exc:  # whatever a hostile station may set off
        if isinstance(exc, DBAPIError) and not isinstance(exc, _LASTING):
            raise
        if len(steps) == 1:
            log.exception("a fact could not be projected", extra={"seq": steps[0].seq})
            return {steps[0].seq: f"projection: {type(exc).__name__}"}
    problems: dict[int, str] = {}
    for step in steps:
        problems |= _projected(server, connection, caller, [step], skew)
    return problems


def _understood(rows: Sequence[Any]) -> tuple[list[folds.Step], dict[int, str]]:
    """The facts of these rows, and what is no fact."""
    steps, problems = [], {}
    for row in rows:
        event = _event(row)
        try:
            fact = decode(event.kind, event.v, event.body)
        except (StorageError, KeyError) as exc:  # KeyError: a version that never was
            problems[row.seq] = f"body: {exc}"
            continue
        steps.append(folds.Step(seq=row.seq, event=event, fact=fact))
    return steps, problems


def _event(row: Any) -> Event:  # noqa: ANN401 - a row of JOURNAL
    columns = {name: getattr(row, name) for name in _ENVELOPE}
    return Event(**{**columns, "body": msgspec.json.decode(row.body)})


def _of(caller: StationCaller, table: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's tables
    return and_(
        table.c.site == caller.site,
        table.c.station == caller.station,
        table.c.epoch == caller.epoch,
    )


def _done(connection: Connection, caller: StationCaller) -> int | None:
    return connection.scalar(select(STREAM_DONE.c.seq).where(_of(caller, STREAM_DONE)))


def _move(connection: Connection, caller: StationCaller, seq: int, *, new: bool) -> None:
    if new:
        place = {"site": caller.site, "station": caller.station, "epoch": caller.epoch}
        connection.execute(insert(STREAM_DONE).values(**place, seq=seq))
    else:
        connection.execute(update(STREAM_DONE).where(_of(caller, STREAM_DONE)).values(seq=seq))


def _set_aside(
    server: Server,
    connection: Connection,
    caller: StationCaller,
    rows: Sequence[Any],
    problems: Mapping[int, str],
) -> None:
    """Into the quarantine, once: a person looks at it. The journal has it all the same."""
    place = {"site": caller.site, "station": caller.station, "epoch": caller.epoch}
    now = stamp(server.clock.now())
    for row in rows:
        if row.seq not in problems:
            continue
        key = {**place, "seq": row.seq, "hash": row.hash}
        same = and_(*(QUARANTINE.c[name] == value for name, value in key.items()))
        if connection.scalar(select(QUARANTINE.c.seq).where(same)) is None:
            raw = msgspec.json.encode(_event(row)).decode()
            told = {"problem": problems[row.seq], "raw": raw, "received": now}
            connection.execute(insert(QUARANTINE).values(**key, **told))
