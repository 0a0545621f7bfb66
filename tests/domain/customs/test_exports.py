"""Electronic data of parcels: exact, whole, or refused by the name of what lacks."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.list_9610 import COLUMNS, csv_9610
from packstation.customs.packs import read_folder
from packstation.domain.catalog import Product
from packstation.domain.customs.exports import (
    H7,
    H7Consignment,
    Itmatt,
    ItmattItem,
    Lack,
    h7,
    itmatt,
    rate_of,
)
from packstation.domain.customs.exports_cn import (
    Declaration,
    Declarations,
    List9610,
    ListEntry,
    declaration,
    entry_9610,
    owed_of,
)
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address, Payment, Rate
from packstation.domain.quantities import Money
from tests.documents.samples import ACCENTED, RUSSIAN, SENDER, papers, product

PACK = read_folder(resource("customs"))
UPU, H7_ROWS, ELEMENTS = (PACK.tables[name] for name in ("upu136", "h7", "cn_elements"))
EU = PACK.groups["EU"]
EXPORTER = replace(
    SENDER, ioss="IM2760000006", customs_code="4401960ABC", uscc="91440101MA5C1PK01G"
)
NOW = "2026-11-22T09:00:00+00:00"


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def thing(sku: str = "TS-1", **customs: Any) -> Product:  # noqa: ANN401 - any field of customs
    found = product(sku, "men's knitted T-shirt, 100% cotton", "6109100010", 175, "59.90")
    fields = {"descriptions": {"zh": "男式针织T恤"}, "material": "cotton", **customs}
    return replace(found, customs=replace(found.customs, **fields))


def parcel(*goods: Product, **fields: Any) -> ParcelPapers:  # noqa: ANN401 - any field
    whole: dict[str, Any] = {
        "sender": EXPORTER,
        "to": ACCENTED,
        "tax_scheme": "ioss",
        "cn_export_mode": "9610",
        "count": 1,
        "payment": Payment(status="paid", total=cny("59.90")),
        "rates": (Rate(from_="EUR", to="CNY", rate=Decimal("8.20"), on="2026-11-20"),),
        "invoice": {"no": "INV-1", "licence": "L-7", "certificate": 12},
    }
    found = papers(*(goods or (thing(),)), **{**whole, **fields})
    lines = tuple(replace(line, unit_price=cny("59.90")) for line in found.order.lines)
    return replace(found, order=replace(found.order, lines=lines))


def lacking(found: object) -> list[str]:
    assert isinstance(found, tuple)
    assert all(isinstance(one, Lack) for one in found)
    return [one.field for one in found]


def item(one: ParcelPapers) -> ItmattItem:
    found = itmatt(one, UPU)
    assert isinstance(found, ItmattItem), found
    return found


def test_an_item_mirrors_the_form() -> None:
    found = item(parcel(thing(), thing("TS-2", hs="610990"), freight=cny("12.00")))

    assert (found.item_id, found.category, found.gross_g) == ("LP123456785CN", "11", 1104)
    assert found.total == cny("179.70")
    assert found.postal_charges == cny("12.00")
    assert [(one.number, one.quantity, one.net_g, one.hs) for one in found.content] == [
        (1, 1, 175, "6109100010"),
        (2, 2, 350, "610990"),
    ]
    assert found.content[1].value == cny("119.80")
    assert found.sender.company.startswith("Guangzhou")
    assert found.addressee.country == "DE"
    assert (found.invoices, found.licences, found.certificates) == (("INV-1",), ("L-7",), ("12",))


def test_the_ioss_number_rides_once_with_its_role() -> None:
    (reference,) = item(parcel()).fiscal_references
    assert (reference.role, reference.id) == ("FR5", "IM2760000006")
    assert item(parcel(tax_scheme=None)).fiscal_references == ()


@pytest.mark.parametrize(
    ("category", "code"),
    [("gift", "31"), ("documents", "91"), ("commercial_sample", "32"), ("other", "999")],
)
def test_categories_are_codes_of_the_list(category: str, code: str) -> None:
    assert item(parcel(category=category)).category == code


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"waybill": "LP123456789CN"}, ["parcels[0].waybill"]),
        ({"waybill": "1Z999"}, ["parcels[0].waybill"]),
        ({"sender": replace(EXPORTER, ioss="IM0000000000")}, ["ship_from.ioss"]),
        ({"sender": replace(EXPORTER, name="", company=" ")}, ["ship_from.name"]),
        ({"to": Address(name="A")}, ["ship_to.lines", "ship_to.city", "ship_to.country"]),
        ({"gross_g": 174}, ["parcels[0].gross_g"]),
        ({"contents": ((9, 1),)}, ["lines[9]"]),
    ],
)
def test_what_lacks_is_named_and_nothing_is_made(fields: dict[str, Any], wanted: list[str]) -> None:
    assert lacking(itmatt(parcel(**fields), UPU)) == wanted


def test_an_unknown_category_is_named() -> None:
    assert lacking(itmatt(parcel(), UPU[1:])) == ["category"]


@pytest.mark.parametrize(
    ("customs", "field"),
    [
        ({"hs": "6109"}, "hs"),
        ({"hs": ""}, "hs"),
        ({"origin": "EU?"}, "origin"),
        ({"unit_value": cny("0")}, "unit_value"),
        ({"description": ""}, "description"),
    ],
)
def test_a_line_that_lacks_something_is_named(customs: dict[str, Any], field: str) -> None:
    assert f"products[TS-1].customs.{field}" in lacking(itmatt(parcel(thing(**customs)), UPU))


def test_two_currencies_are_no_total() -> None:
    other = thing("TS-2", unit_value=Money(Decimal(5), "EUR"), description="other shirt, cotton")

    assert lacking(itmatt(parcel(thing(), other), UPU)) == ["products[].customs.unit_value"]


def test_a_low_value_consignment() -> None:
    found = h7(parcel(freight=cny("3")), H7_ROWS, EU)

    assert isinstance(found, H7Consignment)
    assert found.procedures == ("C07", "F48")
    assert found.intrinsic == cny("59.90")
    assert found.transport_costs == cny("3")
    assert found.fiscal_references[0].role == "FR5"


@pytest.mark.parametrize(("value", "holds"), [("1230.00", True), ("1230.01", False)])
def test_the_limit_is_judged_in_its_own_currency(value: str, holds: bool) -> None:
    found = h7(parcel(thing(unit_value=cny(value))), H7_ROWS, EU)

    assert isinstance(found, H7Consignment) is holds
    if not holds:
        assert lacking(found) == ["declared_total"]


def test_a_consignment_that_is_none_of_h7() -> None:
    assert lacking(h7(parcel(to=RUSSIAN), H7_ROWS, EU)) == ["ship_to.country"]
    assert lacking(h7(parcel(tax_scheme="voec"), H7_ROWS, EU)) == ["tax_scheme"]
    assert lacking(h7(parcel(rates=()), H7_ROWS, EU)) == ["rates"]
    assert lacking(h7(parcel(contents=((9, 1),)), H7_ROWS, EU)) == ["lines[9]"]


def test_rates_are_taken_either_way_the_newest_first() -> None:
    def rate(source: str, target: str, worth: str, on: str) -> Rate:
        return Rate(from_=source, to=target, rate=Decimal(worth), on=on)

    order = parcel(
        rates=(
            rate("EUR", "CNY", "8", "2026-11-01"),
            rate("CNY", "EUR", "0.1", "2026-11-20"),
            rate("USD", "CNY", "0", "2026-11-20"),
        )
    ).order
    assert rate_of(order, "CNY", "EUR") == Fraction(1, 10)
    assert rate_of(order, "EUR", "CNY") == 10
    assert rate_of(order, "USD", "CNY") is None
    assert rate_of(order, "CNY", "USD") is None
    assert rate_of(order, "JPY", "JPY") == 1


def entry(one: ParcelPapers) -> ListEntry:
    found = entry_9610(one)
    assert isinstance(found, ListEntry), found
    return found


def test_an_entry_of_the_9610_list() -> None:
    found = entry(parcel())

    assert (found.order_no, found.customs_code) == ("40112233-0007-1", "4401960ABC")
    assert found.uscc == "91440101MA5C1PK01G"
    assert (found.gross_g, found.net_g) == (1104, 175)
    assert found.payment.total == cny("59.90")
    assert (found.logistics.carrier, found.logistics.waybill) == ("chinapost", "LP123456785CN")
    assert found.goods[0].name == "男式针织T恤"


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"cn_export_mode": "9710"}, ["cn_export_mode"]),
        ({"payment": None}, ["payment.total"]),
        ({"payment": Payment(status="paid")}, ["payment.total"]),
        ({"payment": Payment(status="pending", total=cny("59.90"))}, ["payment.status"]),
        ({"payment": Payment(status="paid", total=cny("59.91"))}, ["payment.total"]),
        (
            {"payment": Payment(status="paid", total=Money(Decimal("59.90"), "USD"))},
            ["payment.total"],
        ),
        ({"freight": cny("1")}, ["payment.total"]),
        ({"discount": cny("1")}, ["payment.total"]),
        ({"freight": Money(Decimal(1), "USD")}, ["lines[].unit_price"]),
        ({"carrier": ""}, ["carrier"]),
        ({"waybill": ""}, ["parcels[0].waybill"]),
        ({"sender": replace(EXPORTER, uscc="91440101MA5C1PK011")}, ["ship_from.uscc"]),
        ({"sender": replace(EXPORTER, customs_code="12")}, ["ship_from.customs_code"]),
        ({"contents": ((9, 1),)}, ["lines[9]"]),
    ],
)
def test_order_payment_and_logistics_must_tell_one_story(
    fields: dict[str, Any], wanted: list[str]
) -> None:
    assert lacking(entry_9610(parcel(**fields))) == wanted


def test_goods_need_ten_digits_and_a_chinese_name() -> None:
    found = entry_9610(parcel(thing(hs="610910", descriptions={})))

    assert lacking(found) == ["products[TS-1].customs.hs", "products[TS-1].customs.descriptions.zh"]


def test_what_an_order_comes_to() -> None:
    order = parcel(freight=cny("5"), insurance=cny("1.005"), discount=cny("0.90")).order

    assert owed_of(order) == cny("65.01")
    bare = replace(order, lines=(replace(order.lines[0], unit_price=None),))
    assert owed_of(bare) is None


def draft(*parcels: ParcelPapers) -> Declaration:
    found = declaration(parcels, ELEMENTS)
    assert isinstance(found, Declaration), found
    return found


def test_a_draft_has_the_elements_that_the_catalogue_knows() -> None:
    found = draft(parcel(thing(brand="Bai|yun")))

    (goods,) = found.goods
    values = {one.name: one.value for one in goods.elements}
    assert values["品名"] == "男式针织T恤"
    assert values["成分含量"] == "cotton"
    assert values["品牌"] == "Bai|yun"
    assert "货号" in goods.open
    assert "品牌" not in goods.open
    assert goods.specification.split("|")[0] == "男式针织T恤"
    assert "Bai/yun" in goods.specification
    assert len(goods.specification.split("|")) == len(goods.elements)


def test_a_draft_is_of_all_parcels() -> None:
    found = draft(parcel(), replace(parcel(), number=2, waybill="LP123456799CN"))

    assert (found.packages, found.gross_g, found.net_g) == (2, 2208, 350)
    assert [one.line.number for one in found.goods] == [1, 2]
    assert found.total == cny("119.80")
    assert found.waybills == ("LP123456785CN", "LP123456799CN")


def test_a_code_without_a_row_takes_the_general_one() -> None:
    elements = draft(parcel(thing(hs="9999999999"))).goods[0].elements
    assert elements[0].name == "品名"
    found = declaration((parcel(),), ())
    assert isinstance(found, Declaration)
    assert found.goods[0].elements == ()


def test_a_draft_lacks_what_it_lacks() -> None:
    assert lacking(declaration((parcel(cn_export_mode=""),), ELEMENTS)) == ["cn_export_mode"]
    assert lacking(declaration((parcel(contents=((9, 1),)),), ELEMENTS)) == ["lines[9]"]


def test_the_list_as_csv() -> None:
    one = entry(parcel(order_id="=cmd|' /C calc'!A0"))
    rows = list(csv.reader(io.StringIO(csv_9610(List9610(prepared_at=NOW, entries=(one,))))))

    assert rows[0] == list(COLUMNS)
    row = dict(zip(*rows, strict=True))
    assert row["order_no"].startswith("'=")
    assert (row["gross_kg"], row["net_kg"]) == ("1.104", "0.175")
    assert (row["hs"], row["total"], row["name"]) == ("6109100010", "59.90", "男式针织T恤")


@given(
    amounts=st.lists(
        st.decimals("0.001", 10**9, places=3, allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=5,
    )
)
def test_amounts_add_up_and_come_back_exactly(amounts: list[Decimal]) -> None:
    goods = [
        thing(f"S{at}", unit_value=Money(amount, "KWD"), description=f"shirt, cotton {at}")
        for at, amount in enumerate(amounts)
    ]
    found = item(parcel(*goods, gross_g=10**6))
    written = msgspec.json.encode(Itmatt(prepared_at=NOW, items=(found,)))

    assert msgspec.json.decode(written, type=Itmatt).items == (found,)
    assert sum(one.value.amount for one in found.content) == found.total.amount
    assert found.total.amount == sum(
        amount * count for count, amount in enumerate(amounts, start=1)
    )


@pytest.mark.parametrize("shape", [Itmatt, H7, List9610, Declarations])
def test_each_document_has_a_schema(shape: type) -> None:
    made = msgspec.json.schema(shape)

    assert shape.__name__ in made["$defs"]
    assert "prepared_at" in json.dumps(made)


def test_all_documents_come_back_as_they_were() -> None:
    consignment = h7(parcel(), H7_ROWS, EU)
    assert isinstance(consignment, H7Consignment)
    for whole in (
        H7(prepared_at=NOW, consignments=(consignment,)),
        List9610(prepared_at=NOW, entries=(entry(parcel()),)),
        Declarations(prepared_at=NOW, declarations=(draft(parcel()),)),
    ):
        assert msgspec.json.decode(msgspec.json.encode(whole), type=type(whole)) == whole
