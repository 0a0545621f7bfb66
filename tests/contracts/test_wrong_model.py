"""A scale on a port that is set as another model: no weight, or the one that lies there.

Every simulator's frames go through every other model's framer, decoder and judge, as if the line
were set right (a network converter hides baud and parity) and the scale spoke unasked.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.devices.catalogue import SCALES, ScaleModel, scale_model
from packstation.devices.misread import Misread
from packstation.devices.sim.faces import PtyFace
from packstation.devices.sim.pan import Pan, ScaleFacts
from packstation.devices.sim.scale import ScaleSim, Speech
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.steady import Judge, Patience, ToldOnce
from packstation.devices.weighing import ScaleConversation
from packstation.domain.weights import Reading
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.devices.rigs import linked

LOADS_G = (0, 20, 640, 1250, 2110, 4440, 9990, 12340)
FRAMES = 20
EQUALS = {"yaohua-reversed", "yaohua-forward"}


def facts_of(speech: Speech) -> Iterator[ScaleFacts]:
    """Places that such a scale may be set to."""
    for decimals in (2, 3) if speech.facts.unit == "kg" else (0, 1):
        yield replace(speech.facts, decimals=decimals, division_g=10)


def frame_of(speech: Speech, facts: ScaleFacts, grams: int) -> bytes:
    pan = Pan(facts, random.Random(1), lambda: False)
    pan.load_g = grams
    ask = scale_model(speech.model).ask
    return speech.frame(pan) if speech.frame else speech.answer(ask.strip(b"\r\n") or ask, pan)


def taken(model: ScaleModel, frame: bytes, unit: str) -> set[int]:
    """Grams that a bench would take, from a stream and from the scale's one word."""
    return {
        one.grams
        for one in (*streamed(model, frame, unit), *once(model, frame, unit))
        if one.grams is not None
    }


def streamed(model: ScaleModel, frame: bytes, unit: str) -> Iterator[Reading]:
    framer, judge, at = model.framer(), Judge(Patience(model.confirm)), 0.0
    pieces = [frame] * FRAMES if model.transport == "hid" else [frame * FRAMES]
    for one in (found for piece in pieces for found in framer.feed(piece)):
        at += 0.1
        if not one.error:
            yield judge.judged(model.decode(one.data, unit), at)


def once(model: ScaleModel, frame: bytes, unit: str) -> Iterator[Reading]:
    if model.once is None:
        return
    told = ToldOnce()
    for one in model.framer().feed(frame):
        if not one.error and one.data.strip():
            reading = model.decode(one.data, unit)
            told.heard(reading, reading)
            found = told.unanswered()
            if found is not None:
                yield found


def wrong(speech: Speech, model: ScaleModel, facts: ScaleFacts) -> list[tuple[int, set[int]]]:
    found = []
    for grams in LOADS_G:
        frame = frame_of(speech, facts, grams)
        for sent in {frame, bytes(byte & 0x7F for byte in frame)}:
            weights = taken(model, sent, facts.unit)
            if weights - {grams}:
                found.append((grams, weights))
    return found


@pytest.mark.parametrize("spoken", list(SPEECHES))
@pytest.mark.parametrize("expected", [row.id for row in SCALES])
def test_a_scale_of_another_model_gives_no_wrong_weight(spoken: str, expected: str) -> None:
    speech, model = SPEECHES[spoken], scale_model(expected)
    assert [wrong(speech, model, facts) for facts in facts_of(speech)] == [[], []]


def test_what_a_row_cannot_read_is_named(tmp_path: Path) -> None:
    sim = ScaleSim(PtyFace(tmp_path / "scale"), random.Random(1), SPEECHES["st-gs"])
    sim.place(1250)
    for expected in ("cas-22", "yaohua-a9", "yaohua-forward"):
        conversation = ScaleConversation(scale_model(expected))
        with linked(sim.address, conversation.converse) as heard:
            said = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
        assert (said.cause, said.detail.split(", ")[0]) == ("scale.other_model", "st-gs")
        assert {one.reading.grams for one in heard.of(ScaleRead)} == {None}
    sim.close()


def test_noise_of_the_rows_own_model_names_no_other() -> None:
    own, other = Misread("st-gs"), Misread("mt-sics")
    for one in (own, other):
        one.heard(b"ST,GS,+0001.250kg\r\n" * 5)
    assert (own.spoken(), other.spoken()) == ("", "st-gs")
    other.heard(bytes(range(128, 256)) * 4)
    assert other.spoken() == ""


def test_without_a_point_the_two_equals_formats_are_each_others_numbers() -> None:
    """The one pair where a wrong weight can be taken: docs/device-quality.md names it."""
    for spoken, expected in (sorted(EQUALS), sorted(EQUALS, reverse=True)):
        frame = {"yaohua-forward": b"=00001250", "yaohua-reversed": b"=05210000"}[spoken]
        assert taken(scale_model(spoken), frame, "g") == {1250}
        assert taken(scale_model(expected), frame, "g") - {1250}


def test_a_scale_that_knows_the_question_of_another_model_answers_in_its_own_words() -> None:
    """Questions are alike (`W` of four models): what is answered is told apart all the same."""
    asks = {row.id: row.ask for row in SCALES if row.ask}
    for spoken, speech in SPEECHES.items():
        pan = Pan(replace(speech.facts, division_g=10), random.Random(1), lambda: False)
        pan.load_g = 1250
        for expected, ask in asks.items():
            heard = speech.heard().feed(ask)
            said = b"".join(speech.answer(one.data, pan) for one in heard)
            assert taken(scale_model(expected), said, "kg") <= {1250}, (spoken, expected)
