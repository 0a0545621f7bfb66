"""Which rule stops most orders, by what benches said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, and_, distinct, func, select

from packstation.server.customs import due
from packstation.server.customs.cases import STOPS
from packstation.server.customs.tables import FINDING, STOP
from packstation.server.floor_view import Customs
from packstation.server.tables import ORDERS

SPANS: Final = (1, 7, 30)


class Stopper(Struct, frozen=True, kw_only=True):
    """A rule and the orders that it stopped today, in 7 and in 30 days, today included."""

    rule: str
    today: int = 0
    week: int = 0
    month: int = 0


def stoppers(connection: Connection, site: str, today: date) -> tuple[Stopper, ...]:
    """The rules that stopped anything in 30 days, the worst of today first."""
    counts = [_counts(connection, site, today, days) for days in SPANS]
    rows = [
        Stopper(rule=rule, today=counts[0].get(rule, 0), week=counts[1].get(rule, 0), month=n)
        for rule, n in counts[2].items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.today, -row.week, -row.month, row.rule)))


def worst(connection: Connection, site: str, today: date) -> Stopper | None:
    """The rule that stops most orders today."""
    found = _counts(connection, site, today, 1)
    rule = min(found, key=lambda name: (-found[name], name), default="")
    return Stopper(rule=rule, today=found[rule]) if rule else None


def on_floor(connection: Connection, site: str, today: date) -> Customs:
    """What the floor page says of customs."""
    same = and_(FINDING.c.site == ORDERS.c.site, FINDING.c.order == ORDERS.c.order)
    stopped = and_(due.is_open(site), FINDING.c.severity == STOPS)
    query = select(func.count(distinct(ORDERS.c.order))).select_from(ORDERS.join(FINDING, same))
    most = worst(connection, site, today)
    return Customs(
        stopped=connection.scalar(query.where(stopped)) or 0,
        rule=most.rule if most else "",
        by_rule=most.today if most else 0,
    )


def _counts(connection: Connection, site: str, today: date, days: int) -> dict[str, int]:
    since = (today - timedelta(days=days - 1)).isoformat()
    orders = func.count(distinct(STOP.c.order)).label("orders")
    where = and_(STOP.c.site == site, STOP.c.day >= since, STOP.c.day <= today.isoformat())
    query = select(STOP.c.rule, orders).where(where).group_by(STOP.c.rule)
    return {row.rule: row.orders for row in connection.execute(query)}
