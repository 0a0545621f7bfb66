"""The packing list of a consignment: what lies in which carton, its sizes and weights; no prices.

Fields: reference customs, section 2.2. It is made of the same contents as the invoice, so
quantities, cartons and weights of the two agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Sheet
from packstation.documents.papers import wording
from packstation.documents.papers.closing import (
    GAP,
    SIGN_HIGH,
    foot,
    notes,
    signed,
    summary_height,
    totals,
)
from packstation.documents.papers.cn22 import kilograms
from packstation.documents.papers.commercial import (
    centimetres,
    first_head,
    further_head,
    parties,
    sheet_of,
    terms,
    told,
    translated,
    waybills,
)
from packstation.documents.papers.commercial_words import both, english, second
from packstation.documents.papers.tables import Cell, Column, Pages, Row, Table
from packstation.domain.commercial import CartonItem, PackedCarton, cartons_of
from packstation.domain.labels import Label

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

_SHARES: Final = (7.0, 34.0, 99.0, 18.0, 22.0)
_CUBIC_MM: Final = 10**9


def packing_list(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The pages of a packing list.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    return _PackingList(asked, fonts).labels()


class _PackingList:
    """One packing list while it is laid out."""

    def __init__(self, asked: PaperAsked, fonts: Fonts) -> None:
        self._asked, self._cartons = asked, cartons_of(asked.parcels)
        order = asked.parcel.order
        self._number = told(order.invoice, "no") or order.order_id
        self._date = told(order.invoice, "date") or asked.today or asked.parcel.date
        self._listed: list[CartonItem | None] = []
        self._pages = Pages(sheet_of(asked.media), fonts, self._first, self._further)

    def labels(self) -> Sequence[Label]:
        """All pages."""
        asked, pages = self._asked, self._pages
        sums = self._totals()
        words = notes(asked, "packing-foot")
        after = summary_height(len(sums)) + SIGN_HIGH + 2 * GAP + words.height(pages)
        rows = [row for carton in self._cartons for row in self._rows(carton)]
        Table(pages, self._columns(), self._subtotal).draw(rows, after)
        pages.need(after)
        totals(pages, sums, asked.language)
        words.draw(pages)
        signed(pages.sheet, pages.y + GAP, asked, "packed_true", self._date)
        return pages.labels(
            lambda sheet, page, count: foot(sheet, asked, asked.kind, self._number, (page, count))
        )

    def _first(self, sheet: Sheet) -> float:
        asked, order = self._asked, self._asked.parcel.order
        y = first_head(sheet, asked, asked.kind)
        invoice = told(order.invoice, "no")
        y = terms(
            sheet,
            y,
            (
                ("invoice_no", "invoice.no", invoice),
                ("date", "invoice.date", self._date),
                ("reference", "order_id", order.order_id),
                ("waybill", "waybill", waybills([one.waybill for one in asked.parcels])),
                ("carrier", "carrier", wording.carrier_name(asked.parcel.carrier)),
                ("packages", "parcels", str(len(self._cartons))),
            ),
            asked.language,
        )
        return parties(sheet, y, asked.parcel, asked.language)

    def _further(self, sheet: Sheet) -> float:
        return further_head(sheet, self._asked, self._asked.kind, self._number)

    def _columns(self) -> list[Column]:
        keys = ("no", "sku", "description", "quantity", "net_kg")
        aligns = (False, False, False, True, True)
        return [
            Column(
                (english(key), second(key, self._asked.language)),
                share,
                "right" if right else "left",
            )
            for key, share, right in zip(keys, _SHARES, aligns, strict=True)
        ]

    def _rows(self, carton: PackedCarton) -> list[Row]:
        """A band that tells of the carton, then what lies in it."""
        rows = [self._band(carton)]
        self._listed.append(None)
        for number, item in enumerate(carton.items, start=1):
            rows.append(self._row(number, item))
            self._listed.append(item)
        return rows

    def _band(self, carton: PackedCarton) -> Row:
        language, order = self._asked.language, self._asked.parcel.order
        count = max(self._asked.parcel.count, len(self._cartons))
        title = f"{both('carton', language)} {carton.number} / {count}"
        place = [f"{both('marks', language)}: {order.order_id} {carton.number}/{count}"]
        if carton.size_mm:
            place.append(f"{both('size', language)}: {centimetres(carton.size_mm)}")
        masses = [
            f"{both(key, language)}: {kilograms(grams)} kg"
            for key, grams in (("net", carton.net_g), ("gross", carton.gross_g))
        ]
        pallet = carton.pallet
        if pallet is not None:
            on = f"{both('pallet', language)} {pallet.number} / {pallet.count}"
            place.append(f"{on} {pallet.code}")
        # A mark that is the waybill too is told once.
        codes = dict.fromkeys(part for part in (carton.waybill, carton.mark) if part)
        name = " · ".join((title, *codes))
        small = (" · ".join(place), " · ".join(masses))
        return Row((Cell("parcels", name, small, bold=True),), band=True)

    def _row(self, number: int, item: CartonItem) -> Row:
        field = f"products[{item.sku}].customs"
        words = translated(item.description, item.descriptions, self._asked.language)
        return Row(
            (
                Cell("number", str(number)),
                Cell("sku", item.sku),
                Cell(f"{field}.description", item.description, words),
                Cell("quantity", f"{item.quantity} {english('pieces')}"),
                Cell(f"{field}.net_g", kilograms(item.net_g)),
            )
        )

    def _subtotal(self, count: int, onward: bool) -> Row:  # noqa: FBT001 - a table's argument
        """Pieces and net weight of the rows so far."""
        listed = [item for item in self._listed[:count] if item]
        word = both("carried" if onward else "brought", self._asked.language)
        pieces = sum(item.quantity for item in listed)
        net = kilograms(sum(item.net_g for item in listed))
        blank = Cell("subtotal")
        shown = Cell("subtotal", f"{pieces} {english('pieces')}", bold=True)
        name = Cell("subtotal", word, bold=True)
        return Row((blank, blank, name, shown, Cell("subtotal", net, bold=True)))

    def _totals(self) -> list[tuple[str, str]]:
        cartons = self._cartons
        sizes = [one.size_mm for one in cartons]
        rows = [
            ("packages", str(len(cartons))),
            ("total_pieces", str(sum(one.pieces for one in cartons))),
            ("net", f"{kilograms(sum(one.net_g for one in cartons))} kg"),
            ("gross", f"{kilograms(sum(one.gross_g for one in cartons))} kg"),
        ]
        if all(len(size) == 3 for size in sizes):
            volume = sum(size[0] * size[1] * size[2] for size in sizes)
            # Rounded up: nothing is sent that takes no room.
            litres = -(-volume * 1000 // _CUBIC_MM)
            rows.append(("volume", f"{litres // 1000}.{litres % 1000:03d} m³"))
        return [*rows, *self._pallets()]

    def _pallets(self) -> list[tuple[str, str]]:
        """How many pallets, and what all weighs with them where each was weighed."""
        pallets = {one.pallet.code: one.pallet for one in self._cartons if one.pallet}
        if not pallets:
            return []
        rows = [("pallets", str(len(pallets)))]
        if all(one.gross_g for one in pallets.values()):
            loose = sum(one.gross_g for one in self._cartons if one.pallet is None)
            whole = loose + sum(one.gross_g for one in pallets.values())
            rows.append(("gross_pallets", f"{kilograms(whole)} kg"))
        return rows
