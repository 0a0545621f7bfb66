"""The customs declaration CN 22, as a form of its own and as the lower part of a label.

Fields: UPU Convention, form CN 22 (reference: customs, sections 1.2 and 4). The form is
laid out as a ``Label``, so page, thermal printer and screen show one and the same. It holds
four different lines; more are for a CN 23.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style, least_size
from packstation.documents.papers import form, wording
from packstation.documents.papers.form import (
    HAIR,
    LINE,
    OUTLINE,
    PAD,
    amount,
    field_of,
    grouped,
    kilograms,
)
from packstation.documents.papers.words import Words
from packstation.domain.declaration import Declaration, DeclaredLine, declare
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import LEADING, Label, Media, ParcelPapers
from packstation.domain.quantities import Money

__all__ = ["amount", "cn22", "customs_part", "grouped", "kilograms"]

MARGIN: Final = 2.0
# Lines that the form holds (reference: customs, section 1.2); with more it is a CN 23.
MOST_LINES: Final = 4
_SENDER_SIZES: Final = (2.5, 2.3, 2.12, 2.0, 1.9, 1.8)
_ROW_SIZES: Final = (2.7, 2.5, 2.3, 2.12, 2.0, 1.9)
_FIGURES: Final = (2.7, 2.5, 2.3, 2.12, 2.0, 1.9)
_FIXED: Final = (1.9, 1.8, 1.7, 1.6, 1.5)


class Plan(Struct, frozen=True):
    """Heights of the parts of a form in mm; what is left over is the contents'.

    ``head`` holds operator and title, and the number beside them where ``number`` is 0;
    ``shares`` are columns: description, net weight, value, HS number, origin.
    """

    head: float
    number: float
    sender: float
    category: float
    columns: float
    total: float
    certify: float
    sign: float
    shares: tuple[float, float, float, float, float]


_WIDE_SHARES: Final = (43.0, 12.0, 18.0, 12.5, 10.0)
_NARROW_SHARES: Final = (30.5, 13.0, 21.0, 17.0, 12.5)
_BODY_SHARES: Final = (46.0, 11.0, 17.0, 12.5, 9.0)
_TALL_SHARES: Final = (36.0, 13.5, 18.5, 14.0, 15.5)
# 74 x 105 mm and receipt paper; 100 x 100 mm; A6 and labels; 105 x 74 mm; below a label's
# addresses.
NARROW: Final = Plan(11.6, 18.4, 11.5, 10.8, 6.6, 4.8, 8.6, 7.0, _NARROW_SHARES)
WIDE: Final = Plan(9.4, 19.0, 14.0, 9.0, 6.2, 5.0, 7.2, 8.4, _WIDE_SHARES)
TALL: Final = Plan(10.4, 19.4, 15.0, 12.4, 11.6, 7.0, 7.6, 10.5, _TALL_SHARES)
LANDSCAPE: Final = Plan(17.0, 0.0, 10.0, 7.8, 4.9, 4.2, 5.8, 6.4, _WIDE_SHARES)
BODY: Final = Plan(7.2, 0.0, 0.0, 8.0, 4.9, 4.2, 6.4, 6.8, _BODY_SHARES)
_WIDE_FROM, _TALL_FROM, _A6_FROM = 88.0, 85.0, 130.0
_BARS: Final = 12.5
# How much higher than planned the sender's box may become.
_HIGHER: Final = (1.0, 1.25, 1.5, 1.75, 2.0)


def plan_for(media: Media) -> Plan:
    """How the form is laid out on a paper of its own."""
    if media.height_mm < _TALL_FROM:
        return LANDSCAPE
    if media.width_mm >= _WIDE_FROM and media.height_mm >= _A6_FROM:
        return TALL
    return WIDE if media.width_mm >= _WIDE_FROM else NARROW


def cn22(papers: ParcelPapers, media: Media, fonts: Fonts, language: str = "en") -> Label:
    """The form on a page of its own; ``language`` is the second one, "en" for none.

    Raises DocumentError naming the field that is missing, does not fit (FormOverflow;
    ``contents`` where a CN 23 is wanted) or has no glyph.
    """
    sheet, words, plan = Sheet(media, fonts), Words(language), plan_for(media)
    declaration = declare(papers)
    page = Box(0, 0, media.width_mm, media.height_mm).inset(MARGIN, MARGIN)
    sheet.frame(page, OUTLINE)
    head = Box(page.x, page.y, page.width, plan.head)
    y = head.bottom
    if plan.number:
        _head(sheet, head, words, form.operator_of(papers))
        number = Box(page.x, y, page.width, plan.number)
        form.number_block(sheet, _lower(number, 1.6), papers.waybill, _BARS)
        y = number.bottom
    else:
        _head_beside(sheet, head, papers, words)
    sheet.across(page, y, LINE)
    y = _sender_block(sheet, Box(page.x, y, page.width, plan.sender), papers, words)
    sheet.across(page, y, LINE)
    rest = Box(page.x, y, page.width, page.bottom - y)
    _declare(sheet, rest, papers, declaration, (plan, words))
    return sheet.label()


def customs_part(
    sheet: Sheet, box: Box, papers: ParcelPapers, declaration: Declaration, language: str = "en"
) -> None:
    """The declaration inside ``box``, below a label's number and addresses.

    Raises FormOverflow (``contents``) where the lines do not fit.
    """
    words = Words(language)
    head = Box(box.x, box.y, box.width, BODY.head)
    _head(sheet, head, words, "")
    rest = Box(box.x, head.bottom, box.width, box.bottom - head.bottom)
    _declare(sheet, rest, papers, declaration, (BODY, words))


def _head(sheet: Sheet, box: Box, words: Words, operator: str) -> None:
    """Operator, title and that it may be opened, name of the form."""
    shares = (18, 50, 22, 15) if box.width >= _WIDE_FROM else (19, 40, 0, 16)
    cells = box.inset(1.0, 0.5).split(*((0, 46, 32, 16) if not operator else shares))
    who, title, opened, name = cells
    if operator:
        style = Style(form.values(sheet, 2.5, 2.3, 2.12, 1.9), bold=True)
        # On the base line of the title.
        sheet.text("carrier", Box(who.x, who.y + 0.28, who.width - 1, who.height), operator, style)
    first = Box(title.x, title.y, title.width - 0.5, 3.4)
    sheet.text("title", first, wording.TITLE, Style((2.8, 2.6, 2.4, 2.2), bold=True))
    below = Box(first.x, first.bottom, first.width, title.bottom - first.bottom)
    if opened.width < 1:
        wide = Box(below.x, below.y, below.width + name.width, below.height)
        _narrow_titles(sheet, wide, first.width, words)
    else:
        form.said(sheet, "title", below, wording.TITLE_FR, _other(words, "title"), Style(_FIXED))
        _opened(sheet, opened, words)
    style = Style((4.4, 3.8, 3.4), bold=True, align="right", middle=opened.width >= 1)
    sheet.text("form", name, wording.FORM, style)
    sheet.across(box, box.bottom, LINE)


def _narrow_titles(sheet: Sheet, box: Box, beside: float, words: Words) -> None:
    """The title in other languages, then that it may be opened; ``beside``: left of the name."""
    line = Box(box.x, box.y, beside, 2.2)
    sheet.text("title", line, wording.TITLE_FR, Style((1.8, 1.7, 1.6)))
    other = _other(words, "title")
    y = line.bottom
    if other:
        size = max(1.6, least_size([other], sheet.media.dpi))
        y += sheet.text("title", Box(box.x, y, box.width, 2.97), other, Style((size,)))
    english = f"{wording.OPENED} / {wording.OPENED_FR}"
    rest = Box(box.x, y, box.width, box.bottom - y)
    form.said(sheet, "opened", rest, english, _other(words, "opened"), Style((1.7, 1.6, 1.5)))


def _other(words: Words, key: str) -> str:
    """The second language, "" where it is French: that stands there anyway."""
    return "" if words.language == "fr" else words.second(key)


def _opened(sheet: Sheet, box: Box, words: Words) -> None:
    """That it may be opened officially."""
    style = Style(_FIXED, align="center", middle=True)
    both, other = [wording.OPENED, wording.OPENED_FR], _other(words, "opened")
    try:
        sheet.text("opened", box, [*both, other] if other else both, style)
    except FormOverflow:
        sheet.text("opened", box, both, style)


def _head_beside(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Operator and title at the left of the number."""
    left, right = box.split(37, 63)
    sheet.down(right.x, right, LINE)
    form.number_block(sheet, _lower(right, 0.8), papers.waybill, _BARS)
    inner = left.inset(1.0, 0.5)
    operator, name = Box(inner.x, inner.y, inner.width, 4.8).split(22, 14)
    style = Style(form.values(sheet, 2.5, 2.3, 2.12, 1.9), bold=True)
    sheet.text("carrier", operator, form.operator_of(papers), style)
    style = Style((4.4, 3.8, 3.4), bold=True, align="right")
    sheet.text("form", name, wording.FORM, style)
    title = Box(inner.x, name.bottom, inner.width, 3.2)
    sheet.text("title", title, wording.TITLE, Style((2.6, 2.4, 2.2), bold=True))
    french = Box(inner.x, title.bottom, inner.width, 4.2)
    other = _other(words, "title")
    form.said(sheet, "title", french, wording.TITLE_FR, other, Style((1.7, 1.6, 1.5)))
    opened = Box(inner.x, french.bottom, inner.width, inner.bottom - french.bottom)
    english = f"{wording.OPENED} / {wording.OPENED_FR}"
    form.said(sheet, "opened", opened, english, _other(words, "opened"), Style((1.7, 1.6, 1.5)))


