"""Which orders are to be checked again: said in whatever transaction changes something of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from packstation.server.customs.tables import CHECK, DUE, ORDER_SKU
from packstation.server.store import counted
from packstation.server.tables import ORDERS

OPEN: Final = ("ready", "unpaid", "on_hold")
LOT: Final = 500


def order(connection: Connection, site: str, order_id: str) -> None:
    """This order."""
    orders(connection, site, (order_id,))


def sku(connection: Connection, site: str, name: str) -> None:
    """Open orders with this SKU."""
    orders(connection, site, of_sku(connection, site, name))


def everything(connection: Connection, site: str) -> None:
    """All open orders of a site."""
    orders(connection, site, connection.scalars(select(ORDERS.c.order).where(is_open(site))))


def older(connection: Connection, site: str, day: str) -> None:
    """Open orders that were not checked on this day: rules begin and end on days."""
    same = and_(CHECK.c.site == ORDERS.c.site, CHECK.c.order == ORDERS.c.order)
    query = (
        select(ORDERS.c.order)
        .select_from(ORDERS.outerjoin(CHECK, same))
        .where(and_(is_open(site), or_(CHECK.c.day.is_(None), CHECK.c.day != day)))
    )
    known = set(connection.scalars(select(DUE.c.order).where(DUE.c.site == site)))
    orders(connection, site, [one for one in connection.scalars(query) if one not in known])


def orders(connection: Connection, site: str, names: Iterable[str]) -> None:
    """These orders."""
    rows = [{"site": site, "order": name} for name in dict.fromkeys(names)]
    if not rows:
        return
    mark = counted(connection, "customs_due")
    for start in range(0, len(rows), LOT):
        some = DUE.c.order.in_([row["order"] for row in rows[start : start + LOT]])
        connection.execute(delete(DUE).where(and_(DUE.c.site == site, some)))
    connection.execute(insert(DUE), [{**row, "mark": mark} for row in rows])


def of_sku(connection: Connection, site: str, name: str) -> list[str]:
    """Open orders that have a SKU, as far as they were checked once."""
    same = and_(ORDER_SKU.c.site == ORDERS.c.site, ORDER_SKU.c.order == ORDERS.c.order)
    query = (
        select(ORDERS.c.order)
        .join(ORDER_SKU, same)
        .where(and_(is_open(site), ORDER_SKU.c.sku == name))
        .order_by(ORDERS.c.order)
    )
    return list(connection.scalars(query))


def is_open(site: str) -> ColumnElement[bool]:
    """Orders of a site that are still to be packed."""
    return and_(ORDERS.c.site == site, ORDERS.c.outcome == "", ORDERS.c.status.in_(OPEN))
