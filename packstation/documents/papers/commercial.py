"""What all commercial papers share: head, terms, parties, signature and foot of their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.commercial_words import both, english, second
from packstation.documents.papers.form import in_both
from packstation.documents.papers.letterhead import letterhead
from packstation.documents.papers.tables import CAPTION, SIDE, TOP
from packstation.documents.papers.words import spoken
from packstation.domain.errors import DocumentError
from packstation.domain.labels import BASELINE, LEADING, Media, ParcelPapers
from packstation.domain.orders import Address, Order
from packstation.domain.quantities import Money, minor_units
from packstation.first_use import shaped

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

VALUE: Final = Style((2.9, 2.6, 2.4, 2.2, 2.12), bold=True)
BODY: Final = Style((2.75, 2.6, 2.4, 2.2, 2.12))
_FINE_DPI: Final = 300
_HEAD_HIGH: Final = 30.0
# The largest first line of a letterhead.
_LETTERHEAD_EM: Final = 4.4
_PARTY_HIGH: Final = 46.0
_TERM_HIGH: Final = 8.4
# What a party may be known by; a scheme's number for postal VAT is never printed (IOSS).
_IDS: Final = (
    ("EORI", "eori"),
    ("VAT", "vat"),
    ("Tax ID", "tax_id"),
    ("VOEC", "voec"),
    ("Customs code", "customs_code"),
    ("USCC", "uscc"),
)

Term = tuple[str, str, str]


class Named(Struct, frozen=True):
    """A party: its caption, its path, who and where, the city in Latin letters."""

    key: str
    role: str
    address: Address
    latin: str = ""


def sheet_of(media: Media) -> Media:
    """The paper of a sheet printer, whose dots are fine enough for small Han characters."""
    return replace(media, dpi=max(media.dpi, _FINE_DPI))


def told(document: Mapping[str, Any] | None, name: str) -> str:
    """A text or number of a loose part of an order, "" for anything else."""
    value = (document or {}).get(name)
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() if plain else ""


def missing(field: str) -> DocumentError:
    """What is needed and not known."""
    return DocumentError("error.document.missing", field=field)


def first_head(sheet: Sheet, asked: PaperAsked, title: str) -> float:
    """Letterhead at the left, the paper's title at the right; answers where to go on."""
    media = sheet.media
    box = Box(SIDE, TOP, media.width_mm - 2 * SIDE, _HEAD_HIGH)
    left, right = box.split(112, 68)
    sender = asked.parcel.order.ship_from
    fallback = (sender.company.strip() or sender.name,)
    low = letterhead(
        sheet, Box(left.x, left.y, left.width - 4, left.height), asked.template, fallback
    )
    style = Style((5.4, 4.8, 4.2, 3.8, 3.4), bold=True, align="right")
    probe = Sheet(media, sheet.fonts)
    size = probe.text("title", Box(0, 0, right.width, 8.2), english(title), style) / LEADING
    # On the base line of the letterhead's first line.
    drop = max(-1.0, (_LETTERHEAD_EM - size) * BASELINE)
    one_line = Box(right.x, right.y + drop, right.width, 8.2)
    high = drop + sheet.text("title", one_line, english(title), style)
    under = Box(right.x, right.y + high + 0.6, right.width, 10)
    other = [second(title, asked.language)] if second(title, asked.language) else []
    high += 0.6 + sheet.text("title", under, other, Style((3.1, 2.8, 2.5), align="right"))
    if asked.parcel.training:
        at = Box(right.x, right.y + high + 0.6, right.width, 6)
        style = Style((3.4,), bold=True, align="right")
        high += 0.6 + sheet.text("training", at, wording.TRAINING, style)
    y = max(low, right.y + high) + 3.0
    sheet.across(box, y, 0.6)
    return y + 0.6


def further_head(sheet: Sheet, asked: PaperAsked, title: str, number: str) -> float:
    """One line at the top of the pages after the first."""
    box = Box(SIDE, TOP, sheet.media.width_mm - 2 * SIDE, 5)
    left, right = box.split(112, 68)
    sizes = (2.9, 2.5, 2.2, 2.05)
    sheet.text("title", left, both(title, asked.language), Style(sizes, bold=True))
    sheet.text("number", right, number, Style(sizes, align="right"))
    return TOP + 7.0


def terms(sheet: Sheet, y: float, given: Sequence[Term], language: str) -> float:
    """Captions with their values, four in a row; what is not known is left out.

    Answers where to go on.
    """
    given = [term for term in given if term[2]]
    for row in range(0, len(given), 4):
        box = Box(SIDE, y + 1.6, sheet.media.width_mm - 2 * SIDE, _TERM_HIGH)
        for column, (key, role, value) in zip(
            box.split(1, 1, 1, 1), given[row : row + 4], strict=False
        ):
            wide = column.width - 2.5
            used = sheet.text(
                "caption", Box(column.x, column.y, wide, 2.7), both(key, language), CAPTION
            )
            room = Box(column.x, column.y + used + 0.2, wide, _TERM_HIGH - used)
            sheet.text(role, room, value, VALUE)
        y += _TERM_HIGH + 1.6
    return y + 0.6


