"""The statement on origin as a commercial document, and the data sheet for a chamber's certificate.

The first holds the reviewed wording of an agreement with the goods it is about (reference:
customs, section 2.2). The second is what a chamber of commerce asks for before it issues a
certificate; it says on every page that it is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.closing import (
    GAP,
    SIGN_HIGH,
    foot,
    signed,
    summary_height,
    totals,
)
from packstation.documents.papers.cn22 import kilograms
from packstation.documents.papers.commercial import (
    BODY,
    VALUE,
    first_head,
    further_head,
    missing,
    parties,
    sheet_of,
    terms,
    told,
    translated,
    waybills,
)
from packstation.documents.papers.commercial_words import both, english, second
from packstation.documents.papers.tables import CAPTION, SIDE, Cell, Column, Pages, Row, Table
from packstation.domain.commercial import InvoiceLine, invoice_of
from packstation.domain.labels import Label
from packstation.domain.origin import Filled, filled

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

STATEMENT, REQUEST = "origin", "origin-request"
_SHARES: Final = (8.0, 88.0, 26.0, 18.0, 20.0, 20.0)
_WORDING: Final = Style((3.1, 2.9, 2.7, 2.5))
# Of the wording at most; what a signature takes below it.
_STATEMENT_HIGH: Final = 62.0
_SIGNED_HIGH: Final = 16.0
# A line below the wording, in two lines of text at most.
_NAMED: Final = 8.0


def origin(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The pages of a statement on origin.

    Raises DocumentError naming what is missing, or why there is no statement for this
    consignment.
    """
    return _Goods(asked, fonts).statement()


