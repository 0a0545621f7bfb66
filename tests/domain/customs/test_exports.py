"""Electronic data of parcels: exact, whole, or refused by the name of what lacks."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.customs.list_9610 import COLUMNS, csv_9610
from packstation.domain.catalog import Goods, Product
from packstation.domain.customs.exports import (
    WHYS,
    H7Consignment,
    h7,
    itmatt,
)
from packstation.domain.customs.exports_cn import (
    Declaration,
    List9610,
    ListEntry,
    declaration,
    entry_9610,
    owed_of,
)
from packstation.domain.orders import Address, Payment, Rate
from packstation.domain.quantities import Money
from packstation.i18n import LANGUAGES, load
from tests.documents.samples import ACCENTED, RUSSIAN
from tests.domain.customs.exporting import (
    ELEMENTS,
    EXPORTER,
    LAS_PALMAS,
    NOW,
    PACK,
    cny,
    draft,
    entry,
    item,
    lacking,
    parcel,
    reduced,
    seen,
    thing,
)


def test_the_list_bears_the_exporters_own_code() -> None:
    codes = {"CN": "6109.1000.22", "RU": "6109100099", "FR": "61091000"}
    shirt = thing(hs="610910", hs_national=codes)
    for to in (ACCENTED, RUSSIAN):
        found = entry_9610(parcel(shirt, to=to))
        assert isinstance(found, ListEntry)
        assert found.goods[0].hs == "6109100022"
        (goods,) = draft(parcel(shirt, to=to)).goods
        assert goods.line.hs == "6109100022"
        assert goods.elements == draft(parcel(thing(hs="6109100022"), to=to)).goods[0].elements
    without = thing(hs="6109100010", hs_national={"RU": "6109100099"})
    found = entry_9610(parcel(without, to=RUSSIAN))
    assert isinstance(found, ListEntry)
    assert found.goods[0].hs == "6109100010"


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
    assert lacking(itmatt(parcel(**fields), seen(parcel(**fields)))) == wanted


def test_an_unknown_category_is_named() -> None:
    case = seen(parcel())
    case.pack = replace(PACK, tables={})
    assert lacking(itmatt(parcel(), case))[:1] == ["category"]


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
    one = parcel(thing(**customs))
    assert f"products[TS-1].customs.{field}" in lacking(itmatt(one, seen(one)))


def test_two_currencies_are_no_total() -> None:
    other = thing("TS-2", unit_value=Money(Decimal(5), "EUR"), description="other shirt, cotton")

    one = parcel(thing(), other)
    assert lacking(itmatt(one, seen(one))) == ["products[].customs.unit_value"]


def test_a_low_value_consignment() -> None:
    found = reduced(parcel(freight=cny("3")))

    assert isinstance(found, H7Consignment)
    assert found.procedures == ("C07", "F48")
    assert found.intrinsic == cny("59.90")
    assert found.transport_costs == cny("3")
    assert found.fiscal_references[0].role == "FR5"


@pytest.mark.parametrize(("value", "holds"), [("1230.00", True), ("1230.01", False)])
def test_the_limit_is_judged_in_its_own_currency(value: str, holds: bool) -> None:
    found = reduced(parcel(thing(unit_value=cny(value))))

    assert isinstance(found, H7Consignment) is holds
    if not holds:
        assert lacking(found) == ["declared_total"]


def test_a_consignment_that_is_none_of_h7() -> None:
    for fields, wanted in (
        ({"to": RUSSIAN}, ["ship_to.country"]),
        ({"rates": (), "contents": ((9, 1),)}, ["lines[9]"]),
        ({"to": LAS_PALMAS}, ["ship_to.postcode"]),
    ):
        assert lacking(reduced(parcel(**fields))) == wanted


def eur(amount: str) -> Product:
    return thing(unit_value=Money(Decimal(amount), "EUR"))


def test_where_the_marketplace_collects_the_number_rides_too() -> None:
    for scheme in (None, "ioss"):
        one = parcel(tax_scheme=scheme, marketplace_collects=True)
        assert [r.id for r in item(one).fiscal_references] == ["IM2760000006"]
        found = reduced(one)
        assert isinstance(found, H7Consignment)
        assert (found.procedures, found.fiscal_references[0].role) == (("C07", "F48"), "FR5")
    unnamed = parcel(marketplace_collects=True, sender=replace(EXPORTER, ioss=""), tax_scheme=None)
    assert lacking(reduced(unnamed)) == ["ship_from.ioss"]


def test_where_the_buyer_pays_no_number_rides() -> None:
    found = reduced(parcel(tax_scheme=None))
    assert isinstance(found, H7Consignment)
    assert (found.procedures, found.fiscal_references) == (("C07",), ())
    assert item(parcel(to=RUSSIAN)).fiscal_references == ()
    assert item(parcel(eur("150.01"))).fiscal_references == ()


@pytest.mark.parametrize("on", ["2019-01-02", "2026-11-23"])
def test_a_rate_of_2019_or_of_tomorrow_judges_no_limit(on: str) -> None:
    one = parcel(
        thing(unit_value=cny("4000")),
        rates=(Rate(from_="EUR", to="CNY", rate=Decimal(30), on=on),),
    )
    assert lacking(reduced(one)) == ["declared_total"]
    bare = seen(one)
    bare.pack = replace(PACK, tables={n: t for n, t in PACK.tables.items() if n != "rates"})
    assert lacking(h7(one, bare)) == ["rates"]
    assert lacking(itmatt(one, bare)) == ["rates"]


def test_the_limit_is_judged_unrounded() -> None:
    rate = Rate(from_="EUR", to="CNY", rate=Decimal("1.0001"), on="2026-11-20")
    assert isinstance(
        reduced(parcel(thing(unit_value=cny("150.01")), rates=(rate,))), H7Consignment
    )
    found = reduced(parcel(thing(unit_value=cny("150.02")), rates=(rate,)))
    assert lacking(found) == ["declared_total"]


def test_the_limit_is_of_the_whole_order_not_of_a_parcel() -> None:
    both = parcel(eur("80"), thing("TS-2", unit_value=Money(Decimal(40), "EUR")))
    first = replace(both, contents=((1, 1),), count=2)
    assert lacking(reduced(first)) == ["declared_total"]


def test_excise_goods_are_none_of_h7() -> None:
    wine = eur("20")
    wine = replace(wine, goods=Goods(classes=("alcohol",)))
    assert lacking(reduced(parcel(wine))) == ["products[].goods.classes"]


def test_without_a_declared_value_nobody_can_say() -> None:
    found = reduced(parcel(thing(unit_value=None)))
    assert lacking(found) == ["products[].customs.unit_value"]


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


@pytest.mark.parametrize(
    ("fields", "why", "told"),
    [
        ({"waybill": "1Z999"}, "s10", "1Z999 — не номер S10 почтового отправления"),
        ({"waybill": ""}, "absent", "Нет данных: заполните"),
        ({"gross_g": 174}, "gross", "Вес брутто 174 г меньше веса нетто, нужно: >= 175 g"),
        (
            {"sender": replace(EXPORTER, ioss="IM0000000000")},
            "ioss",
            "Номера IOSS нет или он другого вида",
        ),
    ],
)
def test_what_lacks_is_told_in_words(fields: dict[str, Any], why: str, told: str) -> None:
    one = parcel(**fields)
    found = itmatt(one, seen(one))
    assert isinstance(found, tuple)
    (lack,) = found
    assert lack.why == why
    words = load("ru").say(f"customs.lack.{why}", value=lack.value, allowed=lack.allowed)
    assert words == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    known = {key for key in load(language).texts if key.startswith("customs.lack.")}
    assert known == {f"customs.lack.{why}" for why in WHYS}
