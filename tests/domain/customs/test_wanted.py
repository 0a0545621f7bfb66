from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from packstation.domain.customs.wanted import form_of, paper_set, per_of
from tests.domain.customs.orders import PACK, case, case_by, line, product, worth


def kinds(**patch: object) -> list[str]:
    return [one.kind for one in paper_set(case(**patch))]


def parcel(**changed: object) -> dict[str, Any]:
    sides = {"length_mm": 300, "width_mm": 200, "height_mm": 120}
    return {"gross_g": 458, **sides, **changed}


def many(count: int) -> dict[str, Any]:
    """An order of so many different things."""
    skus = [f"S{one}" for one in range(count)]
    return {
        "lines": [line(at, sku) for at, sku in enumerate(skus, 1)],
        "products": [product(sku, "1.00") for sku in skus],
        "parcels": [parcel(contents=[])],
    }


def test_a_small_packet_of_small_value_gets_a_cn22_and_a_slip() -> None:
    assert kinds() == ["cn22", "slip"]


# 1 XDR = 9.60 CNY: 300 XDR = 2880 CNY, the band of 5 % begins at 2736 CNY.
@pytest.mark.parametrize(
    ("amount", "form"),
    [("2735.99", "cn22"), ("2736.00", "cn23"), ("2880.00", "cn23"), ("2879.99", "cn23")],
)
def test_near_300_sdr_it_is_a_cn23(amount: str, form: str) -> None:
    assert form_of(case(**worth(amount))) == form


@pytest.mark.parametrize(("grams", "form"), [(2000, "cn22"), (2001, "cn23")])
def test_letter_post_ends_at_two_kilograms(grams: int, form: str) -> None:
    assert form_of(case(parcels=[parcel(gross_g=grams)])) == form


@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        (4, ["cn22", "slip"]),
        (5, ["cn23", "invoice", "slip"]),
        (9, ["cn23", "invoice", "slip"]),
    ],
)
def test_what_does_not_fit_a_cn22_goes_on_a_cn23_with_an_invoice(
    count: int, wanted: list[str]
) -> None:
    assert kinds(**many(count)) == wanted


def test_a_gift_of_too_many_kinds_has_a_proforma_beside_its_cn23() -> None:
    assert kinds(category="gift", **many(9)) == ["cn23", "proforma", "slip"]
    assert kinds(category="gift", **many(8)) == ["cn23", "slip"]


def test_without_any_rate_nobody_says_that_it_is_under_the_line() -> None:
    assert form_of(case(rates=[], **worth("10.00", "KZT"))) == "cn23"


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        ({"service": "ems"}, ["cn23", "invoice", "slip"]),
        ({"service_class": "express"}, ["cn23", "invoice", "slip"]),
        ({"service_class": "express", "carrier": "dhl"}, ["invoice", "slip"]),
        ({"service_class": None, "carrier": "ups"}, ["invoice", "slip"]),
        ({"service_class": "dedicated_line", "carrier": "yanwen"}, ["invoice", "slip"]),
        ({"service_class": "freight", "carrier": "sea"}, ["invoice", "slip"]),
        ({"service_class": None, "carrier": None}, ["cn22", "slip"]),
        ({"service_class": None, "carrier": "nobody"}, ["invoice", "slip"]),
        ({"service_class": "postal", "carrier": "nobody"}, ["cn22", "slip"]),
        ({"carrier": "hongkongpost"}, ["cn22", "invoice", "slip"]),
        ({"options": ["invoice"]}, ["cn22", "invoice", "slip"]),
        ({"options": ["packing_list"]}, ["cn22", "packing-list", "slip"]),
        ({"parcels": [parcel(), parcel()]}, ["cn22", "packing-list", "slip"]),
        ({"category": "returned_goods"}, ["cn22", "returns", "slip"]),
        ({"ship_to": {"country": "CN"}}, ["slip"]),
    ],
)
def test_papers_follow_who_carries_what(patch: dict[str, Any], wanted: list[str]) -> None:
    assert kinds(**patch) == wanted


