"""The battery mark: hatched border, batteries of which one burns, UN numbers.

Sizes: border 5 mm or more, 100 x 100 mm or more, 100 x 70 on small packages, UN numbers 12 mm
high or more (IATA DGR 7.1.5.5; reference: customs, section 2.7 [61]). Which of the editions
counts, with or without a telephone number, is a row of the table ``battery_marks``. The border is
red where the writer has colours; kind ``battery-preprinted`` leaves it to the stock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers.class9 import class_9
from packstation.documents.papers.pictograms import BATTERIES, WIDE
from packstation.domain.customs.batteries import (
    BatteryRow,
    Classified,
    classify,
    hazardous,
    marked,
    read_battery,
)
from packstation.domain.declaration import contents
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Barcode, Label, Media, ParcelPapers, Polygon
from packstation.first_use import shaped

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

Point = tuple[float, float]
PREPRINTED: Final = "battery-preprinted"
# Width and height of the mark in mm, the full one first.
SIZES: Final = ((100.0, 100.0), (100.0, 70.0))
BORDER: Final = 6.0
# Width of a stripe along the edge, and from one to the next.
_STRIPE, _PITCH = 3.4, 6.25
# Em at which capitals and figures of Noto Sans are 12.5 mm high (0.714 em).
_NUMBER: Final = Style((17.6,), bold=True, align="center")
_LINE: Final = 1.2
_PHONE: Final = Style((4.2, 3.6, 3.0, 2.6), align="center", middle=True)
_PHONE_HIGH: Final = 6.0
_SLACK: Final = 0.05
# What a bench is to read as "the mark is on the box": as other commands (domain/barcodes).
CONFIRMS: Final = "%PS:placed:battery-mark"
# Of that code: white between it and the border, its modules in mm, white around it in modules.
_APART, _CODE_MODULE, _QUIET = 5.0, 0.375, 4
# White above and below the drawing, and how high it grows.
_AROUND, _MOST = 1.5, 36.0


class MarkRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An edition of the mark in the days it may be used; the first that holds counts.

    One with ``telephone`` is passed over where nobody's number is known. ``beside``: a code for the
    bench may stand on the paper outside of the border.
    """

    edition: str
    telephone: bool
    beside: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    verified: bool = False


