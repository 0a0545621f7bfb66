"""Reading codes from pictures that a camera gets wrong: the ladder beside its two decoders.

Pictures are drawn and damaged from a seed (`packstation.devices.sim.optics`): ten kinds of codes,
eighteen faults, three strengths, each text new. zxing-cpp (all formats, its defaults) and pyzbar
count a picture as read where any of their texts is the true one; the ladder only where the true
text counts by the bench's rules (`packstation.domain.reading`): sound, two passes, expected.
Beside the true text two decoys are expected that differ by a digit, with a right check digit.
``wrong`` counts pictures where another text counted, ``wrong_unexpected`` the same where every
text is expected, so that membership cannot hide a misread.

Frames that read at once are those that zxing-cpp reads with its defaults; the ratio is the
ladder's time on them over zxing-cpp's on the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from packstation.benchmarks.figures import Result, percentile
from packstation.devices.camera.ladder import CodeReader
from packstation.devices.sim.codes import Symbol, label_picture
from packstation.devices.sim.optics import DEGRADATIONS
from packstation.domain.gs1 import check_digit
from packstation.domain.reading import CodeRead, agreed, anything, expected_texts

if TYPE_CHECKING:
    import numpy as np

    from packstation.devices.camera.pixels import Pixels

# The ladder was tuned on seed 7; the figures are of another.
SEED: Final = 20_261_122
ROUNDS: Final = 4
QUICK: Final = 30
STRENGTHS: Final = (0.0, 0.5, 1.0)
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class Kind(Struct, frozen=True):
    """A kind of code: how its text is made, and which texts are near it."""

    name: str
    format: str
    text: Callable[[np.random.Generator], str]
    gs1: bool = False
    checked: int = 0  # digits before a mod-10 check digit


def _digits(count: int) -> Callable[[np.random.Generator], str]:
    return lambda chance: "".join(str(chance.integers(0, 10)) for _ in range(count))


def _checked(count: int) -> Callable[[np.random.Generator], str]:
    make = _digits(count)
    return lambda chance: _closed(make(chance))


def _closed(digits: str) -> str:
    return digits + str(check_digit(digits))


def _waybill(chance: np.random.Generator) -> str:
    return f"{_LETTERS[chance.integers(0, 24)]}X{_digits(9)(chance)}CN"


def _elements(chance: np.random.Generator) -> str:
    return f"[01]0{_closed(_digits(12)(chance))}[10]{_digits(4)(chance)}"


KINDS: Final = (
    Kind("EAN-13", "EAN13", _checked(12), checked=13),
    Kind("UPC-A", "UPCA", _checked(11), checked=12),
    Kind("EAN-8", "EAN8", _checked(7), checked=8),
    Kind("ITF-14", "ITF", _checked(13), checked=14),
    Kind("Code 128", "Code128", _waybill),
    Kind("GS1-128", "Code128", _elements, gs1=True),
    Kind("Code 39", "Code39", lambda chance: f"PACK-{_digits(4)(chance)}"),
    Kind("QR Code", "QRCode", lambda chance: f"SKU-{_digits(10)(chance)}"),
    Kind("Data Matrix", "DataMatrix", _waybill),
    Kind("GS1 Data Matrix", "DataMatrix", _elements, gs1=True),
)


class Sample(Struct, frozen=True):
    """A damaged picture and what it shows."""

    image: Pixels
    kind: str
    fault: str
    truth: str
    expected: frozenset[str]


class Score(Struct):
    """What became of the pictures."""

    pictures: int = 0
    zxing: int = 0
    zbar: int = 0
    ladder: int = 0
    wrong: int = 0
    wrong_unexpected: int = 0
    zxing_at_once_s: float = 0.0
    ladder_at_once_s: float = 0.0
    slow_s: list[float] = field(default_factory=list)


def samples(seed: int, rounds: int) -> Iterator[Sample]:
    """Every kind in every fault at every strength, ``rounds`` times."""
    import numpy as np

    chance = np.random.default_rng(seed)
    for _ in range(rounds):
        for fault, degrade in DEGRADATIONS.items():
            for strength in STRENGTHS:
                for kind in KINDS:
                    text = kind.text(chance)
                    clean = label_picture(Symbol(kind.format, text, kind.gs1), chance)
                    image = degrade(clean, strength, chance)
                    grain = image + chance.normal(0, 2, image.shape)
                    truth = text.replace("[", "").replace("]", "")
                    yield Sample(
                        np.clip(grain, 0, 255).astype(np.uint8),
                        kind.name,
                        fault,
                        truth,
                        frozenset([truth, *decoys(truth, kind, chance)]),
                    )


def decoys(truth: str, kind: Kind, chance: np.random.Generator) -> list[str]:
    """Two texts that differ from ``truth`` by one digit, and by the check digit that follows."""
    found = []
    places = [at for at, char in enumerate(truth[: kind.checked - 1 or None]) if char.isdigit()]
    for _ in range(2):
        at = places[int(chance.integers(0, len(places)))]
        other = str((int(truth[at]) + int(chance.integers(1, 10))) % 10)
        changed = truth[:at] + other + truth[at + 1 :]
        found.append(_closed(changed[:-1]) if kind.checked else changed)
    return found


def score(pictures: Iterable[Sample]) -> Score:
    """Pictures through all three."""
    import zxingcpp
    from pyzbar import pyzbar

    reader, told, best = CodeReader(), Score(), time.perf_counter
    for sample in pictures:
        told.pictures += 1
        member = expected_texts(sample.expected)
        begun = best()
        plain = zxingcpp.read_barcodes(sample.image, text_mode=zxingcpp.TextMode.Plain)
        alone_s = best() - begun
        begun = best()
        reads = reader.read(sample.image, member)
        ladder_s = best() - begun
        at_once = any(_same(code.text, sample.truth) for code in plain)
        told.zxing += at_once
        told.zbar += any(
            _same(code.data.decode("utf-8", "replace"), sample.truth)
            for code in pyzbar.decode(sample.image)
        )
        counted = agreed(reads, member)
        told.ladder += any(_true(read, sample) for read in counted)
        told.wrong += any(not _true(read, sample) for read in counted)
        free = agreed(reader.read(sample.image), anything)
        told.wrong_unexpected += any(not _true(read, sample) for read in free)
        if at_once:
            told.zxing_at_once_s += alone_s
            told.ladder_at_once_s += ladder_s
        else:
            told.slow_s.append(ladder_s)
    return told


def _true(read: CodeRead, sample: Sample) -> bool:
    return _same(read.text, sample.truth)


def _same(text: str, truth: str) -> bool:
    """Equal but for the zeros that make a GTIN of another length."""
    return text == truth or (text.isdigit() and text.zfill(14) == truth.zfill(14))


def measure(*, quick: bool = False) -> list[Result]:
    """One row: read rates, wrong texts, time."""
    told = score(islice(samples(SEED, 1), QUICK) if quick else samples(SEED, ROUNDS))
    share = 100 / told.pictures
    rates = {"ladder": told.ladder, "zxing": told.zxing, "zbar": told.zbar}
    rate = {name: round(count * share, 1) for name, count in rates.items()}
    ratio = told.ladder_at_once_s / max(told.zxing_at_once_s, 1e-9)
    count = max(1, told.zxing)
    return [
        Result(
            name="camera ladder",
            figures={
                "unread_percent": round(100 - rate["ladder"], 1),
                "zxing_less_percent": round(rate["zxing"] - rate["ladder"], 1),
                "zbar_less_percent": round(rate["zbar"] - rate["ladder"], 1),
                "wrong": told.wrong,
                "wrong_unexpected": told.wrong_unexpected,
                "at_once_mean_ms": round(told.ladder_at_once_s / count * 1e3, 2),
                "climb_p90_ms": round(percentile(told.slow_s or [0], 0.9) * 1e3, 1),
            },
            reference={
                "zxing_unread_percent": round(100 - rate["zxing"], 1),
                "zbar_unread_percent": round(100 - rate["zbar"], 1),
                "at_once_mean_ms": round(told.zxing_at_once_s / count * 1e3, 2),
            },
            ratio=round(ratio, 2),
            goal={
                "ratio": 1.0,
                "wrong": 0,
                "zxing_less_percent": -6,
                "zbar_less_percent": -20,
            },
            note="share of damaged pictures; less: minus the ladder's, in points",
            shape={"pictures": told.pictures, "seed": SEED},
        )
    ]
