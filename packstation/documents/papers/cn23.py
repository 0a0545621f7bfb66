"""The customs declaration CN 23: A5 across, two on a sheet of A4, or a thermal label 4 x 6 in.

Fields and their numbers: UPU Convention, form CN 23 (reference: customs, section 1.2). The form
holds eight lines; what is beyond them stands as one that refers to the invoice, so that
quantities, weights and values add up to the totals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import form, wording
from packstation.documents.papers.cn23_contents import (
    MOST_ROWS,
    NO_INVOICE,
    Plan,
    contents,
    shortened,
)
from packstation.documents.papers.form import HAIR, LINE, OUTLINE, PAD, FieldRow
from packstation.documents.papers.words import Words
from packstation.domain.declaration import Declaration, declare
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import Label, Media, ParcelPapers
from packstation.domain.orders import Order

__all__ = ["MOST_ROWS", "cn23", "shortened"]

# Of a sheet that two forms are cut from.
_HALF: Final = 148.5
_WIDE_FROM: Final = 150.0
_BARS: Final = 12.5
# From and To beside the captions of their fields.
_SIDE: Final = 11.6
_VALUES: Final = (2.7, 2.5, 2.3, 2.12, 1.9)
_PARTY: Final = (3.0, 2.8, 2.6, 2.4, 2.2, 2.12, 2.0, 1.9)
_FIXED: Final = (1.9, 1.8, 1.7, 1.6, 1.5)
# Heights of the comments that are tried: long ones leave fewer rows for contents.
_COMMENTS: Final = (0.0, 3.2, 6.4, 12.8)


SHEET: Final = Plan(5.0, 11.6, 19.4, 27.0, 6.4, 7.0, (86, 15, 20, 31, 25, 23))
THERMAL: Final = Plan(3.0, 10.0, 18.4, 27.0, 6.6, 6.6, (36, 9.5, 12.5, 18, 13, 11), 2.12)
# How much higher than planned the addresses of a label may become.
_HIGHER: Final = (0.0, 2.6, 5.2, 7.8, 13.0, 18.0)


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
    _parties(sheet, (sender, addressee), papers, words)
    sheet.across(left, addressee.y, LINE)
    head = Box(right.x, right.y, right.width, SHEET.head)
    _head(sheet, head, papers, words)
    number = Box(right.x, head.bottom, right.width, SHEET.number)
    form.number_block(sheet, _lower(number, 1.2), papers.waybill, _BARS)
    references = Box(right.x, number.bottom, right.width, right.bottom - number.bottom)
    _references(sheet, references, papers, words, low=False)
    sheet.across(page, upper.bottom, LINE)
    more = _comments_need(sheet, 0.6 * page.width, 8.6, papers.order)
    lower = Box(page.x, page.bottom - 34.6 - more, page.width, 34.6 + more)
    table = Box(page.x, upper.bottom, page.width, lower.y - upper.bottom)
    contents(sheet, table, papers, declaration, (SHEET, words))
    left, right = lower.split(60, 40)
    sheet.down(right.x, lower, LINE)
    category = Box(left.x, left.y, left.width, 15.6)
    _category(sheet, category, papers.order, words)
    comments = Box(left.x, category.bottom, left.width, 8.6 + more)
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
    addresses = _grown(sheet, addresses, lambda to, box: _sides(to, box, papers, words))
    sheet.across(page, addresses.bottom, LINE)
    references = Box(page.x, addresses.bottom, page.width, 6.0)
    references = _grown(
        sheet, references, lambda to, box: _references(to, box, papers, words, low=True)
    )
    sheet.across(page, references.bottom, LINE)
    more = _comments_need(sheet, page.width, 6.6, papers.order)
    lower = Box(page.x, page.bottom - 40.2 - more, page.width, 40.2 + more)
    table = Box(page.x, references.bottom, page.width, lower.y - references.bottom)
    contents(sheet, table, papers, declaration, (THERMAL, words))
    category = Box(page.x, lower.y, page.width, 11.6)
    _category(sheet, category, papers.order, words)
    comments = Box(page.x, category.bottom, page.width, 6.6 + more)
    _comments(sheet, comments, papers.order, words)
    documents = Box(page.x, comments.bottom, page.width, 6.6)
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


def _grown(sheet: Sheet, box: Box, draw: Callable[[Sheet, Box], None]) -> Box:
    """``draw`` in ``box``, or in a higher one where that has no room; answers it."""
    for more in _HIGHER:
        higher = Box(box.x, box.y, box.width, box.height + more)
        tried = Sheet(sheet.media, sheet.fonts)
        try:
            draw(tried, higher)
        except FormOverflow:
            if more == _HIGHER[-1]:
                raise
            continue
        sheet.elements += tried.elements
        break
    return higher


def _sides(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """From and To side by side."""
    sender, addressee = box.split(1, 1)
    _parties(sheet, (sender, addressee), papers, words)
    sheet.down(addressee.x, box, LINE)


def _comments_need(sheet: Sheet, width: float, height: float, order: Order) -> float:
    """By how much the comments must be higher than planned."""
    text = form.required(order, "comment")
    for more in _COMMENTS[:-1]:
        room = Box(PAD, 3.0, width - 2.0, height + more - 3.3)
        try:
            Sheet(sheet.media, sheet.fonts).text("requirements.comment", room, text, _value(sheet))
        except FormOverflow:
            continue
        return more
    return _COMMENTS[-1]


def _value(sheet: Sheet) -> Style:
    return Style(form.values(sheet, *_VALUES), middle=True)


def _lower(box: Box, by: float) -> Box:
    return Box(box.x, box.y + by, box.width, box.height - by - 0.3)


def _head(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Operator, title and that it may be opened, name of the form."""
    inner = box.inset(PAD, 0.6)
    who, title, name = inner.split(21, 58, 17)
    style = Style(form.values(sheet, 2.6, 2.4, 2.2, 2.12), bold=True)
    # On the base line of the title.
    operator = Box(who.x, who.y + 0.35, who.width - 1, who.height)
    sheet.text("carrier", operator, form.operator_of(papers), style)
    first = Box(title.x, title.y, title.width, 3.7)
    style = Style((3.0, 2.8, 2.6, 2.4, 2.2), bold=True)
    sheet.text("title", first, wording.TITLE, style)
    french = words.language == "fr"
    line = Box(title.x, first.bottom, title.width, 2.4 if french else 2.6)
    other = "" if french else words.second("title")
    form.said(sheet, "title", line, wording.TITLE_FR, other, Style(_FIXED, middle=True))
    opened = Box(title.x, line.bottom, title.width, title.bottom - line.bottom)
    both = f"{wording.OPENED} / {wording.OPENED_FR}"
    other = "" if french else words.second("opened")
    form.said(sheet, "opened", opened, both, other, Style(_FIXED[1:]))
    style = Style((5.0, 4.4, 3.8), bold=True, align="right", middle=True)
    sheet.text("form", name, wording.TITLE_23, style)
    sheet.across(box, box.bottom, LINE)


