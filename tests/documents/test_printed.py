"""Labels as an independent printer prints them, and as a scanner reads them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import pytest
from PIL import Image

from packstation.documents.code128 import encode
from packstation.documents.fonts import Fonts
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.label.zpl import ZplWriter
from packstation.documents.testcard import printer_label, scanner_card
from packstation.domain.labels import Barcode, Label, Media, media
from packstation.domain.orders import Address
from packstation.domain.s10 import number
from packstation.domain.testcard import CARD_CODES
from packstation.i18n import LANGUAGES, load
from tests.documents.samples import ACCENTED, CHINESE, RUSSIAN, papers
from tests.node.rendering import codes_in, render_zpl

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("zpl-renderer")]

HOSTILE = (
    "ACME^FS^XZ~JA^XA^FO50,50^A0N,50^FDINJECTED",
    '"quoted"\' \\& \\\\ _5E_7E _',
    "a\x02b\x03c\x1b^XZ\r\n~JA",
    "trailing\\",
    "\u202e^XZ\u202c \u200b~JA",
    "^CC;^CT;^CD;~DGR:X.GRF,1,1,FF",
)
SIZES = (media("100x150"), media("4x6"), media("100x150", 300), media("4x6", 300))
PLACES = (RUSSIAN, CHINESE, ACCENTED)


@dataclass(frozen=True)
class Printed:
    """A label, the codes that should be on it, and the pictures that came out."""

    label: Label
    codes: list[str]
    pictures: list[Image.Image]


def _shipping(fonts: Fonts, serial: int, to: Address, size: Media) -> tuple[Label, list[str]]:
    waybill = number("LP", serial, "CN")
    (label,) = shipping_labels(papers(to=to, waybill=waybill), size, fonts)
    return label, [waybill]


def _hostile(fonts: Fonts, serial: int, text: str) -> tuple[Label, list[str]]:
    to = Address(name=text, company=text, lines=(text, text), city=text, country="RU", phone=text)
    waybill = number("LP", serial, "CN")
    parcel = papers(
        to=to, waybill=waybill, mark="^XZ~JA", category_text=text[:16], category="other"
    )
    (label,) = shipping_labels(parcel, SIZES[0], fonts)
    return label, [waybill]


@pytest.fixture(scope="module")
def printed(fonts: Fonts, writer: ZplWriter) -> dict[str, Printed]:
    """Everything this module looks at, in one run of the renderer."""
    labels: dict[str, tuple[Label, list[str]]] = {}
    for place in PLACES:
        for size in SIZES:
            name = f"{place.country} {size.width_mm} {size.dpi}"
            labels[name] = _shipping(fonts, 100 + len(labels), place, size)
    for text in HOSTILE:
        labels[f"hostile {text}"] = _hostile(fonts, 200 + len(labels), text)
    for language in LANGUAGES:
        say = load(language).say
        labels[f"card {language}"] = (
            scanner_card(SIZES[0], say, fonts),
            [code.text for code in CARD_CODES],
        )
        labels[f"test {language}"] = (
            printer_label(SIZES[0], "GZ-1 · 07", say, fonts),
            [f"PST-{dots}-DOTS" for dots in (2, 3, 4)],
        )
    pictures = render_zpl([(writer.write([label]), label.media) for label, _ in labels.values()])
    return {
        name: Printed(label, codes, drawn)
        for (name, (label, codes)), drawn in zip(labels.items(), pictures, strict=True)
    }


def test_a_scanner_reads_what_the_label_is_for_and_nothing_else(
    printed: dict[str, Printed],
) -> None:
    read = {name: codes_in(one.pictures[0]) for name, one in printed.items()}

    assert read == {name: one.codes for name, one in printed.items()}


def test_whatever_a_buyer_is_called_one_label_comes_out(printed: dict[str, Printed]) -> None:
    assert {name: len(one.pictures) for name, one in printed.items()} == dict.fromkeys(printed, 1)


def test_bars_are_whole_dots_and_as_wide_as_planned(printed: dict[str, Printed]) -> None:
    for name, one in printed.items():
        for code in one.label.elements:
            if isinstance(code, Barcode) and code.kind in {"code128", "gs1"}:
                widths = encode(code.data, gs1=code.kind == "gs1").widths
                assert _runs(one.pictures[0], code, one.label.media) == [
                    width * code.module_dots for width in widths
                ], (name, code.data)


def test_quiet_zones_are_white(printed: dict[str, Printed]) -> None:
    for name, one in printed.items():
        for code in one.label.elements:
            if isinstance(code, Barcode) and code.kind in {"code128", "gs1"}:
                dots = one.label.media.dots
                left, quiet = dots(code.x), 10 * code.module_dots
                right = left + code.module_dots * encode(code.data, gs1=code.kind == "gs1").modules
                top, bottom = dots(code.y), dots(code.y + code.height)
                for x in (left - quiet, right):
                    assert x >= 0, name
                    assert x + quiet <= one.pictures[0].width, name
                    zone = one.pictures[0].crop((x, top, x + quiet, bottom))
                    assert zone.getextrema() == (255, 255), (name, code.data)


def _runs(picture: Image.Image, code: Barcode, size: Media) -> list[int]:
    """Lengths of the runs of equal colour through the middle of a code, its bars only."""
    y = size.dots(code.y + code.height / 2)
    left = size.dots(code.x)
    modules = encode(code.data, gs1=code.kind == "gs1").modules
    row = picture.crop((left, y, left + modules * code.module_dots, y + 1)).tobytes()
    return [len(list(run)) for _dark, run in groupby(level < 128 for level in row)]
