"""Labels for goods: a product's code, lot and expiry, a logistic unit's SSCC, an insert card.

Small labels share a sheet of large stock, parted by cut lines, so that a roll for parcels is
not wasted on goods. The module is the largest whole number of dots that fits, at most 0.5 mm;
GS1 asks for 0.264 to 0.66 mm at a till and 0.495 mm in a warehouse, which the larger cells of
large stock give and the smaller ones do not (docs/labels.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.label.matrix import matrix
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.symbols import LINEAR, quiet, widths
from packstation.domain.errors import FormOverflow
from packstation.domain.item_labels import ItemLabel
from packstation.domain.labels import Barcode, CodeKind, Label, Media

Words = Callable[[str], str]

# The smallest cell of a product's label, in mm.
CELL_MM: Final = (48.0, 30.0)
_LARGE: Final = frozenset({"sscc", "insert"})
# Narrow bars that an ITF-14's bearer bars are thick.
BEARER: Final = 2
_LEAST_MODULE_MM: Final = 0.249
_MOST_MODULE_MM: Final = 0.5
# A logistic unit's may not be under 0.495 mm: 4 dots at 203 dpi.
_UNIT_MODULE_MM: Final = 0.51
_NAME: Final = Style((3.6, 3.2, 2.8, 2.47), bold=True)
_SKU: Final = Style((2.8, 2.5, 2.2, 1.9, 1.6))
_CODE: Final = Style((3.2, 2.8, 2.5, 2.2, 1.9), align="center")
_FACT: Final = Style((3.4, 3.0, 2.6, 2.2), bold=True)
_TITLE: Final = Style((8.0, 7.0, 6.0, 5.0, 4.0, 3.2), bold=True)
_BODY: Final = Style((5.0, 4.4, 3.8, 3.2, 2.8, 2.5))
_SSCC: Final = Style((6.0, 5.0, 4.0, 3.2), bold=True, align="center")


def item_labels(
    labels: Sequence[ItemLabel], paper: Media, words: Words, fonts: Fonts
) -> tuple[Label, ...]:
    """Pages of ``labels`` (each ``copies`` times) on ``paper``.

    Raises DocumentError for data that a symbol cannot hold, FormOverflow for what does not fit.
    """
    each = [label for label in labels for _ in range(label.copies)]
    large = any(label.kind in _LARGE for label in each)
    cells = _cells(paper, large=large)
    leaves = [each[at : at + len(cells)] for at in range(0, len(each), len(cells))]
    return tuple(_page(paper, cells, leaf, words, fonts) for leaf in leaves)


def labels_per_page(paper: Media, kind: str) -> int:
    """How many labels of a kind share a sheet."""
    return len(_cells(paper, large=kind in _LARGE))


def _cells(paper: Media, *, large: bool) -> list[Box]:
    if large:
        return [Box(0, 0, paper.width_mm, paper.height_mm)]
    columns = max(1, int(paper.width_mm / CELL_MM[0]))
    rows = max(1, int(paper.height_mm / CELL_MM[1]))
    wide, high = paper.width_mm / columns, paper.height_mm / rows
    return [
        Box(column * wide, row * high, wide, high)
        for row in range(rows)
        for column in range(columns)
    ]


def _page(
    paper: Media, cells: Sequence[Box], labels: Sequence[ItemLabel], words: Words, fonts: Fonts
) -> Label:
    sheet = Sheet(paper, fonts)
    _cut_lines(sheet, cells)
    for cell, label in zip(cells, labels, strict=False):
        _DRAW[label.kind](sheet, cell.inset(2.0, 1.6), label, words)
    return sheet.label()


def _cut_lines(sheet: Sheet, cells: Sequence[Box]) -> None:
    thin = sheet.media.mm(1)
    for y in sorted({cell.y for cell in cells} - {0.0}):
        sheet.fill(Box(1.0, y, sheet.media.width_mm - 2.0, thin))
    for x in sorted({cell.x for cell in cells} - {0.0}):
        sheet.fill(Box(x, 1.0, thin, sheet.media.height_mm - 2.0))


def _product(sheet: Sheet, box: Box, label: ItemLabel, _: Words) -> None:
    """Name, SKU, and the code with its digits."""
    name = sheet.text("name", Box(box.x, box.y, box.width, 7.2), label.name or label.sku, _NAME)
    sku = Box(box.x, box.y + name, box.width, 3.6)
    used = name + sheet.text("sku", sku, label.sku, _SKU)
    low = Box(box.x, box.y + used + 0.8, box.width, box.height - used - 0.8)
    _bars(sheet, Box(low.x, low.y, low.width, low.height - 4.2), label)
    sheet.text("code", Box(low.x, low.bottom - 3.9, low.width, 3.9), label.data, _CODE)


def _lot(sheet: Sheet, box: Box, label: ItemLabel, words: Words) -> None:
    """A GS1 DataMatrix, its elements spelled out beside it."""
    side = min(box.height, box.width * 0.45)
    taken = _square(sheet, Box(box.x, box.y, side, side), label)
    beside = Box(box.x + taken + 1.5, box.y, box.width - taken - 1.5, box.height)
    name = sheet.text("name", Box(beside.x, beside.y, beside.width, 7.2), label.name, _NAME)
    sku = Box(beside.x, beside.y + name, beside.width, 3.6)
    used = name + sheet.text("sku", sku, label.sku, _SKU)
    lines = [f"{words('label.lot')} {label.lot}"] if label.lot else []
    lines += [f"{words('label.expiry')} {label.expiry}"] if label.expiry else []
    room = Box(beside.x, beside.y + used + 0.6, beside.width, beside.height - used - 0.6)
    sheet.text("lot", room, lines, _FACT)


def _unit(sheet: Sheet, box: Box, label: ItemLabel, words: Words) -> None:
    """A logistic unit: SSCC as GS1-128 as tall as the standard asks for (32 mm), its digits."""
    sheet.text("title", Box(box.x, box.y, box.width, 8.0), words("label.sscc"), _TITLE)
    high = min(34.0, box.height - 20.0)
    bars = Box(box.x, box.bottom - high - 9.0, box.width, high)
    if label.name:
        between = Box(box.x, box.y + 9.0, box.width, max(3.0, bars.y - box.y - 11.0))
        sheet.text("name", between, label.name, _BODY)
    sheet.linear("sscc", bars, label.data, gs1=True, most=_UNIT_MODULE_MM)
    digits = f"(00) {label.data.removeprefix('00')}"
    sheet.text("digits", Box(box.x, bars.bottom + 1.0, box.width, 7.6), digits, _SSCC)


def _insert(sheet: Sheet, box: Box, label: ItemLabel, _: Words) -> None:
    """A card that goes into the box: a title and its text."""
    inner = box.inset(2.0, 2.0)
    sheet.frame(box, 0.4)
    title = sheet.text("title", Box(inner.x, inner.y, inner.width, 18.0), label.name, _TITLE)
    room = Box(inner.x, inner.y + title + 2.0, inner.width, inner.height - title - 2.0)
    sheet.text("text", room, label.text.split("\n"), _BODY)


_DRAW: Final[dict[str, Callable[[Sheet, Box, ItemLabel, Words], None]]] = {
    "product": _product,
    "lot": _lot,
    "sscc": _unit,
    "insert": _insert,
}


def _bars(sheet: Sheet, box: Box, label: ItemLabel) -> None:
    """A linear code centred in ``box``, its module as large as fits."""
    kind: CodeKind = label.symbol if label.symbol in LINEAR else "code128"  # type: ignore[assignment]
    code = Barcode("code", kind, label.data, box.x, box.y, 1, box.height)
    modules, side = sum(widths(code)), quiet(kind)
    room = min(box.width / (modules + 2 * side), _MOST_MODULE_MM)
    dots = int(room * sheet.media.dpi / 25.4 + 1e-6)
    if sheet.media.mm(dots) < _LEAST_MODULE_MM:
        raise FormOverflow(field="code", limit=len(label.data))
    wide = sheet.media.mm(dots * modules)
    x = box.x + (box.width - wide) / 2
    if kind == "itf14":
        _bearers(sheet, Box(x, box.y, wide, box.height), sheet.media.mm(BEARER * dots))
    sheet.elements.append(Barcode("code", kind, label.data, x, box.y, dots, box.height))


def _bearers(sheet: Sheet, bars: Box, thick: float) -> None:
    """Bars above and below an ITF-14, touching it, so that no half of it reads as a shorter code.

    Printed without plates, twice a narrow bar is the least, and above and below is enough;
    printed with plates it is a frame of 4.83 mm. Said to be section 5.3.2 of the GS1 General
    Specifications: unverified, no text at hand.
    """
    sheet.fill(Box(bars.x, bars.y, bars.width, thick))
    sheet.fill(Box(bars.x, bars.bottom - thick, bars.width, thick))


def _square(sheet: Sheet, box: Box, label: ItemLabel) -> float:
    """The matrix at the left of ``box`` with two clear modules around; answers its width."""
    kind: CodeKind = "gs1-datamatrix"
    side = len(matrix(kind, label.data, "code")) + 4
    dots = min(int(box.width / sheet.media.mm(side)), sheet.media.dots(1.0))
    if sheet.media.mm(dots) < _LEAST_MODULE_MM:
        raise FormOverflow(field="code", limit=len(label.data))
    at = sheet.media.mm(2 * dots)
    sheet.elements.append(Barcode("code", kind, label.data, box.x + at, box.y + at, dots))
    return sheet.media.mm(side * dots)
