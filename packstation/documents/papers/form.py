"""What the postal forms CN 22 and CN 23 have in common: head, boxes to tick, rows, references.

Fields: UPU Convention, forms CN 22 and CN 23 (reference: customs, section 1.2). The number of
an IOSS registration is on no paper (ibidem: it travels as data only).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.documents.layout import Box, Sheet, Style, least_size, wrap
from packstation.documents.papers import wording
from packstation.documents.papers.words import Words
from packstation.domain import s10
from packstation.domain.declaration import DeclaredLine
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import BASELINE, LEADING, ParcelPapers
from packstation.domain.orders import Address, Order
from packstation.domain.quantities import Money, minor_units

# A module of 0.33 mm or more is what hub scanners ask for (reference: customs, section 1.4).
MODULE_MM: Final = 0.38
OUTLINE, LINE, HAIR = 0.35, 0.25, 0.13
CAPTION: Final = Style((1.9, 1.8, 1.7, 1.6, 1.5, 1.4))
# White beside the text of a column.
PAD: Final = 0.8
ROW_GAP: Final = 0.6
_TICK: Final = 2.6
# A line of captions, also of Han.
_CAPTION_HIGH: Final = 2.6


class FieldRow(Struct, frozen=True):
    """A named field of a block: ``role`` is the path that an error names."""

    key: str
    caption: str
    role: str
    text: str


class Cell(Struct, frozen=True):
    """Fixed words in a box: ``first``, and ``second`` in brackets."""

    box: Box
    role: str
    first: str
    second: str = ""


def captions(
    sheet: Sheet,
    head: Box,
    shares: Sequence[float],
    columns: Sequence[tuple[str, str]],
    words: Words,
) -> None:
    """What stands over the columns of a table: (key, English) each, in one size."""
    boxes = zip(head.split(*shares), columns, strict=True)
    cells = [
        Cell(box.inset(PAD, 0.4), key, english, words.second(key)) for box, (key, english) in boxes
    ]
    together(sheet, cells, CAPTION)


def together(sheet: Sheet, cells: Sequence[Cell], style: Style) -> None:
    """Cells of one group in one size, all of them with the second language or none.

    Raises FormOverflow (the role of a cell) where they do not fit in one language either.
    """
    second = any(cell.second for cell in cells)
    ways = [
        (both, size) for both in ((True, False) if second else (False,)) for size in style.sizes
    ]
    for both, size in ways:
        tried = Sheet(sheet.media, sheet.fonts)
        try:
            for cell in cells:
                _both_ways(tried, cell, replace(style, sizes=(size,)), second=both)
        except FormOverflow:
            if (both, size) == ways[-1]:
                raise
            continue
        sheet.elements += tried.elements
        return


def _both_ways(sheet: Sheet, cell: Cell, style: Style, *, second: bool) -> None:
    """On one line, or the second below the first; FormOverflow where neither fits."""
    if not (second and cell.second):
        sheet.text(cell.role, cell.box, cell.first, style)
        return
    try:
        sheet.text(cell.role, cell.box, [cell.first, cell.second], style)
    except FormOverflow:
        sheet.text(cell.role, cell.box, f"{cell.first} {cell.second}", style)


def caption(sheet: Sheet, box: Box, words: Words, key: str, first: str) -> None:
    """The fixed words of a cell, the second language in brackets where it finds room."""
    said(sheet, key, box, first, words.second(key), CAPTION)


def said(sheet: Sheet, role: str, box: Box, first: str, second: str, style: Style) -> None:
    """``first`` and below or after it ``second``; alone where both do not fit."""
    for texts in ([f"{first} {second}"], [first, second]) if second else ():
        try:
            sheet.text(role, box, texts, style)
        except FormOverflow:
            continue
        return
    sheet.text(role, box, first, style)


def number_block(sheet: Sheet, box: Box, waybill: str, bars: float) -> None:
    """The number as bars of ``bars`` mm, and for the eye below them."""
    if not waybill:
        raise DocumentError("error.document.missing", field="waybill")
    sheet.linear("waybill", Box(box.x, box.y, box.width, bars), waybill, most=MODULE_MM)
    number = Box(box.x, box.y + bars + 0.2, box.width, box.height - bars - 0.2)
    style = Style((3.8, 3.4, 3.0, 2.4), bold=True, align="center", middle=True)
    sheet.text("waybill", number, grouped(waybill), style)


def categories(sheet: Sheet, box: Box, order: Order, words: Words) -> None:
    """Six boxes in two rows; the one that is chosen has a cross."""
    explained = explanation(order)
    rows = (wording.CATEGORIES[:3], wording.CATEGORIES[3:])
    cells = []
    for at, three in enumerate(rows):
        height = box.height / 2
        line = Box(box.x, box.y + at * height, box.width, height)
        for column, (category, english) in zip(line.split(31, 31, 37), three, strict=True):
            chosen = category == order.category
            tick = Box(column.x, column.y + (height - _TICK) / 2, _TICK, _TICK)
            sheet.frame(tick)
            if chosen:
                sheet.cross(tick.inset(0.5, 0.5))
            label = Box(column.x + 3.4, column.y, column.width - 4.2, height)
            if category == "other" and explained:
                style = Style((2.3, 2.12, 1.9, 1.7), middle=True)
                sheet.text("category_text", label, f"{english}: {explained}", style)
            else:
                cells.append(Cell(label, "category", english, words.second(category)))
    together(sheet, cells, Style((2.3, 2.12, 2.0, 1.9, 1.8, 1.7, 1.6), middle=True))


def explanation(order: Order) -> str:
    """What "other" stands for; DocumentError where it is chosen and not said."""
    explained = (order.category_text or "").strip()
    if order.category == "other" and not explained:
        raise DocumentError("error.document.missing", field="category_text")
    return explained if order.category == "other" else ""


def described(sheet: Sheet, line: DeclaredLine, papers: ParcelPapers, words: Words) -> str:
    """A line's description, that of the destination's language in brackets where it is known."""
    text = sheet.words(line.description, field_of(line, "description"))
    other = papers.products[line.sku].customs.descriptions.get(words.language, "")
    other = sheet.words(other, field_of(line, f"descriptions.{words.language}"))
    return text if not other or other in text else f"{text} ({other})"


class Sized(Struct, frozen=True):
    """A text in lines of one size; ``height`` with what stands between rows."""

    lines: list[str]
    size: float
    height: float


def fitted_rows(
    sheet: Sheet, room: tuple[float, float], texts: Sequence[str], sizes: Sequence[float]
) -> list[Sized]:
    """``texts`` as rows in the largest of ``sizes`` at which all fit ``room`` (width, height).

    Raises FormOverflow (``contents``) where the smallest does not fit either.
    """
    width, height = room
    for wanted in sizes:
        rows = [_sized(sheet, text, width, wanted, ROW_GAP) for text in texts]
        if sum(row.height for row in rows) <= height + 1e-6:
            return rows
    raise FormOverflow(field="contents", limit=int(height / (sizes[-1] * LEADING + ROW_GAP)))


def _sized(sheet: Sheet, text: str, width: float, wanted: float, gap: float) -> Sized:
    """Han needs more than Latin: each text is as large as it must be."""
    size = max(wanted, least_size([text], sheet.media.dpi))
    lines = wrap(text, width, size, sheet.fonts)
    return Sized(lines, size, len(lines) * size * LEADING + gap)


def paragraphs(
    sheet: Sheet, box: Box, rows: Sequence[tuple[str, str]], sizes: Sequence[float]
) -> list[tuple[str, Sized]]:
    """Texts (role, text) in the largest of ``sizes`` at which all fit ``box``; empty ones not.

    Raises FormOverflow naming the longest where they do not fit.
    """
    texts = [(role, sheet.words(text, role)) for role, text in rows]
    shown = [(role, text) for role, text in texts if text]
    for wanted in sizes:
        found = [(role, _sized(sheet, text, box.width, wanted, 0.0)) for role, text in shown]
        if sum(one.height for _role, one in found) <= box.height + 1e-6:
            return found
    longest = max(shown, key=lambda one: len(one[1]))[0]
    raise FormOverflow(field=longest, limit=int(box.height / (sizes[-1] * LEADING)))


def field_rows(
    sheet: Sheet, box: Box, rows: Sequence[FieldRow], words: Words, aside: float
) -> None:
    """Fields one below the other, captions in a column of ``aside`` mm; empty ones are left out.

    Raises FormOverflow naming the longest where they do not fit.
    """
    room = Box(box.x + aside, box.y, box.width - aside, box.height)
    sizes = (3.0, 2.8, 2.6, 2.4, 2.2, 2.0, 1.8, 1.6)
    named = {row.role: row for row in rows}
    y = box.y
    found = paragraphs(sheet, room, [(row.role, row.text) for row in rows], sizes)
    for role, text in found:
        row = named[role]
        # Captions stand on the baseline of what they name.
        lower = (text.size - CAPTION.sizes[0]) * BASELINE
        label = Box(box.x, y + lower, aside - 0.6, _CAPTION_HIGH)
        said(sheet, row.key, label, row.caption, words.second(row.key), CAPTION)
        value = Box(room.x, y, room.width, text.height)
        sheet.text(role, value, text.lines, Style((text.size,)))
        y += text.height


def address_rows(address: Address, field: str) -> tuple[FieldRow, ...]:
    """The fields of From and To; DocumentError where there is nobody or no place."""
    require_address(address, field)
    place = joined(f"{address.postcode} {address.city}".strip(), address.region)
    country = wording.country_name(address.country) if address.country else ""
    return (
        FieldRow("name", "Name", f"{field}.name", address.name),
        FieldRow("business", "Business", f"{field}.company", address.company),
        FieldRow("street", "Street", f"{field}.lines", joined(*address.lines)),
        FieldRow("place", "Postcode, city", f"{field}.city", place),
        FieldRow("country", "Country", f"{field}.country", country),
        FieldRow("tel", "Tel.", f"{field}.phone", address.phone),
    )


def require_address(address: Address, field: str) -> None:
    """DocumentError naming what a form cannot do without."""
    if not (address.name.strip() or address.company.strip()):
        raise DocumentError("error.document.missing", field=f"{field}.name")


def joined(*parts: str) -> str:
    """What is there of ``parts``, with commas."""
    return ", ".join(part for part in parts if part.strip())


def sender_reference(order: Order) -> tuple[str, str]:
    """The scheme under which tax was paid, as the destination reads it, and its field; or "".

    Norway wants "VOEC No." (US Postal Bulletin 22559); Australia, New Zealand and Singapore
    have GST schemes of the kind, the United Kingdom its VAT number. Never an IOSS number.
    """
    sender, to = order.ship_from, order.ship_to.country
    number = sender.vat or sender.tax_id
    field = "ship_from.vat" if sender.vat else "ship_from.tax_id"
    if to == "NO" and sender.voec:
        return f"VOEC No. {sender.voec}", "ship_from.voec"
    if to in {"AU", "NZ", "SG"} and number:
        return f"GST No. {number}", field
    if to == "GB" and order.tax_scheme == "uk_vat" and sender.vat:
        return f"VAT No. {sender.vat}", "ship_from.vat"
    return "", ""


def required(order: Order, kind: str) -> str:
    """What the order's requirements of a kind say, each once, with commas."""
    found = [str(one.get("value") or "") for one in order.requirements if one.get("kind") == kind]
    return joined(*dict.fromkeys(found))


def signer_of(order: Order) -> str:
    """Who signs: the one named by the order, else the sender."""
    sender = order.ship_from
    return str((order.signer or {}).get("name") or "") or sender.name or sender.company


def operator_of(papers: ParcelPapers) -> str:
    """The designated operator, or that this is training."""
    return wording.TRAINING if papers.training else wording.carrier_name(papers.carrier)


def field_of(line: DeclaredLine, field: str) -> str:
    """The path of a declared field."""
    return f"products[{line.sku}].customs.{field}"


def grouped(waybill: str) -> str:
    """A waybill for the eye: S10 numbers in their groups, others as they are."""
    if s10.looks_like(waybill):
        return f"{waybill[:2]} {waybill[2:5]} {waybill[5:8]} {waybill[8:11]} {waybill[11:]}"
    return waybill


def kilograms(grams: int) -> str:
    """Kilograms with three decimals, exactly: 540 -> 0.540."""
    return f"{grams // 1000}.{grams % 1000:03d}"


def amount(money: Money) -> str:
    """An amount with its currency's decimals and code, as the form wants on each value."""
    return f"{money.amount:.{minor_units(money.currency)}f} {money.currency}"