def test_a_courier_s_sale_has_three_invoices_or_none_on_paper() -> None:
    courier: dict[str, Any] = {"service_class": "express", "carrier": "dhl"}
    (invoice, _) = paper_set(case(**courier))
    assert (invoice.copies, invoice.electronic) == (3, False)
    (invoice, _) = paper_set(case(options=["paperless"], **courier))
    assert (invoice.copies, invoice.electronic) == (1, True)
    (proforma, _) = paper_set(case(category="commercial_sample", **courier))
    assert proforma.kind == "proforma"


@pytest.mark.parametrize(
    ("patch", "form"),
    [
        ({}, "cn22"),
        ({"parcels": [parcel(length_mm=600, width_mm=200, height_mm=100)]}, "cn22"),
        ({"parcels": [parcel(length_mm=601, width_mm=100, height_mm=100)]}, "cn23"),
        ({"parcels": [parcel(length_mm=500, width_mm=300, height_mm=101)]}, "cn23"),
        ({"parcels": [parcel(length_mm=None, width_mm=None, height_mm=None)]}, "cn23"),
        (worth("500.00", "AUD"), "cn22"),
        (worth("500.01", "AUD"), "cn23"),
    ],
)
def test_a_post_has_caps_of_its_own(patch: dict[str, Any], form: str) -> None:
    pairs = (("AUD", "XDR", "0.5"), ("AUD", "CNY", "4.7"), ("XDR", "CNY", "9.6"))
    rates = [
        {"from": base, "to": quote, "rate": rate, "on": "2026-11-20"} for base, quote, rate in pairs
    ]
    patch = {"carrier": "auspost", "rates": rates, **patch}
    assert form_of(case(**patch)) == form


def test_copies_and_paper_follow_the_post_and_what_is_loaded() -> None:
    (cn23, *_) = paper_set(case(service="parcel", carrier="azerpost"))
    assert (cn23.copies, cn23.width_mm, cn23.height_mm, cn23.printer) == (4, 210, 148, "papers")
    (cn22, *_) = paper_set(case())
    assert (cn22.width_mm, cn22.height_mm, cn22.printer) == (101.6, 152.4, "label")
    (cn22, *_) = paper_set(case(bench={"stock": None}))
    assert (cn22.width_mm, cn22.height_mm) == (74, 105)


def test_rows_may_name_a_destination_and_days() -> None:
    rows: tuple[dict[str, Any], ...] = (
        {"slot": "a", "kind": "sli", "to": ["US"]},
        {"slot": "b", "kind": "sli", "to": ["EU"], "valid_to": "2026-11-21"},
        {"slot": "c", "kind": "origin", "to": ["EU"], "valid_from": "2026-11-22"},
        {"slot": "d", "kind": "returns", "when": [{"fact": "freight", "is": "absent"}]},
        {"slot": "e", "kind": "slip", "when": [{"fact": "note", "is": "eq", "than": "x"}]},
    )
    pack = replace(PACK, tables={**PACK.tables, "forms": rows})
    assert [one.kind for one in paper_set(case_by(pack))] == ["origin", "returns"]
    assert form_of(case_by(pack)) is None


def test_every_row_says_for_what_its_paper_is() -> None:
    rows = [row for row in PACK.tables["forms"] if row["kind"]]
    assert [row["slot"] for row in rows if "per" not in row] == []
    assert {row["kind"] for row in rows if row["per"] == "parcel"} == {
        *("cn22", "cn23", "battery", "slip", "compliance")
    }


