"""The GS1 logistic label: who and where, the facts with their titles, the SSCC lowest.

GS1 General Specifications, section 6.6 (reference/carriers.md section 6): on A6 and larger;
modules of 0.495 to 0.94 mm, symbols 32 mm high with ten modules beside them, each with its
elements below in brackets; the SSCC in words 7 mm high.
"""

from __future__ import annotations

from typing import Final

from packstation.documents.code128 import encode
from packstation.documents.fonts import Fonts
from packstation.documents.label.shipping_parts import address_block, in_few, postal_lines
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.form import kilograms
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import QUIET_MODULES, Barcode, Label, Media
from packstation.domain.logistic import Unit, facts, number_elements, other_elements

# A6, and 100 x 150 mm that is taken for it.
LEAST_MM: Final = (100.0, 146.0)
LEAST_MODULE_MM: Final = 0.495
_MODULE_MM: Final = 0.51
_MARGIN: Final = 3.0
# So much of a quiet zone may lie in the margin: it is white anyway.
_QUIET_OUTSIDE: Final = 1.0
_BARS: Final = 32.2
_HRI: Final = 4.6
_PLACES, _MARK, _ROW = 30.0, 13.0, 10.6
_DIGITS: Final = Style((3.6, 3.2, 2.8), align="center", middle=True)
_SSCC: Final = (7.0,)
_FACT: Final = (7.0, 6.0, 5.0, 4.2, 3.4, 3.0)
_SENDER: Final = (2.7, 2.5, 2.3, 2.12)
_TO: Final = (4.0, 3.6, 3.2, 2.9, 2.6, 2.3, 2.12)


def logistic_label(unit: Unit, media: Media, fonts: Fonts) -> Label:
    """The label of one unit.

    Raises FormOverflow (``field`` paper) on stock smaller than the standard's, DocumentError
    naming the field that is missing, does not fit or has no glyph.
    """
    if media.width_mm < LEAST_MM[0] or media.height_mm < LEAST_MM[1]:
        raise FormOverflow(field="paper", limit=0)
    sheet = Sheet(media, fonts)
    page = Box(0, 0, media.width_mm, media.height_mm).inset(_MARGIN, _MARGIN)
    low = _symbol(sheet, page, page.bottom, ("sscc", number_elements(unit)))
    above = other_elements(unit)
    if above and _fits(sheet, page, above):
        low = _symbol(sheet, page, low, ("elements", above))
    # No line stands beside the symbols, where it would be in their quiet zones.
    sheet.frame(Box(page.x, page.y, page.width, low - page.y), 0.5)
    mark = Box(page.x, low - _words_height(unit) - _MARK, page.width, _MARK)
    _places(sheet, Box(page.x, page.y, page.width, mark.y - page.y), unit)
    _mark(sheet, mark, unit)
    _words(sheet, Box(page.x, mark.bottom, page.width, low - mark.bottom), unit)
    return sheet.label()


def hri(elements: str) -> str:
    """Elements as people read them: each number in brackets before its value."""
    ai = elements[:2] if elements[:2] in {"00", "02"} else elements[:3]
    rest = elements[len(ai) :]
    if ai == "02":
        return f"(02) {rest[:14]} (37) {rest[16:]}"
    return f"({ai}) {rest}"


# --- symbols -----------------------------------------------------------------------------------


def _dots(sheet: Sheet, page: Box, data: str) -> tuple[int, int]:
    """Dots a module may have, and how many modules there are."""
    modules = encode(data, gs1=True, field="sscc").modules
    room = (page.width + 2 * _QUIET_OUTSIDE) / (modules + 2 * QUIET_MODULES)
    dots = int(min(room, _MODULE_MM) * sheet.media.dpi / 25.4 + 1e-6)
    return dots, modules


def _fits(sheet: Sheet, page: Box, data: str) -> bool:
    dots, _modules = _dots(sheet, page, data)
    return sheet.media.mm(dots) >= LEAST_MODULE_MM


