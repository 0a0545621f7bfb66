"""ZPL of the same samples by an independent renderer: codes in place, text inked, one label."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import language, writer
from packstation.documents.label.settings import LanguageSettings
from packstation.domain.labels import Label, Media, Text, media
from tests.documents.label.specimens import SIZES, specimens
from tests.documents.label.test_printouts import area, barcodes, found_in
from tests.node.rendering import render_zpl

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("zpl-renderer")]

ZPL = language("zpl")
TOLD = LanguageSettings(kind="mark", darkness=8, speed=3, cut=True, peel=True, native_codes=False)


@pytest.fixture(scope="module")
def printed(fonts: Fonts) -> dict[tuple[str, Media], tuple[Label, list[Image.Image]]]:
    """Every specimen on every stock, and those of one stock with settings and drawn codes."""
    jobs = [
        (name, stock, label, writer("zpl", fonts, None).write([label]))
        for stock in SIZES
        for name, label in specimens(stock, fonts).items()
    ]
    told = writer("zpl", fonts, TOLD)
    jobs += [
        (f"told {name}", media("4x6"), label, told.write([label]))
        for name, label in specimens(media("4x6"), fonts).items()
    ]
    pictures = render_zpl([(zpl, stock) for _, stock, _, zpl in jobs])
    return {
        (name, stock): (label, drawn)
        for (name, stock, label, _), drawn in zip(jobs, pictures, strict=True)
    }


Rendered = dict[tuple[str, Media], tuple[Label, list[Image.Image]]]


def test_one_label_comes_out_of_each(printed: Rendered) -> None:
    assert {name: len(pictures) for name, (_, pictures) in printed.items()} == dict.fromkeys(
        printed, 1
    )


def test_a_reader_finds_every_code_and_no_other(printed: Rendered) -> None:
    for name, (label, (picture,)) in printed.items():
        assert found_in(picture) == sorted(code.data for code in barcodes(label)), name


def test_codes_stand_where_they_are_planned(printed: Rendered) -> None:
    for name, (label, (picture,)) in printed.items():
        for code in barcodes(label):
            left, top, right, bottom = area(code, label.media)
            # Captions stand 3 dots below.
            around = (left - 8, top - 2, right + 8, bottom + 2)
            ink = ImageChops.invert(picture.crop(around)).getbbox()
            wanted = (8, 2, 8 + right - left, 2 + bottom - top)
            off = [abs(one - two) for one, two in zip(ink or (), wanted, strict=True)]
            assert max(off) <= 1, (name, code.kind, code.data, off)


def test_text_is_where_the_model_has_it(printed: Rendered) -> None:
    for name, (label, (picture,)) in printed.items():
        for text in (one for one in label.elements if isinstance(one, Text)):
            for index, line in enumerate(text.lines):
                dots = label.media.dots
                base, left, wide = dots(text.baseline(index)), dots(text.x), dots(text.width)
                box = (left, base - dots(text.size * 0.75), left + wide, base)
                dark = sum(picture.crop(box).histogram()[:128]) / (wide * (base - box[1]))
                assert dark < 0.98 if text.inverse else dark > 0.002, (name, line)