def _lower(box: Box, by: float) -> Box:
    return Box(box.x, box.y + by, box.width, box.height - by - 0.3)


def _sender_block(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> float:
    """The sender in ``box``, a long one in a higher one; answers the lower edge."""
    for part in _HIGHER:
        higher = Box(box.x, box.y, box.width, part * box.height)
        tried = Sheet(sheet.media, sheet.fonts)
        try:
            _sender(tried, higher.inset(1.0, 0.5), papers, words)
        except FormOverflow:
            if part == _HIGHER[-1]:
                raise
            continue
        sheet.elements += tried.elements
        break
    return higher.bottom


def _sender(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    address = papers.order.ship_from
    form.require_address(address, "ship_from")
    for row in form.address_rows(address, "ship_from"):
        sheet.words(row.text, row.role)
    country = wording.country_name(address.country) if address.country else ""
    place = form.joined(f"{address.postcode} {address.city}".strip(), address.region, country)
    lines = (
        form.joined(address.name, address.company),
        form.joined(*address.lines),
        form.joined(place, f"Tel. {address.phone}" if address.phone else ""),
    )
    # Wide and low boxes have the caption aside and all in one paragraph.
    low = box.width > 8 * box.height
    label = Box(box.x, box.y, 13.0 if low else box.width, 2.3)
    form.caption(sheet, label, words, "from", "From")
    right = Box(label.right, box.y, box.width - label.width, box.height)
    below = Box(box.x, label.bottom + 0.1, box.width, box.bottom - label.bottom - 0.1)
    room = right if low else below
    y = room.y
    rows = [("ship_from", line) for line in ([form.joined(*lines)] if low else lines)]
    sizes = form.values(sheet, *_SENDER_SIZES)
    for role, text in form.paragraphs(sheet, room, rows, sizes):
        value = Box(room.x, y, room.width, text.height)
        sheet.put(role, value, text.lines, Style((text.size,)))
        y += text.height


def _declare(
    sheet: Sheet,
    box: Box,
    papers: ParcelPapers,
    declaration: Declaration,
    how: tuple[Plan, Words],
) -> None:
    """From the category to the signature."""
    plan, words = how
    if len(declaration.lines) > MOST_LINES:
        raise FormOverflow(field="contents", limit=MOST_LINES)
    category = Box(box.x, box.y, box.width, plan.category)
    form.categories(sheet, category.inset(1.0, 0.3), papers.order, words)
    sheet.across(box, category.bottom, LINE)
    below = plan.total + plan.certify + plan.sign
    table = Box(box.x, category.bottom, box.width, box.bottom - below - category.bottom)
    total = Box(box.x, table.bottom, box.width, plan.total)
    try:
        _table(sheet, table, papers, declaration.lines, how)
        _totals(sheet, total, papers.gross_g, declaration.totals, how)
    except FormOverflow as overflow:  # what this form has no room for, a CN 23 has
        raise FormOverflow(field="contents", limit=overflow.fields["limit"]) from overflow
    for column in table.split(*plan.shares)[1:]:
        sheet.down(column.x, Box(0, table.y, 0, table.height), LINE)
    certify = Box(box.x, total.bottom, box.width, plan.certify).inset(1.0, 0.4)
    style = Style(_FIXED, middle=True)
    sheet.text("certify", certify, wording.CERTIFY, style)
    _signature(sheet, Box(box.x, box.bottom - plan.sign, box.width, plan.sign), papers, words)


def _table(
    sheet: Sheet,
    box: Box,
    papers: ParcelPapers,
    lines: tuple[DeclaredLine, ...],
    how: tuple[Plan, Words],
) -> None:
    plan, words = how
    head = Box(box.x, box.y, box.width, plan.columns)
    form.captions(sheet, head, plan.shares, wording.COLUMNS, words)
    sheet.across(head, head.bottom, LINE)
    room = Box(box.x, head.bottom + 0.4, box.width, box.bottom - head.bottom - 0.6)
    space = (room.split(*plan.shares)[0].inset(PAD).width, room.height)
    sizes = form.values(sheet, *_ROW_SIZES)
    try:
        texts = [f"{one.quantity} x {form.described(sheet, one, papers, words)}" for one in lines]
        rows = form.fitted_rows(sheet, space, texts, sizes)
    except FormOverflow:
        # The description in English or French is what the post asks for.
        texts = [f"{one.quantity} x {form.described(sheet, one, papers, Words())}" for one in lines]
        rows = form.fitted_rows(sheet, space, texts, sizes)
    y = room.y
    for at, (line, row) in enumerate(zip(lines, rows, strict=True)):
        if at:
            sheet.across(box, y, HAIR)
        place = Box(room.x, y + form.ROW_GAP / 2, room.width, row.height)
        _row(sheet, place, line, row, plan)
        y += row.height


def _row(sheet: Sheet, box: Box, line: DeclaredLine, described: form.Sized, plan: Plan) -> None:
    lines, size = described.lines, described.size
    columns = [column.inset(PAD) for column in box.split(*plan.shares)]
    sheet.put(field_of(line, "description"), columns[0], lines, Style((size,)))
    cells = (("net_g", kilograms(line.net_g)), ("unit_value", amount(line.value)))
    sizes = form.values(sheet, *(one for one in _FIGURES if one <= size))
    high = described.height - form.ROW_GAP
    for column, (field, text) in zip(columns[1:3], cells, strict=True):
        room = Box(column.x, column.y, column.width, high)
        form.figures(sheet, (field_of(line, field), room, (text,)), sizes)
    for column, field, text in zip(
        columns[3:], ("hs", "origin"), (line.hs, line.origin), strict=True
    ):
        one = Box(column.x, column.y, column.width + form.SPARE, size * LEADING)
        sheet.text(field_of(line, field), one, text, Style(sizes))


def _totals(
    sheet: Sheet, box: Box, gross_g: int, totals: tuple[Money, ...], how: tuple[Plan, Words]
) -> None:
    """Gross weight and value under the figures that they are of, in one size."""
    plan, words = how
    sheet.across(box, box.y, LINE)
    sheet.across(box, box.bottom, LINE)
    first, weight, value, rest, origin = box.split(*plan.shares)
    style = Style((1.9, 1.8, 1.7, 1.6, 1.5), middle=True)
    label = first.inset(PAD, 0.3)
    form.said(sheet, "total", label, wording.TOTAL, words.second("total"), style)
    wide = value.width + (0 if len(totals) == 1 else rest.width + origin.width)
    room = Box(value.x, box.y, wide, box.height).inset(PAD)
    shown = tuple(map(amount, totals)) if len(totals) == 1 else (" + ".join(map(amount, totals)),)
    cells = (("gross_g", weight.inset(PAD), (kilograms(gross_g),)), ("total", room, shown))
    form.sums(sheet, cells)


def _signature(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Date and name as typed, room for ink, the sender's number of a tax scheme."""
    sheet.across(box, box.y, LINE)
    number, field = papers.reference
    left, right = box.split(*((58, 42) if number else (100, 0)))
    signed = left.inset(1.0, 0.3)
    caption = Box(signed.x, signed.y, signed.width, 2.4)
    form.caption(sheet, caption, words, "signature", wording.SIGNATURE)
    typed = Box(signed.x, caption.bottom, signed.width * (0.9 if number else 0.56), 0)
    typed = Box(typed.x, typed.y, typed.width, signed.bottom - caption.bottom)
    style = Style(form.values(sheet, 2.6, 2.3, 2.12, 1.9), middle=True)
    form.dated(sheet, typed, papers, style)
    if number:
        sheet.down(right.x, right, LINE)
        given = right.inset(1.0, 0.3)
        caption = Box(given.x, given.y, given.width, 2.4)
        form.caption(sheet, caption, words, "reference", wording.REFERENCE)
        below = Box(given.x, caption.bottom, given.width, given.bottom - caption.bottom)
        sheet.text(field, below, number, style)
    else:
        ink = Box(typed.x + typed.width + 1, box.bottom - 1.2, signed.right - typed.right - 1.5, 0)
        sheet.across(ink, ink.y, HAIR)
