"""The guard's rows: begun, felt, disputed, left."""

from __future__ import annotations

from packstation.domain.packing import State, decide
from packstation.domain.packing.guard_inputs import GainRead, GuardAsked
from tests.domain.packing.scenes import MUG_SCAN, OPEN, SCENES, SOCK_SCAN, after, kinds

ON = after(OPEN, GuardAsked())


def reason(facts: tuple[object, ...]) -> str:
    (fact,) = facts
    return str(getattr(fact, "reason", ""))


def test_a_guard_is_asked_for_once_and_left_by_a_supervisor_alone() -> None:
    assert ON.guard
    assert reason(decide(ON, GuardAsked())) == "guard.supervisor"
    assert reason(decide(ON, GuardAsked(on=False))) == "guard.supervisor"
    rule = GuardAsked(on=False, by="rule", reason="tired")
    assert reason(decide(ON, rule)) == "guard.supervisor"
    gone = GuardAsked(on=False, by="rule", reason="no_scale")
    assert kinds(decide(ON, gone)) == ("GuardLeft",)
    off = after(OPEN)
    assert reason(decide(off, GuardAsked(on=False, by="S-1"))) == "guard.off"
    assert kinds(decide(ON, GuardAsked(on=False, by="S-1"))) == ("GuardLeft",)


def test_a_gain_of_a_known_weight_must_fit_and_of_an_unknown_one_only_be_there() -> None:
    waiting = after(MUG_SCAN, start=ON)
    fit = GainRead(gain_g=302, expected_g=300, tolerance_g=8)
    assert kinds(decide(waiting, fit)) == ("ItemGained",)
    assert reason(decide(waiting, GainRead(gain_g=270, expected_g=300, tolerance_g=8))) == "light"
    assert reason(decide(waiting, GainRead(gain_g=-40, expected_g=300, tolerance_g=8))) == "removed"
    assert kinds(decide(waiting, GainRead(gain_g=40))) == ("ItemGained",)
    assert reason(decide(waiting, GainRead(gain_g=2))) == "heavy"


def test_all_that_was_scanned_closes_the_box_when_it_was_felt() -> None:
    full = after(
        *(x for scan in (MUG_SCAN, MUG_SCAN, SOCK_SCAN) for x in (scan, GainRead(gain_g=50))),
        start=ON,
    )
    assert full.state is State.CARTONING
    waiting = after(MUG_SCAN, GainRead(gain_g=9), MUG_SCAN, GainRead(gain_g=9), SOCK_SCAN, start=ON)
    assert waiting.state is State.SCANNING
    left = decide(waiting, GuardAsked(on=False, by="S-1"))
    assert kinds(left) == ("GuardLeft", "ContentsVerified")


def test_outside_the_guard_a_gain_means_nothing() -> None:
    assert kinds(decide(after(OPEN), GainRead(gain_g=50))) == ("InputRefused",)
    for state, scene in SCENES.items():
        if state is not State.SCANNING:
            assert kinds(decide(scene, GuardAsked())) == ("InputRefused",)
