"""Damaged frames of every scale and dimensioner: none may raise, and how many still look right.

A true frame is damaged: a bit flipped, a byte lost, doubled or put in, its end cut off, two of
these, or all of it noise. after a few whole frames of a small load the same load lies there for
`RUN` frames, every one of them damaged, and all go through one framer. ``raised`` counts
errors, ``wrong`` in a thousand the frames that were read as another weight than lay there, and
``taken`` those that the bench would have taken: its judge (`packstation.devices.steady.Judge`,
or a dimensioner's second measurement) let them through.

A protocol without a checksum cannot see a flipped digit; the figure says how often that is. Of HID
scales and of printers' replies only errors are counted: USB itself checks what it carries (USB 2.0
section 8.3.5), and a reply holds no weight.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import Struct, field

from packstation.benchmarks.figures import Result
from packstation.devices.catalogue import dimensioner_model, scale_model
from packstation.devices.framing import Framer
from packstation.devices.printers.replies import REPLIES
from packstation.devices.sim.pan import Pan
from packstation.devices.sim.scale import Speech
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.sizing import Agreement
from packstation.devices.steady import Judge, Patience
from packstation.domain.weights import ScaleState

FRAMES: Final = 10_000_000  # a model
QUICK: Final = 300
TRUE_REPLIES: Final = {
    "zpl": (
        b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
        b"\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
    ),
    "tspl": b"\x02\x40\x40\x40\x40\x03\r\n",
    "epl2": b"$00\r\n",
    "cpcl": b"\x00",
    "escpos": b"\x12\x12\x12\x12",
    "brother-ql": b"\x80\x20\x42" + bytes(29),
}
RUN: Final = 20
WHOLE: Final = 8  # enough for every model's judge
_WEIGHT: Final = frozenset({ScaleState.STABLE, ScaleState.ZERO, ScaleState.UNKNOWN})

# What one frame was read as, in grams, and whether the bench takes it; None for no weight.
Seen = tuple[int, bool]
Read = Callable[[bytes], "Seen | None"]


class Model(Struct, frozen=True):
    """How a model makes a frame of some grams, cuts frames, and reads one.

    ``reader`` begins a new load: it returns what reads the frames of that load in turn.
    """

    name: str
    make: Callable[[int], bytes]
    framer: Callable[[], Framer]
    reader: Callable[[], Read]
    most_g: int


class Score(Struct):
    """What became of damaged frames."""

    frames: int = 0
    raised: int = 0
    wrong: int = 0
    taken: int = 0
    examples: list[str] = field(default_factory=list)

    def example(self, data: bytes, what: object) -> None:
        """Keep the first few."""
        self.examples = [*self.examples, f"{data.hex(' ')}: {what!r}"][:5]


def measure(*, quick: bool = False) -> list[Result]:
    """A row a model."""
    count = QUICK if quick else FRAMES
    models = [*map(_scale, sorted(SPEECHES)), _cubiscan()]
    return [
        *(_result(model, count) for model in models),
        *(_survivor(name, whole, read, count) for name, whole, read in _answers()),
    ]


def _answers() -> list[tuple[str, bytes, Callable[[bytes], object]]]:
    """What is read without a weight to be mistaken: name, a true answer, its reader."""
    hid = scale_model("hid-pos")
    return [
        ("hid-pos", bytes((3, 4, 0x0B, 0xFF, 0x0E, 0x01)), lambda frame: hid.decode(frame, "")),
        *((f"{name} reply", TRUE_REPLIES[name], REPLIES[name]) for name in REPLIES),
    ]


def _survivor(name: str, whole: bytes, read: Callable[[bytes], object], count: int) -> Result:
    """Damaged answers: how many raise."""
    chance, begun, raised = random.Random(name), time.perf_counter(), 0
    for _ in range(count):
        broken = damage(whole, chance)
        try:
            read(broken)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is what is counted
            raised += 1
            if raised <= 5:
                print(f"{name}: {broken.hex(' ')}: {failure!r}", file=sys.stderr)
    seconds = time.perf_counter() - begun
    return Result(
        name=f"decode {name}",
        figures={"raised": raised},
        reference={},
        ratio=0.0,
        goal={"raised": 0},
        note="every answer damaged",
        shape={"frames": count, "us_a_frame": round(seconds / count * 1e6, 1)},
    )


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
        note="every frame damaged; taken: wrong ones that the bench would have believed",
        shape={"frames": score.frames, "us_a_frame": round(seconds / score.frames * 1e6, 1)},
    )


def damaged(model: Model, count: int, chance: random.Random) -> Score:
    """Read ``count`` damaged frames."""
    score = Score()
    while score.frames < count:
        # Nothing on it is no weight that could be mistaken.
        grams = chance.randrange(10, model.most_g, 10)
        _one_load(model, grams, min(RUN, count - score.frames), chance, score)
    return score


def _one_load(model: Model, grams: int, count: int, chance: random.Random, score: Score) -> None:
    framer, read = model.framer(), model.reader()
    for frame in framer.feed(model.make(10) * WHOLE):
        read(frame.data)
    read(b"")  # the load is changed: what was agreed on so far is over
    whole = model.make(grams)
    for _ in range(count):
        broken = damage(whole, chance)
        while broken == whole:
            broken = damage(whole, chance)
        score.frames += 1
        try:
            frames = framer.feed(broken)
            seen = [found for frame in frames if not frame.error and (found := read(frame.data))]
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is what is counted
            score.raised += 1
            score.example(broken, failure)
            continue
        for read_as, taken in seen:
            score.wrong += read_as != grams
            if taken and read_as != grams:
                score.taken += 1
                score.example(broken, ("taken", read_as, grams))


def damage(frame: bytes, chance: random.Random) -> bytes:
    """What a line does to a frame."""
    kind = chance.randrange(7)
    if kind == 5:
        return _hurt(_hurt(frame, chance, chance.randrange(5)), chance, chance.randrange(4))
    if kind == 6:
        return chance.randbytes(chance.randrange(1, 2 * len(frame)))
    return _hurt(frame, chance, kind)


def _hurt(frame: bytes, chance: random.Random, kind: int) -> bytes:
    at = chance.randrange(len(frame) or 1)
    match kind:
        case 0:
            flipped = bytes(byte ^ (1 << chance.randrange(8)) for byte in frame[at : at + 1])
            return frame[:at] + flipped + frame[at + 1 :]
        case 1:
            return frame[:at] + frame[at + 1 :]
        case 2:
            return frame[:at] + frame[at : at + 1] + frame[at:]
        case 3:
            return frame[:at] + chance.randbytes(1) + frame[at:]
        case _:
            return frame[:at]


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


def _weigher(name: str) -> Callable[[], Read]:
    row = scale_model(name)
    unit = SPEECHES[name].facts.unit

    def reader() -> Read:
        judge = Judge(Patience(row.confirm))
        now = 0.0

        def read(frame: bytes) -> Seen | None:
            nonlocal now
            now += row.period_s
            reading = row.decode(frame, unit)
            judged = judge.judged(reading, now)
            if reading.state not in _WEIGHT or (grams := reading.shown_grams) is None:
                return None
            return grams, judged.grams is not None

        return read

    return reader


def _cubiscan() -> Model:
    row = dimensioner_model("cubiscan")
    decode = row.decoder({})

    def make(side_mm: int) -> bytes:
        volume = Decimal(side_mm) * 60 / 5000
        text = f"MAH000000,L{side_mm / 10:05.1f},W030.0,H020.0,M,K012.34,D{volume:06.2f},M,F5000,I"
        return f"\x02{text}\x03\r\n".encode()

    def reader() -> Read:
        second = Agreement()

        def read(frame: bytes) -> Seen | None:
            reading = decode(frame)
            sides, agreed = reading.sides_mm, second.agreed(reading)
            if sides is None:
                return None
            side = sides[0] if sides[1:] == (300, 200) else -1
            return side, agreed is not None and agreed.sides_mm is not None

        return read

    return Model("cubiscan", make, row.framer, reader, 9000)
