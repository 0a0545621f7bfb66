"""What waits for a person, the gravest first: held parcels, cut-offs, devices, sync."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, and_, func, select

from packstation.server import conflicts
from packstation.server.floor_view import BenchCard, CutOff, Need
from packstation.server.moments import moment
from packstation.server.tables import ORDERS, QUARANTINE, SESSION, STATION

GRAVITY: Final = {"hold": 0, "stop": 1, "warn": 2}
FEW_LABELS: Final = 20
NO_LABELS: Final = 5


def needs(
    connection: Connection,
    site: str,
    cards: Iterable[BenchCard],
    cutoffs: Iterable[CutOff],
    more: Iterable[Need] = (),
) -> tuple[Need, ...]:
    """All of a site; ``more``: what others found."""
    found = [
        *more,
        *_holds(connection, site, {card.station: card.name for card in cards}),
        *(_late(cutoff) for cutoff in cutoffs if cutoff.may_miss),
        *(need for card in cards for need in _of_bench(card)),
        *_odd_journals(connection, site),
        *_conflicts(connection, site),
    ]
    return tuple(sorted(found, key=lambda need: (GRAVITY[need.level], need.bench, need.order)))


def _holds(connection: Connection, site: str, names: dict[str, str]) -> list[Need]:
    """Parcels that are held at a bench, and orders that the server holds back."""
    held = and_(SESSION.c.site == site, SESSION.c.state == "held")
    at_bench = connection.execute(select(SESSION).where(held)).all()
    waiting = and_(ORDERS.c.site == site, ORDERS.c.hold != "", ORDERS.c.outcome == "")
    by_order = {row.order: row for row in connection.execute(select(ORDERS).where(waiting))}
    found = []
    for row in at_bench:
        order = by_order.pop(row.order, None)
        found.append(
            Need(
                kind="bench_holds",
                level="hold",
                bench=names.get(row.station, ""),
                order=row.order,
                reason=row.reason,
                by=order.hold if order else "",
                since=_time(row.changed),
                release=order is not None,
            )
        )
    found += [
        Need(
            kind="order_held",
            level="hold",
            order=order.order,
            reason=order.hold,
            by=order.hold_by,
            since=moment(order.held) if order.held else None,
            release=True,
        )
        for order in by_order.values()
    ]
    return found


def _late(cutoff: CutOff) -> Need:
    return Need(
        kind="late" if cutoff.past else "may_miss",
        level="stop" if cutoff.past else "warn",
        count=cutoff.may_miss,
        channel=cutoff.channel,
        at=cutoff.at,
    )


def _of_bench(card: BenchCard) -> list[Need]:
    left = card.labels_left
    about = Need(
        kind="device",
        level="stop",
        bench=card.name,
        order=card.order,
        since=card.since,
        waiting=card.waiting,
        labels_left=left,
        reason=card.reason,
    )
    found = []
    if card.mode == "fault":
        found.append(about)
    if card.mode == "offline":
        found.append(replace(about, kind="offline", level="warn"))
    if left is not None and left < FEW_LABELS:
        level = "stop" if left < NO_LABELS else "warn"
        found.append(replace(about, kind="few_labels", level=level, since=None))
    return found


def _odd_journals(connection: Connection, site: str) -> list[Need]:
    """Facts that nobody understood, and benches that told two pasts."""
    open_ = and_(QUARANTINE.c.site == site, QUARANTINE.c.settled.is_(None))
    same = and_(STATION.c.site == QUARANTINE.c.site, STATION.c.station == QUARANTINE.c.station)
    fork = QUARANTINE.c.problem == "fork"
    rows = connection.execute(
        select(
            STATION.c.name,
            fork.label("fork"),
            func.count().label("events"),
            func.max(QUARANTINE.c.received).label("last"),
        )
        .select_from(QUARANTINE)
        .join(STATION, same)
        .where(open_)
        .group_by(STATION.c.name, fork)
    )
    return [
        Need(
            kind="fork" if row.fork else "odd_facts",
            level="stop" if row.fork else "warn",
            bench=row.name,
            count=row.events,
            since=moment(row.last),
        )
        for row in rows
    ]


def _conflicts(connection: Connection, site: str) -> list[Need]:
    """Parcels that must not leave as they are: packed twice, cancelled, with an old label."""
    names = conflicts.bench_names(connection, site)
    return [
        Need(
            kind=row.kind,
            level="stop",
            bench=names.get(row.station, ""),
            order=row.order,
            reason=", ".join(msgspec.json.decode(row.waybills)),
            by=names.get(row.stands, ""),
            since=_time(row.since),
            session=row.session,
            voided=row.voided,
        )
        for row in conflicts.shown(connection, site)
    ]


def _time(text: str | None) -> datetime | None:
    try:
        return moment(text) if text else None
    except ValueError:  # a bench wrote no time there
        return None
