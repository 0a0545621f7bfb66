"""Orders of Ozon as they come again after a box was split off: not one order more, nor one less.

A box that is shipped by itself is a posting of its own at Ozon, and the order's posting has that
much less. An import brings both. To the bench they are one order still: the box's own posting is
shipped already, and the order keeps the lines that the packer knows.
"""

from __future__ import annotations

from collections import Counter

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, and_, select

from packstation.carriers.adapters.ozon_book import Entry
from packstation.domain.orders import Order, OrderLine
from packstation.server.ozon_accounts import PARCEL
from packstation.server.shelves import order_body

CHANNEL = "ozon"


def known(connection: Connection, site: str, order: Order) -> Order:
    """The order as it is here, where boxes of it were shipped by this server.

    A box that was called off stays cancelled, so that whoever looks for it finds that.
    """
    if order.channel != CHANNEL:
        return order
    if _box(connection, order.order_id):
        return order if order.status == "cancelled" else replace(order, status="shipped")
    gone = _gone(connection, order.order_id)
    if not gone:
        return order
    before = order_body(connection, site, order.order_id)
    return replace(order, lines=whole(order.lines, gone, before.order.lines if before else ()))


def whole(
    left: tuple[OrderLine, ...], gone: Counter[str], before: tuple[OrderLine, ...]
) -> tuple[OrderLine, ...]:
    """What is left and what is gone, on the lines of ``before``; nothing else is as it was.

    A unit that was gone counts on the first line of its SKU that had room for it.
    """
    units = gone + Counter({})
    for line in left:
        units[line.sku] += line.quantity
    lines: list[OrderLine] = []
    for line in (*before, *left):
        takes = min(units[line.sku], line.quantity)
        if takes:
            lines.append(replace(line, line=len(lines) + 1, quantity=takes))
            units[line.sku] -= takes
    return tuple(lines)


def _box(connection: Connection, number: str) -> bool:
    """Whether a posting is a box of another one."""
    box = and_(PARCEL.c.number == number, PARCEL.c.posting != number)
    return connection.scalar(select(PARCEL.c.key).where(box).limit(1)) is not None


def _gone(connection: Connection, posting: str) -> Counter[str]:
    """Units by SKU that were shipped under numbers of their own."""
    boxes = and_(PARCEL.c.posting == posting, PARCEL.c.number.not_in(("", posting)))
    gone: Counter[str] = Counter()
    for body in connection.scalars(select(PARCEL.c.body).where(boxes)):
        gone.update(msgspec.json.decode(body, type=Entry).skus)
    return gone
