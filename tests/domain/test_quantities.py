"""Mass, size and money are exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.errors import InputInvalid
from packstation.domain.quantities import Money, Size, grams_exact, minor_units, whole

AMOUNTS = st.decimals(-10_000, 10_000, places=4)


def cny(text: str) -> Money:
    return Money(Decimal(text), "CNY")


@pytest.mark.parametrize(
    ("value", "unit", "grams"),
    [
        ("1.250", "kg", "1250.000"),
        ("1", "lb", "453.59237"),
        ("27.0", "oz", "765.4371243750"),
        ("2", "jin", "1000"),
    ],
)
def test_units_convert_exactly(value: str, unit: str, grams: str) -> None:
    assert grams_exact(Decimal(value), unit) == Decimal(grams)


def test_an_unknown_unit_names_what_is_allowed() -> None:
    with pytest.raises(InputInvalid) as caught:
        grams_exact(Decimal(1), "stone")
    assert caught.value.fields["value"] == "stone"
    assert "kg" in str(caught.value.fields["allowed"])


@pytest.mark.parametrize(("value", "rounded"), [("0.5", 1), ("1.49", 1), ("-0.5", -1), ("2", 2)])
def test_grams_round_half_up(value: str, rounded: int) -> None:
    assert whole(Decimal(value)) == rounded


@given(AMOUNTS, AMOUNTS)
def test_money_adds_without_loss(one: Decimal, other: Decimal) -> None:
    total = Money(one, "EUR") + Money(other, "EUR")
    assert total - Money(other, "EUR") == Money(one, "EUR")
    assert total.amount == one + other


def test_money_multiplies_and_rounds_by_its_currency() -> None:
    assert (cny("1.005") * 3).rounded() == cny("3.02")
    assert Money(Decimal("10.5"), "JPY").rounded().amount == 11
    assert minor_units("KWD") == 3


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(InputInvalid):
        cny("1") + Money(Decimal(1), "USD")


@pytest.mark.parametrize(
    ("amount", "currency"), [("1", "ABC"), ("NaN", "CNY"), ("Infinity", "EUR")]
)
def test_money_refuses_what_is_no_money(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="allowed"):
        Money(Decimal(amount), currency)


def test_sides_sort_longest_first() -> None:
    size = Size(120, 300, 200)
    assert size.sorted_mm == (300, 200, 120)
    assert size.volume_mm3 == 7_200_000
