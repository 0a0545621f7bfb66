"""The customs declaration CN 23: A5 across, two on a sheet of A4, or a thermal label 4 x 6 in.

Fields and their numbers: UPU Convention, form CN 23 (reference: customs, section 1.2). The form
holds eight lines; what is beyond them stands as one that refers to the invoice, so that
quantities, weights and values add up to the totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import form, wording
from packstation.documents.papers.form import HAIR, LINE, OUTLINE, PAD, FieldRow, amount, kilograms
from packstation.documents.papers.words import Words
from packstation.domain.declaration import Declaration, DeclaredLine, declare
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import LEADING, Label, Media, ParcelPapers
from packstation.domain.orders import Order
from packstation.domain.quantities import Money

# Rows of contents that the form has (reference: customs, section 1.2).
MOST_ROWS: Final = 8
# Of a sheet that two forms are cut from.
_HALF: Final = 148.5
_WIDE_FROM: Final = 150.0
_BARS: Final = 12.5
_ROW_SIZES: Final = (2.9, 2.7, 2.5, 2.3, 2.12, 1.9)
_VALUE: Final = Style((2.7, 2.5, 2.3, 2.12, 1.9, 1.7, 1.5), middle=True)


class Plan(Struct, frozen=True):
    """Heights in mm of a form; ``shares`` are the columns of the contents."""

    margin: float
    head: float
    number: float
    address: float
    captions: float
    total: float
    shares: tuple[float, ...]


SHEET: Final = Plan(5.0, 10.0, 19.0, 27.0, 6.4, 6.4, (84, 15, 19, 30, 28, 24))
THERMAL: Final = Plan(3.0, 9.0, 18.4, 27.0, 6.4, 5.0, (40, 8.5, 11, 17, 13, 10.5))


class Row(Struct, frozen=True):
    """A row of the contents as it stands on the form; ``sku`` is "" for what is on the invoice."""

    description: str
    quantity: int
    net_g: int
    values: tuple[Money, ...]
    hs: str = ""
    origin: str = ""
    sku: str = ""


def cn23(papers: ParcelPapers, media: Media, fonts: Fonts, language: str = "en") -> Label:
    """The form on a page of its own; ``language`` is the second one, "en" for none.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    sheet, words = Sheet(media, fonts), Words(language)
    declaration = declare(papers)
    whole = Box(0, 0, media.width_mm, media.height_mm)
    if media.width_mm < _WIDE_FROM:
        _thermal(sheet, whole.inset(THERMAL.margin, THERMAL.margin), papers, declaration, words)
    elif media.height_mm < 2 * _HALF - 1:
        _wide(sheet, whole.inset(SHEET.margin, SHEET.margin), papers, declaration, words)
    else:
        for y in (0.0, media.height_mm / 2):
            half = Box(0, y, media.width_mm, media.height_mm / 2)
            _wide(sheet, half.inset(SHEET.margin, SHEET.margin), papers, declaration, words)
        sheet.across(whole, media.height_mm / 2, HAIR)
    return sheet.label()


def _wide(
    sheet: Sheet, page: Box, papers: ParcelPapers, declaration: Declaration, words: Words
) -> None:
    """A5 across: addresses at the left of title and references, the contents below."""
    sheet.frame(page, OUTLINE)
    upper = Box(page.x, page.y, page.width, 2 * SHEET.address)
    left, right = upper.split(54, 46)
    sheet.down(right.x, upper, LINE)
    sender = Box(left.x, left.y, left.width, SHEET.address)
    addressee = Box(left.x, sender.bottom, left.width, SHEET.address)
    _party(sheet, sender, papers, words, "ship_from")
    sheet.across(left, addressee.y, LINE)
    _party(sheet, addressee, papers, words, "ship_to")
    head = Box(right.x, right.y, right.width, SHEET.head)
    _head(sheet, head, papers, words)
    number = Box(right.x, head.bottom, right.width, SHEET.number)
    form.number_block(sheet, _lower(number, 1.2), papers.waybill, _BARS)
    references = Box(right.x, number.bottom, right.width, right.bottom - number.bottom)
    _references(sheet, references, papers.order, words)
    sheet.across(page, upper.bottom, LINE)
    lower = Box(page.x, page.bottom - 36.0, page.width, 36.0)
    table = Box(page.x, upper.bottom, page.width, lower.y - upper.bottom)
    _contents(sheet, table, papers, declaration, (SHEET, words))
    left, right = lower.split(60, 40)
    sheet.down(right.x, lower, LINE)
    category = Box(left.x, left.y, left.width, 15.0)
    _category(sheet, category, papers.order, words)
    comments = Box(left.x, category.bottom, left.width, 10.0)
    _comments(sheet, comments, papers.order, words)
    documents = Box(left.x, comments.bottom, left.width, left.bottom - comments.bottom)
    _documents(sheet, documents, papers.order, words)
    office = Box(right.x, right.y, right.width, 9.0)
    _office(sheet, office, papers, words)
    certify = Box(right.x, office.bottom, right.width, 11.0)
    _certify(sheet, certify)
    signature = Box(right.x, certify.bottom, right.width, right.bottom - certify.bottom)
    _signature(sheet, signature, papers, words)


