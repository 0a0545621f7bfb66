"""The faces of the shipping label: the whole one, the broad one, the small one.

Which of them is drawn is the paper's to say (`face_of`); they show the same parcel. The small
one has room for what sorts and delivers it, its customs papers are always papers of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from packstation.documents.label.matrix import matrix
from packstation.documents.label.shipping_parts import (
    NARROW,
    addresses,
    country_block,
    facts,
    header,
    in_few,
    number,
    picked,
    postal_lines,
    waybill_of,
)
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.cn22 import customs_part
from packstation.documents.papers.form import grouped, kilograms
from packstation.domain.declaration import Declaration, contents
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import Barcode, Media, ParcelPapers

# Printers leave 3 mm at the edges white (reference: customs, section 4); small heads 2 mm.
_MARGIN: Final = 3.0
_SMALL_MARGIN: Final = 2.0
_HEADER, _BARCODE, _ADDRESSES, _STACKED, _FACTS = 15.0, 23.0, 40.0, 66.0, 8.5
_BROAD_HEADER, _BROAD_FACTS, _BROAD_BARCODE = 13.4, 8.5, 18.4
_BROAD_SIDES: Final = (40.0, 60.0)
# Below this height the customs part cannot hold a single line.
_LEAST_CUSTOMS: Final = 42.0
_NOTE: Final = Style((4.0, 3.6, 3.2, 3.0), bold=True, align="center", middle=True)
# Of the small face: the bars' share of the height, and the most that is of use.
_SMALL_BARS, _MOST_BARS = 0.25, 14.0
# On a narrow roll the label is no longer than this.
_MOST_SMALL: Final = 76.0
_SMALL_TEXT: Final = (3.4, 3.0, 2.8, 2.6, 2.47, 2.3, 2.12, 2.0, 1.9, 1.8, 1.7)
_SMALL_LINE: Final = (2.3, 2.12, 2.0, 1.9, 1.8, 1.7, 1.6)
# White around a Data Matrix is one module; two are drawn.
_MATRIX_QUIET: Final = 2
_MATRIX_MM: Final = 0.5

Below = Declaration | str | None
Draw = Callable[[Sheet, ParcelPapers, Below], None]


class Face(Struct, frozen=True):
    """A face and the least paper it is drawn on, in mm.

    ``follows``: a CN 22 finds room on a second label of that size. ``draw`` takes what stands
    below: the declaration, a note of where it is, or None, where the contents are for the packer
    only. Raises FormOverflow (``contents``) for a declaration that it has no room for.
    """

    width_mm: float
    height_mm: float
    draw: Draw
    follows: bool = True


def face_of(media: Media) -> Face:
    """The first face that finds room; the small one where none does."""
    fitting = (
        face
        for face in FACES
        if media.width_mm >= face.width_mm and media.height_mm >= face.height_mm
    )
    return next(fitting, FACES[-1])


# --- the whole one -----------------------------------------------------------------------------


def _whole(sheet: Sheet, papers: ParcelPapers, below: Below) -> None:
    page = _page(sheet, _MARGIN)
    top = Box(page.x, page.y, page.width, _HEADER)
    header(sheet, top, papers)
    bars = Box(page.x, top.bottom, page.width, _BARCODE)
    number(sheet, bars, papers.waybill)
    narrow = sheet.media.width_mm < NARROW
    places = Box(page.x, bars.bottom, page.width, _STACKED if narrow else _ADDRESSES)
    addresses(sheet, places, papers)
    row = Box(page.x, places.bottom, page.width, _FACTS)
    facts(sheet, row, papers)
    rest = Box(page.x, row.bottom, page.width, page.bottom - row.bottom)
    if isinstance(below, Declaration):
        if narrow or rest.height < _LEAST_CUSTOMS:
            raise FormOverflow(field="contents", limit=0)
        customs_part(sheet, rest, papers, below)
    elif below:
        sheet.text("contents", rest, below, _NOTE)
    else:
        picked(sheet, rest.inset(1.5, 1.0), papers)


def _page(sheet: Sheet, margin: float) -> Box:
    media = sheet.media
    page = Box(0, 0, media.width_mm, media.height_mm).inset(margin, margin)
    sheet.frame(page, 0.5)
    return page


# --- the broad one -----------------------------------------------------------------------------


def _broad(sheet: Sheet, papers: ParcelPapers, below: Below) -> None:
    """On paper that lies across: the number at the bottom, the contents or a note beside it."""
    if isinstance(below, Declaration):
        raise FormOverflow(field="contents", limit=0)
    page = _page(sheet, _MARGIN)
    top = Box(page.x, page.y, page.width, _BROAD_HEADER)
    header(sheet, top, papers)
    sheet.across(page, top.bottom, 0.35)
    low = Box(page.x, page.bottom - _BROAD_BARCODE, page.width, _BROAD_BARCODE)
    row = Box(page.x, low.y - _BROAD_FACTS, page.width, _BROAD_FACTS)
    places = Box(page.x, top.bottom, page.width, row.y - top.bottom)
    addresses(sheet, places, papers, _BROAD_SIDES, joined=True)
    facts(sheet, row, papers)
    bars, beside = low.split(79, 21)
    number(sheet, bars, papers.waybill, ruled=False)
    sheet.down(beside.x, low)
    if below:
        sheet.text("contents", beside.inset(1.0, 1.0), below, _NOTE)
    else:
        inside = contents(papers)
        items = sum(quantity for _line, _product, quantity in inside)
        sheet.text("contents", beside, [f"{items} PCS", f"{len(inside)} SKU"], _NOTE)


# --- the small one -----------------------------------------------------------------------------


def _small(sheet: Sheet, papers: ParcelPapers, below: Below) -> None:
    """Service, country, addressee, number; of the sender and the parcel a line each."""
    if isinstance(below, Declaration):
        raise FormOverflow(field="contents", limit=0)
    media = sheet.media
    tall = min(media.height_mm, _MOST_SMALL)
    page = Box(0, 0, media.width_mm, tall).inset(_SMALL_MARGIN, _SMALL_MARGIN)
    top = Box(page.x, page.y, page.width, 6.6)
    _small_header(sheet, top, papers)
    foot = Box(page.x, page.bottom - 2.5, page.width, 2.5)
    _foot(sheet, foot, papers, below or "")
    bars = min(_MOST_BARS, page.height * _SMALL_BARS)
    low = Box(page.x, foot.y - bars - 4.4, page.width, bars + 4.0)
    beside = _small_number(sheet, low, papers.waybill)
    sender = Box(page.x, top.bottom + 0.5, page.width, 2.4)
    _sender(sheet, sender, papers)
    bottom = low.bottom - 4.0 if beside else low.y - 0.6
    sheet.across(page, sender.bottom + 0.2, sheet.media.mm(1))
    room = Box(page.x, sender.bottom + 0.6, page.width - beside, bottom - sender.bottom - 0.6)
    lines = postal_lines(papers.order.ship_to, "ship_to", papers.latin)
    sheet.text("ship_to", room, in_few(lines), Style(_SMALL_TEXT, bold=True))


def _small_header(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    left, right = box.split(70, 24)
    bought = wording.options_line(papers.options, wording.carrier_name(papers.carrier))
    names = [wording.service_name(papers.service), bought]
    if papers.training:
        names = [wording.TRAINING, *names]
    top = Box(left.x, left.y, left.width - 1.0, 4.3)
    sheet.text("service", top, names[0], Style((3.5, 3.1, 2.8, 2.47), bold=True, middle=True))
    notes = [papers.mark, f"COPY {papers.copy}" if papers.copy > 1 else ""]
    shown = "  ".join(filter(None, [*names[1:], *notes]))
    sheet.text("carrier", Box(left.x, top.bottom, top.width, 2.3), shown, Style(_SMALL_LINE))
    country_block(sheet, right, papers)


def _sender(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    """Who sends it, in a line: the shorter of name and company, city and country."""
    postal_lines(papers.order.ship_from, "ship_from")  # names what is missing
    sender = papers.order.ship_from
    names = [name for name in (sender.name.strip(), sender.company.strip()) if name]
    parts = [min(names, key=len), sender.city, sender.country]
    line = ", ".join(part for part in parts if part)
    sheet.text("ship_from", box, f"FROM  {line}", Style(_SMALL_LINE))


def _small_number(sheet: Sheet, box: Box, waybill: str) -> float:
    """Bars and the number below; where the bars are too long a Data Matrix at the right.

    Answers how much of the width the matrix takes of what stands above, 0 for bars.
    """
    bars = Box(box.x, box.y, box.width, box.height - 4.0)
    eye = Box(box.x, bars.bottom + 0.3, box.width, 3.9)
    style = Style((3.2, 2.8, 2.6, 2.3, 2.12), bold=True, align="center", middle=True)
    beside = 0.0
    try:
        sheet.linear("waybill", bars, waybill_of(waybill), most=0.4)
    except FormOverflow:
        beside = _matrix(sheet, box, waybill)
        eye = Box(box.x, eye.y, box.width - beside, eye.height)
        style = Style((2.8, 2.6, 2.3, 2.12, 1.9, 1.7), bold=True, middle=True)
    sheet.text("waybill", eye, grouped(waybill), style)
    return beside


def _matrix(sheet: Sheet, box: Box, waybill: str) -> float:
    media = sheet.media
    modules = len(matrix("datamatrix", waybill, "waybill"))
    dots = media.dots(_MATRIX_MM)
    side = media.mm(dots * modules)
    quiet = media.mm(dots * _MATRIX_QUIET)
    x, y = box.right - quiet - side, box.bottom - side - quiet / 2
    sheet.elements.append(Barcode("waybill", "datamatrix", waybill, x, y, dots))
    return side + 2 * quiet


def _foot(sheet: Sheet, box: Box, papers: ParcelPapers, note: str) -> None:
    parts = [papers.order.order_id, f"{papers.number}/{papers.count}"]
    parts += [f"{kilograms(papers.gross_g)} kg", papers.date]
    items = sum(quantity for _line, _product, quantity in contents(papers))
    parts.append(note or f"{items} PCS")
    sheet.text("contents", box, "  ·  ".join(filter(None, parts)), Style(_SMALL_LINE))


# From the first that fits; the sizes are those the law of `printers.LEAST_MM` is of.
FACES: Final = (
    Face(NARROW, 97.0, _whole),
    # Of receipt paper, where sender and addressee stand one below the other.
    Face(70.0, 124.0, _whole),
    Face(95.0, 68.0, _broad),
    Face(54.0, 36.0, _small, follows=False),
)
