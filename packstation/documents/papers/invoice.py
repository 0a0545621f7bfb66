"""The commercial and the proforma invoice of a consignment, on as many pages as it takes.

Fields: the union of what express carriers list (reference: customs, section 2.1). The values are
those of the declarations (``domain/commercial.py``), so papers of one consignment agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.closing import (
    GAP,
    SIGN_HIGH,
    Notes,
    before_goods,
    foot,
    notes,
    signed,
    summary,
    summary_height,
)
from packstation.documents.papers.cn22 import kilograms
from packstation.documents.papers.commercial import (
    decimals,
    delivery_term,
    figure,
    first_head,
    further_head,
    missing,
    parties,
    reason,
    sheet_of,
    terms,
    told,
    translated,
    waybills,
)
from packstation.documents.papers.commercial_words import both, english, second
from packstation.documents.papers.tables import SIDE, Cell, Column, Pages, Row, Table
from packstation.domain.commercial import InvoiceLine, invoice_of
from packstation.domain.labels import Label
from packstation.domain.quantities import Money

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

COMMERCIAL, PROFORMA = "invoice", "proforma"
_SHARES: Final = (7.0, 66.0, 19.0, 13.0, 15.0, 17.0, 21.0, 22.0)


def invoice(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The pages of a commercial or proforma invoice.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    return InvoicePaper(asked, fonts).labels()


class InvoicePaper:
    """One invoice while it is laid out."""

    def __init__(self, asked: PaperAsked, fonts: Fonts) -> None:
        self._asked, self._order = asked, asked.parcel.order
        self._invoice = invoice_of(asked.parcels)
        self._number, self._date = self._numbered()
        self._digits = decimals([line.unit for line in self._invoice.lines])
        self._pages = Pages(sheet_of(asked.media), fonts, self._first, self._further)

    def labels(self) -> Sequence[Label]:
        """All pages."""
        pages, lines = self._pages, self._invoice.lines
        words = self._notes()
        after = self._totals_height() + words.height(pages) + SIGN_HIGH + 2 * GAP
        Table(pages, self._columns(), self._subtotal).draw(
            [self._row(number, line) for number, line in enumerate(lines, start=1)], after
        )
        pages.need(after)
        self._totals()
        words.draw(pages)
        signed(pages.sheet, pages.y + GAP, self._asked, "true", self._date)
        title, number = self._asked.kind, self._number
        return pages.labels(
            lambda sheet, page, count: foot(sheet, self._asked, title, number, (page, count))
        )

    def _numbered(self) -> tuple[str, str]:
        """Number and date; an invoice without a number of its own goes by the order's (R34)."""
        number = told(self._order.invoice, "no") or self._order.order_id
        date = told(self._order.invoice, "date") or self._asked.today or self._asked.parcel.date
        if not date:
            raise missing("invoice.date")
        return number, date

    def _first(self, sheet: Sheet) -> float:
        asked, order, language = self._asked, self._order, self._asked.language
        y = first_head(sheet, asked, asked.kind)
        numbers = [parcel.waybill for parcel in asked.parcels]
        y = terms(
            sheet,
            y,
            (
                ("invoice_no", "invoice.no", self._number),
                ("date", "invoice.date", self._date),
                ("waybill", "waybill", waybills(numbers)),
                ("carrier", "carrier", wording.carrier_name(asked.parcel.carrier)),
                ("reference", "order_id", order.order_id),
                ("incoterm", "incoterm", delivery_term(order)),
                ("reason", "category", reason(order, language)),
                ("currency", "currency", self._invoice.goods.currency),
            ),
            language,
        )
        y = parties(sheet, y, asked.parcel, language)
        return before_goods(sheet, y, asked, "invoice-head")

    def _further(self, sheet: Sheet) -> float:
        number = f"{english('invoice_no')} {self._number}"
        return further_head(sheet, self._asked, self._asked.kind, number)

    def _columns(self) -> list[Column]:
        currency = self._invoice.goods.currency
        keys = ("no", "description", "hs", "origin_country", "quantity", "unit_weight")
        titles = [(english(key), second(key, self._asked.language)) for key in keys]
        titles += [
            (f"{english(key)}, {currency}", second(key, self._asked.language))
            for key in ("unit_value", "line_value")
        ]
        left = (True, True, True, True, False, False, False, False)
        return [
            Column(title, share, "left" if at_left else "right")
            for title, share, at_left in zip(titles, _SHARES, left, strict=True)
        ]

    def _row(self, number: int, line: InvoiceLine) -> Row:
        field = f"products[{line.sku}].customs"
        words = translated(line.description, line.descriptions, self._asked.language)
        named = (line.sku, *line.details)  # the model is often called like the SKU
        small = (*words, " · ".join(dict.fromkeys(named)))
        return Row(
            (
                Cell("number", str(number)),
                Cell(f"{field}.description", line.description, small),
                Cell(f"{field}.hs", line.hs),
                Cell(f"{field}.origin", line.origin),
                Cell("quantity", f"{line.quantity} {english('pieces')}"),
                Cell(f"{field}.net_g", kilograms(line.net_g)),
                Cell(f"{field}.unit_value", figure(line.unit, self._digits)),
                Cell(f"{field}.unit_value", figure(line.value)),
            )
        )

    def _subtotal(self, count: int, onward: bool) -> Row:  # noqa: FBT001 - a table's argument
        """The sum of the first ``count`` lines, at the foot of a page or the head of the next."""
        word = both("carried" if onward else "brought", self._asked.language)
        so_far = reduce(
            Money.__add__, (line.value for line in self._invoice.lines[:count]), self._nothing
        )
        blank = Cell("subtotal")
        cells = (blank, Cell("subtotal", word, bold=True), *[blank] * 5)
        return Row((*cells, Cell("subtotal", figure(so_far), bold=True)))

    @property
    def _nothing(self) -> Money:
        goods = self._invoice.goods
        return goods - goods

    def _amounts(self) -> list[tuple[str, str]]:
        found = self._invoice
        rows = [("goods_total", figure(found.goods))]
        if found.discount and found.discount.amount:
            rows.append(("discount", figure(self._nothing - found.discount)))
        for key, amount in (("freight", found.freight), ("insurance", found.insurance)):
            if amount is not None:
                rows.append((key, figure(amount)))
        return rows

    def _weights(self) -> list[tuple[str, str]]:
        found = self._invoice
        return [
            ("packages", str(found.packages)),
            ("total_pieces", str(found.pieces)),
            ("net", f"{kilograms(found.net_g)} kg"),
            ("gross", f"{kilograms(found.gross_g)} kg"),
        ]

    def _totals_height(self) -> float:
        return summary_height(max(len(self._weights()), len(self._amounts()) + 1))

    def _totals(self) -> None:
        """Packages and weights at the left, amounts at the right, the total under a rule."""
        pages, language = self._pages, self._asked.language
        left, _, right = Box(SIDE, pages.y + GAP, pages.width, 0).split(82, 8, 90)
        summary(pages, left, self._weights(), language)
        y = summary(pages, right, self._amounts(), language)
        pages.sheet.across(right, y + 0.2, 0.5)
        name, amount = Box(right.x, y + 1.4, right.width, 5.6).split(52, 38)
        style = Style((3.3, 3.0, 2.7, 2.4), bold=True)
        shown = f"{figure(self._invoice.total)} {self._invoice.total.currency}"
        pages.sheet.text("total", name, both("total", language), style)
        pages.sheet.text("total", amount, shown, replace(style, align="right"))
        pages.y += self._totals_height()

    def _notes(self) -> Notes:
        """What stands between totals and signature: what is no sale, the seller's own words."""
        language = self._asked.language
        sale = self._asked.kind == COMMERCIAL and self._order.category == "sale_of_goods"
        return notes(
            self._asked, "invoice-foot", *(() if sale else (both("customs_only", language),))
        )
