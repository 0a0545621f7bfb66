"""What another rule pack would do to the open orders and the catalogue, before it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, func, select

from packstation.domain.catalog import Product
from packstation.domain.customs.findings import Checked
from packstation.server.core import Server
from packstation.server.customs import due
from packstation.server.customs.cases import STOPS, Desk, Raw, cases, desk, example, of_sku
from packstation.server.customs.packs import pack_at
from packstation.server.customs.ways import ways
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


class Lane(Struct, frozen=True, kw_only=True):
    """The catalogue on one way of the site's orders; ``orders`` went or go there."""

    to: str
    carrier: str = ""
    service: str = ""
    orders: int = 0
    skus: Difference


class Preview(Struct, frozen=True, kw_only=True):
    """A pack beside the one that holds; ``skus`` of all ``lanes`` together, each SKU once."""

    version: str
    beside: str
    orders: Difference
    skus: Difference
    lanes: tuple[Lane, ...] = ()


def preview(server: Server, connection: Connection, site: str, sha256: str) -> Preview:
    """Open orders and the catalogue by both packs.

    Raises:
        Problem: 404 no such pack.
        InputInvalid: the pack names a figure or list that it does not have.
    """
    now = server.clock.now()
    old = desk(connection, site, now)
    new = desk(connection, site, now, pack_at(connection, site, sha256))
    lanes = tuple(_lanes(connection, site, old, new))
    return Preview(
        version=new.pack.version,
        beside=old.pack.version,
        orders=_orders(connection, site, old, new),
        skus=_together([lane.skus for lane in lanes]),
        lanes=lanes,
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


def _lanes(connection: Connection, site: str, old: Desk, new: Desk) -> Iterator[Lane]:
    """Each way has its share of the time that is left."""
    where = and_(ROW.c.site == site, ROW.c.t == "sku", ROW.c.op == "put")
    query = select(ROW.c.body).where(where).order_by(ROW.c.id)
    bodies = connection.scalars(query.limit(MOST)).all()
    total = connection.scalar(select(func.count()).select_from(ROW).where(where)) or 0
    products = [msgspec.json.decode(body, type=Product) for body in bodies]
    found = ways(connection, site, old.now)
    end = monotonic() + LONGEST_S
    for left, way in zip(range(len(found), 0, -1), found, strict=True):
        pairs = ((one.sku, example(old.site, one, way)) for one in products)
        most = (end - monotonic()) / left
        yield Lane(
            to=way.to,
            carrier=str(way.terms.get("carrier", "")),
            service=str(way.terms.get("service", "")),
            orders=way.orders,
            skus=_compared(pairs, total, _of_sku, old, new, most),
        )


def _of_sku(at: Desk, sku: str, raw: Raw) -> set[str]:
    return {one.rule for one in of_sku(at, (raw,), sku) if one.severity == STOPS}


def _together(found: Sequence[Difference]) -> Difference:
    """Each SKU once: what is stopped anywhere is stopped."""
    stops = _joined(row for one in found for row in one.stops)
    frees = _joined(row for one in found for row in one.frees if row.id not in stops)
    return Difference(
        stops=tuple(stops.values()),
        frees=tuple(frees.values()),
        looked=max((one.looked for one in found), default=0),
        all=max((one.all for one in found), default=0),
    )


def _joined(rows: Iterable[Moved]) -> dict[str, Moved]:
    found: dict[str, Moved] = {}
    for row in rows:
        rules = {*row.rules, *(found[row.id].rules if row.id in found else ())}
        found[row.id] = Moved(id=row.id, rules=tuple(sorted(rules)))
    return dict(sorted(found.items()))


def _compared(
    pairs: Iterable[tuple[str, Raw]],
    total: int,
    rules: Callable[[Desk, str, Raw], set[str]],
    old: Desk,
    new: Desk,
    most: float = LONGEST_S,
) -> Difference:
    stops, frees, looked = [], [], 0
    end = monotonic() + most
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
