"""Badges as cards: name, role, and the ``%PB:`` code; ten to an A4 sheet, with cut marks.

Cards have the size ID-1 (ISO/IEC 7810, 85.6 x 54 mm), so that they fit holders and laminating
pouches. The code identifies and proves nothing: releases need the PIN too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.label.matrix import matrix
from packstation.documents.layout import Box, Sheet, Style
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Barcode, Label, Media, media
from packstation.domain.psp import PersonBody

Words = Callable[[str], str]

CARD_MM: Final = (85.6, 54.0)
_MARK_MM, _APART_MM = 4.0, 1.0
_LINE_MM: Final = 0.15
_NAME: Final = Style((7.0, 6.0, 5.0, 4.2, 3.4, 2.8), bold=True)
_ROLE: Final = Style((4.2, 3.6, 3.0))
_CODE: Final = Style((2.8, 2.5, 2.2, 1.9, 1.5), align="center")
_BESIDE: Final = Style((2.8, 2.5, 2.2, 1.9, 1.5), middle=True)
_MODULE_MM: Final = 0.38
_BAND_MM: Final = 3.0


def badge_cards(
    people: Sequence[PersonBody], words: Words, fonts: Fonts, paper: Media | None = None
) -> tuple[Label, ...]:
    """Pages of cards for ``people``, in their order.

    Raises FormOverflow for paper smaller than a card or a name that fits in no size,
    GlyphMissing for a name that no font can write.
    """
    paper = paper or media("a4", 300)
    places = _places(paper)
    leaves = [people[at : at + len(places)] for at in range(0, len(people), len(places))]
    return tuple(_page(paper, places, leaf, words, fonts) for leaf in leaves)


def _places(paper: Media) -> list[Box]:
    """Cards that the paper holds with room for cut marks, centred, side by side."""
    wide, high = CARD_MM
    margin = _MARK_MM + _APART_MM
    columns = int((paper.width_mm - 2 * margin) / wide)
    rows = int((paper.height_mm - 2 * margin) / high)
    if columns < 1 or rows < 1:
        raise FormOverflow(field="paper", limit=0)
    left, top = (paper.width_mm - columns * wide) / 2, (paper.height_mm - rows * high) / 2
    return [
        Box(left + column * wide, top + row * high, wide, high)
        for row in range(rows)
        for column in range(columns)
    ]


def _page(
    paper: Media, places: Sequence[Box], people: Sequence[PersonBody], words: Words, fonts: Fonts
) -> Label:
    sheet = Sheet(paper, fonts)
    _cut_marks(sheet, places)
    for place, person in zip(places, people, strict=False):
        _card(sheet, place, person, words)
    return sheet.label()


def _cut_marks(sheet: Sheet, places: Sequence[Box]) -> None:
    """Short lines in the margins where a knife goes, none across a card."""
    first, last = places[0], places[-1]
    for x in sorted({box.x for box in places} | {last.x + last.width}):
        for y in (first.y - _APART_MM - _MARK_MM, last.bottom + _APART_MM):
            sheet.fill(Box(x - _LINE_MM / 2, y, _LINE_MM, _MARK_MM))
    right = last.x + last.width
    for y in sorted({box.y for box in places} | {last.bottom}):
        for x in (first.x - _APART_MM - _MARK_MM, right + _APART_MM):
            sheet.fill(Box(x, y - _LINE_MM / 2, _MARK_MM, _LINE_MM))


def _card(sheet: Sheet, card: Box, person: PersonBody, words: Words) -> None:
    """A black band, name and role, bars to the foot."""
    inner = card.inset(4.0, 4.0)
    sheet.fill(Box(inner.x, inner.y, 12.0, _BAND_MM))
    sheet.text(
        "packstation",
        Box(inner.x + 14.0, inner.y - 0.4, inner.width - 14.0, 4.0),
        words("card.badges.title"),
        Style((2.8, 2.5), align="right"),
    )
    sheet.text("name", Box(inner.x, inner.y + 5.0, inner.width, 13.5), person.name, _NAME)
    role = Box(inner.x, inner.y + 18.8, inner.width, 5.4)
    sheet.text("role", role, words(f"role.{person.role}"), _ROLE)
    low = Box(inner.x, inner.y + 25.0, inner.width, inner.height - 25.0)
    _code(sheet, low, f"%PB:{person.badge}")


def _code(sheet: Sheet, box: Box, text: str) -> None:
    """Bars with their text under them; an id too long for bars in a square, its text beside it."""
    bars = Box(box.x, box.y, box.width, box.height - 3.8)
    try:
        sheet.linear("badge", bars, text, most=_MODULE_MM)
    except (FormOverflow, DocumentError):
        side = len(matrix("datamatrix", text, "badge")) + 4
        dots = int(box.height / sheet.media.mm(side))
        at = sheet.media.mm(2 * dots)
        sheet.elements.append(Barcode("badge", "datamatrix", text, box.x + at, box.y + at, dots))
        taken = sheet.media.mm(side * dots)
        beside = Box(box.x + taken + 1.0, box.y, box.width - taken - 1.0, box.height)
        sheet.text("code", beside, text, _BESIDE)
    else:
        sheet.text("code", Box(box.x, bars.bottom + 0.4, box.width, 3.4), text, _CODE)