def origin_request(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The pages of the data sheet for a certificate of origin. Raises as `origin`."""
    return _Goods(asked, fonts).request()


class _Goods:
    """A list of goods with their origin, and what is said of it."""

    def __init__(self, asked: PaperAsked, fonts: Fonts) -> None:
        self._asked, self._invoice = asked, invoice_of(asked.parcels)
        order = asked.parcel.order
        self._number = told(order.invoice, "no")
        self._date = told(order.invoice, "date") or asked.today or asked.parcel.date
        for line in self._invoice.lines:
            if not line.origin:
                raise missing(f"products[{line.sku}].customs.origin")
        self._filled = self._statement() if asked.kind == STATEMENT else None
        self._pages = Pages(sheet_of(asked.media), fonts, self._first, self._further)

    def _statement(self) -> Filled:
        order, asked = self._asked.parcel.order, self._asked
        if not self._number:
            raise missing("invoice.no")
        place = ", ".join(one for one in (order.ship_from.city, asked.today or self._date) if one)
        rows = asked.tables.get("statements", ())
        origins = [line.origin for line in self._invoice.lines]
        return filled(rows, order, origins, self._invoice.declared, place)

    def statement(self) -> Sequence[Label]:
        """The goods, then the wording."""
        pages = self._pages
        if self._filled:
            high = self._wording(Sheet(pages.media, pages.fonts), 0.0, self._filled)
            self._table(high)
            pages.need(high)
            self._wording(pages.sheet, pages.y, self._filled)
        return self._labels()

    def request(self) -> Sequence[Label]:
        """The goods, their weights, and who asks."""
        pages = self._pages
        sums = self._totals()
        after = summary_height(len(sums)) + SIGN_HIGH + 2 * GAP
        self._table(after)
        pages.need(after)
        totals(pages, sums, self._asked.language)
        signed(pages.sheet, pages.y + GAP, self._asked, "request_true", self._date)
        return self._labels()

    def _labels(self) -> Sequence[Label]:
        asked, number = self._asked, self._number or self._asked.parcel.order.order_id
        return self._pages.labels(
            lambda sheet, page, count: foot(sheet, asked, asked.kind, number, (page, count))
        )

    def _totals(self) -> list[tuple[str, str]]:
        found = self._invoice
        return [
            ("packages", str(found.packages)),
            ("total_pieces", str(found.pieces)),
            ("net", f"{kilograms(found.net_g)} kg"),
            ("gross", f"{kilograms(found.gross_g)} kg"),
        ]

    def _first(self, sheet: Sheet) -> float:
        asked, order = self._asked, self._asked.parcel.order
        y = first_head(sheet, asked, asked.kind)
        if asked.kind == REQUEST:
            y = self._banner(sheet, y)
        countries = dict.fromkeys(line.origin for line in self._invoice.lines)
        y = terms(
            sheet,
            y,
            (
                ("invoice_no", "invoice.no", self._number),
                ("date", "invoice.date", self._date),
                ("waybill", "waybill", waybills([one.waybill for one in asked.parcels])),
                ("carrier", "carrier", wording.carrier_name(asked.parcel.carrier)),
                ("reference", "order_id", order.order_id),
                ("origin_country", "origin", ", ".join(map(wording.country_name, countries))),
                ("packages", "parcels", str(len(asked.parcels))),
                ("agreement", "agreement", self._filled.agreement if self._filled else ""),
            ),
            asked.language,
        )
        return parties(sheet, y, asked.parcel, asked.language)

    def _banner(self, sheet: Sheet, y: float) -> float:
        """Says in a frame that this is no certificate."""
        box = Box(SIDE, y + 2.0, sheet.media.width_mm - 2 * SIDE, 13.0)
        sheet.frame(box, 0.5)
        inside = box.inset(3.0, 1.2)
        words = [english("no_certificate"), second("no_certificate", self._asked.language)]
        style = Style((3.1, 2.8, 2.5), bold=True, middle=True)
        sheet.text("title", inside, [one for one in words if one], style)
        return box.bottom + 1.0

    def _further(self, sheet: Sheet) -> float:
        asked = self._asked
        y = further_head(sheet, asked, asked.kind, self._number or asked.parcel.order.order_id)
        return self._banner(sheet, y - 2.0) + 2.0 if asked.kind == REQUEST else y

    def _table(self, after: float) -> None:
        keys = ("no", "description", "hs", "origin_country", "quantity", "net_kg")
        rights = (False, False, False, False, True, True)
        language = self._asked.language
        columns = [
            Column((english(key), second(key, language)), share, "right" if right else "left")
            for key, share, right in zip(keys, _SHARES, rights, strict=True)
        ]
        rows = [self._row(at, line) for at, line in enumerate(self._invoice.lines, start=1)]
        Table(self._pages, columns, self._subtotal).draw(rows, after)

    def _subtotal(self, count: int, onward: bool) -> Row:  # noqa: FBT001 - a table's argument
        """Pieces and net weight of the rows so far."""
        lines = self._invoice.lines[:count]
        word = both("carried" if onward else "brought", self._asked.language)
        net = kilograms(sum(line.net_g * line.quantity for line in lines))
        pieces = f"{sum(line.quantity for line in lines)} {english('pieces')}"
        blank, shown = Cell("subtotal"), (pieces, net)
        cells = (blank, Cell("subtotal", word, bold=True), blank, blank)
        return Row((*cells, *(Cell("subtotal", one, bold=True) for one in shown)))

    def _row(self, number: int, line: InvoiceLine) -> Row:
        field = f"products[{line.sku}].customs"
        words = translated(line.description, line.descriptions, self._asked.language)
        return Row(
            (
                Cell("number", str(number)),
                Cell(f"{field}.description", line.description, (*words, line.sku)),
                Cell(f"{field}.hs", line.hs),
                Cell(f"{field}.origin", line.origin),
                Cell("quantity", f"{line.quantity} {english('pieces')}"),
                Cell(f"{field}.net_g", kilograms(line.net_g * line.quantity)),
            )
        )

    def _wording(self, sheet: Sheet, y: float, statement: Filled) -> float:
        """The statement in the words of its agreement, then what stands below it: their height."""
        box = Box(SIDE, y + 2 * GAP, self._pages.width, _STATEMENT_HIGH)
        used = sheet.text("statement", box, statement.text, _WORDING) + 4.0
        for key, value in statement.lines:
            caption, text = Box(box.x, box.y + used, box.width, _NAMED).split(84, 96)
            named = both(key, self._asked.language)
            high = sheet.text("caption", caption, named, BODY)
            used += max(high, sheet.text(f"statement.{key}", text, value, VALUE)) + 1.6
        if statement.signed:
            line = Box(box.x, box.y + used + 12.0, 80.0, 0)
            sheet.across(line, line.y)
            below = Box(line.x, line.y + 0.8, line.width, 3.0)
            sheet.text("caption", below, both("signature", self._asked.language), CAPTION)
            used += _SIGNED_HIGH
        return 2 * GAP + used
