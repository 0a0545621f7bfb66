"""Where a site's orders truly go, and by whom: what goods without an open order are judged for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, and_, func, or_, select

from packstation.server.customs import due
from packstation.server.dialects import json_text
from packstation.server.moments import stamp
from packstation.server.tables import ORDERS, ROW

SINCE: Final = timedelta(days=90)
MOST: Final = 12
# Of an order: what rules of goods ask beside the country.
TERMS: Final = (
    "carrier",
    "service",
    "service_class",
    "category",
    "tax_scheme",
    "incoterm",
    "cn_export_mode",
)


class Way(Struct, frozen=True, kw_only=True):
    """A destination with the ``terms`` that most orders to it have; ``orders`` go there.

    ``origin``: the country that these orders are sent from, "" where none of them says it.
    """

    to: str
    origin: str = ""
    terms: dict[str, Any]
    orders: int = 0


# Where a site has no orders: a country with full rules.
FULL: Final = Way(to="DE", terms={"category": "sale_of_goods"})


def ways(connection: Connection, site: str, now: datetime) -> tuple[Way, ...]:
    """Destinations of open orders and those of 90 days, most orders first, ``MOST`` at most."""
    asked = {"to": "ship_to.country", "origin": "ship_from.country", **{one: one for one in TERMS}}
    told = [
        json_text(connection, ROW.c.body, f"order.{path}").label(name)
        for name, path in asked.items()
    ]
    same = and_(ORDERS.c.site == ROW.c.site, ORDERS.c.order == ROW.c.id)
    where = and_(
        ROW.c.site == site,
        ROW.c.t == "order",
        ROW.c.op == "put",
        or_(due.is_open(site), ROW.c.changed >= stamp(now - SINCE)),
    )
    query = select(*told, func.count().label("n")).select_from(ROW.join(ORDERS, same))
    return _first(connection.execute(query.where(where).group_by(*told)).all()) or (FULL,)


def _first(rows: Iterable[Any]) -> tuple[Way, ...]:
    found: dict[str, Way] = {}
    for row in sorted(rows, key=lambda row: (-row.n, tuple(map(str, row)))):
        if row.to:
            known = found.get(row.to)
            terms = {name: getattr(row, name) for name in TERMS if getattr(row, name)}
            orders = row.n + (known.orders if known else 0)
            origin = (known.origin if known else "") or row.origin
            own = known.terms if known else terms
            found[row.to] = Way(to=row.to, origin=origin, terms=own, orders=orders)
    return tuple(sorted(found.values(), key=lambda way: (-way.orders, way.to))[:MOST])
