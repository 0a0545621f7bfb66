"""Rest that software judges: long enough, near enough, of one unit, without a gap."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.steady import Judge, Patience, Steadiness
from packstation.domain.weights import Reading, ScaleState


def unknown(value: str, unit: str = "kg") -> Reading:
    return Reading(state=ScaleState.UNKNOWN, value=Decimal(value), unit=unit, stability="software")


def states(*readings: Reading, every_s: float = 0.1) -> list[str]:
    judge = Steadiness(frames=4, over_s=0.25)
    return [str(judge.judged(one, at * every_s).state) for at, one in enumerate(readings)]


def test_a_weight_rests_after_enough_frames_over_enough_time() -> None:
    assert states(*[unknown("1.250")] * 6) == ["UNKNOWN"] * 3 + ["STABLE"] * 3
    assert states(*[unknown("1.250")] * 6, every_s=0.04) == ["UNKNOWN"] * 6
    assert states(*[unknown("0.000")] * 5)[-1] == "ZERO"
    judged = Steadiness(frames=1, over_s=0.0).judged(unknown("1.250"), 0.0)
    assert (judged.state, judged.stability, judged.grams) == (ScaleState.STABLE, "software", 1250)


def test_one_digit_of_play_is_rest_and_two_are_not() -> None:
    rests = [unknown("1.250"), unknown("1.251")] * 3
    assert states(*rests)[-1] == "STABLE"
    swings = [unknown("1.250"), unknown("1.252")] * 3
    assert set(states(*swings)) == {"UNKNOWN"}
    creeps = [unknown(f"1.25{digit}") for digit in range(10)]
    assert set(states(*creeps)) == {"UNKNOWN"}


def test_another_unit_or_a_gap_begins_anew() -> None:
    assert states(*[unknown("1.250")] * 3, *[unknown("1.250", "lb")] * 4)[3:6] == ["UNKNOWN"] * 3
    fault = Reading(state=ScaleState.FAULT, error="checksum")
    gap = states(*[unknown("1.250")] * 5, fault, *[unknown("1.250")] * 4)
    assert gap[5:] == ["FAULT", "UNKNOWN", "UNKNOWN", "UNKNOWN", "STABLE"]


@given(st.lists(st.decimals(-30, 30, places=3), min_size=1, max_size=30))
def test_what_rests_did_not_move_for_as_long_as_it_takes(values: list[Decimal]) -> None:
    judge = Steadiness(frames=3, over_s=0.2)
    for at, value in enumerate(values):
        judged = judge.judged(unknown(f"{value:.3f}"), at * 0.1)
        if judged.grams is not None:
            last = values[max(0, at - 2) : at + 1]
            assert len(last) == 3
            assert max(last) - min(last) <= Decimal("0.001")


def test_a_stable_weight_counts_once_enough_frames_agree() -> None:
    judge = Judge(Patience(confirm=3))
    told = [
        Reading(state=ScaleState.STABLE, value=Decimal(value), unit="kg")
        for value in ("1.25", "1.25", "9.25", "1.25", "1.25", "1.25", "1.25")
    ]
    states_of = [str(judge.judged(one, 0.1 * at).state) for at, one in enumerate(told)]
    assert states_of == ["MOTION"] * 5 + ["STABLE"] * 2


def test_what_software_judged_has_had_its_frames() -> None:
    judge = Judge(Patience(confirm=2, steady=2, steady_s=0.1))
    found = [judge.judged(unknown(v), 0.1 * at).state for at, v in enumerate(("1.250", "1.250"))]
    assert found == [ScaleState.UNKNOWN, ScaleState.STABLE]


def test_a_single_odd_digit_is_not_believed_and_play_is() -> None:
    judge = Judge(Patience(confirm=2))
    values = ("1.250", "1.250", "1.250", "1.250", "1.250", "1.251", "1.250", "1.251")
    found = [str(judge.judged(unknown(v), 0.1 * at).state) for at, v in enumerate(values)]
    assert found == ["UNKNOWN"] * 4 + ["STABLE", "UNKNOWN", "STABLE", "STABLE"]


def test_a_lost_place_begins_anew() -> None:
    places = [*["1.250"] * 6, "1.25", *["1.250"] * 3]
    assert states(*map(unknown, places))[5:] == ["STABLE", *["UNKNOWN"] * 4]


def test_another_unit_has_to_be_told_more_often() -> None:
    judge = Judge(Patience(confirm=2))
    kilos = [Reading(state=ScaleState.STABLE, value=Decimal("4.210"), unit="kg")] * 2
    grams = [Reading(state=ScaleState.STABLE, value=Decimal("4.210"), unit="g")] * 7
    found = [str(judge.judged(one, 0.1 * at).state) for at, one in enumerate([*kilos, *grams])]
    assert found == ["MOTION", "STABLE", *["MOTION"] * 5, "STABLE", "STABLE"]
