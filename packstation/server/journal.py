"""Ingest of a station's journal: idempotent, gapless, chain-checked (sync.md section 1.1).

One push is one transaction. An event that cannot be understood never blocks the queue:
it is kept raw in the quarantine, counts for the high-water mark and is named in the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

import msgspec
import rfc8785
from msgspec import Meta, Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain import canonical
from packstation.domain.errors import StorageError
from packstation.domain.events import GENESIS, Event, decode
from packstation.domain.packing.facts import Fact
from packstation.domain.psp import MAX_BATCH, SCHEMA, ClockAnswer, PushAnswer, Result
from packstation.server import (
    choices,
    folds,
    holdings,
    intruders,
    ledger,
    passing,
    requirements,
    weights,
)
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.customs import papers
from packstation.server.handover import noting
from packstation.server.moments import moment, stamp
from packstation.server.problems import Problem
from packstation.server.store import generation
from packstation.server.tables import JOURNAL, QUARANTINE, STREAM

OLDEST_SCHEMA = 1
ENVELOPE = frozenset(Event.__struct_fields__)
_ABSENT = {"parcel": None, "order": None, "claim": None, "fence": 0}
_NOISE = timedelta(seconds=2)  # a clock this close is taken at its word


class LoosePush(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A push with its events still raw, so that one bad event cannot spoil the others."""

    from_: Annotated[int, Meta(ge=1)]
    sent_at: str
    mono_ns: str
    head: Annotated[int, Meta(ge=0)]
    events: tuple[msgspec.Raw, ...] = ()
    schema: int = SCHEMA


class Entry(Struct, frozen=True, kw_only=True):
    """One event of a push: ``hash`` is "" where it has no canonical form."""

    seq: int
    raw: str
    prev: str
    hash: str
    event: Event | None = None
    fact: Fact | None = None
    extra: str | None = None
    problem: str = ""


class Mark(Struct, frozen=True, kw_only=True):
    """How far a stream is known."""

    hw: int = 0
    last_hash: str = GENESIS
    durable: int = 0
    closed: str | None = None
    new: bool = True


def push(server: Server, caller: StationCaller, body: bytes) -> PushAnswer:
    """Take one push.

    Raises:
        Problem: 409 gap, fork, epoch_closed; 413 too many events; 422 no push at all;
            426 a schema older than this server reads.
    """
    pushed = msgspec.json.decode(body, type=LoosePush)
    if pushed.schema < OLDEST_SCHEMA:
        raise Problem(426, "schema", min_schema=OLDEST_SCHEMA)
    if len(pushed.events) > MAX_BATCH:
        raise Problem(413, "too_many_events", limit=MAX_BATCH)
    entries = [
        read_entry(caller, pushed.from_ + place, bytes(raw))
        for place, raw in enumerate(pushed.events)
    ]
    try:
        with server.store.write() as connection:
            answer = _take(server, connection, caller, pushed, entries)
            asking = requirements.is_due(server, connection, caller.site)
    except Problem as problem:
        if problem.code == "fork":
            intruders.note_fork(server, caller, problem, body)
        raise
    if entries:
        server.bell.ring()
    if asking:
        requirements.begin(server, caller.site)
    return answer


def read_entry(caller: StationCaller, seq: int, raw: bytes) -> Entry:
    """One raw event, as far as it can be understood."""
    text = raw.decode()
    shape = _loaded(raw)
    prev = shape.get("prev")
    entry = Entry(
        seq=seq,
        raw=text,
        prev=prev if isinstance(prev, str) else "",
        hash=_hash(caller, seq, shape),
        extra=_extra(shape),
    )
    if not entry.hash:
        return replace(entry, problem="envelope: no canonical form")
    try:
        event = msgspec.convert(shape, Event)
        fact = decode(event.kind, event.v, event.body)
    except msgspec.ValidationError as exc:
        return replace(entry, problem=f"envelope: {exc}")
    except (StorageError, KeyError) as exc:  # KeyError: a version that never was
        return replace(entry, event=event, problem=f"body: {exc}")
    return replace(entry, event=event, fact=fact)


def _loaded(raw: bytes) -> dict[str, Any]:
    shape = msgspec.json.decode(raw)
    return shape if isinstance(shape, dict) else {}


def _extra(shape: dict[str, Any]) -> str | None:
    """Members of a newer envelope, kept beside the columns."""
    more = {name: value for name, value in shape.items() if name not in ENVELOPE}
    return msgspec.json.encode(more).decode() if more else None


def _hash(caller: StationCaller, seq: int, shape: dict[str, Any]) -> str:
    """As ``events.record_hash``, over all members that came; "" without a canonical form."""
    form: Any = {
        "station": caller.station,
        "epoch": caller.epoch,
        "seq": seq,
        "event": {**_ABSENT, **shape},
    }
    try:
        return intruders.sha256(canonical.dumps(form))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        return ""


