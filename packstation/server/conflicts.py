"""Finds parcels that must not leave as they are, tells benches and the floor, has labels voided.

Looked at in the transaction of whatever may have made or cured one: facts of benches, a changed
or cancelled order. Row ``conflict`` leads the bench where the parcel lies; row ``parcel`` keeps
it off every list of a hand-over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, and_, delete, func, insert, select, update

from packstation.domain import conflicts as d
from packstation.domain.claims import Pack
from packstation.domain.handover.parcels import ROW as PARCEL
from packstation.domain.handover.parcels import Due
from packstation.domain.order_digest import order_digest
from packstation.domain.packing import Session
from packstation.domain.packing import facts as f
from packstation.domain.packing.task_facts import TaskClosed
from packstation.domain.psp import OrderBody
from packstation.server import audit, labels, rows
from packstation.server.access import PersonCaller, StationCaller
from packstation.server.claim_tables import CONFLICT
from packstation.server.core import Server
from packstation.server.folds import Step
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.tables import JOURNAL, LABEL, SESSION, STATION

log = logging.getLogger(__name__)

# After these an order may be packed twice, or is so no more.
_MOVES: Final = (f.SessionCompleted, f.SessionReopened, f.SessionCancelled, f.LabelVoided)
_ASK: Final = "asked"
VOIDS: Final = "conflict-voids"


def note(
    server: Server, connection: Connection, caller: StationCaller, steps: Sequence[Step]
) -> None:
    """Follow what these facts say of packed orders."""
    for step in steps:
        if isinstance(step.fact, TaskClosed) and step.fact.code:
            _done(server, connection, caller, step.fact.code)
    orders = {s.event.order for s in steps if s.event.order and isinstance(s.fact, _MOVES)}
    for order in sorted(orders):
        look(server, connection, caller.site, order)


def look(server: Server, connection: Connection, site: str, order: str) -> None:
    """See what is wrong with the parcels of an order now."""
    mine = and_(CONFLICT.c.site == site, CONFLICT.c.order == order)
    known = connection.execute(select(CONFLICT).where(mine)).all()
    packed = _packed(connection, site, order)
    if not packed and not known:
        return
    packs = [_pack(connection, site, row) for row in packed]
    wrong = _judged(connection, site, order, packed, packs)
    for row in known:
        if row.settled is None and wrong.get(row.session) != row.kind:
            _settle(server, connection, row, "gone")
    had = {(row.session, row.kind, row.waybills) for row in known if row.how != "gone"}
    best = next((p for p in packed if wrong.get(p.session) != d.DUPLICATE), None)
    for row in packed:
        kind = wrong.get(row.session, "")
        if kind and (row.session, kind, row.waybills) not in had:
            stands = best.station if best is not None and best is not row else ""
            _raise(server, connection, site, row, kind, stands)


def _packed(connection: Connection, site: str, order: str) -> list[Any]:
    """Completed sessions of an order whose labels are not all void."""
    mine = and_(SESSION.c.site == site, SESSION.c.order == order, SESSION.c.state == "completed")
    found = connection.execute(select(SESSION).where(mine).order_by(SESSION.c.session)).all()
    return [row for row in found if msgspec.json.decode(row.body, type=Session).labelled]


def _pack(connection: Connection, site: str, row: Any) -> Pack:  # noqa: ANN401 - a row
    own = and_(JOURNAL.c.site == site, JOURNAL.c.session == row.session)
    applied = and_(own, JOURNAL.c.kind == f.LabelApplied.__name__)
    return Pack(
        session=row.session,
        station=row.station,
        fence=connection.scalar(select(func.max(JOURNAL.c.fence)).where(own)) or 0,
        labelled=connection.scalar(select(func.min(JOURNAL.c.received)).where(applied)) or "",
    )


def _judged(
    connection: Connection, site: str, order: str, packed: Sequence[Any], packs: Sequence[Pack]
) -> dict[str, str]:
    image = rows.row_body(connection, site, "order", order)
    if image is None:
        return d.judged(packs, cancelled=False, stale=frozenset())
    now = msgspec.json.decode(image, type=OrderBody).order
    rev, digest = rows.row_rev(connection, site, "order", order) or 0, order_digest(now)
    stale = frozenset(row.session for row in packed if _stale(connection, site, row, rev, digest))
    return d.judged(packs, cancelled=now.status == "cancelled", stale=stale)


def _stale(connection: Connection, site: str, row: Any, rev: int, digest: str) -> bool:  # noqa: ANN401
    """Whether its labels say what the order does not say any more, and it may still be here."""
    session = msgspec.json.decode(row.body, type=Session)
    if session.rev >= rev or session.digest in {"", digest}:
        return False
    return not any(due.state == "tendered" for due in _dues(connection, site, row.waybills))


def _dues(connection: Connection, site: str, waybills: str) -> list[Due]:
    """Rows ``parcel`` of these waybills (JSON)."""
    found = (rows.row_body(connection, site, PARCEL, one) for one in msgspec.json.decode(waybills))
    return [msgspec.json.decode(body, type=Due) for body in found if body is not None]


def _raise(
    server: Server,
    connection: Connection,
    site: str,
    row: Any,  # noqa: ANN401 - of SESSION
    kind: str,
    stands: str,
) -> None:
    key = and_(CONFLICT.c.site == site, CONFLICT.c.session == row.session, CONFLICT.c.kind == kind)
    connection.execute(delete(CONFLICT).where(key))
    bought = _bought(connection, site, row)
    connection.execute(
        insert(CONFLICT).values(
            site=site,
            session=row.session,
            kind=kind,
            order=row.order,
            station=row.station,
            stands=stands,
            waybills=row.waybills,
            since=stamp(server.clock.now()),
            voided=_ASK if bought else "",
        )
    )
    names = bench_names(connection, site)
    told = d.Conflict(
        session=row.session,
        kind=kind,
        order=row.order,
        station=row.station,
        bench=names.get(row.station, ""),
        waybills=tuple(msgspec.json.decode(row.waybills)),
        stands=names.get(stands, ""),
    )
    rows.put_row(server, connection, site, d.ROW, row.session, told)
    _stop(server, connection, site, row.waybills, d.STOPS.get(kind, ""))
    log.warning("parcel must not leave", extra={"order": row.order, "kind": kind})
    if bought:
        begin_voids(server, site)


def _stop(server: Server, connection: Connection, site: str, waybills: str, why: str) -> None:
    """Keep parcels off the lists of hand-overs, or let them on again."""
    for due in _dues(connection, site, waybills):
        rows.put_row(server, connection, site, PARCEL, due.waybill, replace(due, stop=why))


def _settle(
    server: Server,
    connection: Connection,
    row: Any,  # noqa: ANN401 - of CONFLICT
    how: str,
    who: str = "",
) -> None:
    key = and_(
        CONFLICT.c.site == row.site,
        CONFLICT.c.session == row.session,
        CONFLICT.c.kind == row.kind,
    )
    over = {"settled": stamp(server.clock.now()), "how": how, "who": who}
    connection.execute(update(CONFLICT).where(key).values(**over))
    if rows.row_body(connection, row.site, d.ROW, row.session) is not None:
        rows.delete_row(server, connection, row.site, d.ROW, row.session)
    if how == "gone":
        _stop(server, connection, row.site, row.waybills, "")


def _open(connection: Connection, site: str) -> list[Any]:
    unsettled = and_(CONFLICT.c.site == site, CONFLICT.c.settled.is_(None))
    found = select(CONFLICT).where(unsettled).order_by(CONFLICT.c.since, CONFLICT.c.session)
    return list(connection.execute(found).all())


def _done(server: Server, connection: Connection, caller: StationCaller, code: str) -> None:
    """A bench has done the task about the parcel of this waybill."""
    for row in _open(connection, caller.site):
        if row.station == caller.station and code in msgspec.json.decode(row.waybills):
            _settle(server, connection, row, "done")


# --- what people see and say ---------------------------------------------------------------


def shown(connection: Connection, site: str) -> list[Any]:
    """What is open, the oldest first."""
    return _open(connection, site)


def bench_names(connection: Connection, site: str) -> dict[str, str]:
    """Benches' names by station."""
    found = select(STATION.c.station, STATION.c.name).where(STATION.c.site == site)
    return {row.station: row.name for row in connection.execute(found)}