def battery_mark(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The mark of the parcel in question and its class 9 label; no page where only others bear one.

    Raises DocumentError: ``goods.battery`` where nothing in it needs one, ``tables`` where no
    edition holds, FormOverflow (``media``) for paper that is smaller than the mark.
    """
    held = held_batteries(asked)
    marks, labels = marked(held), [hazardous(one) for one in held]
    numbers = marks[asked.at] if any(marks) or any(labels) else un_numbers(asked)
    mark = (_mark(asked, fonts, numbers),) if numbers else ()
    # Paper with a red border is no paper for a label that has none: that is kind ``class-9``.
    nine = labels[asked.at] and asked.kind != PREPRINTED
    return (*mark, class_9(asked.media, fonts)) if nine else mark


def class_9_label(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The class 9 label alone, for benches whose marks are on stock with a red border.

    No page where only other parcels bear one. Raises DocumentError: ``goods.battery`` where none
    does, FormOverflow (``media``) for paper that is smaller.
    """
    labels = [hazardous(one) for one in held_batteries(asked)]
    if not any(labels):
        raise DocumentError("error.document.missing", field="goods.battery")
    return (class_9(asked.media, fonts),) if labels[asked.at] else ()


def _mark(asked: PaperAsked, fonts: Fonts, numbers: tuple[str, ...]) -> Label:
    sheet = Sheet(asked.media, fonts)
    page = _page(asked.media, len(numbers))
    if asked.kind != PREPRINTED:
        sheet.elements += _border(page)
    inner = page.inset(BORDER + 1.0, BORDER + 0.8)
    edition, phone = _edition(asked)
    foot = _PHONE_HIGH if phone else 0.0
    high = _NUMBER.sizes[0] * _LINE * len(numbers)
    symbol = Box(inner.x, inner.y, inner.width, inner.height - high - foot)
    sheet.elements += _symbol(symbol)
    sheet.text("un", Box(inner.x, symbol.bottom, inner.width, high + _SLACK), numbers, _NUMBER)
    if phone:
        sheet.text(
            "ship_from.phone", Box(inner.x, inner.bottom - foot, inner.width, foot), phone, _PHONE
        )
    if edition.beside:
        sheet.elements += _beside(asked.media, page)
    return sheet.label()


def _beside(media: Media, page: Box) -> Iterator[Barcode]:
    """The code by which a bench knows the mark, below it or at its right; none where no room is."""
    from packstation.documents.label.matrix import matrix

    dots = max(1, media.dots(_CODE_MODULE))
    module = media.mm(dots)
    side = len(matrix("qr", CONFIRMS, "un")) * module
    wide, quiet = side + 2 * _QUIET * module, _QUIET * module
    if media.height_mm - page.bottom >= wide + _APART:
        x, y = page.x + (page.width - side) / 2, page.bottom + _APART + quiet
    elif media.width_mm - page.x - page.width >= wide + _APART:
        x, y = page.x + page.width + _APART + quiet, (page.height - side) / 2
    else:
        return
    yield Barcode("un", "qr", CONFIRMS, media.mm(media.dots(x)), y, dots)


def un_numbers(asked: PaperAsked) -> tuple[str, ...]:
    """The UN numbers on the mark of the parcel in question, () where only others bear one.

    Where no parcel needs a mark (few and small), those of its batteries: the mark may stand there
    all the same. Raises DocumentError (``goods.battery``) where there are none.
    """
    held = held_batteries(asked)
    marks = marked(held)
    if any(marks):
        return marks[asked.at]
    inside = sorted({one.row.un for one in held[asked.at]})
    if not inside:
        raise DocumentError("error.document.missing", field="goods.battery")
    return tuple(inside)


def held_batteries(asked: PaperAsked) -> list[list[Classified]]:
    """The batteries in each parcel, with their packing instructions."""
    rows, on = _rows(asked, "batteries", BatteryRow), _today(asked)
    return [_classed(parcel, rows, on) for parcel in asked.parcels]


def _classed(parcel: ParcelPapers, rows: Sequence[BatteryRow], on: date) -> list[Classified]:
    found = []
    for line, product, quantity in contents(parcel):
        goods = msgspec.to_builtins(product.goods)
        battery = read_battery(goods, line.sku, quantity, product.customs.net_g)
        classed = classify(battery, rows, on) if battery else None
        if classed:
            found.append(classed)
    return found


def _edition(asked: PaperAsked) -> tuple[MarkRow, str]:
    """The edition that counts, with its line for a telephone number ("" for one without)."""
    on, number = _today(asked), asked.parcel.order.ship_from.phone.strip()
    for row in _rows(asked, "battery_marks", MarkRow):
        holds = (row.valid_from or on) <= on <= (row.valid_to or on)
        if holds and (number or not row.telephone):
            return row, f"Tel. {number}" if row.telephone else ""
    raise DocumentError("error.document.missing", field="ship_from.phone")


def _rows(asked: PaperAsked, table: str, shape: type[Any]) -> tuple[Any, ...]:
    return tuple(shaped(row, shape) for row in asked.tables.get(table, ()))


def _today(asked: PaperAsked) -> date:
    return date.fromisoformat(asked.today or asked.parcel.date)


def _page(media: Media, numbers: int) -> Box:
    """Where the mark stands: the full one, or the small where the paper or the text allow it."""
    for width, height in SIZES:
        room = height - 2 * BORDER - numbers * _NUMBER.sizes[0] * _LINE
        fits = media.width_mm + _SLACK >= width and media.height_mm + _SLACK >= height
        if fits and room > _PHONE_HIGH:
            return Box(max(0.0, (media.width_mm - width) / 2), 0.0, width, height)
    raise FormOverflow(field="media", limit=int(SIZES[0][0]))


def _border(page: Box) -> Iterator[Polygon]:
    """Slanted stripes along the four sides."""
    side = page.height - 2 * BORDER
    right = page.x + page.width - BORDER
    for box in (
        Box(page.x, page.y, page.width, BORDER),
        Box(page.x, page.bottom - BORDER, page.width, BORDER),
        Box(page.x, page.y + BORDER, BORDER, side),
        Box(right, page.y + BORDER, BORDER, side),
    ):
        yield from _hatched(box)


def _hatched(box: Box) -> Iterator[Polygon]:
    """Stripes that rise to the right, where x + y lies in them, cut at the edges of ``box``."""
    first = int((box.x + box.y) // _PITCH)
    last = int((box.x + box.width + box.bottom) // _PITCH) + 1
    right = box.x + box.width
    whole = [(box.x, box.y), (right, box.y), (right, box.bottom), (box.x, box.bottom)]
    for number in range(first, last):
        start = number * _PITCH
        corners = _half(_half(whole, 1.0, -start), -1.0, start + _STRIPE)
        if corners:
            yield Polygon(tuple(corners), red=True)


def _half(corners: Sequence[Point], sign: float, offset: float) -> list[Point]:
    """What of a convex shape lies where sign (x + y) + offset is not below zero."""
    found: list[Point] = []
    for at, (x, y) in enumerate(corners):
        before = corners[at - 1]
        here, there = sign * (x + y) + offset, sign * (before[0] + before[1]) + offset
        if (here < 0) != (there < 0):
            part = there / (there - here)
            found.append((before[0] + part * (x - before[0]), before[1] + part * (y - before[1])))
        if here >= 0:
            found.append((x, y))
    return found


def _symbol(box: Box) -> Iterator[Polygon]:
    """Three batteries and a fourth that is broken and burns, in the middle of ``box``."""
    high = min(box.height - 2 * _AROUND, box.width / WIDE, _MOST)
    x, y = box.x + (box.width - high * WIDE) / 2, box.y + (box.height - high) / 2

    def placed(corners: Sequence[Point]) -> Polygon:
        return Polygon(tuple((x + left * high, y + top * high) for left, top in corners))

    for corners in BATTERIES:
        yield placed(corners)