def _symbol(sheet: Sheet, page: Box, bottom: float, coded: tuple[str, str]) -> float:
    """A symbol that ends at ``bottom``, its elements below it; answers where it begins."""
    role, data = coded
    dots, modules = _dots(sheet, page, data)
    if sheet.media.mm(dots) < LEAST_MODULE_MM:
        raise FormOverflow(field=role, limit=len(data))
    wide = sheet.media.mm(dots * modules)
    words = Box(page.x, bottom - _HRI, page.width, _HRI)
    top = words.y - 0.4 - _BARS
    x = page.x + (page.width - wide) / 2
    sheet.elements.append(Barcode(role, "gs1", data, x, top, dots, _BARS))
    sheet.text(role, words, hri(data), _DIGITS)
    return top - 1.4


# --- words -------------------------------------------------------------------------------------


def _places(sheet: Sheet, box: Box, unit: Unit) -> None:
    sender, addressee = box.split(38, 56)
    sheet.down(addressee.x, box)
    lines = in_few(postal_lines(unit.sender, "ship_from"))
    address_block(sheet, sender, ("FROM", "ship_from"), lines, _SENDER)
    address_block(sheet, addressee, ("TO", "ship_to"), postal_lines(unit.to, "ship_to"), _TO)


def _mark(sheet: Sheet, box: Box, unit: Unit) -> None:
    """Carton 3 / 12, large: who unloads counts by it; reference, weight, carrier beside."""
    sheet.across(box, box.y, 0.35)
    left, right = box.split(46, 48)
    inner = left.inset(1.5, 0.6)
    top = Box(inner.x, inner.y, inner.width, 2.6)
    sheet.text("kind", top, unit.kind.upper(), Style((2.1,)))
    below = Box(inner.x, top.bottom, inner.width, inner.bottom - top.bottom)
    counted = f"{unit.number} / {unit.count}" if unit.count else f"{unit.number}"
    style = Style((7.6, 6.6, 5.6, 4.6, 3.6), bold=True, middle=True)
    sheet.text("number", below, counted, style)
    sheet.down(right.x, box)
    beside = right.inset(1.5, 0.6)
    lines = [unit.reference, f"{kilograms(unit.gross_g)} kg" if unit.gross_g else ""]
    lines.append(f"{unit.cartons} CARTONS" if unit.cartons else "")
    lines.append(wording.carrier_name(unit.carrier))
    shown = [line for line in lines if line]
    sizes = (3.2, 2.9, 2.6, 2.47, 2.3, 2.12, 1.9, 1.7)
    sheet.text("reference", beside, shown, Style(sizes, bold=True, middle=True))


def _words_height(unit: Unit) -> float:
    return _ROW * (2 if len(facts(unit)) > 1 else 1)


def _words(sheet: Sheet, box: Box, unit: Unit) -> None:
    """The SSCC in a row of its own, the other facts in a row below."""
    sheet.across(box, box.y, 0.35)
    (first, *others) = facts(unit)
    _fact(sheet, Box(box.x, box.y, box.width, _ROW), first, _SSCC)
    if not others:
        return
    row = Box(box.x, box.y + _ROW, box.width, _ROW)
    shares = [max(len(title) * 2.0, len(value) * 3.6) + 4.0 for title, value in others]
    for cell, fact in zip(row.split(*shares), others, strict=True):
        _fact(sheet, cell, fact, _FACT)


def _fact(sheet: Sheet, box: Box, fact: tuple[str, str], sizes: tuple[float, ...]) -> None:
    title, value = fact
    inner = box.inset(1.5, 0.4)
    top = Box(inner.x, inner.y, inner.width, 2.2)
    sheet.text(title, top, title, Style((1.8, 1.6, 1.4, 1.2)))
    below = Box(inner.x, top.bottom - 0.4, inner.width, box.bottom - top.bottom + 0.4)
    sheet.text(title, below, value, Style(sizes, bold=True))
