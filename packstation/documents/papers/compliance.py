"""Labels that a destination wants on goods: responsible person, importer, a mark in words.

Which and where are rows of the rule pack, who stands on them a site fills in (`answers`); none of
it is verified against the law's own text. Conformity marks are drawings that their owners issue:
here stands only the word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.slip import language_of
from packstation.domain.customs.compliance import Answer, answers
from packstation.domain.declaration import contents
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Label

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

_MARGIN: Final = 3.0
_TITLE: Final = Style((3.4, 3.0, 2.6, 2.2), bold=True)
_NAME: Final = Style((3.1, 2.8, 2.5, 2.12), bold=True)
_BODY: Final = Style((2.75, 2.5, 2.2, 2.12))
_SMALL: Final = Style((2.3, 2.12))
# A mark in words is at least 5 mm high: capitals of 0.714 em.
_MARK: Final = Style((7.2,), bold=True, align="right")
_MARK_WIDE: Final = 24.0
_GAP: Final = 1.2


def compliance(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """A label for each thing that the destination asks for.

    Raises DocumentError (``compliance_parties``) where nobody is entered who answers for it.
    """
    order = asked.parcel.order
    on = date.fromisoformat(asked.today or asked.parcel.date)
    found = answers(asked.tables, order.ship_to.country, order.store or "", on)
    if not found:
        raise DocumentError("error.document.missing", field="compliance_parties")
    return [_label(asked, fonts, one) for one in found]


def _label(asked: PaperAsked, fonts: Fonts, answer: Answer) -> Label:
    row, party = answer
    sheet = Sheet(asked.media, fonts)
    page = Box(0, 0, asked.media.width_mm, asked.media.height_mm).inset(_MARGIN, _MARGIN)
    wide = page.width - (_MARK_WIDE if row.mark else 0.0)
    if row.mark:
        right = Box(page.x + wide, page.y, _MARK_WIDE, 9.0)
        sheet.text("mark", right, row.mark, _MARK)
    y = _put(sheet, Box(page.x, page.y, wide, page.height), "title", _titles(asked, answer), _TITLE)
    y = max(y, page.y + 9.0) if row.mark else y
    parties = [("party", party.name, (*party.lines, party.email, party.phone))]
    if row.maker:
        sender = asked.parcel.order.ship_from
        country = wording.country_name(sender.country) if sender.country else ""
        town = " ".join(part for part in (sender.postcode, sender.city) if part.strip())
        address = (*sender.lines, town, country)
        parties.append(("ship_from", sender.company.strip() or sender.name, address))
    for role, name, rest in parties:
        y = _put(sheet, Box(page.x, y, page.width, page.bottom - y), role, (name,), _NAME, 0.0)
        y = _put(sheet, Box(page.x, y, page.width, page.bottom - y), role, rest, _BODY)
    goods = ", ".join(product.sku for _, product, _ in contents(asked.parcel))
    box = Box(page.x, y, page.width, page.bottom - y)
    sheet.text("products", box, f"{asked.parcel.order.order_id}: {goods}", _SMALL)
    return sheet.label()


def _titles(asked: PaperAsked, answer: Answer) -> tuple[str, ...]:
    """English, and the destination's language where the row has it."""
    titles = answer[0].title
    other = titles.get(language_of(asked)) or titles.get(asked.language[:2], "")
    return tuple(dict.fromkeys(one for one in (titles.get("en", ""), other) if one))


def _put(
    sheet: Sheet, box: Box, role: str, texts: Sequence[str], style: Style, gap: float = _GAP
) -> float:
    given = [one for one in texts if one.strip()]
    return box.y + sheet.text(role, box, given, style) + gap