def parties(sheet: Sheet, y: float, papers: ParcelPapers, language: str) -> float:
    """Shipper, consignee and, where it is another, the buyer; answers where to go on."""
    order = papers.order
    listed = [("shipper", "ship_from", order.ship_from), ("consignee", "ship_to", order.ship_to)]
    buyer = sold_to(order)
    if buyer is not None:
        listed.append(("sold_to", "buyer", buyer))
    box = Box(SIDE, y, sheet.media.width_mm - 2 * SIDE, _PARTY_HIGH)
    sheet.across(box, y)
    lowest = y
    for column, (key, role, address) in zip(box.split(*[1] * len(listed)), listed, strict=True):
        inside = Box(column.x, y + 1.8, column.width - 4.0, _PARTY_HIGH)
        latin = papers.latin if role == "ship_to" else ""
        named = Named(key, role, address, latin)
        lowest = max(lowest, _party(sheet, inside, named, language))
    return lowest + 2.6


def _party(sheet: Sheet, box: Box, named: Named, language: str) -> float:
    role, address = named.role, named.address
    top = Box(box.x, box.y, box.width, 2.8)
    used = sheet.text("caption", top, both(named.key, language), CAPTION) + 0.5
    name, *company = [one for one in (address.name, address.company) if one.strip()] or [""]
    if not name:
        raise missing(f"{role}.name")
    used += sheet.text(
        f"{role}.name", _below(box, used), name, Style((3.1, 2.8, 2.5, 2.2), bold=True)
    )
    town = " ".join(one for one in (address.postcode, address.city) if one.strip())
    town = in_both(town, named.latin)
    place_ = ", ".join(one for one in (town, address.region) if one.strip())
    country = wording.country_name(address.country) if address.country else ""
    used += sheet.text(role, _below(box, used), [*company, *address.lines, place_, country], BODY)
    contact = [f"{english('phone')} {address.phone}"] if address.phone.strip() else []
    known = [f"{label}: {value}" for label, field in _IDS if (value := getattr(address, field))]
    more = [*contact, *([address.email] if address.email.strip() else []), *known]
    used += 0.6 + sheet.text(role, _below(box, used + 0.6), more, Style((2.4, 2.2, 2.12)))
    return box.y + used


def _below(box: Box, used: float) -> Box:
    return Box(box.x, box.y + used, box.width, box.height - used)


def sold_to(order: Order) -> Address | None:
    """The buyer's own address where the order names one that is not the consignee's."""
    given = {**(order.buyer or {})}
    try:
        buyer = shaped(
            {name: value for name, value in given.items() if name in Address.__struct_fields__},
            Address,
        )
    except msgspec.ValidationError as exc:
        raise DocumentError("error.document.missing", field="buyer", cause=str(exc)) from exc
    named = buyer.name.strip() or buyer.company.strip()
    return buyer if named and buyer.country and buyer != order.ship_to else None


def reason(order: Order, language: str) -> str:
    """Why the goods leave, by the category of the declaration."""
    explained = (order.category_text or "").strip()
    word = both(order.category, language)
    return f"{word}: {explained}" if order.category == "other" and explained else word


def delivery_term(order: Order) -> str:
    """The Incoterm with its named place; "" where there is none."""
    return " ".join(
        part for part in ((order.incoterm or "").strip(), (order.named_place or "").strip()) if part
    )


def waybills(numbers: Sequence[str]) -> str:
    """One number, or how many there are more."""
    known = [number for number in dict.fromkeys(numbers) if number]
    shown = known[0] if known else ""
    return f"{shown} + {len(known) - 1}" if len(known) > 1 else shown


def translated(text: str, others: Mapping[str, str], language: str) -> tuple[str, ...]:
    """A description in the destination's language in brackets, () where it is not known."""
    other = spoken(others, language)
    return (f"({other})",) if other and other not in text else ()


def decimals(amounts: Sequence[Money]) -> int:
    """Digits after the point that show all of ``amounts`` exactly, at least the currency's own."""
    least = max((minor_units(one.currency) for one in amounts), default=0)
    used = (-int(one.amount.normalize().as_tuple().exponent) for one in amounts)
    return max([least, *used])


def figure(money: Money, digits: int | None = None) -> str:
    """An amount with its currency's decimals, or so many; no signs between thousands."""
    return f"{money.amount:.{minor_units(money.currency) if digits is None else digits}f}"


def centimetres(size_mm: Sequence[int]) -> str:
    """Sides in centimetres with one decimal: 30.0 x 20.5 x 12.0."""
    return " x ".join(f"{side // 10}.{side % 10}" for side in size_mm)
