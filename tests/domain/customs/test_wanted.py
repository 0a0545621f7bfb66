from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from packstation.domain.customs.wanted import form_of, paper_set
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
        ({"service_class": None, "carrier": None}, ["cn22", "slip"]),
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
