"""A scale that tells a weight once, when it is new, and says nothing of an empty pan (Adam)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from packstation.devices.catalogue import scale_model
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.steady import Once, ToldOnce
from packstation.devices.weighing import ScaleConversation, ScaleTiming
from packstation.domain.weights import Reading, ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from packstation.station.weigh_gate import WeighGate
from tests.devices.rigs import FAULT, Recorder, chance, face_of, linked

MODEL = replace(scale_model("adam"), once=Once(pause_s=0.05))
TIMING = ScaleTiming(period_s=0.05, steady=3, steady_s=0.05)


@contextmanager
def adam(folder: Path, *, once: bool = True) -> Iterator[tuple[ScaleSim, Recorder]]:
    speech = replace(SPEECHES["adam"], once=once)
    facts = replace(speech.facts, settle_s=0.02)
    sim = ScaleSim(face_of("pty", folder), chance(), speech, facts, FAULT)
    conversation = ScaleConversation(MODEL, timing=TIMING)
    with linked(sim.address, conversation.converse) as heard:
        yield sim, heard
    sim.close()


def weight(heard: Recorder, grams: int, after: int = 0) -> Reading:
    return heard.next(ScaleRead, lambda one: one.reading.grams == grams, after=after).reading


def silent(heard: Recorder, after: int) -> Reading:
    return heard.next(ScaleRead, lambda one: one.reading.error == "silent", after=after).reading


def test_an_empty_pan_is_no_trouble_though_nothing_is_said(tmp_path: Path) -> None:
    with adam(tmp_path) as (sim, heard):
        assert heard.healthy().state is DeviceState.OK
        sim.place(1250)
        weight(heard, 1250)
        silent(heard, 0)
        assert {one.state for one in heard.of(DeviceHealth)} == {DeviceState.OK}


def test_a_weight_told_once_moves_rests_by_silence_and_ends(tmp_path: Path) -> None:
    with adam(tmp_path) as (sim, heard):
        sim.place(1250)
        rests = weight(heard, 1250)
        silent(heard, 0)
        told = [one.reading for one in heard.of(ScaleRead)]
    states = [ScaleState.MOTION, ScaleState.STABLE, ScaleState.NOT_READY]
    assert [one.state for one in told] == states
    assert rests.stability == "software"
    assert (told[0].shown_grams, told[2].value) == (1250, None)


def test_the_next_box_counts_though_it_weighs_the_same(tmp_path: Path) -> None:
    """The bench asks for a change on the pan, and no zero is ever told in between."""
    gate = WeighGate()
    with adam(tmp_path) as (sim, heard):
        for _ in range(2):
            gate.arm()
            mark = heard.mark
            sim.place(0)
            sim.place(1250)
            weight(heard, 1250, mark)
            readings = [one.reading for one in heard.of(ScaleRead)[-2:]]
            assert [gate.offer(one) for one in readings] == [None, 1250]


def test_the_cable_takes_the_weight_with_it(tmp_path: Path) -> None:
    with adam(tmp_path) as (sim, heard):
        sim.place(1250)
        weight(heard, 1250)
        mark = heard.mark
        sim.set_fault("unplug", on=True)
        heard.next(ScaleRead, lambda one: one.reading.error == "offline", after=mark)
        sim.set_fault("unplug", on=False)
        heard.next(DeviceHealth, lambda one: one.state is DeviceState.OK, after=mark)
        # It does not tell it again; the box has to be lifted.
        sim.place(0)
        sim.place(640)
        weight(heard, 640, mark)
        assert [one.reading.grams for one in heard.of(ScaleRead)].count(1250) == 1


def test_one_that_answers_every_time_rests_by_frames_that_agree(tmp_path: Path) -> None:
    with adam(tmp_path, once=False) as (sim, heard):
        sim.place(1250)
        weight(heard, 1250)
        sim.set_fault("unstable", on=True)
        mark = heard.mark
        heard.next(ScaleRead, lambda one: one.reading.state is ScaleState.UNKNOWN, after=mark)
        sim.set_fault("unstable", on=False)
        assert weight(heard, 1250, heard.mark).state is ScaleState.STABLE


def told(value: str, raw: bytes = b"", unit: str = "kg") -> Reading:
    return Reading(
        state=ScaleState.UNKNOWN,
        value=Decimal(value),
        unit=unit,
        stability="software",
        raw=raw or f"{value:>8}{unit}".encode(),
    )


def after_silence(once: ToldOnce, reading: Reading) -> str:
    once.heard(reading, reading)
    found = once.unanswered()
    if once.resting:
        once.unanswered()
    return "" if found is None else str(found.state)


def test_a_frame_that_may_have_lost_a_digit_does_not_rest() -> None:
    for damaged in (
        told("2.345", b"   2.345kg"[1:]),
        told("12.34"),
        told("12.345", unit="g"),
        told("123.45"),
    ):
        once = ToldOnce()
        assert after_silence(once, told("12.345")) == "STABLE"
        assert after_silence(once, damaged) == "NOT_READY"
        # What the scale really sends is lifted and put on again once more, and counts.
        assert after_silence(once, told("12.345")) == "NOT_READY"
        assert after_silence(once, told("12.345")) == "STABLE"


def test_a_fault_or_nothing_told_leaves_nothing_to_rest() -> None:
    once = ToldOnce()
    assert once.unanswered() is None
    fault = Reading(state=ScaleState.FAULT, error="frame")
    once.heard(told("1.250"), told("1.250"))
    assert once.heard(fault, fault) == fault
    assert once.unanswered() is None
    assert after_silence(once, told("0.000")) == "ZERO"
