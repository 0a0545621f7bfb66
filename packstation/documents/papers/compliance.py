"""Labels that a destination wants on goods: responsible person, importer, a mark in words.

Which and where are rows of the rule pack, who stands on them a site fills in (`answers`); none of
it is verified against the law's own text. Conformity marks are drawings that their owners issue: of
EAC here is one after its description (`eac`), of others stands only the word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style, least_size, wrap
from packstation.documents.papers import wording
from packstation.documents.papers.eac import eac_mark
from packstation.documents.papers.slip import language_of
from packstation.domain.customs.compliance import Answer, answers
from packstation.domain.declaration import contents
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import LEADING, Label

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
_DRAWN: Final = {"EAC": eac_mark}
_GAP: Final = 1.2
# Room that "(99/99)" takes while it is not known how many labels there are.
_MOST: Final = 99
_MANY: Final = (None,) * _MOST


def compliance(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """A label for each thing that the destination asks for, or several where goods are many.

    Raises DocumentError (``compliance_parties``) where nobody is entered who answers for it.
    """
    order = asked.parcel.order
    on = date.fromisoformat(asked.today or asked.parcel.date)
    found = answers(asked.tables, order.ship_to.country, order.store or "", on)
    if not found:
        raise DocumentError("error.document.missing", field="compliance_parties")
    return [label for one in found for label in _labels(asked, fonts, one)]


def _labels(asked: PaperAsked, fonts: Fonts, answer: Answer) -> list[Label]:
    """The goods' numbers on as many labels as they need, each of them whole."""
    sheet, box = _named(asked, fonts, answer)
    goods = [sheet.words(product.sku, "products") for _, product, _ in contents(asked.parcel)]
    parts = _parts(sheet, box, asked.parcel.order.order_id, goods)
    labels = []
    for at, part in enumerate(parts, start=1):
        sheet, box = _named(asked, fonts, answer)
        sheet.text("products", box, _numbered(asked.parcel.order.order_id, part, at, parts), _SMALL)
        labels.append(sheet.label())
    return labels


def _numbered(
    order_id: str, goods: Sequence[str], at: int = _MOST, parts: Sequence[object] = _MANY
) -> str:
    """The goods of a label after the order's number; which of how many where there are more."""
    which = f" ({at}/{len(parts)})" if len(parts) > 1 else ""
    return f"{order_id}{which}: {', '.join(goods)}"


def _parts(sheet: Sheet, box: Box, order_id: str, goods: Sequence[str]) -> list[list[str]]:
    """Goods label by label; FormOverflow (``products``) where a label holds not even one."""
    if _fit(sheet, box, _numbered(order_id, goods, 1, ())):
        return [list(goods)]
    parts: list[list[str]] = [[]]
    for sku in goods:
        if not _fit(sheet, box, _numbered(order_id, [*parts[-1], sku])):
            if not parts[-1] or not _fit(sheet, box, _numbered(order_id, [sku])):
                raise FormOverflow(field="products", limit=int(box.height / _SMALL.sizes[-1]))
            parts.append([])
        parts[-1].append(sku)
    return parts


def _fit(sheet: Sheet, box: Box, text: str) -> bool:
    """Whether a text finds room in its smallest size."""
    size = max(_SMALL.sizes[-1], least_size([text], sheet.media.dpi))
    lines = wrap(sheet.words(text, "products"), box.width, size, sheet.fonts)
    return len(lines) * size * LEADING <= box.height + 1e-6


def _named(asked: PaperAsked, fonts: Fonts, answer: Answer) -> tuple[Sheet, Box]:
    """A label with who answers for the goods, and the room left for their numbers."""
    row, party = answer
    sheet = Sheet(asked.media, fonts)
    page = Box(0, 0, asked.media.width_mm, asked.media.height_mm).inset(_MARGIN, _MARGIN)
    wide = page.width - (_MARK_WIDE if row.mark else 0.0)
    if row.mark:
        right = Box(page.x + wide, page.y, _MARK_WIDE, 9.0)
        if row.mark in _DRAWN:
            sheet.elements += _DRAWN[row.mark](right)
        else:
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
    return sheet, Box(page.x, y, page.width, page.bottom - y)


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
