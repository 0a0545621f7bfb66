"""Bulk import into the station's own database: new, changed and unchanged (FORMATS.md).

A station that never meets a server lives on this. Documents are compared by their stored
text; a changed one gets the next revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.packing_rules import PackingRules
from packstation.domain.parcels import Carton
from packstation.domain.psp import PersonBody, SiteBody
from packstation.domain.templates import ROW as TEMPLATES
from packstation.domain.templates import Template
from packstation.station.ports import OrderRow, PersonRow
from packstation.storage import order_rows, texts
from packstation.storage.database import Database, Raw, Statement
from packstation.storage.order_rows import document

_CHUNK: Final = 500  # documents a transaction

S = TypeVar("S", bound=msgspec.Struct)
Stored = Mapping[str, tuple[int, str]]


class Imported(Struct, frozen=True):
    """How many documents were new, differed, and were there already."""

    accepted: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Imported) -> Imported:
        """Count two imports together."""
        return Imported(
            self.accepted + other.accepted,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


class _Target(Struct, Generic[S], frozen=True):
    """A table: what it has of some keys, a document's key, and how rows are written."""

    stored: Statement
    key: Callable[[S], str]
    put: Callable[[Raw, list[tuple[int, S]]], None]


class Intake:
    """Imports over an open, migrated database."""

    def __init__(self, database: Database) -> None:
        """Write to ``database``."""
        self._database = database

    def import_orders(self, orders: Iterable[Order], bench: str = "") -> Imported:
        """Orders, new ones assigned to ``bench`` ("" = any)."""

        def put(raw: Raw, rows: list[tuple[int, Order]]) -> None:
            kept = _order_places(raw, [order.order_id for _, order in rows])
            order_rows.put_orders(
                raw,
                [
                    OrderRow(order, rev, *kept.get(order.order_id, (bench, "")))
                    for rev, order in rows
                ],
            )

        target = _Target(texts.STORED_ORDERS, lambda order: order.order_id, put)
        return self._import(target, orders)

    def import_products(self, products: Iterable[Product]) -> Imported:
        """The catalog's products, by SKU."""
        target = _Target(
            texts.STORED_PRODUCTS, lambda product: product.sku, order_rows.put_products
        )
        return self._import(target, products)

    def import_cartons(self, cartons: Iterable[Carton]) -> Imported:
        """Cartons, by code."""
        target = _Target(texts.STORED_CARTONS, lambda carton: carton.code, order_rows.put_cartons)
        return self._import(target, cartons)

    def import_people(self, people: Iterable[PersonRow]) -> Imported:
        """Who may sign in, by badge."""
        bodies = (
            PersonBody(
                badge=person.badge,
                name=person.name,
                role=person.role,
                pin_hash=person.pin_hash,
                language=person.language,
                prefs=dict(person.prefs),
            )
            for person in people
        )
        target = _Target(texts.STORED_PEOPLE, lambda person: person.badge, order_rows.put_people)
        return self._import(target, bodies)

    def import_packing(self, rules: Iterable[PackingRules]) -> Imported:
        """The site's packing rules: the last document is all of them."""
        target = _Target(texts.STORED_IMAGES, lambda _: order_rows.PACKING, order_rows.put_packing)
        return self._import(target, rules)

    def set_templates(self, templates: Iterable[Template]) -> Imported:
        """The letterheads of a station without a server: these are all it has."""
        wanted = {f"{one.id}/{one.version}": one for one in templates}
        with self._database.transaction() as raw:
            docs = [row[0] for row in texts.IMAGES.run(raw, of=TEMPLATES).fetchall()]
            had = {_template_key(doc): doc for doc in docs}
            for key in had.keys() - wanted.keys():
                texts.DELETE_IMAGE.run(raw, kind=TEMPLATES, of=key)
            for key, one in wanted.items():
                texts.PUT_IMAGE.run(raw, t=TEMPLATES, id=key, rev=0, doc=document(one))
        self._database.rows_changed()
        new = len(wanted.keys() - had.keys())
        same = sum(had.get(key) == document(one) for key, one in wanted.items())
        return Imported(new, len(wanted) - new - same, same)

    def set_site(self, site: SiteBody) -> None:
        """The site, for a station without a server."""
        with self._database.transaction() as raw:
            order_rows.put_site(raw, 0, site)
        self._database.rows_changed()

    def _import(self, target: _Target[S], documents: Iterable[S]) -> Imported:
        total, source = Imported(), iter(documents)
        while chunk := list(islice(source, _CHUNK)):
            with self._database.transaction() as raw:
                total += _import_chunk(raw, target, chunk)
            self._database.rows_changed()
        return total


def _import_chunk(raw: Raw, target: _Target[S], chunk: Sequence[S]) -> Imported:
    stored = _stored(raw, target, [target.key(item) for item in chunk])
    # The last of several with one key counts; the others are "unchanged", being met again.
    wanted = {target.key(item): item for item in chunk}
    fresh = [(0, item) for key, item in wanted.items() if key not in stored]
    changed = [
        (stored[key][0] + 1, item)
        for key, item in wanted.items()
        if key in stored and stored[key][1] != document(item)
    ]
    target.put(raw, fresh + changed)
    return Imported(len(fresh), len(changed), len(chunk) - len(fresh) - len(changed))


def _stored(raw: Raw, target: _Target[Any], keys: Sequence[str]) -> Stored:
    rows = target.stored.run(raw, keys=msgspec.json.encode(keys).decode()).fetchall()
    return {key: (rev, doc) for key, rev, doc in rows}


def _template_key(doc: str) -> str:
    body = msgspec.json.decode(doc)
    return f"{body.get('id', '')}/{body.get('version', 1)}"


def _order_places(raw: Raw, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    rows = texts.ORDER_PLACES.run(raw, keys=msgspec.json.encode(ids).decode()).fetchall()
    return {order_id: (bench, hold) for order_id, bench, hold in rows}