def _thermal(
    sheet: Sheet, page: Box, papers: ParcelPapers, declaration: Declaration, words: Words
) -> None:
    """A label 4 x 6 in: the same fields, one below the other."""
    sheet.frame(page, OUTLINE)
    head = Box(page.x, page.y, page.width, THERMAL.head)
    _head(sheet, head, papers, words)
    number = Box(page.x, head.bottom, page.width, THERMAL.number)
    form.number_block(sheet, _lower(number, 1.2), papers.waybill, _BARS)
    sheet.across(page, number.bottom, LINE)
    addresses = Box(page.x, number.bottom, page.width, THERMAL.address)
    sender, addressee = addresses.split(1, 1)
    _party(sheet, sender, papers, words, "ship_from")
    _party(sheet, addressee, papers, words, "ship_to")
    sheet.down(addressee.x, addresses, LINE)
    sheet.across(page, addresses.bottom, LINE)
    references = Box(page.x, addresses.bottom, page.width, 7.0)
    _references(sheet, references, papers.order, words)
    sheet.across(page, references.bottom, LINE)
    lower = Box(page.x, page.bottom - 39.6, page.width, 39.6)
    table = Box(page.x, references.bottom, page.width, lower.y - references.bottom)
    _contents(sheet, table, papers, declaration, (THERMAL, words))
    category = Box(page.x, lower.y, page.width, 11.6)
    _category(sheet, category, papers.order, words)
    comments = Box(page.x, category.bottom, page.width, 6.2)
    _comments(sheet, comments, papers.order, words)
    documents = Box(page.x, comments.bottom, page.width, 6.4)
    _documents(sheet, documents, papers.order, words)
    sheet.across(page, documents.bottom, LINE)
    left, right = Box(page.x, documents.bottom, page.width, page.bottom - documents.bottom).split(
        54, 46
    )
    sheet.down(right.x, right, LINE)
    certify = Box(left.x, left.y, left.width, 9.4)
    _certify(sheet, certify)
    office = Box(left.x, certify.bottom, left.width, left.bottom - certify.bottom)
    _office(sheet, office, papers, words)
    sheet.across(left, office.y, LINE)
    _signature(sheet, right, papers, words)


def _lower(box: Box, by: float) -> Box:
    return Box(box.x, box.y + by, box.width, box.height - by - 0.3)


