from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.customs.case import Case
from packstation.domain.customs.rates import best_way, rows_of, sets_of
from packstation.domain.customs.worth import Judged, clearly_below, gap, judged, near
from packstation.domain.quantities import Money
from tests.domain.customs.orders import PACK, case_by

TODAY = date(2026, 11, 22)
BARE = replace(PACK, tables={})
SDR = PACK.figure("upu_cn22_value", TODAY)
assert SDR is not None
assert SDR.money is not None
LINE: Money = SDR.money


def row(base: str, quote: str, rate: object, on: object = "2026-11-20") -> dict[str, Any]:
    return {"from": base, "to": quote, "rate": rate, "on": on}


def way(*rows: dict[str, Any], days: int = 35) -> str:
    found = best_way([rows_of(rows)], "CNY", "GBP", TODAY, days)
    return "" if found is None else f"{found} {found.rate}"


def test_a_rate_serves_both_ways() -> None:
    assert way(row("CNY", "GBP", "0.1")) == "CNY-GBP 2026-11-20 1/10"
    assert way(row("GBP", "CNY", "9.5")) == "CNY-GBP 2026-11-20 2/19"


def test_the_newest_of_a_pair_counts() -> None:
    rows = (row("GBP", "CNY", "9.4", "2026-11-19"), row("CNY", "GBP", "0.1", "2026-11-21"))
    assert way(*rows) == "CNY-GBP 2026-11-21 1/10"


def test_a_cross_is_as_old_as_its_oldest_rate() -> None:
    rows = (row("XDR", "CNY", "10", "2026-11-01"), row("XDR", "GBP", "1", "2026-11-10"))
    assert way(*rows) == "CNY-XDR-GBP 2026-11-01 1/10"


@pytest.mark.parametrize("middle", ["XDR", "EUR", "USD"])
def test_crosses_go_through_one_known_currency(middle: str) -> None:
    found = way(row("CNY", middle, "0.5"), row(middle, "GBP", "0.5"))
    assert found == f"CNY-{middle}-GBP 2026-11-20 1/4"
    assert way(row("CNY", "KZT", "60"), row("KZT", "GBP", "0.5")) == ""


def test_a_fresh_cross_is_better_than_an_old_direct_rate() -> None:
    old = row("GBP", "CNY", "9.4", "2026-10-17")
    fresh = (row("XDR", "CNY", "10"), row("XDR", "GBP", "1"))
    assert way(old, *fresh).startswith("CNY-XDR-GBP")
    assert way(old, *fresh, days=36).startswith("CNY-GBP")
    assert way(old).startswith("CNY-GBP")


def test_of_stale_ways_the_newest_counts() -> None:
    old = row("GBP", "CNY", "9.4", "2019-01-02")
    newer = (row("XDR", "CNY", "10", "2026-06-23"), row("XDR", "GBP", "1", "2026-06-23"))
    assert way(old, *newer).startswith("CNY-XDR-GBP")
    assert way(*newer, row("GBP", "CNY", "9.4", "2026-06-23")).startswith("CNY-GBP")


def test_the_packs_newer_rate_is_better_than_the_orders_of_2019() -> None:
    own = case_by(PACK, rates=[row("XDR", "CNY", "4", "2019-01-02")])
    found = judged(own, {"CNY": Fraction(1000)}, LINE)
    assert found.way is not None
    assert found.way.on.isoformat() == "2026-06-23"


def test_a_rate_older_than_a_year_is_a_named_gap() -> None:
    found = judged(in_sdr("10", "2019-01-02"), {"CNY": Fraction(1)}, LINE)
    assert (found.amount, found.known) == (None, False)
    wrong = gap(found)
    assert (wrong.field, wrong.value) == ("rates", "CNY-XDR 2019-01-02")


def test_sdr_is_written_two_ways() -> None:
    (one,) = rows_of([row("SDR", "cny", 10)])
    assert (one.base, one.quote, one.rate) == ("XDR", "CNY", Fraction(10))