def say_done(server: Server, caller: PersonCaller, session: str) -> str:
    """A person says that it is done; answers the order.

    Raises:
        Problem: 404 nothing of this session is open.
    """
    with server.store.write() as connection:
        mine = [row for row in _open(connection, caller.site) if row.session == session]
        if not mine:
            raise Problem(404, "unknown_conflict", session)
        for row in mine:
            _settle(server, connection, row, "said", caller.name)
            audit.note(server, connection, caller, "parcel.done", row.order, kind=row.kind)
    server.bell.ring()
    return str(mine[0].order)


# --- labels that the server bought ---------------------------------------------------------


def _bought(connection: Connection, site: str, row: Any) -> list[str]:  # noqa: ANN401 - of SESSION
    """Keys of the live labels of a session that the server bought."""
    session = msgspec.json.decode(row.body, type=Session)
    live = [p.label.key for p in session.parcels if p.label is not None and p.label.live]
    own = and_(LABEL.c.site == site, LABEL.c.key.in_(live), LABEL.c.status == "issued")
    return list(connection.scalars(select(LABEL.c.key).where(own)))


def begin_voids(server: Server, site: str) -> threading.Thread | None:
    """Take labels back in a thread of its own, one a site; None where one is at it."""
    if not server.desk.take(f"conflicts:{site}"):
        return None
    thread = threading.Thread(target=_void_all, args=(server, site), name=VOIDS, daemon=True)
    thread.start()
    return thread


def _void_all(server: Server, site: str) -> None:
    try:
        with server.store.write() as connection:  # after the transaction that asked for it
            asked = [row for row in _open(connection, site) if row.voided == _ASK]
        for row in asked:
            void(server, row)
    except Exception:  # a thread of its own: the next conflict tries again
        log.exception("voids")
    finally:
        server.desk.give_back(f"conflicts:{site}")


def void(server: Server, row: Any) -> str:  # noqa: ANN401 - of CONFLICT
    """Take the labels of a conflict back at their carriers: yes, no, or asked (not known yet)."""
    own = and_(SESSION.c.site == row.site, SESSION.c.session == row.session)
    with server.store.read() as connection:
        session = connection.execute(select(SESSION).where(own)).one()
        keys = _bought(connection, row.site, session)
    caller = StationCaller(site=row.site, station=row.station, epoch="", gen=0)
    said = {_voided(server, caller, key) for key in keys}
    came = next((word for word in ("no", _ASK) if word in said), "yes")
    key = and_(
        CONFLICT.c.site == row.site,
        CONFLICT.c.session == row.session,
        CONFLICT.c.kind == row.kind,
    )
    with server.store.write() as connection:
        connection.execute(update(CONFLICT).where(key).values(voided=came))
    server.bell.ring()
    return came


def _voided(server: Server, caller: StationCaller, key: str) -> str:
    try:
        return "yes" if labels.void(server, caller, key).status == "voided" else _ASK
    except Problem:
        return "no"
