"""The shipping label: service, country, number, addresses, and the CN 22 below.

The layout follows the postal packet labels that posts take in bulk (reference: carriers,
section 6; customs, section 4): the number as Code 128 on top, sender and addressee, the
parcel's facts, and the customs declaration in the lower third.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.cn22 import MOST_LINES, cn22, customs_part
from packstation.documents.papers.form import grouped, kilograms
from packstation.documents.papers.guard import refuse_ioss
from packstation.domain.declaration import Declaration, contents, declare
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Label, Media, ParcelPapers
from packstation.domain.orders import Address

# Printers leave 3 mm at the edges white (reference: customs, section 4).
_MARGIN: Final = 3.0
_HEADER, _BARCODE, _ADDRESSES, _FACTS = 15.0, 23.0, 40.0, 8.5
# The widest bars that still leave their quiet zones on 100 mm: 4 dots at 203 dpi.
_MODULE_MM: Final = 0.51
# Below this height the customs part cannot hold a single line.
_LEAST_CUSTOMS: Final = 42.0
# Paper of receipt printers: sender and addressee one below the other.
_NARROW, _STACKED = 80.0, 66.0
# Values of ``ParcelPapers.form``.
CN23, CN22, NO_FORM = "cn23", "cn22", "none"
# Of a label that has to carry its CN 22: nothing else goes with it.
ON_LABEL: Final = "label"


def shipping_labels(papers: ParcelPapers, media: Media, fonts: Fonts) -> tuple[Label, ...]:
    """The label of a parcel; a second one carries the CN 22 where the first has no room for it.

    Where a CN 23 is wanted, or no CN 22 holds the contents, the label says that one is attached.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    try:
        labels = _labels(papers, media, fonts)
    except FormOverflow:
        if not papers.latin:
            raise
        # What the buyer wrote comes first: without the line in Latin letters it may fit.
        labels = _labels(replace(papers, latin=""), media, fonts)
    refuse_ioss(labels, papers.order)
    return labels


def _labels(papers: ParcelPapers, media: Media, fonts: Fonts) -> tuple[Label, ...]:
    if not _abroad(papers) or papers.form == NO_FORM:
        return (_label(papers, media, fonts, None),)
    declaration = declare(papers)
    if papers.form == ON_LABEL and len(declaration.lines) > MOST_LINES:
        raise FormOverflow(field="contents", limit=MOST_LINES)
    if papers.form == CN23 or len(declaration.lines) > MOST_LINES:
        return (_label(papers, media, fonts, None, wording.ATTACHED_23),)
    if papers.form == CN22:
        return (_label(papers, media, fonts, None, wording.ATTACHED_22),)
    try:
        return (_label(papers, media, fonts, declaration),)
    except FormOverflow as overflow:
        if overflow.fields["field"] != "contents":
            raise
    try:
        return _label(papers, media, fonts, None, wording.ATTACHED), cn22(papers, media, fonts)
    except FormOverflow as overflow:
        if overflow.fields["field"] != "contents" or papers.form == ON_LABEL:
            raise
        return (_label(papers, media, fonts, None, wording.ATTACHED_23),)


def _abroad(papers: ParcelPapers) -> bool:
    """Whether it crosses a customs border: as its form says, else the rule pack, else by countries.

    Madrid and Las Palmas are of one country and have a form; Berlin and Paris have none.
    """
    order = papers.order
    if papers.form or papers.abroad is None:
        return bool(papers.form) or order.ship_from.country != order.ship_to.country
    return papers.abroad


def _label(
    papers: ParcelPapers,
    media: Media,
    fonts: Fonts,
    declaration: Declaration | None,
    note: str = "",
) -> Label:
    sheet = Sheet(media, fonts)
    page = Box(0, 0, media.width_mm, media.height_mm).inset(_MARGIN, _MARGIN)
    sheet.frame(page, 0.5)
    header = Box(page.x, page.y, page.width, _HEADER)
    _header(sheet, header, papers)
    bars = Box(page.x, header.bottom, page.width, _BARCODE)
    _number(sheet, bars, papers.waybill)
    narrow = media.width_mm < _NARROW
    places = Box(page.x, bars.bottom, page.width, _STACKED if narrow else _ADDRESSES)
    _addresses(sheet, places, papers)
    facts = Box(page.x, places.bottom, page.width, _FACTS)
    _facts(sheet, facts, papers)
    rest = Box(page.x, facts.bottom, page.width, page.bottom - facts.bottom)
    if declaration is not None:
        if narrow or rest.height < _LEAST_CUSTOMS:
            raise FormOverflow(field="contents", limit=0)
        customs_part(sheet, rest, papers, declaration)
    elif note:
        style = Style((4.0, 3.0), bold=True, align="center", middle=True)
        sheet.text("contents", rest, note, style)
    else:
        _picked(sheet, rest.inset(1.5, 1.0), papers)
    return sheet.label()