def _parties(sheet: Sheet, places: tuple[Box, Box], papers: ParcelPapers, words: Words) -> None:
    """From and To, both in the largest size at which both fit."""
    sizes = form.values(sheet, *_PARTY)
    for size in sizes:
        tried = Sheet(sheet.media, sheet.fonts)
        try:
            for box, field in zip(places, ("ship_from", "ship_to"), strict=True):
                _party(tried, box, papers, (words, size), field)
        except FormOverflow:
            if size == sizes[-1]:
                raise
            continue
        sheet.elements += tried.elements
        return


def _party(
    sheet: Sheet, box: Box, papers: ParcelPapers, how: tuple[Words, float], field: str
) -> None:
    """From or To."""
    words, size = how
    sender = field == "ship_from"
    address = papers.order.ship_from if sender else papers.order.ship_to
    key, english = ("from", "From") if sender else ("to", "To")
    inner = box.inset(PAD, 0.6)
    narrow = box.width < 60
    title = Box(inner.x, inner.y, inner.width if narrow else _SIDE - 1.0, 3.0 if narrow else 6.2)
    style = Style((2.3, 2.1, 1.9, 1.7), bold=True)
    form.together(sheet, [form.Cell(title, key, english, words.second(key))], style)
    rows = form.address_rows(address, field, "" if sender else papers.latin)
    if narrow:
        below = Box(inner.x, title.bottom, inner.width, inner.bottom - title.bottom)
        form.field_rows(sheet, below, rows, Words(), (13.0, size))
        return
    beside = Box(inner.x + _SIDE, inner.y, inner.width - _SIDE, inner.height)
    aside = 28.0 if words.second("name") else 17.0
    form.field_rows(sheet, beside, rows, words, (aside, size))


