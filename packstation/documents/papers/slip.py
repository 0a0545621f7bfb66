"""The packing slip in the box: what the buyer reads, in the buyer's language.

One a parcel, with what lies in this one. A gift has no prices, and what has a gift's message is
one. An order with a tag of `NEUTRAL`
shows neither letterhead nor sender: the shop that sold it is another. Words:
resources/papers/slip.json; a language that is not there is English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.commercial import BODY, VALUE, figure, sheet_of, told
from packstation.documents.papers.letterhead import letterhead
from packstation.documents.papers.tables import (
    CAPTION,
    FOOT,
    SIDE,
    TOP,
    Cell,
    Column,
    Pages,
    Row,
    Table,
)
from packstation.documents.papers.words import of_locale
from packstation.domain.declaration import contents
from packstation.domain.errors import DocumentError
from packstation.domain.labels import QUIET_MODULES, Barcode, Label
from packstation.domain.orders import Address, Order
from packstation.domain.quantities import Money
from packstation.domain.templates import Place, paragraphs

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

# Tags of an order whose slip names no sender.
NEUTRAL: Final = frozenset({"neutral", "dropship", "drop-ship"})
_HEAD_HIGH: Final = 26.0
_TERMS_HIGH: Final = 12.0
_ADDRESS_HIGH: Final = 34.0
_RETURN_HIGH: Final = 24.0
_CODE: Final = 16.0
_MODULE_MM: Final = 0.4
_SHARES: Final = (110, 22, 24, 24)
_TITLE: Final = Style((5.4, 4.8, 4.2, 3.8), bold=True, align="right")
_GIFT: Final = Style((3.6, 3.2, 2.8, 2.4), bold=True)
_BIG: Final = Style((3.1, 2.9, 2.75), bold=True)


@lru_cache(maxsize=1)
def slip_words() -> Mapping[str, Mapping[str, str]]:
    """By language, then by key."""
    found: dict[str, dict[str, str]] = json.loads(
        resource("papers", "slip.json").read_text("utf-8")
    )
    return found


def language_of(asked: PaperAsked) -> str:
    """The buyer's language, else the destination's, else English: the first that has words."""
    wanted = (told(asked.parcel.order.buyer, "language"), asked.language)
    return next((one for one in map(of_locale, wanted) if one in slip_words()), "en")


def packing_slip(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The slip of the parcel in question.

    Raises DocumentError naming what is missing, FormOverflow what no page holds.
    """
    return Slip(asked, fonts).labels()


