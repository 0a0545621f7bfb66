"""A bench with a small pack of rules, and hands for its customs tests."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from packstation.domain.catalog import Customs, Product
from packstation.domain.orders import Order
from packstation.domain.quantities import Money
from packstation.station import ports as p
from packstation.station.views import LackView, StationView
from tests.station.desk import (
    SOCK,
    Bench,
    FakeRules,
    order,
    product,
)
from tests.station.rules import pack, rule, there

NONE: Mapping[str, Any] = {}
BARE = Customs(description="enamel mug", origin="CN", unit_value=Money(Decimal(20), "CNY"))
ASKS = rule("R23", [there("payment.total", field="payment.total")], severity="OVERRIDE")
WARNS = rule("R09", [there("ship_to.postcode")], severity="WARN")
NOTES = rule("R34", [there("invoice.no")], severity="INFO")
MARKED = rule("R38", [there("bench.confirmed[0]")], moments=["close"])
FORMS = {
    "forms": [
        {"slot": "form", "kind": "cn22", "copies": 2, "printer": "papers"},
        {"slot": "mark", "kind": "battery", "printer": "label", "confirm": True},
        {"slot": "data", "kind": "invoice", "electronic": True},
    ]
}


def sock(**more: Any) -> Product:  # noqa: ANN401
    return product("SOCK-RED", SOCK, 80, customs=replace(BARE, **more))


def bench(
    *rules: dict[str, Any], document: Order | None = None, tables: Mapping[str, Any] = NONE
) -> Bench:
    found = Bench()
    found.rules = FakeRules(pack(*rules, tables=tables))
    found.cache.add(p.OrderRow(document or order(), 1))
    found.start()
    found.lease()
    found.scan("%PB:PK-1")
    return found


def catalog(found: Bench, *products: Product) -> StationView:
    """The office puts the catalogue right."""
    found.cache.add(*products)
    rows = tuple(p.Row("sku", one.sku, 9, "put", msgspec.to_builtins(one)) for one in products)
    return found.say(p.RowsPulled(rows, "c9", 1))


def lacking(view: StationView) -> tuple[LackView, ...]:
    assert view.alert is not None
    return view.alert.lacks


def last(found: Bench, kind: str) -> dict[str, Any]:
    return next(r.event.body for r in reversed(found.store.records) if r.event.kind == kind)
