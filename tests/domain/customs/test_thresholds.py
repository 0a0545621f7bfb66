"""Every threshold of the law in its own currency: one minor unit below, on and above the line.

Amounts are compared by exact fractions worked out here, in the line's own currency and through a
rate, so nothing is rounded before it is judged (reference: customs, 2.8).
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.facts import fact
from packstation.domain.customs.landed import estimates
from packstation.domain.customs.wanted import form_of
from tests.domain.customs.orders import (
    NOW,
    PACK,
    case,
    case_by,
    line,
    order,
    product,
    told,
)

# Rates of the order alone.
UNRATED: Final = replace(PACK, tables={**PACK.tables, "rates": ()})
DAY: Final = "2026-11-20"
# Destination, scheme, currency of the line, the line, regime up to it, regime above.
LINES: Final = [
    ({"country": "DE", "postcode": "10119"}, "ioss", "EUR", 150, "eu_ioss", "eu_standard"),
    ({"country": "DE", "postcode": "10119"}, None, "EUR", 150, "eu_low_value", "eu_standard"),
    ({"country": "GB", "postcode": "BT1 5GS"}, "ioss", "EUR", 150, "xi_ioss", "xi_standard"),
    ({"country": "GB", "postcode": "SW1A 1AA"}, None, "GBP", 135, "gb_low_value", "gb_standard"),
    ({"country": "AU", "postcode": "2000"}, None, "AUD", 1000, "au_low_value", "au_standard"),
    ({"country": "NZ", "postcode": "6011"}, None, "NZD", 1000, "nz_low_value", "nz_standard"),
    ({"country": "RU"}, None, "EUR", 200, "eaeu_trade_free", "eaeu_trade_dutiable"),
]
IDS: Final = [f"{to['country']}-{scheme}-{worth}" for to, scheme, _, worth, *_ in LINES]
AROUND: Final = st.integers(-300, 300)
RATES: Final = st.decimals("0.01", "500", places=4)


def regime(to: dict[str, Any], scheme: str | None, amount: object, **more: Any) -> str:  # noqa: ANN401 - any part
    currency = more.pop("currency")
    goods = {"lines": [line()], "products": [product(amount=str(amount), currency=currency)]}
    found: str = told("regime", ship_to=to, tax_scheme=scheme, **goods, **more)
    return found


@pytest.mark.parametrize("row", LINES, ids=IDS)
@given(cents=AROUND)
def test_in_the_line_s_own_currency(row: Any, cents: int) -> None:  # noqa: ANN401 - a row above
    to, scheme, currency, worth, low, high = row
    amount = Decimal(worth) + Decimal(cents) / 100
    assert regime(to, scheme, amount, currency=currency) == (low if cents <= 0 else high)


@pytest.mark.parametrize("row", LINES, ids=IDS)
@given(fen=AROUND, rate=RATES)
def test_through_a_rate_of_these_days(row: Any, fen: int, rate: Decimal) -> None:  # noqa: ANN401 - as above
    to, scheme, currency, worth, low, high = row
    near = (Decimal(worth) * rate).quantize(Decimal("0.01")) + Decimal(fen) / 100
    amount = max(near, Decimal("0.01"))
    rates = [{"from": currency, "to": "CNY", "rate": str(rate), "on": DAY}]
    beside = Fraction(amount) / Fraction(rate)
    found = regime(to, scheme, amount, currency="CNY", rates=rates)
    assert found == (low if beside <= worth else high)


def old(row: Any, amount: object, days: int) -> str:  # noqa: ANN401 - a row above
    """The regime where the one rate that there is is so many days old."""
    to, scheme, currency, *_ = row
    on = (case().today - timedelta(days=days)).isoformat()
    rates = [{"from": currency, "to": "CNY", "rate": "9.00", "on": on}]
    goods = {"lines": [line()], "products": [product(amount=str(amount))]}
    one = case_by(UNRATED, ship_to=to, tax_scheme=scheme, rates=rates, **goods)
    found: str = fact(one, one.order, "regime")
    return found


@pytest.mark.parametrize("row", LINES, ids=IDS)
@given(fen=AROUND, days=st.integers(36, 365))
def test_near_the_line_an_old_rate_takes_no_side(row: Any, fen: int, days: int) -> None:  # noqa: ANN401 - as above
    assert old(row, Decimal(row[3] * 9) + Decimal(fen) / 100, days).endswith("_unknown")


@pytest.mark.parametrize("row", LINES, ids=IDS)
def test_a_rate_of_more_than_a_year_takes_no_side_at_all(row: Any) -> None:  # noqa: ANN401 - as above
    for amount in ("1.00", "900000.00"):
        assert old(row, amount, 366).endswith("_unknown")
    assert old(row, "1.00", 365) == row[4]
    assert old(row, "900000.00", 365) == row[5]


@given(fen=st.integers(1, 400_000), rate=RATES)
def test_a_cn22_is_clearly_below_300_sdr(fen: int, rate: Decimal) -> None:
    amount = Decimal(fen) / 100
    rates = [{"from": "XDR", "to": "CNY", "rate": str(rate), "on": DAY}]
    goods = {"lines": [line()], "products": [product(amount=str(amount))]}
    found = form_of(case(rates=rates, **goods))
    assert found == ("cn22" if Fraction(amount) / Fraction(rate) < 285 else "cn23")


@given(sdr=st.integers(1, 40_000))
def test_exactly_300_sdr_is_a_cn23_and_below_the_line_in_sdr_a_cn22(sdr: int) -> None:
    amount = Decimal(sdr) / 100
    goods = {"lines": [line()], "products": [product(amount=str(amount), currency="XDR")]}
    assert form_of(case(**goods)) == ("cn22" if amount < 300 else "cn23")


CODES: Final = ("610910", "6109100010", "61099020", "620610", "6206200000", "732394")


@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=9), st.integers(1, 3))
def test_three_euros_for_each_tariff_item(codes: list[str], pieces: int) -> None:
    goods = {
        "lines": [line(at, f"S{at}", pieces) for at, _ in enumerate(codes, 1)],
        "products": [product(f"S{at}", "10.00", hs=code) for at, code in enumerate(codes, 1)],
    }
    (found,) = (one for one in estimates(case(**goods)) if one.code == "eu-item-duty")
    assert found.amount.currency == "EUR"
    assert found.amount.amount == 3 * len({code[:6] for code in codes})


def rules(**patch: object) -> set[str]:
    found = check(order(**patch), PACK, Tables(), NOW)
    return {f"{one.rule} {one.field}" for one in found.findings}


@given(ore=AROUND, pieces=st.integers(1, 4))
def test_voec_looks_at_each_thing(ore: int, pieces: int) -> None:
    amount = Decimal(3000) + Decimal(ore) / 100
    found = rules(
        ship_to={"country": "NO", "postcode": "0150"},
        ship_from={"ioss": "", "voec": "2012345"},
        tax_scheme="voec",
        lines=[line(quantity=pieces)],
        products=[product(amount=str(amount), currency="NOK")],
    )
    assert ("R29 lines" in found) is (ore > 0)


@given(cents=AROUND)
def test_the_australian_posts_cn22_ends_at_aud_500(cents: int) -> None:
    amount = Decimal(500) + Decimal(cents) / 100
    rates = [{"from": "XDR", "to": "AUD", "rate": "2.00", "on": DAY}]
    goods = {"lines": [line()], "products": [product(amount=str(amount), currency="AUD")]}
    found = form_of(case(carrier="auspost", rates=rates, **goods))
    assert found == ("cn22" if cents <= 0 else "cn23")


@given(fen=st.integers(-300, 300), exact=st.integers(50, 100_000))
def test_declared_and_paid_differ_by_one_per_cent_at_most(fen: int, exact: int) -> None:
    paid = Decimal(exact)
    total = paid * Decimal("1.01") + Decimal(fen) / 100
    found = rules(
        lines=[line()],
        products=[product(amount=str(total))],
        payment={"status": "paid", "total": {"amount": str(paid), "currency": "CNY"}},
        declared_total=None,
    )
    assert any(one.startswith("R23") for one in found) is (abs(total - paid) * 100 > paid)
