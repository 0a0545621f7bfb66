"""The shipper's letter of instruction: who sends what by whom, and what the carrier is to do.

Fields: reference customs, section 2.2 [K]; there is no fixed form. What nobody has told stays an
empty box for the pen: a letter that answers by itself whether goods need a licence is worse than
one that asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import form, wording
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
    delivery_term,
    figure,
    first_head,
    further_head,
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
from packstation.domain.declaration import contents
from packstation.domain.labels import Label
from packstation.domain.quantities import Money

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

_SHARES: Final = (7.0, 84.0, 20.0, 14.0, 15.0, 18.0, 22.0)
_LINE: Final = 6.6
_TICK: Final = 2.8
_ANSWER: Final = (2.5, 2.4, 2.3, 2.2, 2.12, 2.0)
_INVOICES: Final = {"proforma": "invoice"}

# A question, its answers, and which of them is chosen ("" for none: the pen answers).
Question = tuple[str, tuple[str, ...], tuple[str, ...]]


def sli(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The pages of a shipper's letter of instruction.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    return _Letter(asked, fonts).labels()


class _Letter:
    """One letter while it is laid out."""

    def __init__(self, asked: PaperAsked, fonts: Fonts) -> None:
        self._asked, self._invoice = asked, invoice_of(asked.parcels)
        order = asked.parcel.order
        self._number = told(order.invoice, "no") or order.order_id
        self._date = asked.today or asked.parcel.date
        self._pages = Pages(sheet_of(asked.media), fonts, self._first, self._further)

    def labels(self) -> Sequence[Label]:
        """All pages."""
        asked, pages = self._asked, self._pages
        sums, questions = self._totals(), self._questions()
        after = summary_height(len(sums)) + len(questions) * _LINE + SIGN_HIGH + 3 * GAP
        self._table(after)
        pages.need(after)
        totals(pages, sums, asked.language)
        pages.y -= GAP
        for question in questions:
            self._question(question)
        signed(pages.sheet, pages.y + 2 * GAP, asked, "instructed", self._date)
        return pages.labels(
            lambda sheet, page, count: foot(sheet, asked, asked.kind, self._number, (page, count))
        )

    def _first(self, sheet: Sheet) -> float:
        asked, order = self._asked, self._asked.parcel.order
        y = first_head(sheet, asked, asked.kind)
        y = terms(
            sheet,
            y,
            (
                ("carrier", "carrier", wording.carrier_name(asked.parcel.carrier)),
                ("service", "service", wording.service_name(asked.parcel.service)),
                ("waybill", "waybill", waybills([one.waybill for one in asked.parcels])),
                ("date", "date", self._date),
                ("invoice_no", "invoice.no", told(order.invoice, "no")),
                ("reference", "order_id", order.order_id),
                ("incoterm", "incoterm", delivery_term(order)),
                ("reason", "category", reason(order, asked.language)),
            ),
            asked.language,
        )
        return parties(sheet, y, asked.parcel, asked.language)

    def _further(self, sheet: Sheet) -> float:
        return further_head(sheet, self._asked, self._asked.kind, self._number)

    def _table(self, after: float) -> None:
        keys = ("no", "description", "hs", "origin_country", "quantity", "net_kg", "line_value")
        rights = (False, False, False, False, True, True, True)
        currency = self._invoice.goods.currency
        columns = []
        for key, share, right in zip(keys, _SHARES, rights, strict=True):
            first = f"{english(key)}, {currency}" if key == "line_value" else english(key)
            columns.append(
                Column(
                    (first, second(key, self._asked.language)), share, "right" if right else "left"
                )
            )
        rows = [self._row(at, line) for at, line in enumerate(self._invoice.lines, start=1)]
        Table(self._pages, columns, self._subtotal).draw(rows, after)

    def _row(self, number: int, line: InvoiceLine) -> Row:
        field = f"products[{line.sku}].customs"
        words = translated(line.description, line.descriptions, self._asked.language)
        return Row(
            (
                Cell("number", str(number)),
                Cell(f"{field}.description", line.description, words),
                Cell(f"{field}.hs", line.hs),
                Cell(f"{field}.origin", line.origin),
                Cell("quantity", f"{line.quantity} {english('pieces')}"),
                Cell(f"{field}.net_g", kilograms(line.net_g * line.quantity)),
                Cell(f"{field}.unit_value", figure(line.declared)),
            )
        )

    def _subtotal(self, count: int, onward: bool) -> Row:  # noqa: FBT001 - a table's argument
        """Pieces, net weight and value of the rows so far."""
        lines, goods = self._invoice.lines[:count], self._invoice.goods
        word = both("carried" if onward else "brought", self._asked.language)
        net = kilograms(sum(line.net_g * line.quantity for line in lines))
        value = figure(reduce(Money.__add__, (line.declared for line in lines), goods - goods))
        pieces = f"{sum(line.quantity for line in lines)} {english('pieces')}"
        blank, shown = Cell("subtotal"), (pieces, net, value)
        cells = (blank, Cell("subtotal", word, bold=True), blank, blank)
        return Row((*cells, *(Cell("subtotal", one, bold=True) for one in shown)))

    def _totals(self) -> list[tuple[str, str]]:
        found = self._invoice
        rows = [
            ("packages", str(found.packages)),
            ("net", f"{kilograms(found.net_g)} kg"),
            ("gross", f"{kilograms(found.gross_g)} kg"),
            ("goods_total", f"{figure(found.declared)} {found.goods.currency}"),
        ]
        if found.insurance is not None:
            rows.append(("insurance", f"{figure(found.insurance)} {found.insurance.currency}"))
        return rows

    def _questions(self) -> list[Question]:
        order = self._asked.parcel.order
        payer = {"account": "shipper", "sender": "shipper", "recipient": "consignee"}
        duty = payer.get((order.duty_payer or "").strip(), "third" if order.duty_payer else "")
        return [
            ("duties", ("shipper", "consignee", "third"), (duty,)),
            (
                "dangerous",
                ("answer_yes", "answer_no"),
                ("answer_yes" if self._dangerous() else "answer_no",),
            ),
            ("export_control", ("answer_yes", "answer_no"), ()),
            ("undeliverable", ("return", "abandon"), ()),
            ("attached", ("invoice", "packing-list"), self._attached()),
        ]

    def _attached(self) -> tuple[str, ...]:
        """What goes along on paper; an invoice for customs alone is one too."""
        along = {_INVOICES.get(kind, kind) for kind in self._asked.along}
        return tuple(sorted(along & {"invoice", "packing-list"}))

    def _dangerous(self) -> bool:
        """Whether anything has a battery or a class of goods that transport asks about."""
        products = [product for one in self._asked.parcels for _, product, _ in contents(one)]
        return any(one.goods.battery != "none" or one.goods.classes for one in products)

    def _question(self, question: Question) -> None:
        """A line: the question, then its boxes."""
        key, answers, chosen = question
        pages, language = self._pages, self._asked.language
        box = Box(SIDE, pages.y + GAP, pages.width, _LINE)
        asking, *boxes = box.split(60, *[120 / 3] * 3)
        cells = [
            form.Cell(asking.inset(0.0, 0.2), "question", english(key), _second(key, language))
        ]
        for answer, place in zip(answers, boxes, strict=False):
            tick = Box(place.x, place.y + (_LINE - _TICK) / 2, _TICK, _TICK)
            pages.sheet.frame(tick)
            if answer in chosen:
                pages.sheet.cross(tick.inset(0.5, 0.5))
            words = Box(
                place.x + _TICK + 1.4, place.y + 0.2, place.width - _TICK - 2.4, _LINE - 0.4
            )
            cells.append(form.Cell(words, "answer", english(answer), _second(answer, language)))
        form.together(pages.sheet, cells, Style(_ANSWER, middle=True), stacked=True)
        pages.y += _LINE


def _second(key: str, language: str) -> str:
    other = second(key, language)
    return f"({other})" if other else ""
