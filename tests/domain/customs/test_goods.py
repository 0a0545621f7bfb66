"""Goods in the parcels of an order, however it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.case import Case
from packstation.domain.customs.checking import check
from packstation.domain.customs.evaluate import evaluate
from packstation.domain.customs.facts import fact
from packstation.domain.customs.findings import Finding
from packstation.domain.customs.goods import Piece
from packstation.domain.customs.registry import case_of
from packstation.domain.customs.restrictions import Restriction
from packstation.domain.customs.rows import rows_of
from packstation.domain.errors import InputInvalid

PACK = read_folder(resource("customs"))
TABLES = Tables()
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PHONE = {
    "battery": "built_in",
    "battery_type": "li_ion",
    "battery_wh": "11.4",
    "battery_cells": 1,
    "battery_count": 1,
    "un383": "TS-2026-114",
}


def order(*goods: object, parcels: object = None, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    products = [{"sku": f"S{at}", "goods": one} for at, one in enumerate(goods)]
    lines = [{"line": at, "sku": f"S{at}", "quantity": 1} for at in range(len(goods))]
    return {
        "ship_from": {"country": "CN"},
        "ship_to": {"country": "DE"},
        "carrier": "chinapost",
        "service_class": "postal",
        "lines": lines,
        "products": products,
        "parcels": parcels,
        **fields,
    }


def case(raw: Mapping[str, Any]) -> Case:
    return case_of(raw, PACK, TABLES, NOW)


def findings(raw: Mapping[str, Any]) -> list[Finding]:
    return [one for one in evaluate(case(raw)) if one.rule in {"R36", "R37", "R38", "R39"}]


def mark(raw: Mapping[str, Any]) -> list[bool]:
    given = case(raw)
    return [fact(given, item, "battery_mark") for item in (given.order, *given.items("parcel"))]


def numbers(raw: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    given = case(raw)
    found: tuple[tuple[str, ...], ...] = fact(given, given.order, "battery_marks")
    return found


def test_the_mark_is_of_the_parcel_that_holds_the_batteries() -> None:
    packed = {**PHONE, "battery": "packed_with", "soc_percent": 30}
    parcels = [
        {"contents": [{"line": 0, "quantity": 1}]},
        {"contents": [{"line": 1, "quantity": 1}]},
    ]

    assert mark(order({}, packed, parcels=parcels)) == [True, False, True]
    assert numbers(order({}, packed, parcels=parcels)) == ((), ("UN3481",))
    assert mark(order(PHONE, {})) == [False]
    assert mark(order(packed, {})) == [True]


def test_units_in_the_parcel_count() -> None:
    def of(quantity: object) -> list[bool]:
        return mark(order(PHONE, parcels=[{"contents": [{"line": 0, "quantity": quantity}]}]))

    assert of(4) == [False, False]
    assert of(5) == [True, True]
    odds: list[object] = [True, -3, "5", None, []]
    for odd in odds:
        assert of(odd) == [False, False]


@pytest.mark.parametrize(
    "contents", [None, [], "x", [{"line": 9, "quantity": 1}], [{"line": [], "quantity": 1}]]
)
def test_a_parcel_that_does_not_say_holds_all(contents: object) -> None:
    raw = order(PHONE, parcels=[{"contents": contents}])
    raw["lines"][0]["quantity"] = 5

    assert mark(raw)[1] is True


def test_a_kit_is_its_parts_too() -> None:
    raw = order({})
    raw["products"][0]["kit"] = [{"sku": "LAMP", "quantity": 5}, {"sku": "GONE", "quantity": 1}]
    raw["products"].append({"sku": "LAMP", "goods": {**PHONE, "un383": None}})

    assert mark(raw) == [True]
    assert [one.field for one in findings(raw) if one.rule == "R36"] == [
        "products[LAMP].goods.un383"
    ]


def test_a_kit_of_itself_ends() -> None:
    raw = order(PHONE)
    raw["products"][0]["kit"] = [{"sku": "S0", "quantity": 1}]

    assert len(fact(case(raw), case(raw).order, "goods")) == 1


def test_what_lacks_is_said_with_nothing_where_nothing_stands() -> None:
    (one,) = findings(order({**PHONE, "un383": ""}))

    assert one.value is None
    lacks = "Battery data of S0 lack: reference of the test summary (UN 38.3)"
    assert one.message("en").startswith(lacks)


def test_the_matrix_speaks_in_the_packers_language() -> None:
    (one,) = findings(order({"classes": ["aerosol", "aerosol", 3, " "]}))

    assert (one.rule, one.severity, one.value) == ("R39", "BLOCK", "aerosol")
    assert one.field == "products[S0].goods.classes"
    assert "气雾剂" in one.message("zh")
    assert "{" not in one.message("ru")


def test_a_name_in_braces_is_only_a_name() -> None:
    raw = order({"classes": ["magnet"]}, carrier="{why_ru}{v}")

    (one,) = findings(raw)
    assert "{why_ru}{v}" in one.message("en")


def test_without_carrier_or_country_there_are_still_words() -> None:
    raw = order({"classes": ["liquid"]}, carrier=None, service_class=7)

    (one,) = findings(raw)
    assert "Ask the carrier for DE" in one.message("en")
    assert "Уточните у перевозчика" in one.message("ru")


@pytest.mark.parametrize("classes", ["liquid", None, 5, {"liquid": 1}])
def test_classes_that_are_no_list_are_none(classes: object) -> None:
    assert findings(order({"classes": classes})) == []


def test_goods_that_are_no_object_are_none() -> None:
    assert findings(order("battery")) == []
    assert Piece("A", {"goods": []}, 1).goods == {}


def heavy(placed: str, net_g: int, service_class: str) -> list[Finding]:
    goods = {**PHONE, "battery": placed, "soc_percent": 30}
    raw = order(goods, carrier="dhl", service_class=service_class)
    raw["products"][0]["customs"] = {"net_g": net_g}
    return [one for one in findings(raw) if one.rule == "R37"]


def test_more_than_a_package_may_hold() -> None:
    (aircraft,) = heavy("alone", 10_000, "express")
    assert (aircraft.severity, aircraft.field) == ("WARN", "products[S0].goods.battery")
    (again, one) = heavy("alone", 10_001, "express")
    assert again == aircraft
    assert "cargo aircraft only" in aircraft.message("en")
    assert (one.severity, one.field) == ("BLOCK", "parcels[0].contents")
    assert (one.value, one.allowed) == ("10001 g", "<= 10000 g")
    assert "at most 10 kg" in one.message("en")
    (likely,) = heavy("built_in", 5_001, "express")
    assert likely.severity == "WARN"


def test_a_battery_alone_is_not_for_the_post() -> None:
    (one,) = findings(order({**PHONE, "battery": "alone", "soc_percent": 30}))

    assert (one.rule, one.severity, one.value) == ("R37", "BLOCK", "UN3480, PI 965 IB")
    assert one.field == "products[S0].goods.battery"


def test_the_express_mail_of_a_post_is_postal_and_an_unknown_way_is_let_pass() -> None:
    alone = {**PHONE, "battery": "alone", "soc_percent": 30}

    assert [one.rule for one in findings(order(alone, service_class="express"))] == ["R37"]
    assert findings(order(alone, carrier=None, service_class=None)) == []


def test_a_class_that_no_row_knows_is_asked_about() -> None:
    (one,) = findings(order({"classes": ["toy"]}))

    assert (one.severity, one.value, one.field) == ("WARN", "toy", "products[S0].goods.classes")
    assert "aerosol, alcohol, blade" in one.allowed


def test_inside_the_country_nobody_asks() -> None:
    assert findings(order({"battery": "alone"}, ship_to={"country": "CN"})) == []


def test_a_row_of_another_shape_is_named() -> None:
    with pytest.raises(InputInvalid) as refused:
        rows_of(({"id": "a", "action": "MAYBE"},), Restriction)

    assert refused.value.fields["path"] == "Restriction"


def test_a_row_without_a_text_of_a_language_says_its_id() -> None:
    bare = {"id": "bare-row", "classes": ("toy",), "action": "WARN", "source": "test"}
    pack = read_folder(resource("customs"))
    tables = {**pack.tables, "restrictions": (bare,)}
    told = check(order({"classes": ["toy"]}), _with(pack, tables), TABLES, NOW)

    assert [one.message("zh") for one in told.findings if one.rule == "R39"] == ["bare-row"]


def _with(pack: Any, tables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a pack
    from msgspec.structs import replace

    return replace(pack, tables=tables)
