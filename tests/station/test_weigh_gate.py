"""No weight is taken over from the box before, and nobody waits without knowing for what."""

from __future__ import annotations

from decimal import Decimal

from packstation.domain.weights import Reading, ScaleState
from packstation.station.weigh_gate import WeighGate


def reading(grams: int, state: ScaleState = ScaleState.STABLE) -> Reading:
    return Reading(state=state, value=Decimal(grams), unit="g")


def offered(gate: WeighGate, *readings: Reading) -> list[tuple[int | None, bool]]:
    """What is captured of each, and whether the box has to be lifted then."""
    return [(gate.offer(one), gate.stale) for one in readings]


def test_a_box_that_lay_there_before_has_to_be_lifted_and_says_so() -> None:
    gate = WeighGate()
    gate.offer(reading(500))
    gate.arm()
    told = offered(gate, reading(500), reading(0, ScaleState.ZERO), reading(500))
    assert told == [(None, True), (None, False), (500, False)]


def test_a_pan_that_was_seen_empty_before_its_frames_agreed_is_an_empty_pan() -> None:
    gate = WeighGate()
    gate.offer(reading(0, ScaleState.MOTION))
    gate.arm()
    assert offered(gate, reading(194)) == [(194, False)]


def test_a_weight_that_is_the_first_thing_heard_might_be_anything() -> None:
    gate = WeighGate()
    gate.arm()
    told = offered(gate, reading(194), reading(194, ScaleState.MOTION), reading(194))
    assert told == [(None, True), (None, False), (194, False)]
