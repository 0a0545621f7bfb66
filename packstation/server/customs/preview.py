"""What another rule pack would do to the open orders and the catalogue, before it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, select

from packstation.domain.catalog import Product
from packstation.domain.customs.findings import Checked
from packstation.server.core import Server
from packstation.server.customs import due
from packstation.server.customs.cases import STOPS, Desk, Raw, cases, desk, example, of_sku
from packstation.server.customs.packs import pack_at
from packstation.server.tables import ORDERS, ROW

# Of each kind; and no longer than somebody waits for a page. The page says how many were looked at.
MOST: Final = 2000
LONGEST_S: Final = 15.0
LOT: Final = 200


class Moved(Struct, frozen=True, kw_only=True):
    """An order or SKU that is stopped now and was not, or the other way round, and by what."""

    id: str
    rules: tuple[str, ...]


class Difference(Struct, frozen=True, kw_only=True):
    """What changes; ``looked`` of ``all``."""

    stops: tuple[Moved, ...] = ()
    frees: tuple[Moved, ...] = ()
    looked: int = 0
    all: int = 0


class Preview(Struct, frozen=True, kw_only=True):
    """A pack beside the one that holds."""

    version: str
    beside: str
    orders: Difference
    skus: Difference


def preview(server: Server, connection: Connection, site: str, sha256: str) -> Preview:
    """Open orders and the catalogue by both packs.

    Raises:
        Problem: 404 no such pack.
        InputInvalid: the pack names a figure or list that it does not have.
    """
    now = server.clock.now()
    old = desk(connection, site, now)
    new = desk(connection, site, now, pack_at(connection, site, sha256))
    return Preview(
        version=new.pack.version,
        beside=old.pack.version,
        orders=_orders(connection, site, old, new),
        skus=_skus(connection, site, old, new),
    )


def _orders(connection: Connection, site: str, old: Desk, new: Desk) -> Difference:
    names = list(connection.scalars(select(ORDERS.c.order).where(due.is_open(site))))
    some = names[:MOST]
    pairs = (
        (name, raw)
        for start in range(0, len(some), LOT)
        for name, raw in cases(connection, old.site, some[start : start + LOT]).items()
    )
    return _compared(pairs, len(names), lambda at, _, raw: _rules(at.check(raw)), old, new)


def _skus(connection: Connection, site: str, old: Desk, new: Desk) -> Difference:
    where = and_(ROW.c.site == site, ROW.c.t == "sku", ROW.c.op == "put")
    rows = connection.execute(select(ROW.c.id, ROW.c.body).where(where).order_by(ROW.c.id)).all()
    pairs = (
        (row.id, example(old.site, msgspec.json.decode(row.body, type=Product)))
        for row in rows[:MOST]
    )

    def rules(at: Desk, sku: str, raw: Raw) -> set[str]:
        return {one.rule for one in of_sku(at, (raw,), sku) if one.severity == STOPS}

    return _compared(pairs, len(rows), rules, old, new)


def _compared(
    pairs: Iterable[tuple[str, Raw]],
    total: int,
    rules: Callable[[Desk, str, Raw], set[str]],
    old: Desk,
    new: Desk,
) -> Difference:
    stops, frees, looked = [], [], 0
    end = monotonic() + LONGEST_S
    for name, raw in pairs:
        if monotonic() > end:
            break
        before, after = rules(old, name, raw), rules(new, name, raw)
        looked += 1
        if after and not before:
            stops.append(Moved(id=name, rules=tuple(sorted(after))))
        elif before and not after:
            frees.append(Moved(id=name, rules=tuple(sorted(before))))
    return Difference(stops=tuple(stops), frees=tuple(frees), looked=looked, all=total)


def _rules(checked: Checked) -> set[str]:
    return {one.rule for one in checked.of(STOPS)}
