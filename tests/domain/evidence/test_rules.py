"""Which parcels are photographed, how long films stay."""

from __future__ import annotations

import itertools
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.evidence import (
    EvidenceRules,
    KeepRule,
    PhotoRule,
    Subject,
    keep_days,
    order_value,
    photo_due,
    thinned,
)
from packstation.domain.evidence.trace import MOST
from packstation.domain.quantities import Money


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


DEAR = PhotoRule(why="value", value=cny("500"))
FAR = PhotoRule(why="destination", countries=("BR",), must=True)
FIFTH = PhotoRule(why="nth", nth=5)
CELLS = PhotoRule(why="class", classes=("battery", "serial"))
RULES = EvidenceRules(photos=(DEAR, CELLS, FIFTH, FAR))


def due(**of: object) -> str:
    rule = photo_due(RULES, Subject(**of))  # type: ignore[arg-type]
    return rule.why if rule else ""


def test_each_rule_has_its_ground() -> None:
    assert due(value=cny("500")) == "value"
    assert due(value=cny("499.99")) == ""
    assert due(value=Money(Decimal(1), "EUR")) == "value"
    assert due(country="BR") == "destination"
    assert due(ordinal=10) == "nth"
    assert due(classes=frozenset({"serial"})) == "class"
    assert due() == ""


def test_one_that_must_comes_before_all_others() -> None:
    assert due(value=cny("900"), country="BR", ordinal=5) == "destination"
    assert due(value=cny("900"), ordinal=5) == "value"


def test_all_that_a_rule_gives_must_fit_and_an_empty_one_fits_nothing() -> None:
    both = EvidenceRules(photos=(PhotoRule(why="x", value=cny("10"), countries=("RU",)),))
    assert photo_due(both, Subject(value=cny("20"), country="US")) is None
    assert photo_due(both, Subject(value=cny("20"), country="RU")) is not None
    assert photo_due(EvidenceRules(photos=(PhotoRule(why="x"),)), Subject()) is None


def test_a_film_stays_as_long_as_the_longest_rule_says() -> None:
    rules = EvidenceRules(
        keep=(KeepRule(value=cny("100"), days=90), KeepRule(value=cny("500"), days=180))
    )
    assert keep_days(rules, None) == 30
    assert keep_days(rules, cny("99")) == 30
    assert keep_days(rules, cny("100")) == 90
    assert keep_days(rules, cny("800")) == 180


def test_the_value_of_an_order_is_what_was_paid_or_its_lines() -> None:
    assert order_value(cny("7"), ()) == cny("7")
    assert order_value(None, ((cny("2.50"), 2), (cny("1"), 3), (None, 9))) == cny("8.00")
    assert order_value(None, ((cny("1"), 1), (Money(Decimal(1), "EUR"), 1))) is None
    assert order_value(None, ((None, 1),)) is None


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_a_trace_keeps_changes_only(grams: list[int]) -> None:
    points: tuple[tuple[int, int], ...] = ()
    for at, weight in enumerate(grams):
        points = thinned(points, (at * 100, weight))
    steps = [abs(after[1] - before[1]) for before, after in itertools.pairwise(points)]
    assert all(step >= 2 for step in steps)
    assert points[:1] == (((0, grams[0]),) if grams else ())


def test_a_shaking_scale_ends_the_trace() -> None:
    points: tuple[tuple[int, int], ...] = ()
    for at in range(MOST + 50):
        points = thinned(points, (at, at * 10))
    assert len(points) == MOST
