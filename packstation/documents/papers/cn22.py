"""The customs declaration CN 22, as a form of its own and as the lower part of a label.

Fields: UPU Convention, form CN 22 (reference: customs, sections 1.2 and 4). The form is
laid out as a ``Label``, so page, thermal printer and screen show one and the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style, least_size, wrap
from packstation.documents.papers import wording
from packstation.domain import s10
from packstation.domain.declaration import Declaration, DeclaredLine, declare
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import LEADING, Label, Media, ParcelPapers
from packstation.domain.orders import Order
from packstation.domain.quantities import Money, minor_units

MARGIN: Final = 2.0
# A module of 0.33 mm or more is what hub scanners ask for (reference: customs, section 1.4).
_MODULE_MM: Final = 0.38
_HEAD, _CATEGORY, _COLUMNS, _TOTAL, _SIGN = 7.0, 3.5, 5.0, 4.0, 7.0
_SENDER, _LEAST_SENDER = 16.0, 9.0
_CERTIFY_WIDE, _CERTIFY_NARROW = 7.0, 9.4
# White beside the text of a column.
_PAD: Final = 0.8
_WIDE_FROM: Final = 88.0
# Columns of the contents: description, net weight, value, HS number, origin.
_SHARES_WIDE: Final = (44.0, 11.5, 17.0, 12.5, 9.0)
_SHARES_NARROW: Final = (32.0, 14.0, 20.0, 15.0, 13.0)
_ROW_GAP: Final = 0.4
_ROW_SIZES: Final = (2.7, 2.5, 2.3, 2.12)
_CAPTION: Final = Style((1.9, 1.7, 1.55, 1.4))


def cn22(papers: ParcelPapers, media: Media, fonts: Fonts) -> Label:
    """The form on a page of its own: number, sender, contents, declaration.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    sheet = Sheet(media, fonts)
    page = Box(0, 0, media.width_mm, media.height_mm).inset(MARGIN, MARGIN)
    sheet.frame(page, 0.35)
    bars = Box(page.x, page.y + 2.0, page.width, 12.5)
    sheet.linear("waybill", bars, papers.waybill, most=_MODULE_MM)
    number = Box(page.x, bars.bottom + 0.4, page.width, 4.6)
    shown = grouped(papers.waybill)
    sheet.text("waybill", number, shown, Style((3.6, 3.0, 2.4), bold=True, align="center"))
    sheet.across(page, number.bottom + 0.3)
    bottom = _sender(sheet, Box(page.x, number.bottom + 0.3, page.width, _SENDER), papers)
    sheet.across(page, bottom)
    rest = Box(page.x, bottom, page.width, page.bottom - bottom)
    customs_part(sheet, rest, papers, declare(papers))
    return sheet.label()


def fitting_cn22(papers: ParcelPapers, sizes: Sequence[Media], fonts: Fonts) -> Label:
    """The form on the first of ``sizes`` that holds the contents."""
    *smaller, largest = sizes
    for media in smaller:
        try:
            return cn22(papers, media, fonts)
        except FormOverflow:
            continue
    return cn22(papers, largest, fonts)


def customs_part(sheet: Sheet, box: Box, papers: ParcelPapers, declaration: Declaration) -> None:
    """The declaration inside ``box``; FormOverflow (``contents``) where the lines do not fit."""
    y = _head(sheet, box)
    y = _categories(sheet, Box(box.x, y, box.width, 2 * _CATEGORY), papers.order)
    certify = _CERTIFY_WIDE if box.width >= _WIDE_FROM else _CERTIFY_NARROW
    below = _TOTAL + certify + _SIGN
    table = Box(box.x, y, box.width, box.bottom - below - y)
    _table(sheet, table, declaration.lines)
    total = Box(box.x, table.bottom, box.width, _TOTAL)
    _totals(sheet, total, papers.gross_g, declaration.totals)
    for column in _columns(table)[1:]:
        sheet.down(column.x, Box(0, table.y, 0, table.height))
    words = Box(box.x, total.bottom, box.width, certify).inset(1.0, 0.4)
    sheet.text("certify", words, wording.CERTIFY, Style((1.9, 1.8, 1.7, 1.6, 1.5)))
    _signature(sheet, Box(box.x, total.bottom + certify, box.width, _SIGN), papers)


