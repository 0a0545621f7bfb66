"""What the faces of the shipping label share: service, country, number, addresses, facts."""

from __future__ import annotations

from typing import Final

from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.form import grouped, kilograms
from packstation.domain.declaration import contents
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import LEADING, ParcelPapers
from packstation.domain.orders import Address

# The widest bars that still leave their quiet zones on 100 mm: 4 dots at 203 dpi.
MODULE_MM: Final = 0.51
# Paper of receipt printers: sender and addressee one below the other.
NARROW: Final = 80.0
# From this height on a country's block names it too.
_NAMED: Final = 11.0
# Shares of the width: sender, addressee.
_SIDES: Final = (36.0, 58.0)


def header(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    """Service, carrier, the bench's mark; the destination at the right."""
    left, right = box.split(64, 30)
    inner = left.inset(1.5, 0.8)
    top = Box(inner.x, inner.y, inner.width, inner.height - 4.4)
    bought = wording.options_line(papers.options, wording.carrier_name(papers.carrier))
    names = [wording.service_name(papers.service), bought]
    if papers.training:
        names = [wording.TRAINING, "  ".join(filter(None, names))]
    sheet.text("service", top, names[0], Style((7.5, 6.5, 5.5, 4.5, 3.5), bold=True))
    below = Box(inner.x, top.bottom, inner.width, 4.0)
    carrier, note = below.split(42, 22) if papers.options else below.split(32, 32)
    sheet.text("carrier", carrier, names[1], Style((3.0, 2.6, 2.3, 2.0, 1.7)))
    notes = [papers.mark, f"COPY {papers.copy}" if papers.copy > 1 else ""]
    style = Style((2.8, 2.4, 2.12), bold=True, align="right")
    shown = "  ".join(note for note in notes if note)
    sheet.text("mark", note, shown, style)
    country_block(sheet, right, papers)


def country_block(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    """The destination, white on black: its code large, its name below where it finds room.

    Raises DocumentError where the order has no country to ship to.
    """
    sheet.fill(box)
    low = box.height < _NAMED
    country = papers.order.ship_to.country
    if not country:
        raise DocumentError("error.document.missing", field="ship_to.country")
    if low:
        size = int(box.height / LEADING * 10) / 10
        white = Style((size,), bold=True, align="center", inverse=True, middle=True)
        sheet.text("ship_to.country", box, country, white)
        return
    code = Box(box.x, box.y + 0.4, box.width, box.height - 4.2)
    white = Style((9.0, 8.0, 7.0), bold=True, align="center", inverse=True)
    sheet.text("ship_to.country", code, country, white)
    name = Box(box.x, code.bottom, box.width, 3.4).inset(0.6)
    sizes = (2.6, 2.3, 2.0, 1.7, 1.4)
    style = Style(sizes, bold=True, align="center", inverse=True, middle=True)
    sheet.text("ship_to.country", name, wording.country_name(country), style)


def number(sheet: Sheet, box: Box, waybill: str, *, ruled: bool = True) -> None:
    """The number as bars and for the eye; ``ruled`` between lines over the whole width."""
    if ruled:
        sheet.across(box, box.y, 0.35)
    bars = Box(box.x, box.y + 2.0, box.width, box.height - 9.0)
    sheet.linear("waybill", bars, waybill_of(waybill), most=MODULE_MM)
    eye = Box(box.x, bars.bottom + 0.6, box.width, 5.8)
    style = Style((4.8, 4.0, 3.2, 2.6), bold=True, align="center", middle=True)
    sheet.text("waybill", eye, grouped(waybill), style)
    if ruled:
        sheet.across(box, box.bottom, 0.35)


def waybill_of(waybill: str) -> str:
    """The number; DocumentError where there is none."""
    if not waybill:
        raise DocumentError("error.document.missing", field="waybill")
    return waybill


def addresses(
    sheet: Sheet,
    box: Box,
    papers: ParcelPapers,
    sides: tuple[float, float] = _SIDES,
    *,
    joined: bool = False,
) -> None:
    """Sender and addressee side by side, on narrow paper one below the other.

    ``sides`` are their shares of the width; ``joined``: the sender's street is one paragraph.
    """
    order = papers.order
    if sheet.media.width_mm < NARROW:
        sender = Box(box.x, box.y, box.width, box.height * 0.48)
        addressee = Box(box.x, sender.bottom, box.width, box.height - sender.height)
        sheet.across(box, addressee.y)
    else:
        sender, addressee = box.split(*sides)
        sheet.down(addressee.x, box)
    lines = postal_lines(order.ship_from, "ship_from")
    if joined:
        lines = in_few(lines)
    address_block(sheet, sender, ("FROM", "ship_from"), lines, (2.7, 2.5, 2.3, 2.12))
    sizes = (4.0, 3.6, 3.2, 2.9, 2.6, 2.3, 2.12)
    lines = postal_lines(order.ship_to, "ship_to", papers.latin)
    address_block(sheet, addressee, ("TO", "ship_to"), lines, sizes)


def address_block(
    sheet: Sheet, box: Box, named: tuple[str, str], lines: list[str], sizes: tuple[float, ...]
) -> None:
    """``lines`` below their caption; ``named`` are the caption and the field of the order."""
    caption, field = named
    inner = box.inset(1.5, 0.8)
    top = Box(inner.x, inner.y, inner.width, 3.0)
    sheet.text(field, top, caption, Style((2.3,), bold=True))
    room = Box(inner.x, top.bottom, inner.width, inner.bottom - top.bottom)
    sheet.text(field, room, lines, Style(sizes, bold=field == "ship_to"))


def postal_lines(address: Address, field: str, latin: str = "") -> list[str]:
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


def in_few(lines: list[str]) -> list[str]:
    """The name, and the rest in one paragraph."""
    name, *rest = [line for line in lines if line.strip()]
    return [name, ", ".join(rest)]


def facts(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    """Order, parcel, weight, size and date between two lines."""
    sheet.across(box, box.y, 0.35)
    cells = (
        ("ORDER", "order_id", papers.order.order_id),
        ("PARCEL", "parcel", f"{papers.number} / {papers.count}"),
        ("WEIGHT", "gross_g", f"{kilograms(papers.gross_g)} kg"),
        ("SIZE, cm", "size_mm", _centimetres(papers.size_mm)),
        ("DATE", "date", papers.date),
    )
    narrow = sheet.media.width_mm < NARROW
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


def picked(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    """The contents for whoever packs; where they have no room their number."""
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