def _take(
    server: Server,
    connection: Connection,
    caller: StationCaller,
    pushed: LoosePush,
    entries: Sequence[Entry],
) -> PushAnswer:
    now = server.clock.now()
    mark = _mark(connection, caller)
    fresh = _admit(connection, caller, mark, pushed.from_, entries)
    skew = _skew(pushed.sent_at, now)
    steps = _understood(fresh)
    odd = folds.apply(connection, caller.site, caller.station, caller.epoch, steps, skew)
    choices.take(server, connection, caller.site, steps)
    odd |= holdings.note(server, connection, caller, steps)
    odd |= ledger.note(server, connection, caller, [s for s in steps if s.seq not in odd])
    requirements.note(server, connection, caller.site, [s for s in steps if s.seq not in odd])
    papers.note(connection, caller.site, steps)
    odd |= weights.note(server, connection, caller.site, steps)
    fresh = [replace(e, problem=odd[e.seq]) if e.seq in odd else e for e in fresh]
    _keep(connection, caller, fresh, stamp(now))
    noting.note(server, connection, caller, [s for s in steps if s.seq not in odd])
    passing.note(server, connection, caller, [s for s in steps if s.seq not in odd])
    hw = fresh[-1].seq if fresh else mark.hw
    _move(
        connection,
        caller,
        mark,
        {
            "hw": hw,
            "last_hash": fresh[-1].hash if fresh else mark.last_hash,
            "head": max(pushed.head, hw),
            "seen": stamp(now),
            "skew_ms": int(skew / timedelta(milliseconds=1)),
        },
    )
    return PushAnswer(
        gen=generation(connection),
        hw=hw,
        durable=mark.durable,
        clock=ClockAnswer(now=stamp(now)),
        results=tuple(Result(seq=e.seq, code="quarantined") for e in fresh if e.problem),
    )


def _understood(entries: Sequence[Entry]) -> list[folds.Step]:
    return [
        folds.Step(seq=entry.seq, event=entry.event, fact=entry.fact)
        for entry in entries
        if entry.event and entry.fact
    ]


def _skew(sent_at: str, now: Any) -> timedelta:  # noqa: ANN401 - a datetime of the clock
    """What to add to the station's times; nothing when it cannot be told."""
    try:
        off: timedelta = now - moment(sent_at)
    except ValueError:
        return timedelta()
    return off if abs(off) > _NOISE else timedelta()


def _of(caller: StationCaller, table: Any) -> Any:  # noqa: ANN401 - SQLAlchemy tables
    return and_(
        table.c.site == caller.site,
        table.c.station == caller.station,
        table.c.epoch == caller.epoch,
    )


def _mark(connection: Connection, caller: StationCaller) -> Mark:
    row = connection.execute(select(STREAM).where(_of(caller, STREAM))).one_or_none()
    if row is None:
        return Mark()
    if row.closed:
        raise Problem(409, "epoch_closed", since=row.closed)
    return Mark(hw=row.hw, last_hash=row.last_hash, durable=row.durable, new=False)


def _admit(
    connection: Connection,
    caller: StationCaller,
    mark: Mark,
    start: int,
    entries: Sequence[Entry],
) -> Sequence[Entry]:
    """The entries that are new; refuse a gap, and a past other than the one we know."""
    if start > mark.hw + 1:
        raise Problem(409, "gap", hw=mark.hw, gen=generation(connection))
    known = [entry for entry in entries if entry.seq <= mark.hw]
    if known:
        have = _hash_at(connection, caller, known[-1].seq)
        if have and have != known[-1].hash:
            raise Problem(409, "fork", at=known[-1].seq, have_prev=have, hw=mark.hw)
    prev = mark.last_hash
    fresh = entries[len(known) :]
    for entry in fresh:
        # Without a canonical form there is no hash to compare with, on either side.
        if prev and entry.prev != prev:
            raise Problem(409, "fork", at=entry.seq, have_prev=prev, hw=mark.hw)
        prev = entry.hash
    return fresh


def _hash_at(connection: Connection, caller: StationCaller, seq: int) -> str:
    for table in (JOURNAL, QUARANTINE):
        where = and_(_of(caller, table), table.c.seq == seq)
        found = connection.scalar(select(table.c.hash).where(where))
        if found is not None:
            return str(found)
    return ""


def _keep(
    connection: Connection, caller: StationCaller, entries: Sequence[Entry], now: str
) -> None:
    place = {"site": caller.site, "station": caller.station, "epoch": caller.epoch}
    rows = [_row(entry, entry.event, place, now) for entry in entries if entry.event]
    if rows:
        connection.execute(insert(JOURNAL), rows)
    poison = [
        {
            **place,
            "seq": entry.seq,
            "hash": entry.hash,
            "problem": entry.problem,
            "raw": entry.raw,
            "received": now,
        }
        for entry in entries
        if entry.problem
    ]
    if poison:
        connection.execute(insert(QUARANTINE), poison)


def _row(entry: Entry, event: Event, place: dict[str, str], now: str) -> dict[str, Any]:
    columns = asdict(event)
    columns["body"] = msgspec.json.encode(event.body).decode()
    return {
        **place,
        **columns,
        "seq": entry.seq,
        "extra": entry.extra,
        "hash": entry.hash,
        "received": now,
    }


def _move(
    connection: Connection, caller: StationCaller, mark: Mark, changes: dict[str, Any]
) -> None:
    if mark.new:
        place = {"site": caller.site, "station": caller.station, "epoch": caller.epoch}
        connection.execute(insert(STREAM).values(**place, **changes))
    else:
        connection.execute(update(STREAM).where(_of(caller, STREAM)).values(**changes))
