"""Orders, catalog, cartons and people as last pulled: lookups in microseconds.

``apply`` takes one slice of pulled rows in one transaction; the syncer cuts the slices so
small that each stays under 5 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, select, text

from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.parcels import Carton
from packstation.domain.psp import PersonBody
from packstation.station.ports import OrderRow, PersonRow, Row
from packstation.storage import order_rows, pulled
from packstation.storage.database import Database, Statement
from packstation.storage.kept import Kept
from packstation.storage.schema import (
    CARTON,
    META,
    ORDER_CODE,
    ORDER_ROW,
    ORDER_SKU,
    PERSON,
    PRODUCT,
    PRODUCT_CODE,
    SITE,
    WAYBILL,
)

_ORDER: Final = (ORDER_ROW.c.doc, ORDER_ROW.c.rev, ORDER_ROW.c.bench, ORDER_ROW.c.hold)
# An order that was packed here stays ready in the cache until the server says otherwise.
_NOT_PACKED: Final = text(
    'NOT EXISTS (SELECT 1 FROM session WHERE session."order" = order_row.order_id '
    "AND session.state = 'completed')"
)
_BY_ID: Final = Statement(select(*_ORDER).where(ORDER_ROW.c.order_id == bindparam("of")))
_BY_CODE: Final = Statement(
    select(*_ORDER)
    .where(
        ORDER_ROW.c.order_id.in_(
            select(ORDER_CODE.c.order_id)
            .where(ORDER_CODE.c.code == bindparam("of"))
            .union(select(WAYBILL.c.order_id).where(WAYBILL.c.waybill == bindparam("of")))
        )
    )
    .order_by(ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id)
)
_BY_SKU: Final = Statement(
    select(*_ORDER)
    .join_from(ORDER_SKU, ORDER_ROW, ORDER_SKU.c.order_id == ORDER_ROW.c.order_id)
    .where(ORDER_SKU.c.sku == bindparam("of"), _NOT_PACKED)
    .order_by(ORDER_SKU.c.handover_at, ORDER_SKU.c.order_id)
    .limit(bindparam("count"))
)
_QUEUE: Final = Statement(
    select(*_ORDER, ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id)
    .where(ORDER_ROW.c.status == "ready", ORDER_ROW.c.hold == "", _NOT_PACKED)
    .where(ORDER_ROW.c.bench == bindparam("of"))
    .order_by(ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id)
    .limit(bindparam("count"))
)
_PRODUCT: Final = Statement(select(PRODUCT.c.doc).where(PRODUCT.c.sku == bindparam("of")))
_PRODUCT_OF_CODE: Final = Statement(
    select(PRODUCT.c.doc, PRODUCT_CODE.c.units)
    .join_from(PRODUCT_CODE, PRODUCT, PRODUCT_CODE.c.sku == PRODUCT.c.sku)
    .where(PRODUCT_CODE.c.code == bindparam("of"))
    .order_by(PRODUCT_CODE.c.sku)
    .limit(1)
)
_CARTONS: Final = Statement(select(CARTON.c.doc).order_by(CARTON.c.volume_mm3, CARTON.c.code))
_PEOPLE: Final = Statement(select(PERSON.c.doc).order_by(PERSON.c.badge))
_SITE: Final = Statement(select(SITE.c.doc))
_CURSOR: Final = Statement(select(META.c.value).where(META.c.name == "change_cursor"))
_SET_CURSOR: Final = (
    "INSERT INTO meta VALUES ('change_cursor', ?) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)

_order = msgspec.json.Decoder(Order).decode
_product = msgspec.json.Decoder(Product).decode
_carton = msgspec.json.Decoder(Carton).decode
_person = msgspec.json.Decoder(PersonBody).decode

# How far the server is: (epoch, seq it has acknowledged).
Synced = Callable[[], tuple[str, int]]


class SqliteOrderCache:
    """``station.ports.OrderCache`` over an open, migrated database."""

    def __init__(self, database: Database, synced: Synced) -> None:
        """``synced`` tells which facts still wait, so that their orders are left alone."""
        self._database = database
        self._synced = synced
        self._kept = Kept(database)

    def order(self, order_id: str) -> OrderRow | None:
        """By the order's id."""
        return self._kept.last("order", order_id, lambda: self._order(order_id))

    def _order(self, order_id: str) -> OrderRow | None:
        row = self._database.one(_BY_ID, of=order_id)
        return _order_row(row) if row else None

    def orders_of_code(self, code: str) -> tuple[OrderRow, ...]:
        """Orders that a tote or waybill code leads to; labels issued here count too."""
        return tuple(_order_row(row) for row in self._database.all(_BY_CODE, of=code))

    def orders_with_sku(self, sku: str, limit: int = 20) -> tuple[OrderRow, ...]:
        """Ready orders that need this SKU, not held and not packed here, soonest first."""
        return tuple(_order_row(row) for row in self._database.all(_BY_SKU, of=sku, count=limit))

    def queue(self, bench: str, limit: int = 40) -> tuple[OrderRow, ...]:
        """Ready orders for this bench or any, not held and not packed here, soonest first."""
        key = (bench, limit, self._database.raw.total_changes)
        return self._kept.last("queue", key, lambda: self._queue(bench, limit))

    def _queue(self, bench: str, limit: int) -> tuple[OrderRow, ...]:
        found = {
            (row[4], row[5]): row
            for name in {bench, ""}
            for row in self._database.all(_QUEUE, of=name, count=limit)
        }
        return tuple(_order_row(found[key]) for key in sorted(found)[:limit])

    def product(self, sku: str) -> Product | None:
        """By SKU."""
        row = self._database.one(_PRODUCT, of=sku)
        return _product(row[0]) if row else None

    def product_of_code(self, code: str) -> tuple[Product, int] | None:
        """The product and units of a code's text; GTINs in any length."""
        row = self._database.one(_PRODUCT_OF_CODE, of=order_rows.code_key(code))
        return (_product(row[0]), row[1]) if row else None

    def cartons(self) -> tuple[Carton, ...]:
        """All cartons, smallest volume first."""
        return self._kept.last("cartons", "", self._cartons)

    def _cartons(self) -> tuple[Carton, ...]:
        return tuple(_carton(row[0]) for row in self._database.all(_CARTONS))

    def people(self) -> tuple[PersonRow, ...]:
        """All who may sign in here, by badge."""
        found = [_person(row[0]) for row in self._database.all(_PEOPLE)]
        return tuple(PersonRow(**msgspec.structs.asdict(person)) for person in found)

    def site(self) -> Mapping[str, object]:
        """The site row as ``psp.SiteBody`` names it; empty before the first."""
        return self._kept.last("site", "", self._site)

    def _site(self) -> Mapping[str, object]:
        row = self._database.one(_SITE)
        site: dict[str, object] = msgspec.json.decode(row[0]) if row else {}
        return site

    def cursor(self) -> str:
        """The change cursor; "" before the first pull."""
        row = self._database.one(_CURSOR)
        return str(row[0]) if row else ""

    def apply(self, rows: Sequence[Row], cursor: str) -> None:
        """Apply pulled rows and move the cursor, in one transaction.

        Orders with facts that wait in the journal are kept aside until these are
        acknowledged. A row that fits no shape is logged and kept under ``row_image``.
        """
        epoch, hw = self._synced()
        with self._database.transaction() as raw:
            for row in rows:
                pulled.take(raw, row, epoch, hw)
            raw.execute(_SET_CURSOR, (cursor,))
        self._database.rows_changed()


def _order_row(row: tuple[Any, ...]) -> OrderRow:
    return OrderRow(order=_order(row[0]), rev=row[1], bench=row[2], hold=row[3])