def _header(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    left, right = box.split(64, 30)
    inner = left.inset(1.5, 0.8)
    top = Box(inner.x, inner.y, inner.width, 9.0)
    names = [wording.service_name(papers.service), wording.carrier_name(papers.carrier)]
    if papers.training:
        names = [wording.TRAINING, "  ".join(filter(None, names))]
    sheet.text("service", top, names[0], Style((7.5, 6.5, 5.5, 4.5, 3.5), bold=True))
    below = Box(inner.x, top.bottom, inner.width, 4.0)
    carrier, note = below.split(32, 32)
    sheet.text("carrier", carrier, names[1], Style((3.0, 2.6, 2.3, 2.0, 1.7)))
    notes = [papers.mark, f"COPY {papers.copy}" if papers.copy > 1 else ""]
    style = Style((2.8, 2.4, 2.12), bold=True, align="right")
    shown = "  ".join(note for note in notes if note)
    sheet.text("mark", note, shown, style)
    sheet.fill(right)
    code = Box(right.x, right.y + 0.4, right.width, 10.8)
    country = papers.order.ship_to.country
    if not country:
        raise DocumentError("error.document.missing", field="ship_to.country")
    white = Style((9.0,), bold=True, align="center", inverse=True)
    sheet.text("ship_to.country", code, country, white)
    name = Box(right.x, code.bottom, right.width, 3.4).inset(0.6)
    sizes = (2.6, 2.3, 2.0, 1.7, 1.4)
    style = Style(sizes, bold=True, align="center", inverse=True, middle=True)
    sheet.text("ship_to.country", name, wording.country_name(country), style)


def _number(sheet: Sheet, box: Box, waybill: str) -> None:
    if not waybill:
        raise DocumentError("error.document.missing", field="waybill")
    sheet.across(box, box.y, 0.35)
    bars = Box(box.x, box.y + 2.0, box.width, 14.0)
    sheet.linear("waybill", bars, waybill, most=_MODULE_MM)
    eye = Box(box.x, bars.bottom + 0.6, box.width, 5.8)
    style = Style((4.8, 4.0, 3.2, 2.6), bold=True, align="center", middle=True)
    sheet.text("waybill", eye, grouped(waybill), style)
    sheet.across(box, box.bottom, 0.35)


def _addresses(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    order = papers.order
    if sheet.media.width_mm < _NARROW:
        sender = Box(box.x, box.y, box.width, box.height * 0.48)
        addressee = Box(box.x, sender.bottom, box.width, box.height - sender.height)
        sheet.across(box, addressee.y)
    else:
        sender, addressee = box.split(36, 58)
        sheet.down(addressee.x, box)
    lines = _postal_lines(order.ship_from, "ship_from")
    _address(sheet, sender, ("FROM", "ship_from"), lines, (2.7, 2.5, 2.3, 2.12))
    sizes = (4.0, 3.6, 3.2, 2.9, 2.6, 2.3, 2.12)
    lines = _postal_lines(order.ship_to, "ship_to", papers.latin)
    _address(sheet, addressee, ("TO", "ship_to"), lines, sizes)


def _address(
    sheet: Sheet, box: Box, named: tuple[str, str], lines: list[str], sizes: tuple[float, ...]
) -> None:
    caption, field = named
    inner = box.inset(1.5, 0.8)
    top = Box(inner.x, inner.y, inner.width, 3.0)
    sheet.text(field, top, caption, Style((2.3,), bold=True))
    room = Box(inner.x, top.bottom, inner.width, inner.bottom - top.bottom)
    sheet.text(field, room, lines, Style(sizes, bold=field == "ship_to"))


def _postal_lines(address: Address, field: str, latin: str = "") -> list[str]:
    """The lines of an address, country last in capitals, then what helps to deliver.

    ``latin`` is the city once more, for those who carry it through other countries.
    """
    if not (address.name.strip() or address.company.strip()):
        raise DocumentError("error.document.missing", field=f"{field}.name")
    if not (any(line.strip() for line in address.lines) or address.city.strip()):
        raise DocumentError("error.document.missing", field=f"{field}.lines")
    place = ", ".join(part for part in (address.city, address.region, address.postcode) if part)
    lines = [address.name, address.company, *address.lines, place, latin]
    if address.country:
        lines.append(wording.country_name(address.country))
    if address.phone:
        lines.append(f"Tel. {address.phone}")
    if address.tax_id:
        lines.append(f"Tax ID {address.tax_id}")
    return lines


def _facts(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    sheet.across(box, box.y, 0.35)
    cells = (
        ("ORDER", "order_id", papers.order.order_id),
        ("PARCEL", "parcel", f"{papers.number} / {papers.count}"),
        ("WEIGHT", "gross_g", f"{kilograms(papers.gross_g)} kg"),
        ("SIZE, cm", "size_mm", _centimetres(papers.size_mm)),
        ("DATE", "date", papers.date),
    )
    narrow = sheet.media.width_mm < _NARROW
    columns = box.split(*((28, 13, 15, 16, 20) if narrow else (34, 12, 17, 17, 17)))
    for at, (column, (caption, field, text)) in enumerate(zip(columns, cells, strict=True)):
        if at:
            sheet.down(column.x, box)
        inner = column.inset(1.0, 0.6)
        top = Box(inner.x, inner.y, inner.width, 2.4)
        sheet.text(field, top, caption, Style((1.9, 1.7)))
        value = Box(inner.x, top.bottom, inner.width, inner.bottom - top.bottom)
        sizes = (3.2, 2.9, 2.6, 2.3, 2.12, 1.9, 1.7)
        sheet.text(field, value, text, Style(sizes, bold=True, middle=True))
    sheet.across(box, box.bottom, 0.35)


def _centimetres(size_mm: tuple[int, ...]) -> str:
    return " x ".join(
        f"{side // 10}.{side % 10}" if side % 10 else str(side // 10) for side in size_mm
    )


def _picked(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    lines = [
        f"{quantity} x {product.name('en')} ({product.sku})"
        for _line, product, quantity in contents(papers)
    ]
    style = Style((3.6, 3.2, 2.8, 2.5, 2.12))
    try:
        sheet.text("contents", box, lines, style)
    except FormOverflow:
        # Inland nobody but the packer reads the contents: on short paper their number is enough.
        items = sum(quantity for _line, _product, quantity in contents(papers))
        sheet.text("contents", box, f"{items} PCS, {len(lines)} SKU", style)
