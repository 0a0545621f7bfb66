"""The invoice as customs get it: every field, sums that add up, pages that do not break rows."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import make_paper
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.quantities import Money
from tests.documents.papers.consignments import A4, asked, goods, letterhead, parcel
from tests.documents.papers.pages import faults, missing, sizes, text
from tests.documents.samples import ACCENTED, CHINESE, RUSSIAN, SENDER

CENT = Decimal("0.01")


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru", "de"])
@pytest.mark.parametrize("count", [1, 20])
def test_its_pages_are_without_fault(fonts: Fonts, language: str, count: int) -> None:
    pdf = make_paper(asked("invoice", parcel(count), language=language), fonts)

    assert faults(pdf, A4) == []


def test_two_hundred_lines_are_pages_with_subtotals(fonts: Fonts) -> None:
    found = make_paper(asked("invoice", parcel(200), language="zh"), fonts)

    assert faults(found, A4) == []
    words, pages = text(found), len(sizes(found))
    assert pages > 5
    assert words.count("Carried forward (转下页)") == pages - 1
    assert words.count("Brought forward (承上页)") == pages - 1
    assert f"Page (页) {pages} / {pages}" in words
    carried = re.findall(r"(?:Carried|Brought) forward \(...\) ([0-9.]+)", words)
    assert carried[0::2] == carried[1::2]


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_every_declared_field_can_be_copied_out_of_it(fonts: Fonts, language: str) -> None:
    sender = replace(SENDER, eori="XI123456789000", vat="GB123456789", uscc="91440101MA5ABCDE1X")
    one = parcel(3, sender=sender, to=RUSSIAN)
    wanted = [
        "COMMERCIAL INVOICE",
        "INV-2026-00417",
        "2026-11-21",
        "LP123456785CN",
        "China Post",
        "40112233-0007-1",
        "DAP Kazan",
        "Sale",
        "Guangzhou Baiyun Trading Co., Ltd. 广州白云贸易有限公司",
        "Room 1203, Building 5, 88 Huangbian North Road",
        "510440 Guangzhou, Guangdong",
        "CHINA",
        "+86 20 8888 0000",
        "EORI: XI123456789000",
        "VAT: GB123456789",
        "USCC: 91440101MA5ABCDE1X",
        "Анна Сергеевна Кузнецова-Вознесенская",
        "420015 Казань, Республика Татарстан",
        "RUSSIA",
        "men's knitted T-shirt, 100% cotton",
        "TS-001 · Baiyun",
        "610910",
        "2 pcs",
        "0.176",
        "60.90",
        "121.80",
        "Lin Yue",
        "Page",
    ]
    assert missing(make_paper(asked("invoice", one, language=language), fonts), wanted) == []


def test_the_destinations_language_stands_in_brackets(fonts: Fonts) -> None:
    found = make_paper(asked("invoice", parcel(3), language="ru"), fonts)

    assert missing(found, ["(кружка эмалированная)", "Discount (Скидка)", "Счёт №"]) == []


def test_sums_are_right_by_another_reckoning(fonts: Fonts) -> None:
    words = text(make_paper(asked("invoice", parcel(20)), fonts))

    values = [
        ((Decimal("59.90") + at) * (at + 1)).quantize(CENT, ROUND_HALF_UP) for at in range(20)
    ]
    total = sum(values) - Decimal("12.30") + 35 + Decimal("4.50")
    assert all(f" {value} " in words for value in values)
    assert f"Goods {sum(values)}" in words
    assert "Discount -12.30" in words
    assert f"Invoice total {total} CNY" in words
    assert f"Pieces of goods {sum(range(1, 21))}" in words


@pytest.mark.parametrize(
    ("currency", "unit"), [("JPY", "1500"), ("KWD", "1.250"), ("EUR", "0.125")]
)
def test_amounts_have_the_decimals_of_their_currency(
    fonts: Fonts, currency: str, unit: str
) -> None:
    one = goods(1)[0]
    value = Money(Decimal(unit), currency)
    dear = replace(one, customs=replace(one.customs, unit_value=value))
    one_parcel = parcel(goods=(dear,), freight=None, insurance=None, discount=None)
    words = text(make_paper(asked("invoice", one_parcel), fonts))

    assert f" {unit} " in words
    shown = {"JPY": "1500 JPY", "KWD": "1.250 KWD", "EUR": "0.13 EUR"}[currency]
    assert f"Invoice total {shown}" in words


def test_without_a_number_it_goes_by_the_orders_as_the_rule_says(fonts: Fonts) -> None:
    one = parcel(invoice=None)
    words = text(make_paper(asked("invoice", one), fonts))

    assert f"Invoice No. {one.order.order_id}" in words
    with_form = text(make_paper(asked("cn23", one), fonts))
    assert one.order.order_id in with_form


def test_a_proforma_goes_by_the_order_and_says_that_it_is_none(fonts: Fonts) -> None:
    one = parcel(1, invoice={"no": True}, category="commercial_sample")
    words = text(make_paper(asked("proforma", one), fonts))

    assert "PROFORMA INVOICE" in words
    assert "Invoice No. 40112233-0007-1" in words
    assert "Values are for customs purposes only" in words
    assert "COMMERCIAL" not in words


def test_the_tax_schemes_number_is_never_on_it(fonts: Fonts) -> None:
    buyer = replace(ACCENTED, ioss="IM2760000742")
    one = parcel(2, sender=replace(SENDER, ioss="IM2760000742"), to=buyer)

    assert "IM276" not in text(make_paper(asked("invoice", one, language="de"), fonts))


def test_a_buyer_who_is_another_is_named_beside_the_consignee(fonts: Fonts) -> None:
    buyer = {"id": "b-1", "name": "Nord Handel GmbH", "city": "Kiel", "country": "DE", "lines": []}
    words = text(make_paper(asked("invoice", parcel(1, buyer=buyer)), fonts))

    assert "Sold to Nord Handel GmbH" in words


def test_a_letterhead_stands_above_it_and_signs_it(fonts: Fonts) -> None:
    found = make_paper(asked("invoice", parcel(3), language="ru", template=letterhead()), fonts)

    assert faults(found, A4) == []
    wanted = ["Baiyun Trading 白云贸易", "Bank: Example Bank", "Спасибо за покупку"]
    assert missing(found, wanted) == []


def test_a_description_no_page_holds_is_refused_by_name(fonts: Fonts) -> None:
    one = goods(1)[0]
    endless = replace(one, customs=replace(one.customs, description="steel mug " * 2000))

    with pytest.raises(FormOverflow) as refused:
        make_paper(asked("invoice", parcel(goods=(endless,))), fonts)

    assert refused.value.fields["field"] == "products[TS-000].customs.description"


def test_long_descriptions_go_over_pages_whole(fonts: Fonts) -> None:
    long = [
        replace(one, customs=replace(one.customs, description=f"no. {at}: " + "steel mug " * 60))
        for at, one in enumerate(goods(12))
    ]
    found = make_paper(asked("invoice", parcel(goods=long)), fonts)

    assert faults(found, A4) == []
    assert missing(found, [f"no. {at}: steel mug" for at in range(12)]) == []


def test_a_row_that_does_not_fit_below_the_parties_starts_the_next_page(fonts: Fonts) -> None:
    one = goods(1)[0]
    tall = replace(one, customs=replace(one.customs, description="steel mug " * 260))
    found = make_paper(asked("invoice", parcel(goods=(tall,))), fonts)

    assert faults(found, A4) == []
    assert len(sizes(found)) >= 2


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=300),
    st.text(max_size=120),
    st.dictionaries(st.sampled_from(["no", "date"]), st.text(max_size=60) | st.integers()),
    st.dictionaries(st.sampled_from(["name", "country", "lines"]), st.text(max_size=40)),
)
def test_hostile_strings_are_printed_or_named(
    fonts: Fonts, words: str, name: str, numbers: dict[str, object], buyer: dict[str, str]
) -> None:
    one = goods(1)[0]
    hostile = replace(one, customs=replace(one.customs, description=words, material=name))
    to = replace(CHINESE, name=name, city=words)
    asking = asked("invoice", parcel(goods=(hostile,), to=to, invoice=numbers, buyer=buyer))
    try:
        found = make_paper(asking, fonts)
    except DocumentError as refused:
        named = refused.fields["field"]
    else:
        named = not faults(found, A4)
    assert named
