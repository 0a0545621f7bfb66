"""Orders an hour, accuracy, and the chance to make a cut-off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.packing import facts as f
from packstation.domain.throughput import Tally, chance, may_miss, tally

FACTS: list[tuple[f.Fact, Tally]] = [
    (f.ItemVerified(line=1, sku="A", units=3), Tally(units=3, verified=1, facts=1)),
    (f.ItemRemoved(line=1, sku="A", units=3), Tally(units=-3, facts=1)),
    (f.ItemRejected(reason="not_in_order"), Tally(rejected=1, facts=1)),
    (f.LabelApplied(waybill="x"), Tally(parcels=1, facts=1)),
    (f.SessionCompleted(), Tally(orders=1, facts=1)),
    (f.SessionReopened(by="b", reason="r"), Tally(orders=-1, facts=1)),
    (f.ContentsVerified(), Tally(facts=1)),
]


@pytest.mark.parametrize(("fact", "adds"), FACTS, ids=lambda value: type(value).__name__)
def test_a_fact_adds_what_it_says(fact: f.Fact, adds: Tally) -> None:
    assert tally(fact) == adds


def test_sums_count_everything_once() -> None:
    total = sum((adds for _, adds in FACTS), Tally())
    assert total == Tally(0, 1, 0, 1, 1, 7)


def test_before_the_first_scan_nothing_is_claimed() -> None:
    assert Tally().accuracy is None
    assert Tally().orders_per_hour is None
    assert Tally().units_per_hour is None


def test_rates_are_of_the_time_worked() -> None:
    done = Tally(orders=10, units=25, verified=24, rejected=1, buckets=6)
    assert done.orders_per_hour == 20
    assert done.units_per_hour == 50
    assert done.accuracy == 24 / 25


@pytest.mark.parametrize(
    ("pace", "hours", "orders", "expected"),
    [(10, 1, 0, 1.0), (0, 1, 1, 0.0), (10, 0, 1, 0.0), (1e4, 10, 100, 1.0), (1, 1, 5000, 0.0)],
)
def test_the_edges_of_chance(pace: float, hours: float, orders: int, expected: float) -> None:
    assert chance(pace, hours, orders) == pytest.approx(expected)


def test_chance_is_that_of_a_poisson_process() -> None:
    # P(N >= 10), N ~ Poisson(10) and P(N >= 1), N ~ Poisson(2): tables of the distribution.
    assert chance(10, 1, 10) == pytest.approx(0.5420703, abs=1e-6)
    assert chance(2, 1, 1) == pytest.approx(0.8646647, abs=1e-6)


@given(
    pace=st.floats(0, 500),
    hours=st.floats(0, 24),
    orders=st.integers(0, 400),
    more=st.integers(1, 9),
)
def test_more_work_is_never_likelier_done(
    pace: float, hours: float, orders: int, more: int
) -> None:
    now = chance(pace, hours, orders)
    assert 0.0 <= chance(pace, hours, orders + more) <= now + 1e-9 <= 1.0 + 1e-9


@given(pace=st.floats(0, 200), hours=st.floats(0, 12), orders=st.integers(0, 300))
def test_what_is_not_in_danger_is_nearly_sure(pace: float, hours: float, orders: int) -> None:
    late = may_miss(pace, hours, orders)
    assert 0 <= late <= orders
    assert chance(pace, hours, orders - late) >= 0.9
    assert late == 0 or chance(pace, hours, orders - late + 1) < 0.9
