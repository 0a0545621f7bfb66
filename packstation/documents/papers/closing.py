"""How commercial papers end: totals, the seller's own words, declaration and signature, foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.documents.layout import Box, Sheet, Style, wrap
from packstation.documents.papers.commercial import BODY, VALUE, told
from packstation.documents.papers.commercial_words import both, english, second
from packstation.documents.papers.letterhead import named, place
from packstation.documents.papers.tables import CAPTION, FOOT, SIDE, Pages
from packstation.documents.papers.words import of_locale
from packstation.domain.labels import LEADING
from packstation.domain.templates import Place, paragraphs

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

SIGN_HIGH: Final = 27.0
GAP: Final = 3.5
_ROW: Final = 4.6
# Where a picture of a signature may stand: on papers that the seller makes out. Statements on
# origin, their requests and returns are left to the pen, postal forms to the room they have.
SIGNED: Final = frozenset({"invoice", "proforma", "packing-list", "sli"})
# What a seller says before the goods, at the most.
_BEFORE_HIGH: Final = 40.0
_NOTE: Final = Style((2.5, 2.3, 2.12))
_AFTER_NOTE: Final = 1.5

Pairs = Sequence[tuple[str, str]]


class Notes(Struct, frozen=True):
    """Paragraphs over the whole width, each with its role."""

    texts: tuple[tuple[str, str], ...]

    def height(self, pages: Pages) -> float:
        """What they take."""
        size, fonts = _NOTE.sizes[0], pages.fonts
        lines = sum(
            len(wrap(pages.sheet.words(text, role), pages.width, size, fonts))
            for role, text in self.texts
        )
        return lines * size * LEADING + _AFTER_NOTE * len(self.texts)

    def draw(self, pages: Pages) -> None:
        """One below the other."""
        for role, text in self.texts:
            box = pages.box(pages.bottom - pages.y)
            pages.y += pages.sheet.text(role, box, text, _NOTE) + _AFTER_NOTE


def notes(asked: PaperAsked, place_: Place, *more: str) -> Notes:
    """``more``, then the seller's words for a place."""
    own = ((f"template.{place_}", text) for text in own_words(asked, place_))
    return Notes((*(("note", text) for text in more), *own))


def own_words(asked: PaperAsked, place_: Place) -> tuple[str, ...]:
    """The seller's words for a place, in English and the second language, line by line."""
    template = asked.template
    if template is None:
        return ()
    said = template.text(place_, "en"), template.text(place_, of_locale(asked.language))
    return tuple(line for text in dict.fromkeys(said) for line in paragraphs(text))


def before_goods(sheet: Sheet, y: float, asked: PaperAsked, place_: Place) -> float:
    """The seller's words between the parties and the goods; answers where to go on."""
    words = own_words(asked, place_)
    if not words:
        return y
    box = Box(SIDE, y, sheet.media.width_mm - 2 * SIDE, _BEFORE_HIGH)
    return y + sheet.text(f"template.{place_}", box, words, _NOTE) + _AFTER_NOTE


def summary_height(rows: int) -> float:
    """What totals of so many rows take."""
    return 3 * GAP + rows * _ROW


def summary(pages: Pages, box: Box, rows: Pairs, language: str) -> float:
    """Totals, one below the other, units in a column of their own; answers the lower edge."""
    units = [value.partition(" ")[2] for _, value in rows]
    wide = max((pages.fonts.width(unit, BODY.sizes[0]) for unit in units), default=0.0)
    wide += 1.2 if wide else 0.0
    for at, (key, value) in enumerate(rows):
        name, amount = Box(box.x, box.y + at * _ROW, box.width, _ROW).split(60, 40)
        pages.sheet.text("total", name, both(key, language), BODY)
        number = Box(amount.x, amount.y, amount.width - wide, amount.height)
        pages.sheet.text("total", number, value.partition(" ")[0], replace(BODY, align="right"))
        unit = Box(number.right + 1.2, amount.y, max(0.0, wide - 1.2) + 0.01, amount.height)
        pages.sheet.text("total", unit, units[at], BODY)
    return box.y + len(rows) * _ROW


def totals(pages: Pages, rows: Pairs, language: str) -> None:
    """Totals under the left half of a table."""
    left, _ = pages.box(0).split(90, 90)
    summary(pages, Box(left.x, pages.y + GAP, left.width, 0), rows, language)
    pages.y += summary_height(len(rows))


def signed(sheet: Sheet, y: float, asked: PaperAsked, statement: str, date: str) -> float:
    """The declaration at the left, name, date and signature at the right.

    A template's picture of a signature stands only on papers that permit one (`SIGNED`), and where
    somebody with the right signs; else the line is left to the pen.
    """
    order = asked.parcel.order
    box = Box(SIDE, y, sheet.media.width_mm - 2 * SIDE, SIGN_HIGH)
    left, right = box.split(100, 80)
    words = [one for one in (english(statement), second(statement, asked.language)) if one]
    sheet.text("declaration", Box(left.x, left.y, left.width - 8, SIGN_HIGH), words, BODY)
    signer = told(order.signer, "name") or order.ship_from.name or order.ship_from.company
    line = Box(right.x, box.y + 15.5, right.width, 0)
    image = named(asked.template, "signature")
    if image and asked.kind in SIGNED and asked.parcel.signs:
        above = Box(right.x, box.y, right.width, 15)
        place(sheet, "template.signature", image, above, bottom=True)
    sheet.across(line, line.y)
    caption = Box(right.x, line.y + 0.8, right.width, 2.7)
    sheet.text("signature", caption, both("signature", asked.language), CAPTION)
    name, day = Box(right.x, caption.bottom + 0.6, right.width, 7).split(54, 26)
    sheet.text("signer.name", name, signer, VALUE)
    sheet.text("date", day, date, replace(VALUE, align="right"))
    return y + SIGN_HIGH


def foot(sheet: Sheet, asked: PaperAsked, title: str, number: str, page: tuple[int, int]) -> None:
    """Which paper this is, and which of how many pages."""
    y = sheet.media.height_mm - FOOT + 5.0
    box = Box(SIDE, y + 1.2, sheet.media.width_mm - 2 * SIDE, 4)
    sheet.across(box, y, 0.12)
    left, right = box.split(130, 50)
    sheet.text("foot", left, f"{english(title)}  {number}", Style((2.3, 2.1, 1.9)))
    shown = f"{both('page', asked.language)} {page[0]} / {page[1]}"
    sheet.text("page", right, shown, Style((2.3, 2.1, 1.9), align="right"))
