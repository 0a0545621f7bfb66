"""A rate far from what is known, or of a day to come, is asked about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.rate_checks import far_from, far_in_pack, plain
from packstation.domain.customs.rates import RateRow
from tests.domain.customs.orders import NOW, order

PACK = read_folder(resource("customs"))
TODAY = date(2026, 11, 22)


def rate(base: str, quote: str, worth: str, on: date = TODAY) -> RateRow:
    return RateRow(base, quote, Fraction(worth), on)


@pytest.mark.parametrize(
    ("worth", "far"),
    [
        ("8.2", False),
        ("10.66", False),
        ("10.67", True),
        ("82", True),
        ("6.31", False),
        ("6", True),
    ],
)
def test_more_than_the_share_up_or_down_is_far(worth: str, far: bool) -> None:
    known = (rate("EUR", "CNY", "8.2"),)
    found = far_from(rate("EUR", "CNY", worth), (known,), TODAY, Decimal(30), 365)
    assert (found is not None) is far
    turned = far_from(
        RateRow("CNY", "EUR", 1 / Fraction(worth), TODAY), (known,), TODAY, Decimal(30), 365
    )
    assert (turned is not None) is far


def test_what_is_known_for_too_long_says_nothing() -> None:
    known = (rate("EUR", "CNY", "8.2", date(2025, 11, 21)),)
    assert far_from(rate("EUR", "CNY", "82"), (known,), TODAY, Decimal(30), 365) is None
    assert far_from(rate("EUR", "CNY", "82"), (known,), TODAY, Decimal(30), 366) is not None
    assert far_from(rate("EUR", "CNY", "82"), ((),), TODAY, Decimal(30), 365) is None


def test_the_packs_rates_are_asked_across_another_currency_and_ones_own_first() -> None:
    found = far_in_pack(rate("EUR", "CNY", "82"), PACK, TODAY)
    assert found is not None
    assert found.path == ("EUR", "XDR", "CNY")
    assert far_in_pack(rate("EUR", "CNY", "82"), PACK, TODAY, (rate("EUR", "CNY", "80"),)) is None


def test_a_pack_without_the_figures_asks_nothing() -> None:
    assert far_in_pack(rate("EUR", "CNY", "82"), replace(PACK, figures=()), TODAY) is None


def test_it_is_told_with_what_is_known_and_by_its_own_place() -> None:
    rates = ["7", {"from": "EUR", "to": "CNY", "rate": "82", "on": "2026-11-20"}]
    findings = check(order(rates=rates), PACK, Tables(), NOW).findings
    (one,) = [one for one in findings if one.field == "rates[1].rate"]
    assert "EUR/CNY 82 is far from the known 7.73141 (EUR-XDR-CNY 2026-06-23)" in one.message("en")
    assert one.severity == "WARN"


def test_rates_are_shown_as_people_write_them() -> None:
    assert [plain(Fraction(one)) for one in ("82", "1/3", "0.00001", "120000")] == [
        "82",
        "0.333333",
        "0.00001",
        "120000",
    ]
