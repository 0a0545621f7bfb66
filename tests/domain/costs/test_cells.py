"""Cells of invoices: figures are exact, and what is no figure is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.costs import cells
from packstation.domain.costs.maps import InvoiceMap
from packstation.domain.errors import InputInvalid
from packstation.domain.records import decode_one
from tests.domain.costs.invoices import rule

HOSTILE = (
    "=SUM(A1:A9)",
    "+1-1",
    "@cmd",
    '=HYPERLINK("http://x")',
    "<b>12</b>",
    "<script>alert(1)</script>",
    "12 34",
    "1e9",
    "NaN",
    "Infinity",
    "--5",
    "(-5)",
    "-5-",
    "1.2.3",
    "1,23",
    "12,3456",
    "0x10",
    "\u0661\u0662",
    "12.34567",
    "12.34567000000001",
    "=.340000000000002",
    "1234567890123",
    "",
    "-",
    "USD 5",
    "5 元",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(cells.Odd, match="an amount in CNY"):
        cells.amount(text, "CNY", rule())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.34", "12.34"),
        (" 1,234.50 ", "1234.50"),
        ("1 234.50", "1234.50"),
        ("1'234'567", "1234567"),
        ("¥12.3", "12.3"),
        ("￥ 12", "12"),
        ("12.00 CNY", "12.00"),
        ("CNY-12", "-12"),
        ("-¥12", "-12"),
        ("(12.00)", "-12.00"),
        ("12-", "-12"),
        ("\u221212", "-12"),
        ("0", "0"),
        ("-0", "0"),
        ("0.0835", "0.0835"),
        ("12.340000000000002", "12.34"),
        ("0.29999999999999999", "0.3"),
        ("100.00000000000001", "100"),
    ],
)
def test_an_amount_as_people_write_it(text: str, value: str) -> None:
    assert f"{cells.amount(text, 'CNY', rule()):f}" == value


def test_a_comma_is_a_point_where_the_map_says_so() -> None:
    german = rule(decimal=",", currency="EUR")
    assert cells.amount("1.234,50 €", "EUR", german) == Decimal("1234.50")
    with pytest.raises(cells.Odd, match="1234,50"):
        cells.amount("1234.5", "EUR", german)


@given(st.decimals("-9999999", "9999999", places=2))
def test_any_amount_comes_back(value: Decimal) -> None:
    for text in (f"{value:f}", f"{value:,.2f}", f"¥{value:,.2f}"):
        assert cells.amount(text, "CNY", rule()) == value
    swapped = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert cells.amount(swapped, "CNY", rule(decimal=",")) == value


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    readers: tuple[Callable[[], object], ...] = (
        lambda: cells.amount(text, "CNY", rule()),
        lambda: cells.grams(text, rule()),
        lambda: cells.millimetres(text, rule()),
        lambda: cells.waybill(text),
        lambda: cells.day(text, rule()),
        lambda: cells.currency(text),
        lambda: cells.word(text),
    )
    for read in readers:
        with suppress(cells.Odd):
            assert read() is not None


def test_weights_and_sides_in_the_maps_units() -> None:
    assert cells.grams("0.512", rule()) == Decimal(512)
    assert cells.grams("512 g", rule(weight_unit="g")) == Decimal(512)
    assert cells.grams("1.1 LB", rule(weight_unit="lb")) == Decimal("498.951607")
    assert cells.millimetres("30.5", rule()) == Decimal(305)
    assert cells.millimetres("12 in", rule(side_unit="in")) == Decimal("304.8")
    for text in ("0", "-1", "=1", "1e3", "9999999"):
        with pytest.raises(cells.Odd, match="a weight in kg"):
            cells.grams(text, rule())
        with pytest.raises(cells.Odd, match="a side in cm"):
            cells.millimetres(text, rule())


def test_waybill_numbers() -> None:
    assert cells.waybill(" lp 123456785 cn ") == "LP123456785CN"
    assert cells.waybill("40112233-0007-1") == "40112233-0007-1"
    with pytest.raises(cells.Odd, match="a spreadsheet has cut it"):
        cells.waybill("1.23457E+15")
    for text in ("", "AB", "=A1+B1", "<b>LP1</b>", "X" * 41, "12/34/56"):
        with pytest.raises(cells.Odd, match="a waybill number"):
            cells.waybill(text)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-11-30", "ymd"),
        ("2026/11/30 08:15:00", "ymd"),
        ("2026-11-30T08:15:00", "dmy"),
        ("2026年11月30日", "ymd"),
        ("30.11.2026", "dmy"),
        ("11/30/2026", "mdy"),
    ],
)
def test_days(text: str, order: str) -> None:
    assert cells.day(text, rule(dates=order)) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["30.11.2026", "2026-13-01", "11/30/26", "soon", "45991", ""])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(cells.Odd, match="a day"):
        cells.day(text, rule())


def test_currencies_and_words() -> None:
    assert [cells.currency(one) for one in ("cny", "RMB", "人民币", " usd ")] == [
        "CNY",
        "CNY",
        "CNY",
        "USD",
    ]
    assert cells.word(" Zone 3 ") == "Zone 3"
    for read, text in ((cells.currency, "YUAN"), (cells.word, "=1"), (cells.word, "a\nb")):
        with pytest.raises(cells.Odd):
            read(text)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"currency": "RMB"}, "currency"),
        ({"columns": {"waybill": ["W"]}}, "columns.total"),
        ({"columns": {"waybill": [], "total": ["T"]}}, "columns.waybill"),
        ({"columns": {"waybill": ["W"], "total": ["T"], "code": ["C"]}}, "columns.code"),
        ({"layout": "charge"}, "columns"),
        (
            {
                "layout": "charge",
                "columns": {"waybill": ["W"], "code": ["C"], "amount": ["A"], "total": ["T"]},
            },
            "amounts",
        ),
        ({"colums": {}}, "colums"),
        ({"tolerance": {"percent": "200"}}, "tolerance.percent"),
    ],
)
def test_a_map_that_cannot_be_is_refused(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        rule(**changes)
    assert str(caught.value.fields["path"]).startswith(path)


def test_a_map_names_every_column_it_speaks_of() -> None:
    raw = {"carrier": "x", "columns": {"waybill": ["W"]}, "amounts": {"fuel": ["F", "G"]}}
    found = decode_one(raw, InvoiceMap)
    assert list(found.wanted()) == [("waybill", ("W",)), ("amounts.fuel", ("F", "G"))]
