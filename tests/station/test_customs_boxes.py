"""Several boxes, one with a battery: marks, slips and labels are each box's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.packs import document_of
from packstation.domain.catalog import Goods, KitPart
from packstation.domain.orders import Order
from packstation.station.ports import NumbersLeased, OrderRow
from packstation.station.views import Screen, StationView, Words
from tests.station.customs_bench import bench, lacking, last
from tests.station.desk import (
    MUG,
    SOCK,
    Bench,
    FakeRules,
    order,
    product,
    to_confirming,
)
from tests.station.rules import pack

SHIPPED: dict[str, Any] = document_of(resource("customs"))
R38 = next(row for row in SHIPPED["rules"] if row["id"] == "R38")
SLIP = next(row for row in SHIPPED["tables"]["forms"] if row["kind"] == "slip")
PHONE = Goods(
    battery="packed_with",
    battery_type="li_ion",
    battery_wh=Decimal("11.4"),
    battery_cells=1,
    battery_count=1,
    un383="TS-2026-114",
    soc_percent=30,
)


def of_slot(*slots: str) -> list[dict[str, Any]]:
    """Rows of the shipped table."""
    return [row for row in SHIPPED["tables"]["forms"] if row["slot"] in slots]


def marked(*forms: dict[str, Any], document: Order | None = None) -> Bench:
    """A bench that packs a battery (MUG-GRN) and socks, with the shipped rule of marks."""
    tables = {"forms": forms, "batteries": SHIPPED["tables"]["batteries"]}
    found = bench(R38, document=document, tables=tables)
    found.cache.add(product("MUG-GRN", MUG, 300, goods=PHONE))
    table = found.desk.printing.table
    label = table.routes[0]
    kinds = ("battery", "battery-preprinted", "slip", "compliance")
    routes = tuple(replace(label, document=kind) for kind in kinds)
    found.desk.printing.table = replace(table, routes=(*table.routes, *routes))
    return found


def first_box(found: Bench, papers: int) -> StationView:
    """Both mugs in the first box, its label on it, its papers out."""
    found.scan("O-1", MUG, MUG, "%PS:next-parcel", "C3")
    found.weigh(700)
    for _ in range(papers):
        found.out()
    return found.view


def printed(found: Bench) -> tuple[str, ...]:
    return tuple(last(found, "ServiceSelected")["documents"])


def test_a_box_without_a_battery_closes_beside_one_with_a_mark() -> None:
    found = marked(*of_slot("battery"), SLIP)
    view = first_box(found, 3)
    assert printed(found) == ("label", "battery", "slip")
    assert view.label is not None
    assert view.label.put == Words("put.battery")
    waybill = view.label.waybill
    found.command("accept")
    assert found.scan(waybill).screen is Screen.SCANNING
    found.scan(SOCK, "C1")
    found.weigh(120)
    found.out()
    view = found.out()
    assert printed(found) == ("label", "slip")
    assert view.label is not None
    assert found.scan(view.label.waybill).screen is Screen.COMPLETED


def test_a_battery_in_a_kit_wants_its_mark_too() -> None:
    found = marked(*of_slot("battery"), document=order(lines="KIT*1"))
    parts = (KitPart(sku="MUG-GRN", quantity=2), KitPart(sku="SOCK-RED"))
    found.cache.add(product("KIT", "4006381333962", 680, kit=parts))
    found.scan("O-1", MUG, MUG, SOCK, "C3")
    found.weigh(780)
    assert printed(found) == ("label", "battery")


def test_a_mark_on_red_stock_closes_the_parcel_too() -> None:
    (row,) = of_slot("battery")
    found = marked({**row, "kind": "battery-preprinted"})
    view = first_box(found, 2)
    assert printed(found) == ("label", "battery-preprinted")
    assert view.label is not None
    assert view.label.put == Words("put.battery")
    found.command("accept")
    assert found.scan(view.label.waybill).screen is Screen.SCANNING


def test_every_box_has_its_slip_and_its_label() -> None:
    rows = ("form", "slip", "compliance", "packing-list")
    found = marked(*({**of_slot(one)[-1], "when": []} for one in rows))
    first_box(found, 4)
    assert printed(found) == ("label", "cn23", "slip", "compliance")


def of_rule(name: str) -> dict[str, Any]:
    return next(row for row in SHIPPED["rules"] if row["id"] == name)


def test_the_number_on_the_box_is_looked_at_as_it_closes() -> None:
    found = Bench()
    s10 = {"s10": SHIPPED["tables"]["s10"]}
    found.rules = FakeRules(pack(of_rule("R40"), tables=s10))
    found.cache.add(OrderRow(order(), 1))
    found.start()
    found.say(NumbersLeased("L-0", "chinapost", "e-packet", "LP", "RU", 0, 9))
    found.scan("%PB:PK-1")
    view = to_confirming(found)
    assert view.label is not None
    (lack,) = lacking(found.scan(view.label.waybill))
    assert (lack.rule, lack.value) == ("R40", view.label.waybill)


def test_the_second_box_of_an_order_closes_by_a_number_of_its_own() -> None:
    found = Bench()
    s10 = {"s10": SHIPPED["tables"]["s10"]}
    found.rules = FakeRules(pack(of_rule("R40"), tables=s10))
    found.cache.add(OrderRow(order(), 1))
    found.start()
    found.say(NumbersLeased("L-0", "chinapost", "e-packet", "LP", "CN", 0, 9))
    found.scan("%PB:PK-1")
    first = first_box(found, 2).label
    assert first is not None
    assert found.scan(first.waybill).screen is Screen.SCANNING
    found.scan(SOCK, "C1")
    found.weigh(120)
    found.out()
    second = found.out().label
    assert second is not None
    assert found.scan(second.waybill).screen is Screen.COMPLETED
