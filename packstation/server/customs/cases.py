"""An order as the rules see it on the server: its row, the catalogue's products, the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, select

from packstation.domain.catalog import Product
from packstation.domain.customs.checking import check
from packstation.domain.customs.findings import Checked, Finding, Severity
from packstation.domain.customs.pack import Moment, Pack
from packstation.domain.psp import OrderBody, SiteBody
from packstation.server.customs.packs import active, tables
from packstation.server.sites import need_site, zone
from packstation.server.tables import ROW

Raw = dict[str, Any]
# What the rules are asked on the server: before anything lies on a scale.
MOMENT: Final[Moment] = "order"
STOPS: Final[Severity] = "BLOCK"
TOLD: Final[tuple[Severity, ...]] = ("BLOCK", "OVERRIDE")


class Desk(Struct, frozen=True):
    """What a check needs beside the order."""

    site: SiteBody
    pack: Pack
    now: datetime

    @property
    def day(self) -> str:
        """The site's day."""
        return self.now.date().isoformat()

    def check(self, raw: Raw) -> Checked:
        """What the rules say."""
        return check(raw, self.pack, tables(), self.now, MOMENT)


def desk(connection: Connection, site: str, now: datetime, pack: Pack | None = None) -> Desk:
    """The desk of a site; ``pack`` to try another than the one that holds."""
    body = need_site(connection, site)
    return Desk(body, pack or active(connection, site), now.astimezone(zone(body)))


def cases(connection: Connection, site: SiteBody, orders: Iterable[str]) -> dict[str, Raw]:
    """Orders as JSON values, with their products, by id; those that are there."""
    bodies = images(connection, site.code, "order", orders)
    found = {
        name: msgspec.to_builtins(msgspec.json.decode(body, type=OrderBody).order)
        for name, body in bodies.items()
    }
    wanted = {line["sku"] for raw in found.values() for line in raw["lines"]}
    products = {
        name: msgspec.json.decode(body)
        for name, body in images(connection, site.code, "sku", wanted).items()
    }
    return {name: complete(raw, products, site) for name, raw in found.items()}


def complete(raw: Raw, products: Mapping[str, Raw], site: SiteBody) -> Raw:
    """``raw`` with the catalogue's products and the site as its sender where it names none.

    The catalogue comes before what an order brought along: it is what the office mends.
    """
    skus = dict.fromkeys(line["sku"] for line in raw["lines"])
    brought = {one["sku"]: one for one in raw.get("products") or ()}
    raw["products"] = [
        products.get(sku) or brought[sku] for sku in skus if sku in products or sku in brought
    ]
    own = raw.get("ship_from") or {}
    if not (own.get("name") or own.get("company")):
        raw["ship_from"] = msgspec.to_builtins(site.sender)
    return raw


def images(connection: Connection, site: str, t: str, names: Iterable[str]) -> dict[str, str]:
    """The JSON images of things by id."""
    ids = list(dict.fromkeys(names))
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        some = ROW.c.id.in_(ids[start : start + 500])
        where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.op == "put", some)
        found |= {
            row.id: row.body
            for row in connection.execute(select(ROW.c.id, ROW.c.body).where(where))
        }
    return found


def place(finding: Finding, skus: Iterable[str]) -> tuple[str, str]:
    """SKU and field of the catalogue that a finding is about; SKU "" for a field of the order."""
    for sku in skus:
        start = f"products[{sku}]."
        if finding.field.startswith(start):
            return sku, finding.field.removeprefix(start)
    return "", finding.field


def example(site: SiteBody, product: Product) -> Raw:
    """An order for what no open order has: one unit to a country with full rules."""
    raw = {
        "order_id": "-",
        "lines": [{"line": 1, "sku": product.sku, "quantity": 1}],
        "ship_to": {"country": "DE"},
        "category": "sale_of_goods",
    }
    return complete(raw, {product.sku: msgspec.to_builtins(product)}, site)


def of_sku(at: Desk, raws: Sequence[Raw], sku: str) -> tuple[Finding, ...]:
    """What the rules find of one SKU in orders, each finding once."""
    found: dict[tuple[str, str, str], Finding] = {}
    for raw in raws:
        for finding in at.check(raw).findings:
            if place(finding, (sku,))[0] == sku:
                key = (finding.rule, finding.field, finding.message("en"))
                found.setdefault(key, finding)
    return tuple(found.values())
