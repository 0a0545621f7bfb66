"""Badge cards: ten to a sheet, cut marks beside and not across, read by two readers."""

from __future__ import annotations

import pypdfium2
import pytest
import pyzbar.pyzbar as zbar
import zxingcpp

from packstation.documents.badge_cards import CARD_MM, badge_cards
from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.domain.barcodes import Badge, parse_code
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import Barcode, Fill, media
from packstation.domain.psp import PersonBody
from packstation.i18n import LANGUAGES, load

LONGEST = "x" * 64
PEOPLE = [
    PersonBody(badge="PK-1", name="Lin Yue", role="packer"),
    PersonBody(badge="0193c7e2-7a10-7000-8000-000000000001", name="王小明", role="supervisor"),
    PersonBody(badge=LONGEST, name="Айгуль Сафина-Константинопольская", role="lead"),
    *(PersonBody(badge=f"P-{n}", name=f"Packer {n}", role="packer") for n in range(9)),
]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_badge_is_read_back(language: str, dpi: int, fonts: Fonts) -> None:
    sheets = badge_cards(PEOPLE, load(language).say, fonts, media("a4", dpi))
    assert len(sheets) == 2
    pdf = pypdfium2.PdfDocument(write_pdf(sheets, fonts))
    found, bars = [], []
    for leaf in pdf:
        picture = leaf.render(scale=300 / 72).to_pil()
        found += [code.text for code in zxingcpp.read_barcodes(picture)]
        bars += [code.data.decode() for code in zbar.decode(picture)]
    assert sorted(found) == sorted(f"%PB:{person.badge}" for person in PEOPLE)
    assert {f"%PB:P-{n}" for n in range(9)} <= set(bars)
    assert all(isinstance(parse_code(text), Badge) for text in found)


def test_a_knife_has_marks_and_no_card_has_a_line_across(fonts: Fonts) -> None:
    (sheet,) = badge_cards(PEOPLE[:10], load("en").say, fonts)
    codes = [one for one in sheet.elements if isinstance(one, Barcode)]
    marks = [
        one for one in sheet.elements if isinstance(one, Fill) and 0.15 in {one.width, one.height}
    ]
    assert len(codes) == 10
    assert len(marks) == 2 * 3 + 2 * 6
    left = (210 - 2 * CARD_MM[0]) / 2
    top = (297 - 5 * CARD_MM[1]) / 2
    for mark in marks:
        beside = mark.x + mark.width < left or mark.x > 210 - left
        over = mark.y + mark.height < top or mark.y > 297 - top
        assert beside or over


def test_nobody_is_no_page_and_small_paper_is_refused(fonts: Fonts) -> None:
    assert badge_cards([], load("en").say, fonts) == ()
    with pytest.raises(FormOverflow):
        badge_cards(PEOPLE, load("en").say, fonts, media("cn22", 300))
