"""The review queue: what stops parcels at customs, by field of the catalogue, the dearest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, func, select

from packstation.server.customs import due
from packstation.server.customs.cases import STOPS, images
from packstation.server.customs.tables import CHECK, DUE, FINDING
from packstation.server.moments import moment
from packstation.server.tables import ORDERS

MOST: Final = 200
ORDERS_BY: Final = ("money", "deadline")


class Blocked(Struct, frozen=True, kw_only=True):
    """Something to mend: a SKU of the catalogue (``sku``), or one order (``order``).

    ``fields`` are those that stop parcels; ``parcels`` wait for it, worth ``money``; ``at`` is
    the earliest hand-over of them.
    """

    sku: str = ""
    order: str = ""
    names: dict[str, str] = {}
    fields: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    orders: int = 0
    parcels: int = 0
    money: dict[str, Decimal] = {}
    at: datetime | None = None
    bench: bool = False


class Queue(Struct, frozen=True, kw_only=True):
    """All of a site; ``checking`` orders are not looked at yet, ``failed`` could not be."""

    rows: tuple[Blocked, ...] = ()
    more: int = 0
    orders: int = 0
    parcels: int = 0
    money: dict[str, Decimal] = {}
    open: int = 0
    checking: int = 0
    failed: int = 0


def queue(connection: Connection, site: str, home: str, by: str = "money") -> Queue:
    """What waits at a site; ``home`` is its currency, ``by`` of ``ORDERS_BY``."""
    orders = _orders(connection, site)
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in _stopping(connection, site):
        if row.order in orders:
            groups["" if row.sku else row.order, row.sku].append(row)
    names = _names(connection, site, (sku for _, sku in groups))
    rows = [_row(key, found, orders, names) for key, found in groups.items()]
    rows.sort(key=lambda row: _place(row, home, by))
    stopped = {row.order: orders[row.order] for found in groups.values() for row in found}
    counts = _counts(connection, site)
    return Queue(
        rows=tuple(rows[:MOST]),
        more=max(0, len(rows) - MOST),
        orders=len(stopped),
        parcels=sum(row.parcels for row in stopped.values()),
        money=_sums(stopped.values()),
        **counts,
    )


def _counts(connection: Connection, site: str) -> dict[str, int]:
    opened = and_(ORDERS.c.site == CHECK.c.site, ORDERS.c.order == CHECK.c.order)
    failed = and_(due.is_open(site), CHECK.c.problem != "")
    queries = {
        "open": select(func.count()).select_from(ORDERS).where(due.is_open(site)),
        "checking": select(func.count()).select_from(DUE).where(DUE.c.site == site),
        "failed": select(func.count()).select_from(CHECK.join(ORDERS, opened)).where(failed),
    }
    return {name: connection.scalar(query) or 0 for name, query in queries.items()}


def _orders(connection: Connection, site: str) -> dict[str, Any]:
    same = and_(CHECK.c.site == ORDERS.c.site, CHECK.c.order == ORDERS.c.order)
    query = (
        select(ORDERS.c.order, ORDERS.c.handover, CHECK.c.parcels, CHECK.c.amount, CHECK.c.currency)
        .join(CHECK, same)
        .where(due.is_open(site))
    )
    return {row.order: row for row in connection.execute(query)}


def _stopping(connection: Connection, site: str) -> Iterable[Any]:
    where = and_(FINDING.c.site == site, FINDING.c.severity == STOPS)
    return connection.execute(select(FINDING).where(where))


def _row(
    key: tuple[str, str],
    found: list[Any],
    orders: Mapping[str, Any],
    names: Mapping[str, dict[str, str]],
) -> Blocked:
    order, sku = key
    waiting = {row.order: orders[row.order] for row in found}
    dues = [row.handover for row in waiting.values() if row.handover]
    return Blocked(
        sku=sku,
        order=order,
        names=names.get(sku, {}),
        fields=tuple(sorted({row.field for row in found if row.field})),
        rules=tuple(sorted({rule for row in found for rule in row.rule.split()})),
        orders=len(waiting),
        parcels=sum(row.parcels for row in waiting.values()),
        money=_sums(waiting.values()),
        at=moment(min(dues)) if dues else None,
        bench=any(row.parcel for row in found),
    )


def _sums(rows: Iterable[Any]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.amount:
            sums[row.currency] += Decimal(row.amount)
    return dict(sums)


def _place(row: Blocked, home: str, by: str) -> tuple[Any, ...]:
    """Money of the site's own currency first: other amounts are not added to it."""
    other = sum((one for currency, one in row.money.items() if currency != home), Decimal(0))
    money = (-row.money.get(home, Decimal(0)), -other)
    late = row.at.timestamp() if row.at else float("inf")
    name = (row.sku, row.order)
    return (late, *money, *name) if by == "deadline" else (*money, late, *name)


def _names(connection: Connection, site: str, skus: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of SKUs by language."""
    bodies = images(connection, site, "sku", (sku for sku in skus if sku))
    return {sku: msgspec.json.decode(body).get("names") or {} for sku, body in bodies.items()}
