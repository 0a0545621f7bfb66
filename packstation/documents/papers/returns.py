"""The declaration of returned goods: what went out, under which numbers, and why it comes back.

Customs of many countries ask for it before they let goods in free of duty again; what each wants
to read differs, so this is a sheet of the facts and no official form (reference: customs, 1.2,
category returned goods; 2.8 on the value).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers.closing import foot, signed
from packstation.documents.papers.cn22 import kilograms
from packstation.documents.papers.commercial import (
    BODY,
    figure,
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
from packstation.documents.papers.tables import SIDE, Cell, Column, Pages, Row, Table
from packstation.domain.declaration import Declaration, DeclaredLine, declare
from packstation.domain.labels import Label
from packstation.domain.quantities import Money

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

KIND: Final = "returns"
_SHARES: Final = (8, 66, 22, 16, 16, 22, 30)
_GAP: Final = 4.0
_ROW: Final = 5.0
_SIGN: Final = 32.0
_SUM: Final = Style((3.1, 2.8, 2.5), bold=True)


def returns(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The sheet of one consignment, all of its parcels together.

    Raises DocumentError naming what is missing: the reason (``category_text``), any number of
    the export (``parent_order_id``, ``invoice.export_ref``, ``invoice.no``), a party or a value.
    """
    return Returns(asked, fonts).labels()


class Returns:
    """One sheet under construction."""

    def __init__(self, asked: PaperAsked, fonts: Fonts) -> None:
        self._asked, self._order = asked, asked.parcel.order
        self._date = asked.today or asked.parcel.date
        self._declared = [declare(parcel) for parcel in asked.parcels]
        self._pages = Pages(sheet_of(asked.media), fonts, self._first, self._further)

    def labels(self) -> Sequence[Label]:
        """Its pages."""
        pages, lines = self._pages, [line for one in self._declared for line in one.lines]
        sums = self._sums()
        after = 2 * _GAP + _ROW * (len(sums) + 1) + _SIGN
        rows = [self._row(number, line) for number, line in enumerate(lines, start=1)]
        Table(pages, self._columns(), self._subtotal).draw(rows, after)
        pages.y += _GAP
        for key, value in sums:
            # Under the right half of the table, as on an invoice.
            _, left, right = pages.box(_ROW).split(90, 52, 38)
            name = both(key, self._asked.language)
            pages.sheet.text("total", left, name, Style(_SUM.sizes))
            pages.sheet.text("total", right, value, Style(_SUM.sizes, bold=True, align="right"))
            pages.y += _ROW
        signed(pages.sheet, pages.y + _GAP, self._asked, "returned", self._date)
        return pages.labels(
            lambda sheet, page, count: foot(
                sheet, self._asked, KIND, self._order.order_id, (page, count)
            )
        )

    def _first(self, sheet: Sheet) -> float:
        asked, order, language = self._asked, self._order, self._asked.language
        y = first_head(sheet, asked, KIND)
        y = terms(sheet, y, self._numbers(), language)
        why = (order.category_text or "").strip()
        if not why:
            raise missing("category_text")
        box = Box(SIDE, y + 1.0, sheet.media.width_mm - 2 * SIDE, 18.0)
        text = f"{both('return_reason', language)}: {why}"
        y = box.y + sheet.text("category_text", box, text, BODY) + 1.6
        return parties(sheet, y, asked.parcel, language)

    def _numbers(self) -> list[tuple[str, str, str]]:
        """What it left under, and what it comes back under."""
        order = self._order
        invoice = " ".join(
            part for part in (told(order.invoice, "no"), told(order.invoice, "date")) if part
        )
        export = [
            ("export_order", "parent_order_id", (order.parent_order_id or "").strip()),
            ("export_ref", "invoice.export_ref", told(order.invoice, "export_ref")),
            ("export_invoice", "invoice.no", invoice),
        ]
        if not any(value for _, _, value in export):
            raise missing("parent_order_id")
        numbers = [parcel.waybill for parcel in self._asked.parcels]
        return [
            *export,
            ("reference", "order_id", order.order_id),
            ("waybill", "waybill", waybills(numbers)),
            ("date", "date", self._date),
        ]

    def _further(self, sheet: Sheet) -> float:
        return further_head(sheet, self._asked, KIND, self._order.order_id)

    def _columns(self) -> list[Column]:
        keys = ("no", "description", "hs", "origin_country", "quantity", "net_kg", "line_value")
        left = (True, True, True, True, False, False, False)
        return [
            Column(
                (english(key), second(key, self._asked.language)),
                share,
                "left" if at_left else "right",
            )
            for key, share, at_left in zip(keys, _SHARES, left, strict=True)
        ]

    def _row(self, number: int, line: DeclaredLine) -> Row:
        field = f"products[{line.sku}].customs"
        product = self._asked.parcel.products.get(line.sku)
        others = product.customs.descriptions if product else {}
        return Row(
            (
                Cell("number", str(number)),
                Cell(
                    f"{field}.description",
                    line.description,
                    (*translated(line.description, others, self._asked.language), line.sku),
                ),
                Cell(f"{field}.hs", line.hs),
                Cell(f"{field}.origin", line.origin),
                Cell("quantity", str(line.quantity)),
                Cell(f"{field}.net_g", kilograms(line.net_g)),
                Cell(f"{field}.unit_value", f"{figure(line.value)} {line.value.currency}"),
            )
        )

    def _subtotal(self, count: int, onward: bool) -> Row:  # noqa: FBT001 - a table's argument
        """Pieces, net weight and value (where there is one currency) of the rows so far."""
        lines = [line for one in self._declared for line in one.lines]
        so_far, nothing = lines[:count], [line.value - line.value for line in lines[:1]]
        amount = ""
        if len({line.value.currency for line in lines}) == 1:
            value = reduce(Money.__add__, [*nothing, *(line.value for line in so_far)])
            amount = f"{figure(value)} {value.currency}"
        word = both("carried" if onward else "brought", self._asked.language)
        net = kilograms(sum(line.net_g for line in so_far))
        blank, shown = Cell("subtotal"), (str(sum(line.quantity for line in so_far)), net, amount)
        cells = (blank, Cell("subtotal", word, bold=True), blank, blank)
        return Row((*cells, *(Cell("subtotal", one, bold=True) for one in shown)))

    def _sums(self) -> list[tuple[str, str]]:
        """Weight, and the value of each currency."""
        gross = sum(parcel.gross_g for parcel in self._asked.parcels)
        totals = [
            ("goods_total", f"{figure(one)} {one.currency}") for one in totals_of(self._declared)
        ]
        return [("gross", f"{kilograms(gross)} kg"), *totals]


def totals_of(declared: Sequence[Declaration]) -> tuple[Money, ...]:
    """What several parcels declare together, one amount a currency."""
    by_currency: dict[str, list[Money]] = {}
    for one in declared:
        for amount in one.totals:
            by_currency.setdefault(amount.currency, []).append(amount)
    return tuple(reduce(Money.__add__, amounts) for amounts in by_currency.values())
