"""Whose order it is, told to all benches of a site; kept in the push's own transaction.

Row ``work`` by order says which bench has it and where it lies; row ``trail`` what was done and,
for a parked one, its session, so that any bench can go on (``domain.passing``). The server is
where two benches that began the same order while they were away from it meet: the first stays,
and the other one pulls the row again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, select

from packstation.domain import passing as p
from packstation.domain.events import Event
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import Session
from packstation.domain.psp import UnitBody
from packstation.server import claims, conflicts, folds, rows
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.tables import JOURNAL, STATION

log = logging.getLogger(__name__)

_BODY: Final = msgspec.json.Decoder(dict[str, Any])


def note(
    server: Server, connection: Connection, caller: StationCaller, steps: Sequence[folds.Step]
) -> None:
    """Follow what these facts say of orders; the journal has them already."""
    last: dict[str, folds.Step] = {}
    stopped: set[str] = set()
    for step in steps:
        if step.event.session and isinstance(step.fact, p.MOVES):
            last[step.event.session] = step
            if isinstance(step.fact, p.STOPS):
                stopped.add(step.event.session)
        if isinstance(step.fact, SessionTakenOver):
            _move_units(server, connection, caller.site, step)
    ended = {s.event.order for s in last.values() if s.event.order and isinstance(s.fact, p.ENDS)}
    claims.note(server, connection, caller, sorted(ended))
    for session, step in last.items():
        state = folds.kept(connection, caller.site, session)
        if state is not None and state.order_id:
            right = claims.right(connection, caller.site, state.order_id)
            work = _work(connection, caller, session, state, step.event, right)
            if not _is_its(server, connection, caller.site, work, right):
                continue
            # First what is needed to go on, then that one can.
            if session in stopped:
                _trail(server, connection, caller.site, work, state)
            rows.put_row(server, connection, caller.site, p.WORK, work.order, work)
    conflicts.note(server, connection, caller, steps)


def _work(
    connection: Connection,
    caller: StationCaller,
    session: str,
    state: Session,
    event: Event,
    right: claims.RightOf,
) -> p.Work:
    return p.Work(
        order=state.order_id,
        session=session,
        state=p.phase(state.state),
        station=caller.station,
        bench=_names(connection, caller.site).get(caller.station, ""),
        place=state.place,
        since=event.at,
        came_from=state.came_from,
        totes=state.totes,
        fence=right.fence if right.station == caller.station else event.fence,
    )


def _is_its(
    server: Server, connection: Connection, site: str, work: p.Work, right: claims.RightOf
) -> bool:
    """Whether it is this session's; else its bench is told whose.

    Whoever has the claim has what nobody has packed, be its facts heard of first or not.
    """
    body = rows.row_body(connection, site, p.WORK, work.order)
    known = msgspec.json.decode(body, type=p.Work) if body is not None else None
    packed = p.PACKED in {work.state, known.state if known else ""}
    if right.station and not packed and work.state in {p.OPEN, p.PARKED}:
        if right.station == work.station:
            return True
    elif known is None or p.succeeds(work, known):
        return True
    if known is None:
        return False  # the claim's row says whose
    if work.state != p.CANCELLED:
        log.warning("an order at two benches", extra={"order": work.order})
        rows.touch_row(server, connection, site, p.WORK, work.order, known)
    return False


def _trail(server: Server, connection: Connection, site: str, work: p.Work, state: Session) -> None:
    kept = state if work.state == p.PARKED else None
    told = _told(connection, site, work.order)
    body = p.Trail(session=work.session, kept=kept, told=told)
    rows.put_row(server, connection, site, p.TRAIL, work.order, body)


def _told(connection: Connection, site: str, order: str) -> tuple[p.Told, ...]:
    """The latest facts of an order at all benches, oldest first."""
    names = _names(connection, site)
    where = and_(JOURNAL.c.site == site, JOURNAL.c.order == order, JOURNAL.c.kind.in_(p.TOLD))
    columns = [JOURNAL.c[name] for name in ("id", "kind", "at", "station", "actor", "body")]
    newest = select(*columns).where(where).order_by(JOURNAL.c.at.desc(), JOURNAL.c.seq.desc())
    found = connection.execute(newest.limit(p.LONGEST)).all()
    return tuple(
        p.Told(
            id=row.id,
            kind=row.kind,
            at=row.at,
            bench=names.get(row.station, ""),
            actor=row.actor,
            body=p.plain(_BODY.decode(row.body)),
        )
        for row in reversed(found)
    )


def _names(connection: Connection, site: str) -> dict[str, str]:
    found = connection.execute(
        select(STATION.c.station, STATION.c.name).where(STATION.c.site == site)
    )
    return {row.station: row.name for row in found}


def _move_units(server: Server, connection: Connection, site: str, step: folds.Step) -> None:
    """Units of a box that goes on elsewhere lie in the new session."""
    fact = step.fact
    if not isinstance(fact, SessionTakenOver):
        return
    for code in sorted(fact.kept.unit_codes):
        body = rows.row_body(connection, site, "unit", code)
        known = msgspec.json.decode(body, type=UnitBody) if body is not None else None
        if known is None or known.session == fact.session:
            moved = UnitBody(session=step.event.session, order=fact.order_id)
            rows.put_row(server, connection, site, "unit", code, moved)
