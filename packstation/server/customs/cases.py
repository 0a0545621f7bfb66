"""An order as the rules see it on the server: its row, the catalogue's products, the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from packstation.server.customs.ways import FULL, Way
from packstation.server.privacy import sealing
from packstation.server.rows import THERE
from packstation.server.sites import need_site, zone
from packstation.server.tables import ROW

Raw = dict[str, Any]
# What the rules are asked on the server: before anything lies on a scale.
MOMENT: Final[Moment] = "order"
_CHINA: Final = "CN"
STOPS: Final[Severity] = "BLOCK"
TOLD: Final[tuple[Severity, ...]] = ("BLOCK", "OVERRIDE")


class Desk(Struct, frozen=True):
    """What a check needs beside the order; ``rates`` are the site's."""

    site: SiteBody
    pack: Pack
    now: datetime
    rates: tuple[Raw, ...] = ()

    @property
    def day(self) -> str:
        """The site's day."""
        return self.now.date().isoformat()

    def check(self, raw: Raw, moment: Moment = MOMENT) -> Checked:
        """What the rules say."""
        return check(self.dressed(raw), self.pack, tables(), self.now, moment)

    def dressed(self, raw: Raw) -> Raw:
        """``raw`` with the site's rates behind its own: which of them is newer, rules decide."""
        return {**raw, "rates": [*(raw.get("rates") or ()), *self.rates]} if self.rates else raw


def desk(connection: Connection, site: str, now: datetime, pack: Pack | None = None) -> Desk:
    """The desk of a site; ``pack`` to try another than the one that holds."""
    body = need_site(connection, site)
    local = now.astimezone(zone(body))
    return Desk(body, pack or active(connection, site), local, tuple(_rates(connection, site)))


def _rates(connection: Connection, site: str) -> Iterator[Raw]:
    where = and_(ROW.c.site == site, ROW.c.t == "rate", ROW.c.op == "put")
    for body in connection.scalars(select(ROW.c.body).where(where).order_by(ROW.c.id)):
        yield msgspec.json.decode(body)


def cases(connection: Connection, site: SiteBody, orders: Iterable[str]) -> dict[str, Raw]:
    """Orders as JSON values, with their products, by id; those that are there."""
    bodies = images(connection, site.code, "order", orders)
    found = {
        name: msgspec.to_builtins(msgspec.json.decode(body, type=OrderBody).order)
        for name, body in bodies.items()
    }
    wanted = {line["sku"] for raw in found.values() for line in raw["lines"]}
    products = goods(connection, site.code, wanted)
    return {name: complete(raw, products, site) for name, raw in found.items()}


def goods(connection: Connection, site: str, skus: Iterable[str]) -> dict[str, Raw]:
    """Rows of the catalogue by SKU, of kits with those of their parts."""
    found: dict[str, Raw] = {}
    waiting = {*skus}
    while waiting:
        bodies = images(connection, site, "sku", waiting)
        rows: dict[str, Raw] = {name: msgspec.json.decode(body) for name, body in bodies.items()}
        found |= rows
        waiting = {part for row in rows.values() for part in _parts(row)} - found.keys()
    return found


def _parts(product: Raw) -> list[str]:
    return [part["sku"] for part in product.get("kit") or ()]


def complete(raw: Raw, products: Mapping[str, Raw], site: SiteBody) -> Raw:
    """``raw`` with the catalogue's products, the site's sender and mode where it names none.

    The catalogue comes before what an order brought along: it is what the office mends.
    """
    brought: dict[str, Raw] = {one["sku"]: one for one in raw.get("products") or ()}
    found: dict[str, Raw] = {}
    waiting = list(dict.fromkeys(line["sku"] for line in raw["lines"]))
    for sku in waiting:
        row = products.get(sku) or brought.get(sku)
        if row is not None and sku not in found:
            found[sku] = row
            waiting += _parts(row)  # a battery in a kit is a battery in the box
    raw["products"] = list(found.values())
    own = raw.get("ship_from") or {}
    if not (own.get("name") or own.get("company")):
        raw["ship_from"] = msgspec.to_builtins(site.sender)
    mode = site.cn_export_mode
    if mode and not raw.get("cn_export_mode") and raw["ship_from"].get("country") == _CHINA:
        raw["cn_export_mode"] = mode
    return raw


def images(connection: Connection, site: str, t: str, names: Iterable[str]) -> dict[str, str]:
    """The JSON images of things by id."""
    ids = list(dict.fromkeys(names))
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        some = ROW.c.id.in_(ids[start : start + 500])
        where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.op.in_(THERE), some)
        found |= {
            row.id: row.body
            for row in connection.execute(select(ROW.c.id, ROW.c.body).where(where))
        }
    return sealing.opened(connection, site, found) if t == sealing.ORDER else found


def place(finding: Finding, skus: Iterable[str]) -> tuple[str, str]:
    """SKU and field of the catalogue that a finding is about; SKU "" for a field of the order."""
    for sku in skus:
        start = f"products[{sku}]."
        if finding.field.startswith(start):
            return sku, finding.field.removeprefix(start)
    return "", finding.field


def example(site: SiteBody, product: Product, way: Way = FULL) -> Raw:
    """An order for what no open order has: one unit on a way that orders of the site go.

    A site without an address sends from where its orders do: else nobody knows what goes abroad.
    """
    raw = {
        "order_id": "-",
        "lines": [{"line": 1, "sku": product.sku, "quantity": 1}],
        "ship_to": {"country": way.to},
        **way.terms,
    }
    made = complete(raw, {product.sku: msgspec.to_builtins(product)}, site)
    if way.origin and not made["ship_from"].get("country"):
        made["ship_from"] = {**made["ship_from"], "country": way.origin}
    return made


def of_sku(at: Desk, raws: Sequence[Raw], sku: str) -> tuple[Finding, ...]:
    """What the rules find of one SKU in orders, each finding once."""
    found: dict[tuple[str, str, str], Finding] = {}
    for raw in raws:
        for finding in at.check(raw).findings:
            if place(finding, (sku,))[0] == sku:
                key = (finding.rule, finding.field, finding.message("en"))
                found.setdefault(key, finding)
    return tuple(found.values())
