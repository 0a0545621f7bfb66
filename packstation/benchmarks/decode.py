"""Damaged frames of every scale and dimensioner: none may raise, and how many still look right.

A true frame of a random load is damaged once: a bit flipped, a byte lost, doubled or put in, its
end cut off. It goes through the model's framer, a whole frame after it. ``raised`` counts errors,
``wrong`` in a thousand those that were read as another weight than lay there, and ``taken``
those that the bench would have taken: two in a row that agree, where one frame may not count.

A protocol without a checksum cannot see a flipped digit; the figure says how often that is. HID
scales are left out: USB itself checks what it carries (USB 2.0 section 8.3.5).
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from packstation.benchmarks.figures import Result
from packstation.devices.catalogue import dimensioner_model, scale_model
from packstation.devices.framing import Framer
from packstation.devices.sim.pan import Pan
from packstation.devices.sim.scale import Speech
from packstation.devices.sim.speeches import SPEECHES
from packstation.domain.weights import ScaleState

FRAMES: Final = 1_000_000  # a model
QUICK: Final = 300
_WEIGHT: Final = frozenset({ScaleState.STABLE, ScaleState.ZERO, ScaleState.UNKNOWN})

# What one frame was read as, in grams; None for no weight.
Read = Callable[[bytes], "int | None"]


class Model(Struct, frozen=True):
    """How a model makes a frame of some grams, cuts frames, and reads one."""

    name: str
    make: Callable[[int], bytes]
    framer: Callable[[], Framer]
    read: Read
    most_g: int


class Score(Struct):
    """What became of damaged frames."""

    frames: int = 0
    raised: int = 0
    wrong: int = 0
    taken: int = 0
    last: tuple[int, int] | None = None
    examples: list[str] = field(default_factory=list)


def measure(*, quick: bool = False) -> list[Result]:
    """A row a model."""
    count = QUICK if quick else FRAMES
    models = [*map(_scale, sorted(SPEECHES)), _cubiscan()]
    return [_result(model, count) for model in models]


def _result(model: Model, count: int) -> Result:
    begun, score = time.perf_counter(), damaged(model, count, random.Random(model.name))
    seconds = time.perf_counter() - begun
    for example in score.examples:
        print(f"{model.name}: {example}", file=sys.stderr)
    return Result(
        name=f"decode {model.name}",
        figures={
            "raised": score.raised,
            "taken": score.taken,
            "wrong_permille": round(score.wrong * 1000 / score.frames, 3),
        },
        reference={},
        ratio=0.0,
        goal={"raised": 0, "taken": 0},
        note="damaged once each; taken: two wrong ones in a row that agree",
        shape={"frames": score.frames, "us_a_frame": round(seconds / score.frames * 1e6, 1)},
    )


def damaged(model: Model, count: int, chance: random.Random) -> Score:
    """Read ``count`` damaged frames."""
    score = Score()
    for _ in range(count):
        # Nothing on it is no weight that could be mistaken.
        grams = chance.randrange(10, model.most_g, 10)
        whole = model.make(grams)
        broken = damage(whole, chance)
        if broken == whole:
            continue
        score.frames += 1
        try:
            found = _first_wrong(model, broken, whole, grams)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is what is counted
            score.raised += 1
            score.examples = [*score.examples, f"{broken.hex(' ')}: {failure!r}"][:5]
            continue
        if found is not None:
            score.wrong += 1
            score.taken += score.last == (grams, found)
        score.last = None if found is None else (grams, found)
    return score


def damage(frame: bytes, chance: random.Random) -> bytes:
    """One of the things that a line does to a frame."""
    at = chance.randrange(len(frame))
    kind = chance.randrange(5)
    if kind == 0:
        return frame[:at] + bytes((frame[at] ^ (1 << chance.randrange(8)),)) + frame[at + 1 :]
    if kind == 1:
        return frame[:at] + frame[at + 1 :]
    if kind == 2:
        return frame[:at] + frame[at : at + 1] + frame[at:]
    if kind == 3:
        return frame[:at] + bytes((chance.randrange(256),)) + frame[at:]
    return frame[:at]


def _first_wrong(model: Model, broken: bytes, whole: bytes, grams: int) -> int | None:
    """Another weight than lay there, read from the damaged bytes or what follows them."""
    for frame in model.framer().feed(broken + whole):
        read = None if frame.error else model.read(frame.data)
        if read is not None and read != grams:
            return read
    return None


def _scale(name: str) -> Model:
    row, speech = scale_model(name), SPEECHES[name]
    say = speech.frame or (lambda pan: speech.answer(_asked(row.ask), pan))
    return Model(name, _maker(speech, say), row.framer, _weigher(name), speech.facts.capacity_g)


def _asked(ask: bytes) -> bytes:
    return ask.strip(b"\r\n") or ask


def _maker(speech: Speech, say: Callable[[Pan], bytes]) -> Callable[[int], bytes]:
    pan = Pan(speech.facts, random.Random(1), lambda: False)

    def make(grams: int) -> bytes:
        pan.load_g = grams
        return say(pan)

    return make


def _weigher(name: str) -> Read:
    row = scale_model(name)
    unit = SPEECHES[name].facts.unit

    def read(frame: bytes) -> int | None:
        reading = row.decode(frame, unit)
        return reading.shown_grams if reading.state in _WEIGHT else None

    return read


def _cubiscan() -> Model:
    row = dimensioner_model("cubiscan")
    decode = row.decoder({})

    def make(side_mm: int) -> bytes:
        text = f"MAH000000,L{side_mm / 10:05.1f},W030.0,H020.0,M,K012.34,D004.80,M,F5000,I"
        return f"\x02{text}\x03\r\n".encode()

    def read(frame: bytes) -> int | None:
        sides = decode(frame).sides_mm
        return None if sides is None else sides[0] if sides[1:] == (300, 200) else -1

    return Model("cubiscan", make, row.framer, read, 9000)
