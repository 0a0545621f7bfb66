"""What the postal forms CN 22 and CN 23 have in common: head, boxes to tick, rows, references.

Fields: UPU Convention, forms CN 22 and CN 23 (reference: customs, section 1.2). The number of
an IOSS registration is on no paper (ibidem: it travels as data only).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.documents.layout import Box, Sheet, Style, least_size, wrap
from packstation.documents.papers import wording
from packstation.documents.papers.words import Words, spoken
from packstation.domain import s10
from packstation.domain.declaration import DeclaredLine
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import BASELINE, LEADING, ParcelPapers
from packstation.domain.orders import Address, Order
from packstation.domain.quantities import Money, minor_units

# A module of 0.33 mm or more is what hub scanners ask for (reference: customs, section 1.4).
MODULE_MM: Final = 0.38
OUTLINE, LINE, HAIR = 0.35, 0.25, 0.13
CAPTION: Final = Style((1.9, 1.8, 1.7, 1.6, 1.5))
# The second language is set smaller than the first, never below the least size of captions.
_SMALLER: Final = 0.9
LEAST_CAPTION: Final = 1.5
# What is declared is never smaller (em, mm): 15 dots on heads of 203 dpi, 5 pt on finer ones.
# Forms of full size keep 6 pt at 203 dpi (reference: customs, section 4); below that is crowded.
_LEAST_VALUE, _LEAST_VALUE_FINE = 1.9, 1.76
_FINE_DPI: Final = 300
# White beside the text of a column.
PAD: Final = 1.0
# What of it on the right a long number may take: a tariff number of ten digits.
SPARE: Final = 0.7
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


_Shape = Callable[[Sheet, Cell, Style], None]


def together(sheet: Sheet, cells: Sequence[Cell], style: Style, *, stacked: bool = False) -> None:
    """Cells of one group in one size, all of them with the second language or none.

    It stands beside the first or below it, with ``stacked`` always below.
    Raises FormOverflow (the role of a cell) where they do not fit in one language either.
    """
    both = any(cell.second for cell in cells)
    shapes: tuple[_Shape, ...] = (_beside, _below)[stacked:] if both else ()
    # Beside one another in small letters is no better than below one another in large ones.
    ways = [(shape, size) for size in style.sizes for shape in shapes]
    ways += [(_alone, size) for size in style.sizes]
    for shape, size in ways:
        tried = Sheet(sheet.media, sheet.fonts)
        try:
            for cell in cells:
                shape(tried, cell, replace(style, sizes=(size,)))
        except FormOverflow:
            if (shape, size) == ways[-1]:
                raise
            continue
        sheet.elements += tried.elements
        return


def _alone(sheet: Sheet, cell: Cell, style: Style) -> None:
    """The first language only."""
    _stack(sheet, cell, (_lines(sheet, cell, cell.first, style.sizes[0], style),), style)


def _below(sheet: Sheet, cell: Cell, style: Style) -> None:
    """The second language below the first, smaller."""
    parts = [_lines(sheet, cell, cell.first, style.sizes[0], style)]
    if cell.second:
        parts.append(_lines(sheet, cell, cell.second, _small(style), style))
    _stack(sheet, cell, parts, style)


def _small(style: Style) -> float:
    return max(_SMALLER * style.sizes[0], LEAST_CAPTION)


def _lines(
    sheet: Sheet, cell: Cell, text: str, size: float, style: Style
) -> tuple[float, list[str]]:
    """``text`` in lines and their size; FormOverflow where a word is wider than the cell."""
    text = sheet.words(text, cell.role)
    size = max(size, least_size([text], sheet.media.dpi))
    lines = wrap(text, cell.box.width, size, sheet.fonts, bold=style.bold)
    whole = least_size([text], 0) > 0 or text.split() == " ".join(lines).split()
    if not whole:
        raise FormOverflow(field=cell.role, limit=int(cell.box.width))
    return size, lines


def _stack(
    sheet: Sheet, cell: Cell, parts: Sequence[tuple[float, list[str]]], style: Style
) -> None:
    """Lines of several sizes, one below the other."""
    high = sum(size * LEADING * len(lines) for size, lines in parts)
    if high > cell.box.height + 1e-6:
        raise FormOverflow(field=cell.role, limit=int(cell.box.height))
    y = cell.box.y + (cell.box.height - high) / 2 if style.middle else cell.box.y
    for size, lines in parts:
        part = Box(cell.box.x, y, cell.box.width, size * LEADING * len(lines))
        sheet.put(cell.role, part, lines, replace(style, sizes=(size,)))
        y += size * LEADING * len(lines)


def _beside(sheet: Sheet, cell: Cell, style: Style) -> None:
    """Both languages on one base line."""
    box, dpi = cell.box, sheet.media.dpi
    first = max(style.sizes[0], least_size([cell.first], dpi))
    small = max(_small(style), least_size([cell.second], dpi))
    used = sheet.fonts.width(f"{cell.first} ", first, bold=style.bold)
    wide = used + sheet.fonts.width(cell.second, small, bold=style.bold)
    high = max(first, small) * LEADING
    if style.align != "left" or wide > box.width or high > box.height + 1e-6:
        raise FormOverflow(field=cell.role, limit=int(box.width))
    top = box.y + (box.height - high) / 2 if style.middle else box.y
    base = top + max(first, small) * BASELINE
    for x, size, text in ((box.x, first, cell.first), (box.x + used, small, cell.second)):
        at = Box(x, base - size * BASELINE, box.right - x, size * LEADING)
        sheet.put(cell.role, at, (sheet.words(text, cell.role),), replace(style, sizes=(size,)))


def caption(sheet: Sheet, box: Box, words: Words, key: str, first: str) -> None:
    """The fixed words of a cell, the second language in brackets where it finds room."""
    said(sheet, key, box, first, words.second(key), CAPTION)


def said(sheet: Sheet, role: str, box: Box, first: str, second: str, style: Style) -> None:
    """``first`` and after or below it ``second``; alone where both do not fit."""
    together(sheet, [Cell(box, role, first, second)], style)


def values(sheet: Sheet, *sizes: float) -> tuple[float, ...]:
    """Those of ``sizes`` in which something declared may stand on this paper."""
    least = _LEAST_VALUE_FINE if sheet.media.dpi >= _FINE_DPI else _LEAST_VALUE
    return (*(size for size in sizes if size > least), least)


Amounts = tuple[str, Box, Sequence[str]]


def figures(sheet: Sheet, given: Amounts, sizes: Sequence[float], *, bold: bool = False) -> None:
    """Amounts of a field (role, box, texts) at the right edge, one below the other, in one size.

    Where that is too wide a currency stands below its number: a number that is broken is another
    number. Totals (``bold``) stand in the middle. Raises FormOverflow (the role).
    """
    role, box, texts = given
    for lines in (list(texts), [part for one in texts for part in one.split()]):
        for size in sizes:
            high = len(lines) * size * LEADING
            if high <= box.height + 1e-6 and _widest(sheet, lines, size, bold=bold) <= box.width:
                style = Style((size,), bold=bold, align="right", middle=bold)
                sheet.text(role, box, lines, style)
                return
    raise FormOverflow(field=role, limit=int(box.width))


def sums(sheet: Sheet, cells: Sequence[Amounts]) -> None:
    """Totals in one size, the largest at which each stands on one line. Raises as `figures`."""
    sizes = values(sheet, 2.7, 2.5, 2.3, 2.12, 2.0, 1.9)
    common = next(
        (
            size
            for size in sizes
            if all(_widest(sheet, texts, size, bold=True) <= box.width for _, box, texts in cells)
        ),
        sizes[-1],
    )
    for cell in cells:
        figures(sheet, cell, [size for size in sizes if size <= common], bold=True)


def _widest(sheet: Sheet, lines: Sequence[str], size: float, *, bold: bool) -> float:
    return max((sheet.fonts.width(one, size, bold=bold) for one in lines), default=0.0)


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
                style = Style(values(sheet, 2.3, 2.12, 1.9), middle=True)
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
    other = spoken(papers.products[line.sku].customs.descriptions, words.language)
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
        rows: list[Sized] = []
        left = height + 1e-6
        for text in texts:
            rows.append(_sized(sheet, text, width, wanted, ROW_GAP))
            left -= rows[-1].height
            if left < 0:
                break
        else:
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
    sheet: Sheet, box: Box, rows: Sequence[FieldRow], words: Words, how: tuple[float, float]
) -> None:
    """Fields one below the other; ``how``: mm of the captions' column and em of the texts.

    Empty ones are left out. Raises FormOverflow naming the longest where they do not fit.
    """
    aside, size = how
    room = Box(box.x + aside, box.y, box.width - aside, box.height)
    named = {row.role: row for row in rows}
    y = box.y
    found = paragraphs(sheet, room, [(row.role, row.text) for row in rows], (size,))
    for role, text in found:
        row = named[role]
        # Captions stand on the baseline of what they name.
        lower = (text.size - CAPTION.sizes[0]) * BASELINE
        label = Box(box.x, y + lower, aside - 0.6, _CAPTION_HIGH)
        said(sheet, row.key, label, row.caption, words.second(row.key), CAPTION)
        value = Box(room.x, y, room.width, text.height)
        sheet.put(role, value, text.lines, Style((text.size,)))
        y += text.height


def address_rows(address: Address, field: str, latin: str = "") -> tuple[FieldRow, ...]:
    """The fields of From and To, the city also as ``latin`` writes it.

    DocumentError where there is nobody or no place.
    """
    require_address(address, field)
    place = joined(in_both(f"{address.postcode} {address.city}".strip(), latin), address.region)
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


def in_both(place: str, latin: str) -> str:
    """A place, and in brackets its Latin letters.

    >>> in_both("101000 Москва", "Moskva"), in_both("10115 Berlin", "")
    ('101000 Москва (Moskva)', '10115 Berlin')
    """
    return f"{place} ({latin})" if latin else place


def joined(*parts: str) -> str:
    """What is there of ``parts``, with commas."""
    return ", ".join(part for part in parts if part.strip())


def required(order: Order, kind: str) -> str:
    """What the order's requirements of a kind say, each once, with commas."""
    found = [str(one.get("value") or "") for one in order.requirements if one.get("kind") == kind]
    return joined(*dict.fromkeys(found))


def signer_of(order: Order) -> str:
    """Who signs: the one named by the order, else the sender."""
    sender = order.ship_from
    return str((order.signer or {}).get("name") or "") or sender.name or sender.company


def dated(sheet: Sheet, box: Box, papers: ParcelPapers, style: Style) -> None:
    """The day and who signs, side by side in one size, each a text of its own.

    Raises FormOverflow (``signer.name``).
    """
    signer = sheet.words(signer_of(papers.order), "signer.name")
    for size in style.sizes:
        day = sheet.fonts.width(papers.date, size) + 2 * size if papers.date else 0.0
        name = Box(box.x + day, box.y, box.width - day, box.height)
        if name.width <= 0 or (
            size != style.sizes[-1] and sheet.fonts.width(signer, size) > name.width
        ):
            continue
        one = replace(style, sizes=(size,))
        sheet.text("date", Box(box.x, box.y, day, box.height), papers.date, one)
        sheet.text("signer.name", name, signer, one)
        return
    raise FormOverflow(field="signer.name", limit=int(box.width))


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
