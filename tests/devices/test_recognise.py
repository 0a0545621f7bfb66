"""The recogniser: every model by its bytes, and never a wrong one that looks certain."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.devices.catalogue import scale_model
from packstation.devices.opening import LineSettings
from packstation.devices.recognise import (
    CHECKS,
    Capture,
    line_models,
    line_of,
    readings_of,
    recognise,
    settle,
)
from packstation.devices.sim.pan import Pan
from packstation.devices.sim.speeches import SPEECHES
from packstation.domain.quantities import GRAMS_PER_UNIT
from packstation.domain.recognition import Finding, agrees

MODELS = sorted(SPEECHES)
# Whose bytes tell everything: unit sent, frames that can be checked, no model beside it.
PLAIN = [model for model in MODELS if scale_model(model).unit_sent and CHECKS[model] != "none"]
EQUALS = {"yaohua-reversed", "yaohua-forward"}
EIGHT, SEVEN = LineSettings(), LineSettings(9600, 7, "E")
ASKS = (b"SI\r\n", b"W", b"W\r", b"\nW\r", b"\x1bP", b"Q\r\n", b"IP\r\n")


class Talker:
    """A simulated scale without a port: asked, it answers; left alone, it streams or not."""

    def __init__(
        self, model: str, grams: int, chance: random.Random, *, moving: bool = False
    ) -> None:
        self._speech = SPEECHES[model]
        self._chance = chance
        self.pan = Pan(self._speech.facts, chance, lambda: moving)
        self.pan.load_g = grams

    def says(self, ask: bytes) -> bytes:
        if self._speech.frame is not None:
            return b"".join(self._speech.frame(self.pan) for _ in range(6))
        heard = self._speech.heard()
        frames = heard.feed(ask)
        return b"".join(self._speech.answer(one.data, self.pan) for one in frames) * 4

    def capture(
        self, ask: bytes, line: LineSettings = EIGHT, *, noise: float = 0, late: int = 0
    ) -> Capture:
        data = bytearray(self.says(ask)[late:])
        for place in range(len(data)):
            if self._chance.random() < noise:
                data[place] ^= 1 << self._chance.randrange(8)
        return Capture(self._chopped(bytes(data)), ask, line)

    def _chopped(self, data: bytes) -> tuple[bytes, ...]:
        chunks = []
        while data:
            size = self._chance.randint(1, 9)
            chunks.append(data[:size])
            data = data[size:]
        return tuple(chunks)


def captured(model: str, grams: int, seed: int, noise: float = 0) -> list[Capture]:
    chance = random.Random(seed)
    talker = Talker(model, grams, chance)
    asks = (b"", *ASKS, *((b"P\r\n",) if model == "adam" else ()))
    late = chance.randrange(12)
    return [
        talker.capture(ask, line, noise=noise, late=0 if ask else late)
        for line in (EIGHT, SEVEN)
        for ask in asks
    ]


@pytest.mark.parametrize("model", PLAIN)
def test_a_scale_that_tells_everything_is_found_by_its_bytes(model: str) -> None:
    said = recognise(captured(model, 1_250, seed=3))

    assert said.finding is Finding.FOUND
    assert said.first is not None
    assert (said.first.model, said.first.unit) == (model, "")
    assert said.first.good >= 4
    assert said.first.shown.split()[1] in GRAMS_PER_UNIT


@pytest.mark.parametrize("model", sorted(set(MODELS) - set(PLAIN)))
def test_what_the_bytes_do_not_tell_is_settled_by_a_known_weight(model: str) -> None:
    grams = 1_250
    before = recognise(captured(model, 0, seed=5) + captured(model, 770, seed=5))
    assert before.finding is Finding.AMBIGUOUS

    after = settle(captured(model, grams, seed=6), before.candidates, Decimal(grams))

    assert after.finding is Finding.FOUND
    assert after.first is not None
    assert after.first.model == model
    assert after.first.unit in {"", "kg"}
    assert after.first.confidence == 100


@settings(max_examples=120, deadline=None)
@given(
    model=st.sampled_from(MODELS),
    grams=st.integers(0, 5_900),
    seed=st.integers(0, 10_000),
    noise=st.sampled_from((0, 0.002, 0.01, 0.03)),
)
def test_the_right_model_is_first_or_the_answer_is_not_certain(
    model: str, grams: int, seed: int, noise: float
) -> None:
    said = recognise(captured(model, grams, seed, noise))

    if said.finding is Finding.FOUND:
        assert said.first is not None
        assert said.first.model == model
    elif said.finding is Finding.AMBIGUOUS and noise == 0:
        assert model in {one.model for one in said.candidates}


@settings(max_examples=120, deadline=None)
@given(
    model=st.sampled_from(MODELS),
    grams=st.integers(200, 5_900),
    seed=st.integers(0, 10_000),
    noise=st.sampled_from((0, 0.002, 0.01)),
)
def test_a_known_weight_never_settles_on_what_reads_another(
    model: str, grams: int, seed: int, noise: float
) -> None:
    rounded = round(grams / 10) * 10
    before = recognise(captured(model, rounded, seed, noise))
    after = settle(captured(model, rounded, seed, noise), before.candidates, Decimal(rounded))

    if after.finding is Finding.FOUND:
        assert after.first is not None
        assert (after.first.model, after.first.unit) in {(model, ""), (model, "kg")}


def test_the_point_tells_the_two_equals_formats_apart() -> None:
    for model in sorted(EQUALS):
        said = recognise(captured(model, 500, seed=1))

        assert said.finding is Finding.AMBIGUOUS  # of units, and nothing checks the frames
        assert {one.model for one in said.candidates} == {model}


def test_without_a_point_the_two_equals_formats_need_a_known_weight() -> None:
    frames = [Capture((b"=00012000",) * 8, b"", EIGHT)]
    before = recognise(frames)
    assert {one.model for one in before.candidates} == EQUALS

    after = settle(frames, before.candidates, Decimal(12_000))
    assert after.finding is Finding.FOUND
    assert [(one.model, one.unit) for one in after.candidates] == [("yaohua-forward", "g")]


def test_a_number_that_reads_the_same_backwards_asks_for_another_weight() -> None:
    same = [Capture((b"=00111100",) * 8, b"", EIGHT)]
    before = recognise(same)

    after = settle(same, before.candidates, Decimal(111_100))

    assert after.finding is Finding.AMBIGUOUS
    assert {one.model for one in after.candidates} == EQUALS


def test_silence_garbage_and_foreign_text_are_told_apart() -> None:
    assert recognise([Capture(()), Capture((), b"W")]).finding is Finding.NOTHING
    chance = random.Random(1)
    noise = bytes(chance.randrange(256) for _ in range(400))
    assert recognise([Capture((noise,))]).finding is Finding.GARBAGE
    hello = b"HELLO WORLD 12\r\n" * 9
    assert recognise([Capture((hello,))]).finding is Finding.UNKNOWN
    parity = bytes(byte | 0x80 if byte.bit_count() % 2 else byte for byte in hello)
    assert recognise([Capture((parity,))]).finding is Finding.UNKNOWN


def test_a_scale_in_motion_is_no_certainty() -> None:
    talker = Talker("toledo-8217", 900, random.Random(2), moving=True)
    said = recognise([talker.capture(ask) for ask in ASKS])

    assert said.finding is Finding.AMBIGUOUS
    assert "toledo-8217" in {one.model for one in said.candidates}
    assert said.candidates[0].shown == ""


def test_the_settings_of_the_line_that_fit_the_model_are_preferred() -> None:
    said = recognise(captured("and-standard", 300, seed=8))
    assert said.first is not None
    assert line_of(said.first) in {EIGHT, SEVEN}

    own = scale_model("and-standard").line
    talker = Talker("and-standard", 300, random.Random(8))
    both = [talker.capture(b"Q\r\n", line) for line in (EIGHT, own, SEVEN)]
    first = recognise(both).first
    assert first is not None
    assert line_of(first) == own


def test_a_network_has_no_line() -> None:
    frames = SPEECHES["st-gs"].frame
    assert frames is not None
    pan = Pan(SPEECHES["st-gs"].facts, random.Random(1), lambda: False)
    said = recognise([Capture((frames(pan),) * 5)])

    assert said.finding is Finding.FOUND
    assert said.first is not None
    assert said.first.baud == 0
    assert line_of(said.first) is None


def test_a_known_weight_that_nobody_reads_shows_what_they_read() -> None:
    captures = captured("st-gs", 2_000, seed=1)
    before = recognise(captures)
    after = settle(captures, before.candidates, Decimal(500))

    assert after.finding is Finding.DISAGREE
    assert after.candidates[0].shown == "2.000 kg"
    assert settle([Capture(())], before.candidates, Decimal(500)).finding is Finding.NOTHING


def test_one_reading_settles_nothing() -> None:
    talker = Talker("st-gs", 2_000, random.Random(1))
    before = recognise([talker.capture(b"")])
    one = Capture((talker.says(b"")[:20],), b"", EIGHT)

    assert len(readings_of(before.candidates[0], [one])) == 1
    assert settle([one], before.candidates, Decimal(2_000)).finding is Finding.DISAGREE


def test_what_no_bench_carries_is_no_reading() -> None:
    tons = b"ST,GS,+0900.000t \r\n"
    assert recognise([Capture((tons,) * 6)]).finding is Finding.UNKNOWN


def test_an_identity_is_no_weight() -> None:
    said = recognise([Capture((b'I4 A "B123456789"\r\n',) * 3, b"I4\r\n")])
    assert said.finding is Finding.UNKNOWN


def test_agreement_is_a_hundredth_or_two_digits() -> None:
    assert agrees(Decimal(505), Decimal(500), Decimal(1))
    assert not agrees(Decimal(506), Decimal(500), Decimal(1))
    assert agrees(Decimal(520), Decimal(500), Decimal(10))


def test_every_model_on_a_line_has_its_check() -> None:
    assert {model.id for model in line_models()} == set(CHECKS)
