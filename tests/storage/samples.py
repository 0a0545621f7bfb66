"""Orders, goods and facts for the tests of storage and sync."""

from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from packstation.domain.catalog import Product, ProductCode
from packstation.domain.orders import Address, Deadline, Order, OrderLine
from packstation.domain.packing.facts import (
    Fact,
    ItemVerified,
    LabelIssued,
    LinePlan,
    SessionCompleted,
    SessionOpened,
)
from packstation.domain.parcels import Carton
from packstation.station.ports import Draft, Row


def order(number: int = 1, **changes: object) -> Order:
    """Order O-<number>, due at hour ``number``, with SKU-A and SKU-<number>."""
    made = Order(
        order_id=f"O-{number}",
        deadlines=(Deadline(kind="handover", at=datetime(2026, 11, 21, number % 24, tzinfo=UTC)),),
        ship_to=Address(name="Зоя Лунёва", country="RU", city="Тверь"),
        lines=(
            OrderLine(line=1, sku="SKU-A", quantity=2),
            OrderLine(line=2, sku=f"SKU-{number}", quantity=1),
        ),
        totes=(f"T-{number}",),
    )
    return replace(made, **changes)


def product(sku: str = "SKU-A", *codes: tuple[str, int]) -> Product:
    return Product(
        sku=sku, codes=tuple(ProductCode(text=text, units=units) for text, units in codes)
    )


def carton(code: str, side: int) -> Carton:
    return Carton(code=code, inner_mm=(side, side, side))


def row(t: str, key: str, body: object, *, rev: int = 1, op: str = "put") -> Row:
    """A pulled row as the wire gives it: JSON types only."""
    return Row(t=t, id=key, rev=rev, op=op, body=msgspec.to_builtins(body))


def order_row(made: Order, *, rev: int = 1, bench: str = "", hold: str = "") -> Row:
    body = {"order": made, "bench": bench, "hold": hold}
    return row("order", made.order_id, body, rev=rev)


def draft(fact: Fact, session: str = "s-1", order_id: str | None = "O-1") -> Draft:
    return Draft(fact=fact, session=session, actor="P-1", parcel="p-1", order=order_id)


def opened_fact(order_id: str = "O-1") -> SessionOpened:
    plan = LinePlan(line=1, sku="SKU-A", quantity=2)
    return SessionOpened(order_id=order_id, rev=1, lines=(plan,), parcel_id="p-1")


def verified(units: int = 1) -> ItemVerified:
    return ItemVerified(line=1, sku="SKU-A", units=units)


def packed(session: str = "s-1", order_id: str = "O-1") -> tuple[Draft, ...]:
    """A whole short session."""
    waybill = LabelIssued(key="p-1/1", waybill=f"RB{order_id}CN")
    facts: tuple[Fact, ...] = (opened_fact(order_id), verified(), waybill, SessionCompleted())
    return tuple(draft(fact, session, order_id) for fact in facts)
