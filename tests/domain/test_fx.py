"""Exchange rates: exact, crossed once, dated, and refused when they are too old."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.fx import (
    Ageing,
    Converted,
    FxTable,
    NoRate,
    rounded,
    row_of,
    working_days_between,
)
from packstation.domain.orders import Rate
from packstation.domain.quantities import Money

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


def rate(pair: str, number: str, on: str = "2026-11-20", **more: str) -> Rate:
    base, quote = pair.split("/")
    return Rate(from_=base, to=quote, rate=Decimal(number), on=on, **more)  # type: ignore[arg-type]


def money(amount: str, currency: str = "CNY") -> Money:
    return Money(Decimal(amount), currency)


def converted(table: FxTable, amount: Money, to: str, day: date = MONDAY) -> Converted:
    found = table.convert(amount, to, day)
    assert isinstance(found, Converted)
    return found


def test_the_same_currency_needs_no_rate_and_is_not_rounded() -> None:
    found = converted(FxTable(()), money("1.005", "EUR"), "EUR")
    assert (found.money, found.rates, found.age, found.on) == (
        money("1.005", "EUR"),
        (),
        "fresh",
        None,
    )


def test_a_rate_serves_both_ways_and_is_named_as_it_was_given() -> None:
    table = FxTable([rate("EUR/CNY", "8.2", source="ECB")])
    there = converted(table, money("10", "EUR"), "CNY")
    back = converted(table, money("82"), "EUR")
    assert (there.money, back.money) == (money("82.00"), money("10.00", "EUR"))
    assert there.rates == back.rates == ("EUR/CNY 2026-11-20 ECB",)
    assert there.on == FRIDAY


def test_a_cross_is_rounded_once() -> None:
    """Rounding the yuan first would give 1.11 RUB more for every line."""
    table = FxTable([rate("EUR/CNY", "8.123"), rate("EUR/RUB", "91.7")])
    found = converted(table, money("0.005"), "RUB")
    assert found.exact == Fraction("0.005") / Fraction("8.123") * Fraction("91.7")
    assert (found.money, len(found.rates)) == (money("0.06", "RUB"), 2)


def test_of_a_pair_the_newest_counts_and_no_day_to_come() -> None:
    rows = [rate("USD/CNY", "7.1", "2026-11-18"), rate("USD/CNY", "7.2", "2026-11-20")]
    table = FxTable([*rows, rate("USD/CNY", "9.9", "2026-11-24")])
    assert converted(table, money("1", "USD"), "CNY").money == money("7.20")


def test_a_rate_ages_in_working_days() -> None:
    table = FxTable([rate("USD/CNY", "7.2")])
    ages = {
        days: table.convert(money("1", "USD"), "CNY", FRIDAY + timedelta(days=days))
        for days in (0, 3, 5, 6, 14, 17)
    }
    told = [one.age if isinstance(one, Converted) else "refused" for one in ages.values()]
    assert told == ["fresh", "fresh", "fresh", "amber", "amber", "refused"]
    refused = ages[17]
    assert refused == NoRate("USD", "CNY", FRIDAY)


def test_how_old_is_too_old_is_the_shops() -> None:
    table = FxTable([rate("USD/CNY", "7.2")], Ageing(amber=0, refused=1))
    tuesday = MONDAY + timedelta(days=1)
    assert converted(table, money("1", "USD"), "CNY").age == "amber"
    assert isinstance(table.convert(money("1", "USD"), "CNY", tuesday), NoRate)


def test_nothing_is_guessed() -> None:
    assert FxTable(()).convert(money("1", "KZT"), "CNY", MONDAY) == NoRate("KZT", "CNY", None)


def test_an_agreed_rate_goes_before_a_newer_published_one_up_to_its_last_day() -> None:
    agreed = rate("USD/CNY", "7.0", "2026-09-01", kind="contract", until="2026-11-24", source="BoC")
    table = FxTable([agreed, rate("USD/CNY", "7.2")])
    found = converted(table, money("1", "USD"), "CNY")
    assert (found.money, found.age) == (money("7.00"), "fresh")
    assert found.rates == ("USD/CNY 2026-09-01 BoC contract to 2026-11-24",)
    after = converted(table, money("1", "USD"), "CNY", date(2026, 11, 25))
    assert after.money == money("7.20")
    alone = converted(FxTable([agreed]), money("1", "USD"), "CNY", date(2026, 12, 1))
    assert alone.age == "amber"


def test_a_fresh_cross_goes_before_an_old_direct_rate() -> None:
    old = rate("USD/CNY", "6.0", "2026-10-01")
    fresh = [rate("EUR/CNY", "8.2"), rate("EUR/USD", "1.025")]
    assert converted(FxTable([old, *fresh]), money("1", "USD"), "CNY").money == money("8.00")


def test_declared_values_get_a_rate_to_every_currency_that_is_known() -> None:
    table = FxTable(
        [rate("EUR/CNY", "8"), rate("EUR/RUB", "80"), rate("KZT/CNY", "0.01", "2026-01-01")]
    )
    found = {(one.from_, one.to): one.rate for one in table.rates_from(["CNY"], MONDAY)}
    assert found == {("CNY", "EUR"): Decimal("0.125"), ("CNY", "RUB"): Decimal(10)}
    assert table.currencies == ("CNY", "EUR", "KZT", "RUB")


@pytest.mark.parametrize(
    "wrong",
    [
        rate("EUR/EUR", "1"),
        rate("EUR/XXX", "1"),
        rate("EUR/CNY", "0"),
        rate("EUR/CNY", "NaN"),
        rate("EUR/CNY", "8", "yesterday"),
        rate("EUR/CNY", "8", kind="contract", until="soon"),
    ],
)
def test_what_is_no_rate_is_left_out(wrong: Rate) -> None:
    assert row_of(wrong) is None
    assert FxTable([wrong]).currencies == ()


def test_half_a_unit_goes_away_from_zero() -> None:
    assert rounded(Fraction("0.005"), "CNY") == money("0.01")
    assert rounded(Fraction("-0.005"), "CNY") == money("-0.01")
    assert rounded(Fraction("0.5"), "JPY") == money("1", "JPY")


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-10, 400))
def test_working_days_are_counted_as_one_by_one(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    days = (first + timedelta(days=one) for one in range(1, more + 1))
    assert working_days_between(first, last) == sum(day.weekday() < 5 for day in days)


AMOUNTS = st.decimals("-1000000", "1000000", places=2, allow_nan=False)
NUMBERS = st.decimals("0.0001", "10000", places=4, allow_nan=False)


@given(AMOUNTS, NUMBERS, NUMBERS)
def test_there_and_back_is_the_same_amount_exactly(
    amount: Decimal, first: Decimal, second: Decimal
) -> None:
    table = FxTable([rate("EUR/CNY", str(first)), rate("EUR/RUB", str(second))])
    there = converted(table, Money(amount, "CNY"), "RUB")
    assert there.exact * Fraction(first) / Fraction(second) == Fraction(amount)
    assert abs(Fraction(there.money.amount) - there.exact) <= Fraction(1, 200)
