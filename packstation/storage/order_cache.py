"""Orders, catalog, cartons and people as last pulled: lookups in microseconds.

``apply`` takes one slice of pulled rows in one transaction; the syncer cuts the slices so
small that each stays under 5 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from packstation.domain.catalog import Product
from packstation.domain.orders import Order, Rate
from packstation.domain.packing_rules import PackingRules
from packstation.domain.parcels import Carton
from packstation.domain.psp import PersonBody
from packstation.first_use import met, shaped
from packstation.station.ports import OrderRow, PersonRow, Row, Unread
from packstation.storage import order_rows, pulled, texts, weights
from packstation.storage.database import Database, Statement
from packstation.storage.kept import Kept

_order = msgspec.json.Decoder(met(Order)).decode
_product = msgspec.json.Decoder(met(Product)).decode
_carton = msgspec.json.Decoder(met(Carton)).decode
_packing = msgspec.json.Decoder(met(PackingRules)).decode
_person = msgspec.json.Decoder(met(PersonBody)).decode

# A row of this bench's own among the images of pulled rows: no server sends such a table.
NOTE: Final = "shift-note"
_Found = tuple[Any, ...]
# How far the server is: (epoch, seq it has acknowledged).
Synced = Callable[[], tuple[str, int]]


class SqliteOrderCache:
    """``station.ports.OrderCache`` over an open, migrated database."""

    def __init__(self, database: Database, synced: Synced) -> None:
        """``synced`` tells which facts still wait, so that their orders are left alone."""
        self._database = database
        self._synced = synced
        self._kept = Kept(database)
        # What was read last time, by its row: most of a queue is as it was.
        self._read: dict[Statement, dict[_Found, OrderRow]] = {}

    def order(self, order_id: str) -> OrderRow | None:
        """By the order's id."""
        return self._kept.last("order", order_id, lambda: self._order(order_id))

    def _order(self, order_id: str) -> OrderRow | None:
        row = self._database.one(texts.ORDER, of=order_id)
        return _order_row(row) if row else None

    def orders_of_code(self, code: str) -> tuple[OrderRow, ...]:
        """Orders that a tote or waybill code leads to; labels issued here count too."""
        return tuple(_order_row(row) for row in self._database.all(texts.ORDERS_OF_CODE, of=code))

    def orders_with_sku(self, sku: str, limit: int = 20) -> tuple[OrderRow, ...]:
        """Ready orders that need this SKU, not held and not packed here, soonest first."""
        return tuple(
            _order_row(row)
            for row in self._database.all(texts.ORDERS_WITH_SKU, of=sku, count=limit)
        )

    def queue(self, bench: str, limit: int = 40) -> tuple[OrderRow, ...]:
        """Ready orders for this bench or any, not held and not packed here, soonest first."""
        key = (bench, limit, self._database.raw.total_changes)
        return self._kept.last("queue", key, lambda: self._of_bench(texts.QUEUE, bench, limit))

    def _of_bench(self, asked: Statement, bench: str, limit: int) -> tuple[OrderRow, ...]:
        found = {
            (row[4], row[5]): row
            for name in {bench, ""}
            for row in self._database.all(asked, of=name, count=limit)
        }
        before = self._read.get(asked, {})
        rows = [found[key][:4] for key in sorted(found)[:limit]]
        read = {row: before.get(row) or _order_row(row) for row in rows}
        self._read[asked] = read
        return tuple(read.values())

    def held(self, bench: str, limit: int = 40) -> tuple[OrderRow, ...]:
        """Orders for this bench or any that are on hold or unpaid, soonest first."""
        key = (bench, limit, self._database.raw.total_changes)
        return self._kept.last("held", key, lambda: self._of_bench(texts.HELD_ORDERS, bench, limit))

    def kept(self, t: str, key: str) -> Mapping[str, object]:
        """The body of a pulled row that has no table of its own; empty where none is."""
        row = self._database.one(texts.IMAGE, of=t, key=key)
        body: dict[str, object] = msgspec.json.decode(row[0]) if row else {}
        return body

    def kept_all(self, t: str) -> tuple[Mapping[str, object], ...]:
        """The bodies of all pulled rows of a kind."""
        return self.unread(t).read()

    def unread(self, t: str) -> Unread:
        """The same, got now and read later, by any thread: for large rows."""
        docs = [row[0] for row in self._database.all(texts.IMAGES, of=t)]
        return Unread(sum(map(len, docs)), lambda: tuple(map(msgspec.json.decode, docs)))

    def rates(self) -> tuple[Rate, ...]:
        """The site's exchange rates as pulled; misshapen ones are left out."""
        return self._kept.last("rates", "", self._rates)

    def _rates(self) -> tuple[Rate, ...]:
        docs = [row[0] for row in self._database.all(texts.IMAGES, of="rate")]
        return tuple(rate for doc in docs if (rate := _rate(doc)) is not None)

    def product(self, sku: str) -> Product | None:
        """By SKU."""
        return self._kept.each("product", sku, lambda: self._product(sku))

    def _product(self, sku: str) -> Product | None:
        row = self._database.one(texts.PRODUCT, of=sku)
        return _product(row[0]) if row else None

    def product_of_code(self, code: str) -> tuple[Product, int] | None:
        """The product and units of a code's text; GTINs in any length."""
        return self._kept.each("code", code, lambda: self._product_of_code(code))

    def _product_of_code(self, code: str) -> tuple[Product, int] | None:
        row = self._database.one(texts.PRODUCT_OF_CODE, of=order_rows.code_key(code))
        return (_product(row[0]), row[1]) if row else None

    def cartons(self) -> tuple[Carton, ...]:
        """All cartons, smallest volume first."""
        return self._kept.last("cartons", "", self._cartons)

    def _cartons(self) -> tuple[Carton, ...]:
        return tuple(_carton(row[0]) for row in self._database.all(texts.CARTONS))

    def packing_rules(self) -> PackingRules:
        """The site's rules of materials and instructions; empty before the first."""
        return self._kept.last("packing", "", self._packing_rules)

    def _packing_rules(self) -> PackingRules:
        rows = self._database.all(texts.IMAGES, of=order_rows.PACKING)
        return _packing(rows[-1][0]) if rows else PackingRules()

    def people(self) -> tuple[PersonRow, ...]:
        """All who may sign in here, by badge."""
        found = [_person(row[0]) for row in self._database.all(texts.PEOPLE)]
        return tuple(PersonRow(**msgspec.structs.asdict(person)) for person in found)

    def site(self) -> Mapping[str, object]:
        """The site row as ``psp.SiteBody`` names it; empty before the first."""
        return self._kept.last("site", "", self._site)

    def _site(self) -> Mapping[str, object]:
        row = self._database.one(texts.SITE)
        site: dict[str, object] = msgspec.json.decode(row[0]) if row else {}
        return site

    def variants(self, sku: str, limit: int = 12) -> tuple[Product, ...]:
        """Other colours and sizes of ``sku``: alike up to the last dash."""
        return self._kept.each("variants", sku, lambda: self._variants(sku, limit)) or ()

    def _variants(self, sku: str, limit: int) -> tuple[Product, ...]:
        stem = sku.rpartition("-")[0]
        if not stem:
            return ()
        # "." comes right after "-": all that begin with the stem and a dash lie in between.
        rows = self._database.all(
            texts.VARIANTS, first=f"{stem}-", beyond=f"{stem}.", of=sku, count=limit
        )
        return tuple(_product(row[0]) for row in rows)

    def weights(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Learned documents by key (``domain.learning.folding``), as far as there are any."""
        return weights.known(self._database, keys)

    def note(self) -> str:
        """What the last person left for the next one at this bench; "" for nothing."""
        return self._kept.last("note", "", self._note)

    def _note(self) -> str:
        row = self._database.one(texts.IMAGES, of=NOTE)
        return str(msgspec.json.decode(row[0])) if row else ""

    def leave_note(self, text: str) -> None:
        """Keep it; it never leaves this bench."""
        with self._database.transaction() as raw:
            doc = msgspec.json.encode(text).decode()
            texts.PUT_IMAGE.run(raw, t=NOTE, id=NOTE, rev=0, doc=doc)
        self._database.rows_changed()

    def cursor(self) -> str:
        """The change cursor; "" before the first pull."""
        row = self._database.one(texts.CHANGE_CURSOR)
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
            texts.SET_CHANGE_CURSOR.run(raw, to=cursor)
        self._database.rows_changed()


def _order_row(row: tuple[Any, ...]) -> OrderRow:
    return OrderRow(order=_order(row[0]), rev=row[1], bench=row[2], hold=row[3])


def _rate(doc: str) -> Rate | None:
    """A pulled row of the table "rate"; None where it is none."""
    try:
        body = msgspec.json.decode(doc)
        return shaped(body, Rate, strict=False)
    except msgspec.MsgspecError:
        return None