def grouped(waybill: str) -> str:
    """A waybill for the eye: S10 numbers in their groups, others as they are."""
    if s10.looks_like(waybill):
        return f"{waybill[:2]} {waybill[2:5]} {waybill[5:8]} {waybill[8:11]} {waybill[11:]}"
    return waybill


def _columns(box: Box) -> list[Box]:
    return box.split(*(_SHARES_WIDE if box.width >= _WIDE_FROM else _SHARES_NARROW))


def _sender(sheet: Sheet, box: Box, papers: ParcelPapers) -> float:
    """Sender and operator in at most the height of ``box``; answers the lower edge."""
    address = papers.order.ship_from
    if not (address.name.strip() or address.company.strip()):
        raise DocumentError("error.document.missing", field="ship_from.name")
    left, right = box.inset(1.0, 0.5).split(7, 2)
    operator = wording.TRAINING if papers.training else wording.carrier_name(papers.carrier)
    style = Style((2.6, 2.2, 1.9), bold=True, align="right")
    sheet.text("carrier", right, operator, style)
    country = wording.country_name(address.country) if address.country else ""
    lines = (
        _joined(address.name, address.company),
        _joined(*address.lines),
        _joined(address.city, address.region, address.postcode, country),
    )
    used = sheet.text("ship_from", left, lines, Style((2.3, 2.12, 1.9)))
    return box.y + max(used + 1.0, _LEAST_SENDER)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part.strip())


def _head(sheet: Sheet, box: Box) -> float:
    head = Box(box.x, box.y, box.width, _HEAD)
    left, middle, right = head.inset(1.0, 0.4).split(42, 34, 16)
    title = Box(left.x, left.y, left.width, 3.5)
    sheet.text("title", title, wording.TITLE, Style((2.9, 2.6, 2.4), bold=True))
    below = Box(left.x, title.bottom, left.width, 2.5)
    sheet.text("title", below, wording.TITLE_FR, Style((2.0, 1.8)))
    opened = (wording.OPENED, wording.OPENED_FR)
    sheet.text("opened", middle, opened, Style((2.0, 1.9, 1.7), align="center", middle=True))
    form = Style((4.6, 3.8), bold=True, align="right", middle=True)
    sheet.text("form", right, wording.FORM, form)
    sheet.across(box, head.bottom)
    return head.bottom


def _categories(sheet: Sheet, box: Box, order: Order) -> float:
    explained = (order.category_text or "").strip()
    if order.category == "other" and not explained:
        raise DocumentError("error.document.missing", field="category_text")
    for row, three in enumerate((wording.CATEGORIES[:3], wording.CATEGORIES[3:])):
        line = Box(box.x, box.y + row * _CATEGORY, box.width, _CATEGORY).inset(1.0)
        for column, (category, words) in zip(line.split(30, 32, 36), three, strict=True):
            chosen = category == order.category
            text = f"{words}: {explained}" if chosen and category == "other" else words
            _tick(sheet, Box(column.x, column.y + 0.45, 2.6, 2.6), chosen=chosen)
            field = "category_text" if category == "other" else "category"
            label = Box(column.x + 3.4, column.y, column.width - 3.8, column.height)
            sheet.text(field, label, text, Style((2.3, 2.12, 1.9, 1.7), middle=True))
    sheet.across(box, box.bottom)
    return box.bottom


def _tick(sheet: Sheet, box: Box, *, chosen: bool) -> None:
    sheet.frame(box)
    if chosen:
        sheet.cross(box.inset(0.55, 0.55))


