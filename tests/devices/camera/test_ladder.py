"""The ladder reads what one decoder misses, and keeps to what two passes agree on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from packstation.devices.camera import pixels
from packstation.devices.camera.ladder import QUICK, RUNGS, CodeReader, Rung, pass_over
from packstation.devices.sim.codes import Symbol, label_picture
from packstation.devices.sim.optics import DEGRADATIONS
from packstation.domain.reading import Member, agreed, anything, box, expected_texts

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

EAN = Symbol("EAN13", "6901234567892")
SYMBOLS = (
    EAN,
    Symbol("UPCA", "012345000065"),
    Symbol("EAN8", "96385074"),
    Symbol("ITF", "09521234543213"),
    Symbol("Code128", "LX123456785CN"),
    Symbol("Code128", "[01]09521234543213[10]AB", gs1=True),
    Symbol("Code39", "T-131"),
    Symbol("QRCode", "SKU-1"),
    Symbol("DataMatrix", "%PS:undo"),
)


def picture(symbol: Symbol = EAN, seed: int = 1) -> Pixels:
    return label_picture(symbol, np.random.default_rng(seed))


def texts(image: Pixels, member: Member = anything) -> list[str]:
    return [read.text for read in agreed(CodeReader().read(image, member), member)]


@pytest.mark.parametrize("symbol", SYMBOLS, ids=lambda s: s.format + s.gs1 * " gs1")
def test_a_good_picture_counts_from_the_first_rung(symbol: Symbol) -> None:
    reads = CodeReader().read(picture(symbol))
    assert {read.step for read in reads} == {"quick", "quick again"}
    (read,) = agreed(reads, anything)
    bare = symbol.text.translate({ord(c): None for c in "[]"})
    assert read.text.lstrip("0") == bare.lstrip("0")


def test_gs1_data_is_plain_and_says_so() -> None:
    (read, *_) = CodeReader().read(picture(SYMBOLS[5]))
    assert (read.text, read.aim) == ("010952123454321310AB", "]C1")


def test_corners_lie_on_the_code_in_the_whole_picture() -> None:
    for read in CodeReader().read(pixels.turned(picture(), 20.0).pixels):
        left, top, right, bottom = box(read.corners)
        assert 150 < left < right < 600, read
        assert 150 < top <= bottom < 560, read


@pytest.mark.parametrize(
    ("fault", "strength"),
    [("far", 0.2), ("inverted", 0.0), ("blur", 0.0), ("tilted", 0.6), ("noise", 0.6), ("faint", 1)],
)
def test_what_the_first_rung_misses_a_repair_reads(fault: str, strength: float) -> None:
    image = DEGRADATIONS[fault](picture(), strength, np.random.default_rng(3))
    assert texts(image, expected_texts({EAN.text})) == [EAN.text]


def test_a_code_that_nobody_expects_does_not_count() -> None:
    assert texts(picture(), expected_texts({"6901234567885"})) == []


def test_nothing_is_read_from_an_empty_bench() -> None:
    mat = np.clip(np.random.default_rng(1).normal(120, 6, (480, 640)), 0, 255).astype(np.uint8)
    assert CodeReader().read(mat) == ()
    assert CodeReader().read(np.zeros((48, 64), np.uint8)) == ()


def test_several_codes_in_one_picture_are_each_read() -> None:
    image = np.vstack([np.hstack([picture(s) for s in SYMBOLS[i : i + 3]]) for i in (0, 3, 6)])
    assert len(texts(image)) == len(SYMBOLS)


def test_a_colour_picture_is_read_as_well() -> None:
    colour = np.repeat(picture()[:, :, None], 3, axis=2)
    assert texts(colour) == [EAN.text]


def test_no_rung_is_begun_after_the_spare_time() -> None:
    ticks = iter(range(100))
    blank = np.full((200, 200), 128, np.uint8)
    begun: list[str] = []

    def watched(rung: Rung) -> Rung:
        def prepare(part: Pixels, lean: float) -> pixels.View:
            begun.append(rung.name)
            return rung.prepare(part, lean)

        return Rung(rung.name, prepare, rung.engine, close=False)

    CodeReader([watched(r) for r in RUNGS]).read(blank, spare_s=3, clock=lambda: next(ticks))
    assert begun == [rung.name for rung in RUNGS[:2]]


def test_a_place_outside_the_picture_is_nothing_to_read() -> None:
    assert pass_over(RUNGS[1], picture(), [pixels.Area((900, 900, 990, 990), 0.0)]) == []
    assert pass_over(QUICK, picture(), ())


def test_opencv_leaves_qt_its_own_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_FONTDIR", "mine")
    monkeypatch.delenv("QT_QPA_PLATFORM_PLUGIN_PATH", raising=False)
    pixels.opencv()
    assert os.environ["QT_QPA_FONTDIR"] == "mine"
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
