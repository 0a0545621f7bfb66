"""A sheet with a code for each printer of a bench: one scan sends the labels to another one.

A card a printer, one below the other, so that an id of 32 characters still has bars of a whole
number of dots that bench scanners read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.domain.labels import Label, Media, media

Words = Callable[[str], str]

_CARD_MM: Final = 38.0
_TITLE: Final = Style((6.0, 5.0, 4.0, 3.2), bold=True, middle=True)
_HINT: Final = Style((3.4, 3.0, 2.6))
_NAME: Final = Style((5.0, 4.2, 3.4, 2.8), bold=True, align="center", middle=True)
_CODE: Final = Style((2.8, 2.5, 2.2, 1.9), align="center")
_MODULE_MM: Final = 0.38


def printer_codes(
    printers: Sequence[tuple[str, str]], words: Words, fonts: Fonts, paper: Media | None = None
) -> tuple[Label, ...]:
    """Pages of ``%PS:printer:<id>`` codes for ``printers`` (id, what it is called).

    Raises FormOverflow for paper that is too narrow for an id, GlyphMissing for a name.
    """
    paper = paper or media("a4", 300)
    page = Box(0, 0, paper.width_mm, paper.height_mm).inset(8.0, 9.0)
    fit = max(1, int((page.height - 20.0) / _CARD_MM))
    leaves = [printers[at : at + fit] for at in range(0, len(printers), fit)] or [()]
    return tuple(_page(paper, page, leaf, words, fonts) for leaf in leaves)


def _page(
    paper: Media, page: Box, printers: Sequence[tuple[str, str]], words: Words, fonts: Fonts
) -> Label:
    sheet = Sheet(paper, fonts)
    sheet.text("title", Box(page.x, page.y, page.width, 9.0), words("card.printers.title"), _TITLE)
    hint = Box(page.x, page.y + 9.5, page.width, 9.0)
    sheet.text("hint", hint, words("card.printers.hint"), _HINT)
    for number, (printer, name) in enumerate(printers):
        top = page.y + 20.0 + number * _CARD_MM
        _card(sheet, Box(page.x, top, page.width, min(_CARD_MM, page.bottom - top)), printer, name)
    return sheet.label()


def _card(sheet: Sheet, card: Box, printer: str, name: str) -> None:
    """Name, bars, and the text of the code for a hand that has to type it."""
    sheet.frame(card, 0.2)
    inner = card.inset(2.0, 2.0)
    sheet.text("name", Box(inner.x, inner.y, inner.width, 8.0), name or printer, _NAME)
    bars = Box(inner.x, inner.y + 9.0, inner.width, inner.height - 9.0 - 4.4)
    text = f"%PS:printer:{printer}"
    sheet.linear("code", bars, text, most=_MODULE_MM)
    sheet.text("code", Box(inner.x, bars.bottom + 0.6, inner.width, 3.8), text, _CODE)
