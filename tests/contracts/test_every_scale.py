"""Every model's simulator and its decoder, over a real pty, chopped at random."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.devices.catalogue import SCALES, ScaleModel, scale_model
from packstation.devices.sim.pan import Pan
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.weighing import ScaleConversation, ScaleTiming
from packstation.domain.weights import Reading, ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.devices.rigs import FAULT, Recorder, face_of, linked, scale_sim

LINES = [row.id for row in SCALES if row.transport == "line"]
# Adam tells a weight once: tests/devices/test_told_once.py.
OFTEN = [name for name in LINES if scale_model(name).once is None]
# What the sent places of 1.250 kg come to, and of nothing.
LOAD_G = 1250
# A9 and the "=" formats send no unit; a scale that streams is not asked.
TIMING = ScaleTiming(
    period_s=0.01, asleep_s=0.5, nudge_s=0.03, reopen_s=2.0, steady=3, steady_s=0.05
)
# These have no word for too much or too little.
WORDLESS = {"adam", "yaohua-a9", "yaohua-reversed", "yaohua-forward"}


@contextmanager
def at_work(model: str, folder: Path) -> Iterator[tuple[ScaleSim, Recorder]]:
    facts = replace(SPEECHES[model].facts, settle_s=0.05)
    scale = scale_sim(face_of("pty", folder), facts, FAULT, model)
    scale.set_fault("split", on=True)
    conversation = ScaleConversation(scale_model(model), unit=facts.unit, timing=TIMING)
    with linked(scale.address, conversation.converse) as heard:
        yield scale, heard
    scale.close()


def until(heard: Recorder, state: ScaleState, after: int = 0) -> Reading:
    return heard.next(
        ScaleRead, lambda one: one.reading.state is state, after=after, timeout=10
    ).reading


@pytest.mark.parametrize("model", OFTEN)
def test_a_weight_moves_then_rests_and_is_gone_with_the_cable(model: str, tmp_path: Path) -> None:
    with at_work(model, tmp_path) as (scale, heard):
        scale.place(LOAD_G)
        rests = heard.next(ScaleRead, lambda one: one.reading.grams == LOAD_G, timeout=10).reading
        software = model in WORDLESS or model == "yaohua-a12"
        assert rests.stability == ("software" if software else "device")
        scale.set_fault("unstable", on=True)
        mark = heard.mark
        moving = ScaleState.UNKNOWN if software else ScaleState.MOTION
        assert until(heard, moving, mark).grams is None
        mark = heard.mark
        scale.set_fault("unplug", on=True)
        gone = heard.next(DeviceHealth, after=mark)
        assert (gone.state, gone.cause) == (DeviceState.FAULT, "device.unplugged")
        last = heard.of(ScaleRead)[-1].reading
        assert (last.state, last.value) == (ScaleState.NOT_READY, None)
        scale.set_fault("unstable", on=False)
        mark = heard.mark
        scale.set_fault("unplug", on=False)
        heard.next(ScaleRead, lambda one: one.reading.grams == LOAD_G, after=mark, timeout=10)


@pytest.mark.parametrize("model", [name for name in LINES if name not in WORDLESS])
def test_too_much_and_too_little_have_no_weight(model: str, tmp_path: Path) -> None:
    with at_work(model, tmp_path) as (scale, heard):
        # OHAUS says "Err": which number means which is not documented.
        over, under = ScaleState.OVER, ScaleState.UNDER
        if model == "ohaus":
            over = under = ScaleState.FAULT
        for grams, state in ((40_000, over), (-900, under)):
            mark = heard.mark
            scale.place(grams)
            assert until(heard, state, mark).grams is None


@pytest.mark.parametrize("model", OFTEN)
def test_a_line_that_garbles_gives_no_wrong_weight(model: str, tmp_path: Path) -> None:
    """Two frames in a row that agree, both damaged alike, would be a weight: they are not."""
    with at_work(model, tmp_path) as (scale, heard):
        scale.place(LOAD_G)
        heard.next(ScaleRead, lambda one: one.reading.grams == LOAD_G, timeout=10)
        mark = heard.mark
        scale.set_fault("drop", on=True)
        until(heard, ScaleState.FAULT, mark)
        seen = {one.reading.grams for one in heard.happenings[mark:] if isinstance(one, ScaleRead)}
        assert seen <= {None, LOAD_G}


def readings(model: ScaleModel, chunks: list[bytes]) -> list[tuple[bytes, str]]:
    framer = model.framer()
    return [(frame.data, frame.error) for chunk in chunks for frame in framer.feed(chunk)]


@pytest.mark.parametrize("model", LINES)
@given(data=st.data())
def test_how_bytes_are_chopped_does_not_matter(model: str, data: st.DataObject) -> None:
    row, speech = scale_model(model), SPEECHES[model]
    pan = Pan(speech.facts, random.Random(1), lambda: False)
    pan.load_g = data.draw(st.integers(-200, 30_000))
    say = speech.frame or (lambda one: speech.answer(row.ask.strip(b"\r\n") or row.ask, one))
    frame = say(pan)
    noise = data.draw(st.binary(max_size=8))
    stream = noise + frame * 3 + data.draw(st.binary(max_size=8))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    edges = [0, *cuts, len(stream)]
    chunks = [stream[a:b] for a, b in itertools.pairwise(edges)]
    assert readings(row, chunks) == readings(row, [stream])


@pytest.mark.parametrize("model", [row.id for row in SCALES])
@given(frame=st.binary(max_size=40))
def test_any_bytes_give_a_reading(model: str, frame: bytes) -> None:
    reading = scale_model(model).decode(frame, "kg")
    assert reading.raw == frame
    assert (reading.state is ScaleState.FAULT) == bool(reading.error)
    assert reading.state is not ScaleState.FAULT or reading.value is None


def test_every_model_on_a_line_has_a_simulator() -> None:
    assert set(SPEECHES) == set(LINES)
