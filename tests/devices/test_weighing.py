"""Rare turns of a scale's conversation, with a scale that says what the test wants."""

from __future__ import annotations

import threading
from pathlib import Path

from packstation.devices.catalogue import scale_model
from packstation.devices.sim.faces import TcpFace
from packstation.devices.weighing import ScaleConversation, ScaleTiming
from packstation.domain.weights import ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.devices.rigs import SCALE, linked


def test_a_scale_silent_for_long_is_opened_anew_without_a_fault() -> None:
    face = TcpFace()
    calls = threading.Semaphore(0)

    def hear(data: bytes) -> None:
        if b"I4" in data:
            calls.release()

    face.start(hear)
    timing = ScaleTiming(period_s=0.01, asleep_s=0.03, nudge_s=0.02, reopen_s=0.1)
    conversation = ScaleConversation(scale_model("mt-sics"), timing=timing)
    with linked(face.address, conversation.converse) as heard:
        for _ in range(3):
            assert calls.acquire(timeout=5)
        states = {one.state for one in heard.of(DeviceHealth)}
    assert states == {DeviceState.ASLEEP}
    face.close()


def test_a_frame_without_end_is_a_fault_and_never_a_weight(tmp_path: Path) -> None:
    face = TcpFace()
    face.start(lambda _data: face.send(b"S S      1.250 kg" * 20 + b"\r\n\r\n"))
    conversation = ScaleConversation(scale_model("mt-sics"), timing=SCALE)
    with linked(face.address, conversation.converse) as heard:
        reading = heard.next(ScaleRead).reading
        assert (reading.state, reading.error, reading.grams) == (ScaleState.FAULT, "too_long", None)
    face.close()


def test_a_weight_counts_once_three_frames_agree_in_value_and_unit() -> None:
    face = TcpFace()
    answers = [
        b"S S      1.250 kg",
        b"S S      1.250 g",
        b"S S      1.250 kg",
        b"S S      1.250 kg",
        b"S S      1.250 kg",
    ]

    def hear(_data: bytes) -> None:
        face.send((answers.pop(0) if len(answers) > 1 else answers[0]) + b"\r\n")

    face.start(hear)
    conversation = ScaleConversation(scale_model("mt-sics"), timing=SCALE)
    with linked(face.address, conversation.converse) as heard:
        heard.next(ScaleRead, lambda one: one.reading.grams == 1250)
        grams = [one.reading.grams for one in heard.of(ScaleRead)][:5]
    assert grams == [None, None, None, None, 1250]
    face.close()


def test_what_was_said_before_a_silence_confirms_nothing_after_it() -> None:
    """Another box may lie there: one frame is no more than one frame."""
    face = TcpFace()
    quiet = threading.Event()
    face.start(lambda _data: None if quiet.is_set() else face.send(b"S S      1.250 kg\r\n"))
    conversation = ScaleConversation(scale_model("mt-sics"), timing=SCALE)
    with linked(face.address, conversation.converse) as heard:
        heard.next(ScaleRead, lambda one: one.reading.grams == 1250)
        quiet.set()
        heard.next(ScaleRead, lambda one: one.reading.error == "silent")
        mark = heard.mark
        quiet.clear()
        heard.next(ScaleRead, lambda one: one.reading.grams == 1250, after=mark)
        states = [one.reading.state for one in heard.of(ScaleRead)]
    cleared = len(states) - states[::-1].index(ScaleState.NOT_READY)
    assert states[cleared : cleared + 3] == [ScaleState.MOTION] * 2 + [ScaleState.STABLE]
    face.close()