class Slip:
    """One slip under construction."""

    def __init__(self, asked: PaperAsked, fonts: Fonts) -> None:
        self._asked, self._order = asked, asked.parcel.order
        self._language = language_of(asked)
        self._words = slip_words()[self._language]
        self._neutral = bool(NEUTRAL & {tag.lower() for tag in self._order.tags})
        known = any(line.unit_price for line in self._order.lines)
        self._priced = known and not _given(self._order)
        self._pages = Pages(sheet_of(asked.media), fonts, self._first, self._further)

    def labels(self) -> Sequence[Label]:
        """Its pages."""
        pages = self._pages
        self._band("gift_message", self._gift())
        self._band("template.slip-greeting", self._extra("slip-greeting"))
        pages.y += 1.0
        Table(pages, self._columns(), None).draw(self._rows())
        pages.y += 3.0
        self._sums()
        if self._asked.parcel.count > 1:
            self._paragraph("rest", self._words["rest"])
        self._paragraph("template.slip-foot", self._extra("slip-foot"))
        self._return()
        return pages.labels(self._foot)

    def _first(self, sheet: Sheet) -> float:
        width = sheet.media.width_mm - 2 * SIDE
        left, right = Box(SIDE, TOP, width, _HEAD_HIGH).split(110, 70)
        high = sheet.text("title", right, self._words["title"], _TITLE)
        if self._asked.parcel.training:
            below = Box(right.x, right.y + high + 0.6, right.width, 6)
            style = Style((3.4,), bold=True, align="right")
            high += 0.6 + sheet.text("training", below, wording.TRAINING, style)
        low = TOP + high
        if not self._neutral:
            sender = self._order.ship_from
            name = (sender.company.strip() or sender.name,)
            head = Box(left.x, left.y, left.width - 4, left.height)
            low = max(low, letterhead(sheet, head, self._asked.template, name))
        y = low + 3.0
        sheet.across(Box(SIDE, TOP, width, 0), y, 0.6)
        return self._address(sheet, self._terms(sheet, y + 2.4, width), width)

    def _terms(self, sheet: Sheet, y: float, width: float) -> float:
        """Captions with their values, those that are known."""
        order, parcel = self._order, self._asked.parcel
        placed = order.placed_at.date().isoformat() if order.placed_at else ""
        given = (
            ("order", "order_id", order.order_id),
            ("placed", "placed_at", placed),
            ("made", "date", self._asked.today or parcel.date),
            ("parcel", "parcel", f"{parcel.number} / {parcel.count}"),
        )
        shown = [one for one in given if one[2]]
        lowest = y
        columns = Box(SIDE, y, width, _TERMS_HIGH).split(
            *[2.2 if one[0] == "order" else 1 for one in shown]
        )
        for column, (key, role, value) in zip(columns, shown, strict=True):
            wide = column.width - 2.5
            used = sheet.text("caption", Box(column.x, y, wide, 3.0), self._words[key], CAPTION)
            room = Box(column.x, y + used + 0.2, wide, _TERMS_HIGH - used)
            lowest = max(lowest, room.y + sheet.text(role, room, value, VALUE))
        return lowest + 3.0

    def _address(self, sheet: Sheet, y: float, width: float) -> float:
        to = self._order.ship_to
        used = sheet.text("caption", Box(SIDE, y, width, 3.0), self._words["to"], CAPTION) + 0.3
        name = to.name.strip() or to.company
        used += sheet.text("ship_to.name", Box(SIDE, y + used, width, 8), name, _BIG)
        rest = Box(SIDE, y + used, width, _ADDRESS_HIGH)
        return (
            y
            + used
            + sheet.text("ship_to", rest, _address_lines(to, name, self._language), BODY)
            + 3.0
        )

    def _further(self, sheet: Sheet) -> float:
        left, right = Box(SIDE, TOP, sheet.media.width_mm - 2 * SIDE, 5).split(90, 90)
        style = Style((2.9, 2.5, 2.2), bold=True)
        sheet.text("title", left, self._words["title"], style)
        number = f"{self._words['order']} {self._order.order_id}"
        sheet.text("order_id", right, number, Style((2.9, 2.5, 2.2, 1.8), align="right"))
        return TOP + 7.0

    def _columns(self) -> list[Column]:
        keys = ("item", "quantity", "price", "total") if self._priced else ("item", "quantity")
        return [
            Column((self._words[key],), share, "left" if key == "item" else "right")
            for key, share in zip(keys, _SHARES, strict=False)
        ]

    def _rows(self) -> list[Row]:
        rows = []
        for line, product, quantity in contents(self._asked.parcel):
            cells = [
                Cell(
                    f"products[{product.sku}].names", product.name(self._language), (product.sku,)
                ),
                Cell("quantity", str(quantity)),
            ]
            price = line.unit_price
            if self._priced:
                cells.append(Cell("unit_price", _shown(price)))
                cells.append(Cell("unit_price", _shown(price * quantity if price else None)))
            rows.append(Row(tuple(cells)))
        return rows

    def _sums(self) -> None:
        """What this parcel's goods cost, a sum a currency; nothing where a price is not known."""
        prices = [(line.unit_price, quantity) for line, _, quantity in contents(self._asked.parcel)]
        if not self._priced or any(price is None for price, _ in prices):
            return
        sums: dict[str, Money] = {}
        for price, quantity in prices:
            if price is not None:
                part = price * quantity
                sums[part.currency] = sums[part.currency] + part if part.currency in sums else part
        for total in sums.values():
            self._pages.need(5.0)
            left, right = self._pages.box(5.0).split(sum(_SHARES[:3]) - 1.0, _SHARES[3] + 1.0)
            self._pages.sheet.text(
                "sum", left, self._words["sum"], Style((2.75, 2.4), align="right")
            )
            self._pages.sheet.text(
                "sum", right, _shown(total), Style((2.9, 2.5, 2.2), bold=True, align="right")
            )
            self._pages.y += 5.0

    def _gift(self) -> tuple[str, ...]:
        message = (self._order.gift_message or "").strip()
        return (self._words["gift"], message) if message else ()

    def _extra(self, place: Place) -> tuple[str, ...]:
        """The seller's own text at a place of the slip, in the buyer's language or English."""
        template = self._asked.template
        if template is None or self._neutral:
            return ()
        text = template.text(place, self._language, "en")
        return paragraphs(text)

    def _band(self, role: str, lines: tuple[str, ...]) -> None:
        """Paragraphs above the table, the first of a gift's message large."""
        for at, text in enumerate(lines):
            first = role == "gift_message" and len(lines) > 1 and at == 0
            self._paragraph(role, text, _GIFT if first else BODY)

    def _paragraph(self, role: str, text: str | tuple[str, ...], style: Style = BODY) -> None:
        """A text of any length below what stands there; FormOverflow where no page holds it."""
        given = (text,) if isinstance(text, str) else text
        for one in given:
            pages = self._pages
            probe = Sheet(pages.media, pages.fonts)
            whole = Box(SIDE, 0, pages.width, pages.bottom - TOP - 10.0)
            high = probe.text(role, whole, one, Style((style.sizes[0],), bold=style.bold))
            pages.need(high)
            pages.sheet.text(
                role, pages.box(high + 0.01), one, Style((style.sizes[0],), bold=style.bold)
            )
            pages.y += high + 1.5

    def _return(self) -> None:
        """The code that names the order, for who sends something back."""
        number, pages = self._order.order_id, self._pages
        pages.need(_RETURN_HIGH)
        box = pages.box(_RETURN_HIGH)
        pages.sheet.across(box, box.y + 1.0)
        left, right = Box(box.x, box.y + 3.0, box.width, _CODE).split(84, 96)
        if number.isascii() and number.isprintable():
            self._codes(left, number)
        words = Box(right.x + 22.0, right.y, right.width - 22.0, _CODE)
        pages.sheet.text("return", words, self._words["return"], Style((2.4, 2.2, 2.12)))
        pages.y = box.bottom

    def _codes(self, box: Box, number: str) -> None:
        """Code 128 where its bars are wide enough, and QR for a telephone."""
        from packstation.documents.label.matrix import matrix

        sheet = self._pages.sheet
        if _bars_fit(sheet, box, number):
            at = len(sheet.elements)
            sheet.linear("return", Box(box.x, box.y, box.width, 11.0), number, most=_MODULE_MM)
            bars = sheet.elements[at]
            if isinstance(bars, Barcode):  # at the margin, whose white is its quiet zone
                wide = 2 * (box.x + box.width / 2 - bars.x)
                sheet.elements[at] = replace(bars, x=box.x)
                below = Box(box.x, box.y + 11.4, wide, 3.6)
                sheet.text("return", below, number, Style((2.6, 2.2, 2.0), align="center"))
        dots = max(1, int(_CODE / len(matrix("qr", number, "return")) * sheet.media.dpi / 25.4))
        x = sheet.media.mm(sheet.media.dots(box.x + box.width + 2.0))
        sheet.elements.append(Barcode("return", "qr", number, x, box.y, dots))

    def _foot(self, sheet: Sheet, page: int, count: int) -> None:
        """The page, on all of several."""
        if count > 1:
            box = Box(SIDE, sheet.media.height_mm - FOOT + 5.0, self._pages.width, 4.0)
            shown = f"{self._words['page']} {page} / {count}"
            sheet.text("page", box, shown, Style((2.3, 2.12), align="right"))


