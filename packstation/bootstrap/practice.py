"""What lies round the training bench: sample goods, boxes and people, and the lessons' orders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.assets import resource
from packstation.domain import records
from packstation.domain.catalog import Product
from packstation.domain.orders import Deadline, Order, OrderLine
from packstation.domain.parcels import Carton
from packstation.domain.psp import OrderBody, PersonBody
from packstation.domain.training import LESSONS, Lesson, Practice
from packstation.first_use import shaped
from packstation.station.ports import Row

# Long enough for every rule of the samples about days left.
BEST_BEFORE: Final = "291231"
_HOUR: Final = timedelta(hours=1)


class Goods(Struct, frozen=True):
    """The shelf and the boxes of the samples."""

    products: tuple[Product, ...]
    cartons: tuple[Carton, ...]
    people: tuple[PersonBody, ...]
    pattern: Order


def goods() -> Goods:
    """Read from resources/samples."""

    def read(name: str) -> bytes:
        return resource("samples", f"{name}.json").read_bytes()

    people = msgspec.json.decode(read("people"))["people"]
    return Goods(
        products=records.decode_catalog(read("catalog")).records,
        cartons=records.decode_cartons(read("cartons")).records,
        people=shaped(people, tuple[PersonBody, ...]),
        pattern=records.decode_orders(read("orders")).records[0],
    )


def code_of(product: Product, salt: str) -> tuple[str, str]:
    """The code on one unit and its AIM identifier; tracked goods carry GS1 elements."""
    text = next(code.text for code in product.codes if code.units == 1)
    tracking = product.tracking
    if not (tracking.serial or tracking.lot or tracking.expiry):
        return text, ""
    elements = f"01{text.zfill(14)}"
    if tracking.expiry:
        elements += f"17{BEST_BEFORE}"
    if tracking.lot:
        elements += "10LOT7\x1d"
    if tracking.serial:
        elements += f"21{_serial(product.sku, salt)}"
    return elements, "]C1"


def _serial(sku: str, salt: str) -> str:
    return hashlib.sha256(f"{sku}/{salt}".encode()).hexdigest()[:12].upper()


def orders_of(lesson: Lesson, run: int, now: datetime, pattern: Order) -> tuple[Order, ...]:
    """The orders of the ``run``-th try; their numbers say practice and come only once."""
    number = LESSONS.index(lesson) + 1
    return tuple(
        _order(practice, f"PRACTICE-{number}{run:02}{place}", now, pattern)
        for place, practice in enumerate(lesson.orders, 1)
    )


def _order(practice: Practice, name: str, now: datetime, pattern: Order) -> Order:
    due = now.replace(second=0, microsecond=0) + practice.hours_left * _HOUR
    lines = tuple(
        OrderLine(line=number, sku=sku, quantity=units)
        for number, (sku, units) in enumerate(practice.lines, 1)
    )
    return replace(
        pattern,
        order_id=name,
        placed_at=now - _HOUR,
        deadlines=(Deadline(kind="handover", at=due),),
        lines=lines,
        allow_partial=practice.allow_partial,
        totes=(f"T-{name[-4:]}",),
        payment=None,
    )


def order_row(order: Order, rev: int, hold: str = "") -> Row:
    """As a server would send it."""
    body = msgspec.to_builtins(OrderBody(order=order, hold=hold))
    return Row("order", order.order_id, rev, "put", body)


def rows_of(shelf: Goods, people: Sequence[PersonBody]) -> Iterator[Row]:
    """Everything that a training bench pulls before its first lesson."""
    sender = msgspec.to_builtins(shelf.pattern.ship_from)
    site = {"code": "PRACTICE", "zone": "UTC", "currency": "CNY", "sender": sender}
    yield Row("site", "PRACTICE", 1, "put", site)
    for table, things in (("sku", shelf.products), ("carton", shelf.cartons), ("user", people)):
        for rev, thing in enumerate(things, 1):
            body = msgspec.to_builtins(thing)
            yield Row(table, _id(body), rev, "put", body)


def _id(body: dict[str, object]) -> str:
    return str(body.get("sku") or body.get("code") or body.get("badge"))


def may_release(people: Iterable[PersonBody]) -> PersonBody:
    """The sample supervisor, whose PIN the lesson tells."""
    return next(person for person in people if person.role == "supervisor")
