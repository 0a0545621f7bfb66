"""Each bench now: from what it says of itself, and where it says nothing, from its facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, and_, select

from packstation.domain.packing import Session
from packstation.domain.throughput import Tally
from packstation.server.floor_view import BenchCard, Device
from packstation.server.moments import moment
from packstation.server.statuses import Status
from packstation.server.tables import DEVICE, GONE, PERSON, SESSION, STATION, STATUS, STREAM

OFFLINE_AFTER: Final = timedelta(seconds=60)  # two heartbeats of at most 30 s
RUNGS: Final = {
    "scanning": 1,
    "cartoning": 2,
    "weighing": 3,
    "measuring": 3,
    "rating": 4,
    "labelling": 4,
    "printing": 4,
    "confirming": 5,
}
OPEN: Final = (*RUNGS, "held")
LAMPS: Final = ("scanner", "scale", "label", "papers")
_BROKEN: Final = frozenset({"fault", "off"})


class Told(Struct, frozen=True, kw_only=True):
    """All that is known of one bench."""

    heard: datetime | None = None
    status: Status = Status()
    rested: datetime | None = None
    waiting: int = 0
    session: Session | None = None
    opened: datetime | None = None
    changed: datetime | None = None
    actor: str = ""
    devices: tuple[Device, ...] = ()


def benches(
    connection: Connection, site: str, now: datetime, done: dict[str, Tally]
) -> tuple[BenchCard, ...]:
    """All benches of a site that are not revoked, by name."""
    mine = and_(STATION.c.site == site, STATION.c.revoked.is_(None))
    rows = connection.execute(select(STATION).where(mine).order_by(STATION.c.name)).all()
    names = people(connection, site)
    return tuple(
        _card(row, _told(connection, site, row.station), names, now, done.get(row.station, Tally()))
        for row in rows
    )


def people(connection: Connection, site: str) -> dict[str, str]:
    """Names by badge, of revoked badges too."""
    return {
        row.badge: row.name
        for table in (GONE, PERSON)
        for row in connection.execute(
            select(table.c.badge, table.c.name).where(table.c.site == site)
        )
    }


def _told(connection: Connection, site: str, station: str) -> Told:
    def of(table: Any) -> Any:  # noqa: ANN401 - SQLAlchemy tables
        return and_(table.c.site == site, table.c.station == station)

    stream = connection.execute(
        select(STREAM).where(of(STREAM)).order_by(STREAM.c.seen.desc())
    ).first()
    said = connection.execute(select(STATUS).where(of(STATUS))).first()
    newest = connection.execute(
        select(SESSION).where(of(SESSION)).order_by(SESSION.c.changed.desc())
    ).first()
    last = connection.execute(
        select(SESSION)
        .where(and_(of(SESSION), SESSION.c.state.in_(OPEN)))
        .order_by(SESSION.c.changed.desc())
    ).first()
    status = msgspec.json.decode(said.body, type=Status) if said else Status()
    times = [moment(text) for text in (stream and stream.seen, said and said.at) if text]
    return Told(
        heard=max(times) if times else None,
        status=status,
        rested=_time(newest.changed) if newest else None,
        waiting=max(stream.head - stream.hw if stream else 0, status.waiting),
        session=msgspec.json.decode(last.body, type=Session) if last else None,
        opened=_time(last.opened) if last else None,
        changed=_time(last.changed) if last else None,
        actor=status.person or (last.actor if last else ""),
        devices=_lamps(connection, of(DEVICE), status),
    )


def _lamps(connection: Connection, where: Any, status: Status) -> tuple[Device, ...]:  # noqa: ANN401
    """What the bench says of its devices now; since when, and what it does not say, by facts."""
    facts = _devices_of_facts(connection, where)
    said = {
        device.kind: Device(
            kind=device.kind,
            state=device.state,
            cause=device.cause,
            since=facts[device.kind].since
            if device.kind in facts and facts[device.kind].state == device.state
            else None,
        )
        for device in status.devices
    }
    known = {**facts, **said}
    return tuple(known.get(kind, Device(kind=kind, state="")) for kind in LAMPS)


def _devices_of_facts(connection: Connection, where: Any) -> dict[str, Device]:  # noqa: ANN401
    """The last word of each device in the journal."""
    rows = connection.execute(select(DEVICE).where(where))
    return {
        row.device: Device(
            kind=row.device, state=row.state, cause=row.cause, since=_time(row.since)
        )
        for row in rows
    }


def _time(text: str) -> datetime | None:
    """A time that a bench wrote; None where it is none."""
    try:
        return moment(text)
    except ValueError:
        return None


def _card(
    row: Row[tuple[object, ...]], told: Told, names: dict[str, str], now: datetime, done: Tally
) -> BenchCard:
    session = told.session
    step = session.state.value if session else ""
    resumed = session.resume.value if session and session.resume else step
    broken = next((device for device in told.devices if device.state in _BROKEN), None)
    mode = _mode(told, now, step, broken)
    return BenchCard(
        station=row.station,
        name=row.name,
        mode=mode,
        person=names.get(told.actor, ""),
        order=session.order_id if session else told.status.order,
        step=step,
        rung=RUNGS.get(resumed, 0),
        units=sum(line.done for line in session.lines) if session else 0,
        units_total=sum(line.plan.quantity for line in session.lines) if session else 0,
        reason=_reason(mode, session, broken),
        since=_since(mode, told, broken),
        heard=told.heard,
        waiting=told.waiting,
        labels_left=told.status.labels_left,
        devices=told.devices,
        done=done,
    )


def _mode(told: Told, now: datetime, step: str, broken: Device | None) -> str:
    if told.heard is None:
        return "new"
    if now - told.heard > OFFLINE_AFTER:
        return "offline"
    if step == "held":
        return "held"
    if broken:
        return "fault"
    return "working" if step else "idle"


def _reason(mode: str, session: Session | None, broken: Device | None) -> str:
    if mode == "held" and session:
        return session.hold_reason
    return broken.cause or f"{broken.kind}.{broken.state}" if mode == "fault" and broken else ""


def _since(mode: str, told: Told, broken: Device | None) -> datetime | None:
    if mode == "held":
        return told.changed
    if mode == "offline":
        return told.heard
    if mode == "fault":
        return broken.since if broken else None
    return told.opened if mode == "working" else told.rested
