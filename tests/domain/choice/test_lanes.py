"""Lanes: what was seen fades, and what was seldom seen is taken from its parent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.choice.lanes import LaneBook, LaneRow, Prior, faded, weight_class

TODAY = date(2026, 11, 23)
PRIOR = Prior(late=Decimal("0.1"), lost=Decimal("0.01"), exception=Decimal("0.02"))


def row(sent: int, late: int = 0, on: date = TODAY, **lane: Any) -> LaneRow:  # noqa: ANN401
    known: dict[str, Any] = {"carrier": "cp", "on": on, "sent": sent, "late": late}
    return LaneRow(**(known | lane))


def test_nothing_seen_is_the_shops_prior() -> None:
    found = LaneBook([], TODAY, PRIOR).chances("cp", "e", "RU", 300)
    assert (found.late, found.lost, found.exception) == (
        Fraction(1, 10),
        Fraction(1, 100),
        Fraction(2, 100),
    )
    assert found.seen == 0
    assert LaneBook([], TODAY).chances("cp", "e", "RU", 300).late == Fraction(5, 100)


def test_a_lane_is_shrunk_to_its_parent_by_thirty_parcels() -> None:
    """(bad + 30 * p0) / (n + 30), from all lanes down to the one of the weight."""
    lane: dict[str, Any] = {"service": "e", "country": "RU", "weight": "to_500g"}
    found = LaneBook([row(70, 35, **lane)], TODAY, PRIOR).chances("cp", "e", "RU", 500)
    late = Fraction(1, 10)
    for _ in range(5):
        late = (35 + 30 * late) / 100
    assert found.late == late
    assert found.seen == 70


def test_a_new_country_has_what_its_service_had_elsewhere() -> None:
    book = LaneBook([row(3000, 1500, service="e", country="RU")], TODAY, PRIOR)
    to_brazil = book.chances("cp", "e", "BR", 300)
    other = book.chances("dhl", "x", "BR", 300)
    assert to_brazil.late == book.chances("cp", "e", "", 300).late
    assert Fraction(48, 100) < to_brazil.late < Fraction(1, 2)
    assert other.late < to_brazil.late  # of another carrier only what all together say
    assert book.chances("cp", "e", "RU", 300) is book.chances("cp", "e", "RU", 300)


def test_what_was_seen_thirty_days_ago_counts_half() -> None:
    assert faded(0) == faded(-3) == 10**9
    assert (faded(30), faded(60)) == (10**9 // 2, 10**9 // 4)
    old = LaneBook([row(100, 100, TODAY - timedelta(days=30))], TODAY, PRIOR)
    assert old.chances("cp", "", "", 1).seen == 0
    assert LaneBook([row(100, on=TODAY - timedelta(days=30), service="e")], TODAY).chances(
        "cp", "e", "", 1
    ).seen == Fraction(50)


@pytest.mark.parametrize(
    ("grams", "name"),
    [
        (1, "to_500g"),
        (500, "to_500g"),
        (501, "to_2kg"),
        (2000, "to_2kg"),
        (10_000, "to_10kg"),
        (10_001, "over_10kg"),
    ],
)
def test_a_class_ends_with_its_bound(grams: int, name: str) -> None:
    assert weight_class(grams) == name


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sent": 1, "late": 2}, "late: at most"),
        ({"sent": 1, "lost": 2}, "lost: at most"),
        ({"sent": 1, "country": "RU"}, "one for a country"),
        ({"sent": 1, "service": "e", "weight": "to_2kg"}, "a country for a weight"),
    ],
)
def test_counts_that_cannot_be_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        row(**wrong)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 200)), max_size=8)
)
def test_a_share_stays_between_what_was_seen_and_the_prior(
    counts: list[tuple[int, int, int]],
) -> None:
    rows = [
        row(max(sent, late), late, TODAY - timedelta(days=days), service="e")
        for sent, late, days in counts
    ]
    found = LaneBook(rows, TODAY, PRIOR).chances("cp", "e", "RU", 1).late
    shares = [Fraction(one.late, one.sent) for one in rows if one.sent]
    assert min([Fraction(1, 10), *shares]) <= found <= max([Fraction(1, 10), *shares])