def _references(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words, *, low: bool) -> None:
    """Sender's and importer's numbers, how to reach the importer: in rows, or columns if low."""
    sender, sender_field = _sender_number(papers)
    importer, to = _importer(papers.order), papers.order.ship_to
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
    cells = box.split(30, 32, 34) if low else _thirds(box)
    # Captions of one group have one size and the second language all together.
    tops = [Box(one.x + PAD, one.y + 0.4, one.width - 2.0, 2.6) for one in cells]
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
        sheet.text(row.role, value, row.text, _value(sheet))


def _thirds(box: Box) -> list[Box]:
    height = box.height / 3
    return [Box(box.x, box.y + at * height, box.width, height) for at in range(3)]


def _sender_number(papers: ParcelPapers) -> tuple[str, str]:
    """The tax scheme's number, else the sender's EORI, and its field. Never an IOSS number."""
    if papers.reference[0]:
        return papers.reference
    # What the number itself is called: of no country.
    eori = papers.order.ship_from.eori
    return (f"EORI {eori}" if eori else ""), "ship_from.eori"


def _importer(order: Order) -> str:
    to = order.ship_to
    return form.joined(to.tax_id, to.vat, f"EORI {to.eori}" if to.eori else "")


def _titled(sheet: Sheet, box: Box, key: str, english: str, words: Words) -> Box:
    """A cell's caption; answers the room below it."""
    top = Box(box.x + PAD, box.y + 0.4, box.width - 2.0, 2.6)
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
    sheet.text("requirements.comment", below, form.required(order, "comment"), _value(sheet))
    sheet.across(box, box.bottom, LINE)


def _by_order(order: Order) -> str:
    """The number of an invoice that has none of its own; gifts and documents have no invoice."""
    return "" if order.category in NO_INVOICE else order.order_id


def _documents(sheet: Sheet, box: Box, order: Order, words: Words) -> None:
    """Numbers of licences (12), certificates (13) and the invoice (14)."""
    invoice = str((order.invoice or {}).get("no") or _by_order(order))
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
        sheet.text(role, below, text, _value(sheet))


def _office(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Office of origin and date of posting; the office stamps it."""
    below = _titled(sheet, box, "office", "Office of origin / Date of posting", words)
    sheet.text("date", below, papers.date, _value(sheet))


def _certify(sheet: Sheet, box: Box) -> None:
    style = Style((2.0, *_FIXED), middle=True)
    sheet.across(box, box.y, LINE)
    sheet.text("certify", box.inset(PAD, 0.5), wording.CERTIFY_23, style)


def _signature(sheet: Sheet, box: Box, papers: ParcelPapers, words: Words) -> None:
    """Date and sender's signature (15): typed, and a line for ink."""
    sheet.across(box, box.y, LINE)
    below = _titled(sheet, box, "signature", f"{wording.SIGNATURE} (15)", words)
    typed = Box(below.x, below.y, below.width, min(below.height * 0.45, 5.0))
    form.dated(sheet, typed, papers, _value(sheet))
    line = Box(below.x, 0, below.width, 0)
    sheet.across(line, box.bottom - 1.6, HAIR)