def test_a_table_that_does_not_say_it_goes_by_custom() -> None:
    rows: tuple[dict[str, Any], ...] = (
        {"slot": "a", "kind": "battery-preprinted"},
        {"slot": "b", "kind": "invoice"},
        {"slot": "c", "kind": "sli", "per": "parcel"},
    )
    pack = replace(PACK, tables={**PACK.tables, "forms": rows})
    found = [(one.kind, one.per, one.mark) for one in paper_set(case_by(pack))]
    assert found == [
        ("battery-preprinted", "parcel", "battery-mark"),
        ("invoice", "consignment", ""),
        ("sli", "parcel", ""),
    ]
    told = [per_of(pack.tables, kind) for kind in ("battery-preprinted", "sli", "slip", "origin")]
    assert told == ["parcel", "parcel", "parcel", "consignment"]


@pytest.mark.parametrize(
    ("number", "kinds"), [(1, ["battery"]), (2, []), (3, ["battery"]), (None, ["battery"])]
)
def test_a_mark_is_wanted_of_the_box_that_bears_one(number: int | None, kinds: list[str]) -> None:
    each = [{"fact": "gross_g", "is": "gt", "than": 500}]
    rows = ({"slot": "a", "kind": "battery", "each": each},)
    pack = replace(PACK, tables={**PACK.tables, "forms": rows})
    boxes = [parcel(gross_g=501), parcel(gross_g=500)]
    bench = {"parcel": number}
    assert [one.kind for one in paper_set(case_by(pack, parcels=boxes, bench=bench))] == kinds
    assert [one.kind for one in paper_set(case_by(pack, parcels=[]))] == ["battery"]


@pytest.mark.parametrize(
    ("energy", "placed", "wanted"),
    [
        ("11.4", "alone", ["battery-preprinted", "class-9"]),
        ("160", "built_in", ["class-9"]),
        ("11.4", "packed_with", ["battery-preprinted"]),
    ],
)
def test_beside_marks_on_red_stock_the_class_9_label_is_a_paper(
    energy: str, placed: str, wanted: list[str]
) -> None:
    row = {"slot": "battery", "kind": "battery-preprinted", "printer": "label"}
    battery = {"battery": placed, "battery_type": "li_ion", "battery_wh": energy}
    goods = {**battery, "battery_cells": 1, "battery_count": 3, "un383": "T", "soc_percent": 30}
    sold = {"products": [{**product("A", "1.00"), "goods": goods}], "lines": [line(1, "A")]}
    for parcels in ([parcel(contents=[])], []):  # packed, and before the first box
        told = case(**sold, parcels=parcels)
        told.pack = replace(PACK, tables={**PACK.tables, "forms": [row]})
        assert [one.kind for one in paper_set(told)] == wanted

    told = case(products=[{**product("A", "1.00"), "goods": goods}], lines=[line(1, "A")])
    told.pack = replace(PACK, tables={**PACK.tables, "forms": [row]})
    assert [one.kind for one in paper_set(told)] == wanted


@pytest.mark.parametrize(("placed", "wanted"), [("alone", ["cargo-only"]), ("packed_with", [])])
def test_a_site_with_orange_stock_asks_for_the_label_cargo_aircraft_only(
    placed: str, wanted: list[str]
) -> None:
    held = [{"fact": "cargo_only", "is": "eq", "than": True}]
    row = {"slot": "cargo", "kind": "cargo-only", "when": held, "each": held, "confirm": True}
    battery = {"battery": placed, "battery_type": "li_ion", "battery_wh": "11.4"}
    goods = {**battery, "battery_cells": 1, "battery_count": 3, "un383": "T", "soc_percent": 30}
    boxes = [parcel(contents=[{"line": 1, "quantity": 1}])]
    sold = [{**product("A", "1.00"), "goods": goods}]
    told = case(products=sold, lines=[line(1, "A")], parcels=boxes)
    told.pack = replace(PACK, tables={**PACK.tables, "forms": [row]})
    found = paper_set(told)
    assert [one.kind for one in found] == wanted
    assert all((one.per, one.mark) == ("parcel", "cargo-only") for one in found)