def _head(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Operator, title and that it may be opened, name of the form."""
    inner = box.inset(1.2, 0.6)
    who, title, name = inner.split(21, 58, 17)
    style = Style((2.6, 2.4, 2.2, 2.0, 1.8), bold=True)
    sheet.text(
        "carrier", Box(who.x, who.y, who.width - 1, who.height), form.operator_of(papers), style
    )
    first = Box(title.x, title.y, title.width, 3.7)
    style = Style((3.0, 2.8, 2.6, 2.4, 2.2), bold=True)
    sheet.text("title", first, wording.TITLE, style)
    height = (title.bottom - first.bottom) / 2
    lines = (
        ("title", wording.TITLE_FR, words.second("title")),
        ("opened", f"{wording.OPENED} / {wording.OPENED_FR}", words.second("opened")),
    )
    for at, (role, first_words, second) in enumerate(lines):
        line = Box(title.x, first.bottom + at * height, title.width, height)
        other = "" if words.language == "fr" else second
        style = Style((1.9, 1.8, 1.7, 1.6, 1.5), middle=True)
        form.said(sheet, role, line, first_words, other, style)
    style = Style((5.0, 4.4, 3.8), bold=True, align="right", middle=True)
    sheet.text("form", name, wording.TITLE_23, style)
    sheet.across(box, box.bottom, LINE)


def _party(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words, field: str) -> None:
    """From or To."""
    sender = field == "ship_from"
    address = papers.order.ship_from if sender else papers.order.ship_to
    key, english = ("from", "From") if sender else ("to", "To")
    inner = box.inset(1.2, 0.6)
    narrow = box.width < 60
    title = Box(inner.x, inner.y, inner.width if narrow else 12.0, 2.9 if narrow else 6.2)
    style = Style((2.3, 2.1, 1.9, 1.7), bold=True)
    form.together(sheet, [form.Cell(title, key, english, words.second(key))], style)
    rows = form.address_rows(address, field)
    if narrow:
        below = Box(inner.x, title.bottom, inner.width, inner.bottom - title.bottom)
        form.field_rows(sheet, below, rows, Words(), 12.5)
        return
    beside = Box(title.right, inner.y, inner.width - title.width, inner.height)
    form.field_rows(sheet, beside, rows, words, 27.0 if words.second("name") else 17.0)


def _references(sheet: Sheet, box: Box, order: Order, words: Words) -> None:
    """Sender's and importer's numbers, how to reach the importer: in rows, or columns if low."""
    sender, sender_field = _sender_number(order)
    importer, to = _importer(order), order.ship_to
    rows = (
        FieldRow("reference", "Sender's customs reference (if any)", sender_field, sender),
        FieldRow(
            "importer", "Importer's reference (tax code, VAT No.)", "ship_to.tax_id", importer
        ),
        FieldRow(
            "contacts",
            "Importer's tel., e-mail (if known)",
            "ship_to.email",
            form.joined(to.phone, to.email),
        ),
    )
    low = box.height < 12
    cells = box.split(30, 32, 34) if low else _thirds(box)
    # Captions of one group have one size and the second language all together.
    tops = [Box(one.x + 1.2, one.y + 0.4, one.width - 2.0, 2.6) for one in cells]
    captions = [
        form.Cell(top, row.key, row.caption, words.second(row.key))
        for top, row in zip(tops, rows, strict=True)
    ]
    form.together(sheet, captions, form.CAPTION)
    for at, (cell, top, row) in enumerate(zip(cells, tops, rows, strict=True)):
        if low and at:
            sheet.down(cell.x, cell, LINE)
        elif not low:
            sheet.across(cell, cell.y, LINE)
        value = Box(top.x, top.bottom, top.width, cell.bottom - top.bottom - 0.3)
        sheet.text(row.role, value, row.text, _VALUE)


def _thirds(box: Box) -> list[Box]:
    height = box.height / 3
    return [Box(box.x, box.y + at * height, box.width, height) for at in range(3)]


def _sender_number(order: Order) -> tuple[str, str]:
    """The tax scheme's number, else the sender's EORI, and its field. Never an IOSS number."""
    number, field = form.sender_reference(order)
    if number:
        return number, field
    eori = order.ship_from.eori
    return (f"EORI {eori}" if eori else ""), "ship_from.eori"


def _importer(order: Order) -> str:
    to = order.ship_to
    return form.joined(to.tax_id, to.vat, f"EORI {to.eori}" if to.eori else "")


def _contents(
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
        text = f"{wording.SEE_INVOICE}: {len(rest)} {'more ' if rows else ''}lines"
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
    plan, words = how
    width = room.split(*plan.shares)[0].inset(PAD).width
    rows, broken = _fitting(sheet, (width, room.height), papers, lines, words)
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
    words: Words,
) -> tuple[list[Row], list[form.Sized]]:
    """Rows, and their descriptions in lines.

    Before a line moves to the invoice its second language goes: the first is what posts ask for.
    """
    most = len(lines) if len(lines) <= MOST_ROWS else MOST_ROWS - 1
    for shown in range(most, -1, -1):
        for spoken in (words, Words()):
            rows = shortened(lines, shown)
            texts = [form.described(sheet, one, papers, spoken) for one in lines[:shown]]
            texts += [f"{row.description} {spoken.second('see')}" for row in rows[shown:]]
            try:
                return rows, form.fitted_rows(sheet, room, texts, _ROW_SIZES)
            except FormOverflow:
                continue
    raise FormOverflow(field="contents", limit=0)


def _row(sheet: Sheet, box: Box, row: Row, described: form.Sized, plan: Plan) -> None:
    lines, size = described.lines, described.size
    figures = (size, 2.5, 2.3, 2.12, 2.0, 1.8, 1.6, 1.4)
    cells = (
        (lines, "description", Style((size,))),
        (str(row.quantity), "quantity", Style(figures, align="right")),
        (kilograms(row.net_g), "net_g", Style(figures, align="right")),
        (" + ".join(map(amount, row.values)), "unit_value", Style(figures, align="right")),
        (row.hs, "hs", Style(figures, align="center")),
        (row.origin, "origin", Style(figures, align="center")),
    )
    # Figures stand on one line: a number that is broken is another number.
    one = Box(box.x, box.y, box.width, size * LEADING)
    columns = (box.split(*plan.shares)[0], *one.split(*plan.shares)[1:])
    for column, (text, field, style) in zip(columns, cells, strict=True):
        role = f"products[{row.sku}].customs.{field}" if row.sku else field
        sheet.text(role, column.inset(PAD), text, style)


def _totals(
    sheet: Sheet,
    box: Box,
    papers: ParcelPapers,
    totals: tuple[Money, ...],
    how: tuple[Plan, Words],
) -> None:
    """Total gross weight (4), total value (6), postal charges (9): caption and figure each."""
    _plan, words = how
    freight = papers.order.freight
    cells = (
        ("gross", "gross_g", "Total gross weight, kg (4)", kilograms(papers.gross_g)),
        ("total_value", "total", "Total value (6)", " + ".join(map(amount, totals))),
        ("fees", "freight", "Postal charges/Fees (9)", amount(freight) if freight else ""),
    )
    sheet.across(box, box.y, LINE)
    places = box.split(34, 36, 30)
    tops = [Box(one.x + PAD, one.y + 0.5, one.width * 0.58, box.height - 0.7) for one in places]
    captions = [
        form.Cell(top, key, english, words.second(key))
        for top, (key, _role, english, _text) in zip(tops, cells, strict=True)
    ]
    form.together(sheet, captions, Style(form.CAPTION.sizes, middle=True))
    style = Style((2.9, 2.6, 2.4, 2.2, 2.0, 1.8, 1.6, 1.4), bold=True, align="right", middle=True)
    for at, (place, (_key, role, _english, text)) in enumerate(zip(places, cells, strict=True)):
        if at:
            sheet.down(place.x, box, LINE)
        value = Box(place.x + place.width * 0.58 + 1.0, box.y + 0.3, 0, box.height - 0.4)
        value = Box(value.x, value.y, place.right - value.x - PAD, value.height)
        sheet.text(role, value, text, style)


def _titled(sheet: Sheet, box: Box, key: str, english: str, words: Words) -> Box:
    """A cell's caption; answers the room below it."""
    top = Box(box.x + 1.2, box.y + 0.4, box.width - 2.0, 2.6)
    form.caption(sheet, top, words, key, english)
    return Box(top.x, top.bottom, top.width, box.bottom - top.bottom - 0.3)


def _category(sheet: Sheet, box: Box, order: Order, words: Words) -> None:
    """Category of item (10) with what "Other" stands for."""
    below = _titled(sheet, box, "category", "Category of item (10)", words)
    form.categories(sheet, below, order, words)
    sheet.across(box, box.bottom, LINE)


def _comments(sheet: Sheet, box: Box, order: Order, words: Words) -> None:
    """Comments (11), e.g. that goods are subject to quarantine."""
    english = "Comments (11): e.g. goods subject to quarantine, sanitary or other restrictions"
    below = _titled(sheet, box, "comments", english, words)
    sheet.text("requirements.comment", below, form.required(order, "comment"), _VALUE)
    sheet.across(box, box.bottom, LINE)


def _documents(sheet: Sheet, box: Box, order: Order, words: Words) -> None:
    """Numbers of licences (12), certificates (13) and the invoice (14)."""
    invoice = str((order.invoice or {}).get("no") or "")
    cells = (
        ("licence", "Licence No. (12)", form.required(order, "licence")),
        ("certificate", "Certificate No. (13)", form.required(order, "certificate")),
        ("invoice", "Invoice No. (14)", invoice),
    )
    places = box.split(1, 1, 1)
    for at, (place, (key, english, text)) in enumerate(zip(places, cells, strict=True)):
        if at:
            sheet.down(place.x, box, LINE)
        below = _titled(sheet, place, key, english, words)
        role = "invoice.no" if key == "invoice" else f"requirements.{key}"
        sheet.text(role, below, text, _VALUE)


def _office(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Office of origin and date of posting; the office stamps it."""
    below = _titled(sheet, box, "office", "Office of origin / Date of posting", words)
    sheet.text("date", below, papers.date, _VALUE)


def _certify(sheet: Sheet, box: Box) -> None:
    style = Style((2.0, 1.9, 1.8, 1.7, 1.6, 1.5), middle=True)
    sheet.across(box, box.y, LINE)
    sheet.text("certify", box.inset(1.2, 0.5), wording.CERTIFY_23, style)


def _signature(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Date and sender's signature (15): typed, and a line for ink."""
    sheet.across(box, box.y, LINE)
    below = _titled(sheet, box, "signature", f"{wording.SIGNATURE} (15)", words)
    shown = f"{papers.date}   {form.signer_of(papers.order)}"
    typed = Box(below.x, below.y, below.width, min(below.height * 0.45, 5.0))
    sheet.text("signer.name", typed, shown, _VALUE)
    line = Box(below.x, 0, below.width, 0)
    sheet.across(line, box.bottom - 1.6, HAIR)