@pytest.mark.parametrize(
    "wrong",
    [
        row("CNY", "GBP", "0"),
        row("CNY", "GBP", "-1"),
        row("CNY", "GBP", "NaN"),
        row("CNY", "GBP", "much"),
        row("CNY", "GBP", None),
        row("CNY", "GBP", [1]),
        row("CNY", "GBP", "0.1", "yesterday"),
        row("CNY", "GBP", "0.1", None),
        row("CNY", "GBP", "0.1", "2026-11-23"),
        row("CNY", "CNY", "1"),
        row("RMB", "GBP", "0.1"),
        {"from": "CNY"},
    ],
)
def test_what_is_no_rate_of_a_day_is_left_out(wrong: dict[str, Any]) -> None:
    assert way(wrong) == ""


def test_no_list_has_no_rates() -> None:
    assert rows_of("CNY") == rows_of(None) == rows_of([1, "x"]) == ()


def test_the_order_s_rates_count_before_the_pack_s() -> None:
    tables = {**PACK.tables, "rates": (row("EUR", "CNY", "7.0", "2026-11-21"),)}
    pack = replace(PACK, tables=tables)
    own = case_by(pack, rates=[row("EUR", "CNY", "8.0")])
    found = best_way(sets_of(own), "EUR", "CNY", TODAY, 35)
    assert found is not None
    assert found.rate == 8


def in_sdr(rate: str, on: str) -> Case:
    return case_by(BARE, rates=[row("XDR", "CNY", rate, on)])


def beside(amount: str, on: str) -> Judged:
    return judged(in_sdr("10", on), {"CNY": Fraction(amount)}, LINE)


# 35 days before 2026-11-22 is 2026-10-18; 365 days before it 2025-11-22.
@pytest.mark.parametrize(
    ("amount", "on", "known"),
    [
        ("3000", "2026-10-18", True),
        ("3000", "2026-10-17", False),
        ("2850", "2026-10-17", False),
        ("2849.99", "2026-10-17", True),
        ("3150", "2026-10-17", False),
        ("3150.01", "2026-10-17", True),
        ("2849.99", "2025-11-22", True),
        ("2849.99", "2025-11-21", False),
        ("1", "2025-11-21", False),
        ("900000", "2025-11-21", False),
    ],
)
def test_an_old_rate_decides_only_away_from_the_line(amount: str, on: str, known: bool) -> None:
    assert beside(amount, on).known is known


def test_without_a_rate_nothing_is_known() -> None:
    found = judged(case_by(BARE, rates=[]), {"CNY": Fraction(1)}, LINE)
    assert (found.amount, found.known, found.lacking) == (None, False, ("CNY", "XDR"))


def test_without_figures_an_old_rate_decides_nothing() -> None:
    bare = replace(BARE, figures=())
    found = judged(
        case_by(bare, rates=[row("XDR", "CNY", "10", "2026-11-21")]), {"CNY": Fraction(1)}, LINE
    )
    assert not found.known


def test_goods_of_several_currencies_are_added_up_by_the_oldest_rate() -> None:
    rates = [row("XDR", "CNY", "10", "2026-11-20"), row("EUR", "XDR", "0.5", "2026-11-01")]
    goods = {"CNY": Fraction(100), "EUR": Fraction(100), "XDR": Fraction(1)}
    found = judged(case_by(BARE, rates=rates), goods, LINE)
    assert (found.amount, str(found.way)) == (Fraction(61), "EUR-XDR 2026-11-01")


@given(st.integers(0, 1_000_000))
def test_clearly_below_is_below_and_out_of_the_band(cents: int) -> None:
    amount = Fraction(cents, 100)
    sure = clearly_below(in_sdr("10", "2026-11-20"), {"CNY": amount}, LINE)
    assert sure == (amount < 2850)
    assert clearly_below(in_sdr("10", "2026-11-20"), {"XDR": amount}, LINE) == (amount < 300)


@given(st.integers(0, 100_000), st.integers(0, 100))
def test_near_is_the_same_on_both_sides(cents: int, percent: int) -> None:
    far = Fraction(cents, 100)
    line = Fraction(LINE.amount)
    assert near(line + far, LINE, Fraction(percent)) == near(line - far, LINE, Fraction(percent))


@pytest.mark.parametrize("rate", ["1e-999999", "1e999999", "-0", "NaN", "0", 10**20, True, None])
def test_what_no_sum_survives_is_no_rate(rate: object) -> None:
    assert rows_of([row("EUR", "CNY", rate)]) == ()