def _given(order: Order) -> bool:
    """Whether it is a gift: said so, declared so, or with a message to who gets it."""
    message = (order.gift_message or "").strip()
    return bool(order.gift or order.category == "gift" or message)


def _bars_fit(sheet: Sheet, box: Box, number: str) -> bool:
    """Whether Code 128 of a number has bars of three dots or more in ``box``."""
    from packstation.documents.code128 import encode

    try:
        modules = encode(number, gs1=False, field="return").modules + 2 * QUIET_MODULES
    except DocumentError:
        return False
    return box.width / modules >= sheet.media.mm(3)


def _country(code: str, language: str) -> str:
    """The country as the buyer calls it, in capitals as on any address."""
    from babel import Locale

    return str(Locale(language).territories.get(code) or wording.country_name(code)).upper()


def _address_lines(to: Address, name: str, language: str) -> list[str]:
    town = " ".join(one for one in (to.postcode, to.city) if one.strip())
    place = ", ".join(one for one in (town, to.region) if one.strip())
    country = _country(to.country, language) if to.country else ""
    company = to.company if to.company.strip() and to.company != name else ""
    return [one for one in (company, *to.lines, place, country) if one.strip()]


def _shown(money: Money | None) -> str:
    return f"{figure(money)} {money.currency}" if money else ""