def _table(sheet: Sheet, box: Box, lines: tuple[DeclaredLine, ...]) -> None:
    head = Box(box.x, box.y, box.width, _COLUMNS)
    for column, words in zip(_columns(head), wording.COLUMNS, strict=True):
        sheet.text("column", column.inset(_PAD, 0.3), words, _CAPTION)
    sheet.across(head, head.bottom)
    room = Box(box.x, head.bottom, box.width, box.bottom - head.bottom).inset(0, 0.3)
    described = [
        sheet.words(f"{line.quantity} x {line.description}", _field(line, "description"))
        for line in lines
    ]
    size, rows = _row_lines(sheet, room, described)
    y = room.y
    for line, text in zip(lines, rows, strict=True):
        height = _row_height(text, size)
        _row(sheet, Box(room.x, y, room.width, height), line, " ".join(text), size)
        y += height


def _row_lines(sheet: Sheet, room: Box, described: list[str]) -> tuple[float, list[list[str]]]:
    """The largest size at which all rows fit, and each description in lines."""
    width = _columns(room)[0].inset(_PAD).width
    least = size = least_size(described, sheet.media.dpi)
    for wanted in _ROW_SIZES:
        size = max(wanted, least)
        rows = [wrap(text, width, size, sheet.fonts) for text in described]
        if sum(_row_height(row, size) for row in rows) <= room.height:
            return size, rows
    raise FormOverflow(field="contents", limit=int(room.height / (size * LEADING + _ROW_GAP)))


def _row_height(lines: list[str], size: float) -> float:
    return size * LEADING * len(lines) + _ROW_GAP


def _row(sheet: Sheet, box: Box, line: DeclaredLine, description: str, size: float) -> None:
    cells = (
        (description, "description", Style((size,))),
        (kilograms(line.net_g), "net_g", Style((size, 2.0), align="right")),
        (amount(line.value), "unit_value", Style((size, 2.0, 1.7), align="right")),
        (line.hs, "hs", Style((size, 2.0, 1.7), align="center")),
        (line.origin, "origin", Style((size,), align="center")),
    )
    for column, (text, field, style) in zip(_columns(box), cells, strict=True):
        sheet.text(_field(line, field), column.inset(_PAD), text, style)


def _field(line: DeclaredLine, field: str) -> str:
    return f"products[{line.sku}].customs.{field}"


def _totals(sheet: Sheet, box: Box, gross_g: int, totals: tuple[Money, ...]) -> None:
    sheet.across(box, box.y)
    sheet.across(box, box.bottom)
    first, weight, value, rest, origin = _columns(box)
    sheet.text("total", first.inset(_PAD), wording.TOTAL, Style((2.0, 1.8, 1.6), middle=True))
    style = Style((2.5, 2.2, 1.9), bold=True, align="right", middle=True)
    sheet.text("gross_g", weight.inset(0.3), kilograms(gross_g), style)
    single = len(totals) == 1
    room = Box(
        value.x, box.y, value.width + (0 if single else rest.width + origin.width), box.height
    )
    shown = " + ".join(map(amount, totals))
    sheet.text("total", room.inset(_PAD), shown, style)


def _signature(sheet: Sheet, box: Box, papers: ParcelPapers) -> None:
    order = papers.order
    sheet.across(box, box.y)
    signer = str((order.signer or {}).get("name") or "") or order.ship_from.name
    reference = order.ship_from.voec
    left, right = box.inset(1.0, 0.3).split(62, 32)
    caption = Box(left.x, left.y, left.width, 2.3)
    sheet.text("signature", caption, wording.SIGNATURE, _CAPTION)
    signed = Box(left.x, caption.bottom, left.width, 3.6)
    style = Style((2.6, 2.3, 2.12), middle=True)
    sheet.text("signer.name", signed, f"{papers.date}   {signer}", style)
    if reference:
        sheet.text(
            "reference", Box(right.x, right.y, right.width, 2.3), wording.REFERENCE, _CAPTION
        )
        below = Box(right.x, right.y + 2.3, right.width, 3.6)
        sheet.text("ship_from.voec", below, f"VOEC No. {reference}", style)


def kilograms(grams: int) -> str:
    """Kilograms with three decimals, exactly: 540 -> 0.540."""
    return f"{grams // 1000}.{grams % 1000:03d}"


def amount(money: Money) -> str:
    """An amount with its currency's decimals and code, as the form wants on each value."""
    return f"{money.amount:.{minor_units(money.currency)}f} {money.currency}"
