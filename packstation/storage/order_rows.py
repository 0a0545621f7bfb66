"""Writing orders, products, cartons, people and the site, inside a caller's transaction.

A document is kept as JSON; what is searched stands in columns beside it.
"""

from __future__ import annotations

from datetime import UTC
from functools import cache
from typing import Final

import msgspec

from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.packing_rules import PackingRules
from packstation.domain.parcels import Carton
from packstation.domain.person_settings import chosen
from packstation.domain.psp import PersonBody, SiteBody
from packstation.first_use import met
from packstation.station.ports import OrderRow
from packstation.storage import texts
from packstation.storage.database import Raw

PACKING: Final = "packing"
NO_HANDOVER: Final = "9999"  # sorts after every moment

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})


def document(value: msgspec.Struct) -> str:
    """The stored JSON of a document, without what equals its default.

    An order is a fifth of its full size then, so that more of a million fit into a page.
    Equal documents are equal texts.
    """
    return _ENCODER.encode(_lean(value)).decode()


def _lean(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        lean = {}
        for name, key, default in _fields(type(value)):
            held = getattr(value, name)
            if name == "schema" or held != default:
                lean[key] = _lean(held)
        return lean
    if isinstance(value, tuple):
        return [_lean(item) for item in value]
    return value


@cache
def _fields(shape: type[msgspec.Struct]) -> tuple[tuple[str, str, object], ...]:
    return tuple(
        (field.name, field.encode_name, _default(field)) for field in msgspec.structs.fields(shape)
    )


def _default(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def code_key(code: str) -> str:
    """What a product's code is found by: GTINs as fourteen digits, others as they are."""
    gtin = len(code) in _GTIN_LENGTHS and code.isascii() and code.isdigit()
    return code.zfill(14) if gtin else code


def put_orders(raw: Raw, rows: list[OrderRow]) -> None:
    """Insert or replace orders with their codes and SKUs."""
    ids = [(row.order.order_id,) for row in rows]
    for delete in (texts.DELETE_ORDER_CODES, texts.DELETE_ORDER_SKUS):
        raw.executemany(delete.sql, ids)
    due = [handover_key(row.order) for row in rows]
    raw.executemany(texts.PUT_ORDER.sql, list(map(_order_values, rows, due)))
    codes = [(code, row.order.order_id) for row in rows for code in _codes(row.order)]
    raw.executemany(texts.INSERT_ORDER_CODE.sql, codes)
    skus = [
        (sku, handover_at, row.order.order_id)
        for row, handover_at in zip(rows, due, strict=True)
        if row.order.status == "ready" and not row.hold
        for sku in {line.sku for line in row.order.lines}
    ]
    raw.executemany(texts.INSERT_ORDER_SKU.sql, skus)


def delete_order(raw: Raw, order_id: str) -> None:
    """Forget an order."""
    for delete in (texts.DELETE_ORDER, texts.DELETE_ORDER_CODES, texts.DELETE_ORDER_SKUS):
        delete.run(raw, of=order_id)


def handover_key(order: Order) -> str:
    """The handover deadline as UTC text that sorts as time does."""
    due = order.handover()
    return due.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if due else NO_HANDOVER


def _order_values(row: OrderRow, handover_at: str) -> tuple[object, ...]:
    order = row.order
    return (
        order.order_id,
        row.rev,
        order.status,
        handover_at,
        row.bench,
        row.hold,
        order.ship_to.country,
        document(order),
    )


def _codes(order: Order) -> set[str]:
    waybills = {parcel.waybill for parcel in order.parcels}
    waybills |= {str(label.get("waybill") or "") for label in order.labels}
    return (waybills | set(order.totes)) - {""}


def put_products(raw: Raw, rows: list[tuple[int, Product]]) -> None:
    """Insert or replace products at their revisions, with their codes."""
    raw.executemany(texts.DELETE_PRODUCT_CODES.sql, [(p.sku,) for _, p in rows])
    values = [(product.sku, rev, document(product)) for rev, product in rows]
    raw.executemany(texts.PUT_PRODUCT.sql, values)
    codes = {
        (code_key(code.text), product.sku): code.units
        for _, product in rows
        for code in product.codes
    }
    raw.executemany(
        texts.PUT_PRODUCT_CODE.sql,
        [(code, sku, units) for (code, sku), units in codes.items()],
    )


def put_cartons(raw: Raw, rows: list[tuple[int, Carton]]) -> None:
    """Insert or replace cartons at their revisions."""
    values = [(carton.code, rev, volume_mm3(carton), document(carton)) for rev, carton in rows]
    raw.executemany(texts.PUT_CARTON.sql, values)


def volume_mm3(carton: Carton) -> int:
    """Inner volume."""
    length, width, height = carton.inner_mm
    return length * width * height


def put_people(raw: Raw, rows: list[tuple[int, PersonBody]]) -> None:
    """Insert or replace people at their revisions."""
    values = [(person.badge, rev, document(person)) for rev, person in rows]
    raw.executemany(texts.PUT_PERSON.sql, values)


def put_packing(raw: Raw, rows: list[tuple[int, PackingRules]]) -> None:
    """Make the last of ``rows`` the packing rules of this station."""
    for rev, rules in rows:
        texts.PUT_IMAGE.run(raw, t=PACKING, id=PACKING, rev=rev, doc=document(rules))


def choose_setting(raw: Raw, badge: str, setting: str, value: str) -> None:
    """What a person chose, in the row that was pulled last; the server's own follows."""
    keys = msgspec.json.encode([badge]).decode()
    for _, rev, doc in texts.STORED_PEOPLE.run(raw, keys=keys).fetchall():
        person = msgspec.json.decode(doc, type=met(PersonBody))
        put_people(raw, [(rev, chosen(person, setting, value))])


def put_site(raw: Raw, rev: int, site: SiteBody) -> None:
    """Make ``site`` the one site of this station."""
    texts.DELETE_SITES.run(raw)
    texts.PUT_SITE.run(raw, code=site.code, rev=rev, doc=document(site))
