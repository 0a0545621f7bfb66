"""What the journal adds up to: sessions, orders, tallies; kept in the push's own transaction.

Sessions are folded with the station's own ``evolve``. Everything here can be thrown away
and made again from the journal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain.errors import StorageError
from packstation.domain.events import Event, decode
from packstation.domain.packing import IDLE, Session, State, evolve
from packstation.domain.packing import facts as f
from packstation.domain.throughput import Tally, tally
from packstation.server.moments import bucket, moment, stamp
from packstation.server.tables import DEVICE, JOURNAL, ORDERS, SESSION, TALLY

OUTCOMES: Final = {State.COMPLETED: "packed", State.CANCELLED: "cancelled"}


class Step(Struct, frozen=True, kw_only=True):
    """An understood event at its place."""

    seq: int
    event: Event
    fact: f.Fact


def apply(
    connection: Connection,
    site: str,
    station: str,
    epoch: str,
    steps: Sequence[Step],
    skew: timedelta = timedelta(),
) -> dict[int, str]:
    """Fold new steps of one stream; ``skew`` is added to the station's times.

    Answers what could not be folded: the problem by seq.
    """
    sessions: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.event.session:
            sessions[step.event.session].append(step)
    problems: dict[int, str] = {}
    for session, own in sessions.items():
        place = {"site": site, "session": session}
        stream = {"station": station, "epoch": epoch}
        problems |= _fold_session(connection, place, stream, own, skew)
    _count(connection, site, station, steps, skew)
    _devices(connection, site, station, steps, skew)
    return problems


def advance(state: Session, fact: f.Fact) -> tuple[Session, str]:
    """The state after ``fact`` and what was wrong, if anything; then the state stays."""
    try:
        return evolve(state, fact), ""
    except Exception as exc:  # noqa: BLE001 - facts in an order that no bench writes (a hostile
        # or broken station) may fail anywhere inside; they must not stall its queue.
        return state, f"fold: {type(exc).__name__}"


def fold_of(connection: Connection, site: str, session: str) -> Session:
    """The session folded anew from the journal, for comparison with the station's."""
    rows = connection.execute(
        select(JOURNAL.c.kind, JOURNAL.c.v, JOURNAL.c.body)
        .where(and_(JOURNAL.c.site == site, JOURNAL.c.session == session))
        .order_by(JOURNAL.c.received, JOURNAL.c.station, JOURNAL.c.epoch, JOURNAL.c.seq)
    )
    state = IDLE
    for row in rows:
        with suppress(StorageError, KeyError):  # in the quarantine, hence in no fold
            fact = decode(row.kind, row.v, msgspec.json.decode(row.body))
            state, _ = advance(state, fact)
    return state


def kept(connection: Connection, site: str, session: str) -> Session | None:
    """The session as kept beside the journal."""
    where = and_(SESSION.c.site == site, SESSION.c.session == session)
    body = connection.scalar(select(SESSION.c.body).where(where))
    return msgspec.json.decode(body, type=Session) if body else None


def _time(event: Event, skew: timedelta) -> str:
    try:
        return stamp(moment(event.at) + skew)
    except (ValueError, OverflowError):
        return event.at


def _fold_session(
    connection: Connection,
    place: dict[str, str],
    stream: dict[str, str],
    steps: Sequence[Step],
    skew: timedelta,
) -> dict[int, str]:
    where = and_(*(SESSION.c[name] == value for name, value in place.items()))
    row = connection.execute(select(SESSION).where(where)).one_or_none()
    state = msgspec.json.decode(row.body, type=Session) if row else IDLE
    problems = {}
    for step in steps:
        state, problems[step.seq] = advance(state, step.fact)
    last = steps[-1]
    columns: dict[str, Any] = {
        **stream,
        "seq": last.seq,
        "actor": last.event.actor,
        "changed": _time(last.event, skew),
        "opened": row.opened if row else _time(steps[0].event, skew),
        **_shown(state),
    }
    done = [s for s in steps if isinstance(s.fact, f.SessionCompleted)]
    columns["completed"] = _time(done[-1].event, skew) if done else row and row.completed
    if row:
        connection.execute(update(SESSION).where(where).values(**columns))
    else:
        connection.execute(insert(SESSION).values(**place, **columns))
    _outcome(connection, place, state, columns["changed"])
    return {seq: problem for seq, problem in problems.items() if problem}


def _shown(state: Session) -> dict[str, Any]:
    """The columns of a session that a list shows."""
    waybills = [p.label.waybill for p in state.parcels if p.label and p.label.waybill]
    return {
        "order": state.order_id,
        "state": state.state.value,
        "resume": state.resume.value if state.resume else "",
        "reason": state.hold_reason,
        "units": sum(line.done for line in state.lines),
        "parcels": len(state.parcels),
        "waybills": msgspec.json.encode(waybills).decode(),
        "body": msgspec.json.encode(state).decode(),
    }


def _outcome(connection: Connection, place: dict[str, str], state: Session, at: str) -> None:
    """What came of the order; a packed one stays packed whatever a second session does."""
    outcome = OUTCOMES.get(state.state, "")
    where = and_(ORDERS.c.site == place["site"], ORDERS.c.order == state.order_id)
    row = connection.execute(select(ORDERS.c.outcome, ORDERS.c.session).where(where)).one_or_none()
    if row is None or (row.outcome == "packed" and row.session != place["session"]):
        return
    finished = at if outcome else None
    changes = {"outcome": outcome, "session": place["session"], "finished": finished}
    connection.execute(update(ORDERS).where(where).values(**changes))


def _count(
    connection: Connection, site: str, station: str, steps: Iterable[Step], skew: timedelta
) -> None:
    sums: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for step in steps:
        try:
            when = bucket(moment(step.event.at) + skew)
        except (ValueError, OverflowError):
            continue  # a fact without a readable time counts in no hour
        sums[when, step.event.actor] += tally(step.fact)
    for (when, actor), added in sums.items():
        _add(connection, {"site": site, "bucket": when, "station": station, "actor": actor}, added)


def _devices(
    connection: Connection, site: str, station: str, steps: Iterable[Step], skew: timedelta
) -> None:
    for step in steps:
        if isinstance(step.fact, f.DeviceChanged):
            key = {"site": site, "station": station, "device": step.fact.device}
            said = {
                "state": step.fact.state,
                "cause": step.fact.cause,
                "since": _time(step.event, skew),
            }
            where = and_(*(DEVICE.c[name] == value for name, value in key.items()))
            if connection.execute(update(DEVICE).where(where).values(**said)).rowcount == 0:
                connection.execute(insert(DEVICE).values(**key, **said))


def _add(connection: Connection, key: dict[str, str], added: Tally) -> None:
    counts = msgspec.structs.asdict(added)
    del counts["buckets"]
    where = and_(*(TALLY.c[name] == value for name, value in key.items()))
    grown = {name: TALLY.c[name] + value for name, value in counts.items()}
    if connection.execute(update(TALLY).where(where).values(**grown)).rowcount == 0:
        connection.execute(insert(TALLY).values(**key, **counts))
