"""What benches say of hand-overs: lists folded, and each parcel told to all benches by a row.

Kept in the push's own transaction. Row ``parcel`` by waybill says whose service a closed parcel
goes by, what it weighs and which list it is on (``domain.handover.parcels.Due``), so that any
bench can load what another one packed, and name what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain.handover import manifests as m
from packstation.domain.handover.parcels import PACKED, ROW, TENDERED, VOIDED, Due
from packstation.domain.orders import Order
from packstation.domain.packing import facts as f
from packstation.domain.packing import handover_facts as h
from packstation.server import folds, rows
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.handover.tables import LIST
from packstation.server.moments import stamp
from packstation.server.shelves import order_body
from packstation.server.sites import site_body
from packstation.server.tables import ROW as ROWS
from packstation.server.tables import STATION

# What was handed over is told to benches so long: a parcel that comes back is still known.
TOLD_FOR: Final = timedelta(days=14)
SWEEP_EVERY: Final = timedelta(hours=1)
SWEPT: Final = 500


def note(
    server: Server, connection: Connection, caller: StationCaller, steps: Sequence[folds.Step]
) -> None:
    """Follow what these facts say of parcels and lists."""
    _fold(server, connection, caller, steps)
    for step in steps:
        _parcel(server, connection, caller, step)
    if server.desk.due(f"handover/{caller.site}", server.clock.now(), SWEEP_EVERY):
        _sweep(server, connection, caller.site)


# --- lists -------------------------------------------------------------------------------------


def known(connection: Connection, site: str, manifest: str) -> m.Manifest | None:
    """A list as folded so far."""
    where = and_(LIST.c.site == site, LIST.c.manifest == manifest)
    body = connection.scalar(select(LIST.c.body).where(where))
    return msgspec.json.decode(body, type=m.Manifest) if body else None


def _fold(
    server: Server, connection: Connection, caller: StationCaller, steps: Iterable[folds.Step]
) -> None:
    by_list: dict[str, list[folds.Step]] = defaultdict(list)
    for step in steps:
        if isinstance(step.fact, m.FACTS):
            by_list[step.fact.manifest].append(step)
    now = stamp(server.clock.now())
    for name, own in by_list.items():
        before = known(connection, caller.site, name)
        facts = [step.fact for step in own]
        after = m.fold(facts, {name: before} if before else {}).get(name)
        if after is None:
            continue  # its opening never came: nothing is known of it
        columns = {
            "code": after.code,
            "state": after.state,
            "changed": now,
            "body": msgspec.json.encode(after).decode(),
        }
        where = and_(LIST.c.site == caller.site, LIST.c.manifest == name)
        if before is not None:
            connection.execute(update(LIST).where(where).values(**columns))
        else:
            key = {"site": caller.site, "manifest": name, "station": caller.station}
            connection.execute(insert(LIST).values(**key, **columns, opened=own[0].event.at))


# --- parcels -----------------------------------------------------------------------------------


def _parcel(
    server: Server, connection: Connection, caller: StationCaller, step: folds.Step
) -> None:
    site = caller.site
    match step.fact:
        case f.LabelApplied(waybill=waybill):
            due = _closed(connection, caller, step, waybill)
        case f.LabelVoided(waybill=waybill):
            due = _changed(connection, site, waybill, state=VOIDED)
        case h.ParcelLoaded(waybill=waybill) | h.ParcelUnloaded(waybill=waybill):
            due = _changed(connection, site, waybill, manifest=_on(connection, site, waybill))
        case h.ParcelTendered(waybill=waybill):
            gone = _changed(connection, site, waybill, state=TENDERED)
            due = gone or Due(waybill=waybill, state=TENDERED)
        case _:
            return
    if due is not None:
        rows.put_row(server, connection, site, ROW, due.waybill, due)


def _on(connection: Connection, site: str, waybill: str) -> str:
    """The code of the list that a parcel is on, "" for none.

    Two benches that are away from each other may both load it: then it is on the one that has it
    already, else on the one that was begun first, and the other bench is told to take it off.
    """
    body = rows.row_body(connection, site, ROW, waybill)
    held = msgspec.json.decode(body, type=Due).manifest if body else ""
    live = and_(LIST.c.site == site, LIST.c.state.not_in((m.SIGNED, m.DROPPED)))
    found = connection.scalars(
        select(LIST.c.body).where(live | (LIST.c.code == held)).order_by(LIST.c.opened, LIST.c.code)
    )
    lists = [msgspec.json.decode(one, type=m.Manifest) for one in found]
    codes = [one.code for one in lists if waybill in one.loaded and one.state != m.DROPPED]
    return held if held in codes else next(iter(codes), "")


def _changed(connection: Connection, site: str, waybill: str, **changes: str) -> Due | None:
    """The row with these values; None where no bench has said that the parcel is closed."""
    body = rows.row_body(connection, site, ROW, waybill)
    return replace(msgspec.json.decode(body, type=Due), **changes) if body else None


def _before(connection: Connection, site: str, waybill: str) -> tuple[str, str]:
    """State and list of a parcel whose packing is heard of late: it may be loaded, even gone."""
    body = rows.row_body(connection, site, ROW, waybill)
    if body and msgspec.json.decode(body, type=Due).state == TENDERED:
        return TENDERED, ""
    return PACKED, _on(connection, site, waybill)


def _closed(
    connection: Connection, caller: StationCaller, step: folds.Step, waybill: str
) -> Due | None:
    """A parcel with its label on it, as the fold of its session has it."""
    session = folds.kept(connection, caller.site, step.event.session)
    if session is None:
        return None
    found = (one for one in session.parcels if one.label and one.label.waybill == waybill)
    parcel = next(found, None)
    if parcel is None or parcel.service is None:
        return None
    name = select(STATION.c.name).where(
        and_(STATION.c.site == caller.site, STATION.c.station == caller.station)
    )
    body = order_body(connection, caller.site, session.order_id)
    state, manifest = _before(connection, caller.site, waybill)
    return Due(
        waybill=waybill,
        parcel=parcel.id,
        order_id=session.order_id,
        carrier=parcel.service.carrier,
        service=parcel.service.service,
        gross_g=parcel.gross_g or 0,
        mode=_mode(connection, caller.site, body.order) if body else "",
        closed=step.event.at,
        bench=connection.scalar(name) or "",
        state=state,
        manifest=manifest,
    )


def _mode(connection: Connection, site: str, order: Order) -> str:
    """The export mode of an order from China: its own, else the site's."""
    if order.ship_from.country != "CN":
        return ""
    body = site_body(connection, site)
    return order.cn_export_mode or (body.cn_export_mode if body else "")


def _sweep(server: Server, connection: Connection, site: str) -> None:
    """Parcels that are long gone are forgotten by the benches; the journal keeps them."""
    over = stamp(server.clock.now() - TOLD_FOR)
    gone = ROWS.c.body.like(f'%"state":"{TENDERED}"%') | ROWS.c.body.like(f'%"state":"{VOIDED}"%')
    old = and_(
        ROWS.c.site == site, ROWS.c.t == ROW, ROWS.c.op == "put", ROWS.c.changed < over, gone
    )
    for name in connection.scalars(select(ROWS.c.id).where(old).limit(SWEPT)).all():
        rows.delete_row(server, connection, site, ROW, name)
