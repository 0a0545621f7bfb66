"""Figures of a scale: noise, zero, settling, and when its reference weight is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.scale_health import Check, CheckRule, Figures, ScaleHealth, due
from packstation.domain.weights import Reading, ScaleState

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def reading(grams: str, state: ScaleState = ScaleState.STABLE) -> Reading:
    return Reading(state=state, value=Decimal(grams), unit="g", raw=b"x")


def feed(health: ScaleHealth, *grams: str, state: ScaleState = ScaleState.STABLE) -> None:
    for value in grams:
        health.take(reading(value, state), feed.now)  # type: ignore[attr-defined]
        feed.now += 0.1  # type: ignore[attr-defined]


def setup_function() -> None:
    feed.now = 100.0  # type: ignore[attr-defined]


def test_nothing_is_said_of_a_scale_that_was_not_heard() -> None:
    health = ScaleHealth()
    health.take(Reading(state=ScaleState.OVER), 1.0)
    health.take(Reading(state=ScaleState.MOTION, value=Decimal(3)), 1.1)
    assert health.figures() == Figures()


def test_noise_is_told_of_each_load_by_itself() -> None:
    health = ScaleHealth()
    feed(health, "0", "1", "0", "-1", "0", "1")
    feed(health, "400", state=ScaleState.MOTION)
    feed(health, "800", "801", "800", "799", "800", "801")
    figures = health.figures()
    assert figures.noise_g is not None
    assert Decimal(0) < figures.noise_g <= Decimal("1.49")
    assert figures.moving == round(100 / 13)
    assert figures.frames == 13


def test_one_jump_does_not_make_a_scale_noisy() -> None:
    health = ScaleHealth()
    feed(health, *["500"] * 20, "700", *["500"] * 20)
    assert health.figures().noise_g == Decimal("0.00")


def test_the_zero_wanders() -> None:
    health = ScaleHealth()
    feed(health, *["0"] * 6)
    feed(health, "300", state=ScaleState.MOTION)
    feed(health, "500")
    feed(health, "100", state=ScaleState.UNKNOWN)
    feed(health, *["3"] * 6, state=ScaleState.ZERO)
    figures = health.figures()
    assert (figures.zero_g, figures.drift_g) == (Decimal(3), Decimal(3))


def test_settling_is_from_the_first_movement_to_rest() -> None:
    health = ScaleHealth()
    feed(health, "0")
    feed(health, "300", "480", "510", state=ScaleState.MOTION)
    feed(health, "500", "500")
    settling = health.figures().settling_s
    assert settling is not None
    assert abs(settling - 0.3) < 0.01


def test_the_window_forgets_and_the_plot_is_thinned() -> None:
    health = ScaleHealth(window_s=2.0)
    feed(health, *["1"] * 10)
    feed(health, *["900"] * 30)
    figures = health.figures()
    assert figures.frames <= 21
    assert figures.zero_g is None
    assert figures.drift_g is None
    assert 9 <= len(figures.plot) <= 15


@given(st.lists(st.integers(-50, 50), min_size=5, max_size=60))
def test_noise_never_exceeds_what_was_seen(grams: list[int]) -> None:
    setup_function()
    health = ScaleHealth()
    feed(health, *map(str, grams))
    noise = health.figures().noise_g
    assert noise is not None
    assert 0 <= noise <= Decimal("1.49") * (max(grams) - min(grams))


def check(days_ago: float, read: str = "1000") -> Check:
    return Check(NOW - timedelta(days=days_ago), 1000, Decimal(read), Decimal(5))


def test_the_reference_weight_is_due_by_its_rule() -> None:
    rule = CheckRule(days=7, blocks=True)
    assert due(CheckRule(days=0), None, NOW).state == "never"
    assert (due(rule, None, NOW).state, due(rule, None, NOW).barred) == ("none", True)
    assert (due(rule, check(3.5), NOW).state, due(rule, check(3.5), NOW).days) == ("fine", 4)
    assert not due(rule, check(3.5), NOW).barred
    assert due(rule, check(8), NOW).state == "overdue"
    assert due(rule, check(1, "1006"), NOW).state == "failed"
    assert not due(CheckRule(days=7), check(8), NOW).barred


def test_a_check_knows_how_far_it_is_off() -> None:
    assert check(0, "994.5").deviation_g == Decimal("-5.5")
    assert not check(0, "994.5").passed
    assert check(0, "995").passed
