"""What must still leave today, and the chance that it does."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, and_, select

from packstation.domain.throughput import chance, may_miss
from packstation.server.floor_view import CutOff
from packstation.server.moments import moment, stamp
from packstation.server.pace import day_start
from packstation.server.tables import ORDERS

Waiting = Row[tuple[object, ...]]


def cutoffs(
    connection: Connection, site: str, now: datetime, zone: ZoneInfo, pace: float | None
) -> tuple[CutOff, ...]:
    """Hand-overs up to the end of the site's day, the earliest first.

    All that is due before a hand-over must be packed before it too, so the chance of one is
    that of the work up to and with it.
    """
    end = day_start(now, zone) + timedelta(days=1)
    groups: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
    for row in _waiting(connection, site, stamp(end)):
        groups[row.handover, row.channel].append(row)
    found, ahead = [], 0
    for (handover, channel), rows in sorted(groups.items()):
        ahead += len(rows)
        found.append(_cutoff(moment(handover), channel, rows, ahead, now, pace))
    return tuple(found)


def _waiting(connection: Connection, site: str, end: str) -> list[Waiting]:
    due = and_(
        ORDERS.c.site == site,
        ORDERS.c.outcome == "",
        ORDERS.c.status.in_(("ready", "on_hold", "unpaid")),
        ORDERS.c.handover != "",
        ORDERS.c.handover < end,
    )
    return list(connection.execute(select(ORDERS).where(due)))


def _cutoff(
    at: datetime, channel: str, rows: list[Waiting], ahead: int, now: datetime, pace: float | None
) -> CutOff:
    hours = (at - now).total_seconds() / 3600
    past = hours <= 0
    missing = 0
    if past:
        missing = len(rows)
    elif pace is not None:
        missing = min(len(rows), may_miss(pace, hours, ahead))
    return CutOff(
        at=at,
        channel=channel,
        to_go=len(rows),
        chance=None if past or pace is None else chance(pace, hours, ahead),
        may_miss=missing,
        risk=_risk(rows, missing),
        past=past,
    )


def _risk(rows: list[Waiting], missing: int) -> dict[str, Decimal]:
    """What lateness costs: the dearest orders are packed first, so the cheapest are late."""
    costs = sorted((Decimal(row.late_amount or 0), row.late_currency) for row in rows)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount, currency in costs[:missing]:
        if amount:
            sums[currency] += amount
    return dict(sums)
