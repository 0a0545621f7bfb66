"""The contents of a CN 23: its rows, what is left to the invoice, and the totals under them.

Columns (1) to (9): UPU Convention, form CN 23 (reference: customs, section 1.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import form, wording
from packstation.documents.papers.form import HAIR, LINE, PAD, amount, kilograms
from packstation.documents.papers.words import Words
from packstation.domain.declaration import Declaration, DeclaredLine
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import LEADING, ParcelPapers
from packstation.domain.quantities import Money

# Rows of contents that the form has (reference: customs, section 1.2).
MOST_ROWS: Final = 8
# What has no invoice that could hold more lines.
NO_INVOICE: Final = frozenset({"gift", "documents"})
_ROW_SIZES: Final = (2.9, 2.7, 2.5, 2.3, 2.12, 1.9)


class Plan(Struct, frozen=True):
    """Heights in mm of a form; ``shares`` are the columns of the contents.

    Rather than in less than ``readable`` (em, mm) lines stand on the invoice.
    """

    margin: float
    head: float
    number: float
    address: float
    captions: float
    total: float
    shares: tuple[float, ...]
    readable: float = 0.0


class Row(Struct, frozen=True):
    """A row of the contents as it stands on the form; ``sku`` is "" for what is on the invoice."""

    description: str
    quantity: int
    net_g: int
    values: tuple[Money, ...]
    hs: str = ""
    origin: str = ""
    sku: str = ""


def contents(
    sheet: Sheet,
    box: Box,
    papers: ParcelPapers,
    declaration: Declaration,
    how: tuple[Plan, Words],
) -> None:
    """Columns (1) to (8), the totals (4) and (6), and the charges (9)."""
    plan, words = how
    head = Box(box.x, box.y, box.width, plan.captions)
    form.captions(sheet, head, plan.shares, wording.COLUMNS_23, words)
    sheet.across(head, head.bottom, LINE)
    total = Box(box.x, box.bottom - plan.total, box.width, plan.total)
    room = Box(box.x, head.bottom + 0.4, box.width, total.y - head.bottom - 0.6)
    _rows(sheet, room, papers, declaration.lines, how)
    for column in box.split(*plan.shares)[1:]:
        sheet.down(column.x, Box(0, box.y, 0, total.y - box.y), LINE)
    _totals(sheet, total, papers, declaration.totals, how)
    sheet.across(box, box.bottom, LINE)


def shortened(lines: Sequence[DeclaredLine], shown: int) -> list[Row]:
    """The first ``shown`` lines, and one for the rest, which are on the invoice."""
    rows = [
        Row(one.description, one.quantity, one.net_g, (one.value,), one.hs, one.origin, one.sku)
        for one in lines[:shown]
    ]
    rest = lines[shown:]
    if rest:
        values: dict[str, Money] = {}
        for one in rest:
            money = one.value
            known = values.get(money.currency)
            values[money.currency] = money if known is None else known + money
        quantity = sum(one.quantity for one in rest)
        net_g = sum(one.net_g for one in rest)
        count = f"{len(rest)} {'more ' if rows else ''}{'line' if len(rest) == 1 else 'lines'}"
        text = f"{wording.SEE_INVOICE}: {count}"
        rows.append(Row(text, quantity, net_g, tuple(values.values())))
    return rows


def _rows(
    sheet: Sheet,
    room: Box,
    papers: ParcelPapers,
    lines: tuple[DeclaredLine, ...],
    how: tuple[Plan, Words],
) -> None:
    """As many lines as the form has rows and room for; the rest is one that sums them up."""
    plan, _ = how
    width = room.split(*plan.shares)[0].inset(PAD).width
    rows, broken = _fitting(sheet, (width, room.height), papers, lines, how)
    y = room.y
    for at, (row, described) in enumerate(zip(rows, broken, strict=True)):
        if at:
            sheet.across(room, y, HAIR)
        place = Box(room.x, y + form.ROW_GAP / 2, room.width, described.height)
        _row(sheet, place, row, described, plan)
        y += described.height


def _fitting(
    sheet: Sheet,
    room: tuple[float, float],
    papers: ParcelPapers,
    lines: tuple[DeclaredLine, ...],
    how: tuple[Plan, Words],
) -> tuple[list[Row], list[form.Sized]]:
    """Rows, and their descriptions in lines.

    Before a line moves to the invoice its second language goes: the first is what posts ask for.
    """
    plan, words = how
    most = len(lines) if len(lines) <= MOST_ROWS else MOST_ROWS - 1
    for fewest, sizes in _ways(sheet, papers, most, plan):
        for shown in range(most, fewest - 1, -1):
            for spoken in (words, Words()):
                rows = shortened(lines, shown)
                texts = [form.described(sheet, one, papers, spoken) for one in lines[:shown]]
                texts += [f"{row.description} {spoken.second('see')}" for row in rows[shown:]]
                try:
                    return rows, form.fitted_rows(sheet, room, texts, sizes)
                except FormOverflow:
                    continue
    raise FormOverflow(field="contents", limit=0)


def _ways(
    sheet: Sheet, papers: ParcelPapers, most: int, plan: Plan
) -> tuple[tuple[int, tuple[float, ...]], ...]:
    """Fewest lines and sizes: half of the lines in readable type where an invoice has the rest."""
    sizes = form.values(sheet, *_ROW_SIZES)
    if not plan.readable:
        return ((0, sizes),)
    invoiced = papers.order.category not in NO_INVOICE
    fewest = (most + 1) // 2 if invoiced else most
    return (fewest, tuple(size for size in sizes if size >= plan.readable)), (0, sizes)


def _row(sheet: Sheet, box: Box, row: Row, described: form.Sized, plan: Plan) -> None:
    lines, size = described.lines, described.size
    columns = [column.inset(PAD) for column in box.split(*plan.shares)]
    sheet.put(_role(row, "description"), columns[0], lines, Style((size,)))
    sizes = form.values(sheet, *(one for one in _ROW_SIZES if one <= size))
    figures = (
        ("quantity", (str(row.quantity),)),
        ("net_g", (kilograms(row.net_g),)),
        ("unit_value", tuple(map(amount, row.values))),
    )
    high = described.height - form.ROW_GAP
    for column, (field, texts) in zip(columns[1:4], figures, strict=True):
        room = Box(column.x, column.y, column.width, high)
        form.figures(sheet, (_role(row, field), room, texts), sizes)
    for column, field, text in zip(
        columns[4:], ("hs", "origin"), (row.hs, row.origin), strict=True
    ):
        one = Box(column.x, column.y, column.width + form.SPARE, size * LEADING)
        sheet.text(_role(row, field), one, text, Style(sizes))


def _role(row: Row, field: str) -> str:
    return f"products[{row.sku}].customs.{field}" if row.sku else field


def _totals(
    sheet: Sheet,
    box: Box,
    papers: ParcelPapers,
    totals: tuple[Money, ...],
    how: tuple[Plan, Words],
) -> None:
    """Total gross weight (4) and value (6) under their columns, postal charges (9) beside."""
    plan, words = how
    freight = papers.order.freight
    sheet.across(box, box.y, LINE)
    first, quantity, weight, value, hs, origin = box.split(*plan.shares)
    named = Box(first.x, box.y, first.width + quantity.width, box.height).inset(PAD, 0.4)
    half = named.height / 2
    upper = Box(named.x, named.y, named.width, half)
    lower = Box(named.x, named.y + half, named.width, half)
    fees = Box(hs.x, box.y, hs.width + origin.width, box.height)
    top = Box(fees.x + PAD, fees.y + 0.4, fees.width - 2 * PAD, half)
    captions = [
        form.Cell(place, key, english, words.second(key))
        for place, key, english in (
            (upper, "gross", "Total gross weight, kg (4)"),
            (lower, "total_value", "Total value (6)"),
            (top, "fees", "Postal charges/Fees (9)"),
        )
    ]
    form.together(sheet, captions, Style(form.CAPTION.sizes, middle=True))
    for one in (weight, value, fees):
        sheet.down(one.x, box, LINE)
    below = Box(top.x, top.bottom, top.width, box.bottom - top.bottom)
    charged = "freight", below, (amount(freight),) if freight else ()
    given = (weight, (kilograms(papers.gross_g),)), (value, tuple(map(amount, totals)))
    # On the base line of the charges; what needs more than a line has the whole height.
    for last, place in ((False, below), (True, box)):
        tried = Sheet(sheet.media, sheet.fonts)
        sums = [
            (role, _right(column, place), texts)
            for role, (column, texts) in zip(("gross_g", "total"), given, strict=True)
        ]
        try:
            form.sums(tried, (*sums, charged))
        except FormOverflow:
            if last:
                raise
            continue
        sheet.elements += tried.elements
        return


def _right(column: Box, place: Box) -> Box:
    """A column up to the figures' right edge; bold ones may begin further to the left."""
    return Box(column.x + 0.4, place.y, column.width - 0.4 - PAD, place.height)
