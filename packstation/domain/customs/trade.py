"""Terms and numbers of the papers: EORI, Incoterm, invoice, packing list, origin statement, modes.

Reference: customs, sections 2.1 to 2.5 and R27, R31 to R35, R41.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from packstation.domain.customs.borders import holding
from packstation.domain.customs.case import Case, Item, Raw, at_path
from packstation.domain.customs.contents import Content, contents, known, whole
from packstation.domain.customs.facts import Facts
from packstation.domain.customs.money import worth_of
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Said, Wrong
from packstation.domain.customs.packed import spare
from packstation.domain.customs.regimes import ANY_IOSS, IOSS, bare_ioss, masked
from packstation.domain.customs.same import Same
from packstation.domain.customs.scripts import folded, plain
from packstation.domain.customs.worth import Judged, gap, judged
from packstation.domain.origin import Statement, statements

_IOSS: Final = re.compile(ANY_IOSS)
_SIGNS: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NO_SIGNS: Final = bytes({*range(256)} - {*_SIGNS})
_SHOWN: Final = 120
_PRINTED: Final = ("note", "gift_message", "category_text", "named_place", "order_id", "store")
_PARTY: Final = ("name", "company", "city", "region", "postcode", "phone", "email", "tax_id")
_PARTY_NUMBERS: Final = ("eori", "vat", "voec")


def _printed(case: Case, _: Item) -> tuple[tuple[str, str], ...]:
    """Path and text of all that a paper or label may print."""
    found: list[tuple[str, str]] = []
    for name in (*_PRINTED, "invoice.no", "signer.name", "delivery.note"):
        _add(found, name, at_path(case.raw, name))
    for party in ("ship_from", "ship_to"):
        given = at_path(case.raw, party)
        for name in (*_PARTY, *_PARTY_NUMBERS):
            _add(found, f"{party}.{name}", at_path(given, name))
        lines = at_path(given, "lines")
        for at, text in enumerate(lines if isinstance(lines, list | tuple) else ()):
            _add(found, f"{party}.lines[{at}]", str(text))
    for line in case.lines:
        product = line.raw["product"]
        for part in ("customs", "names"):
            _leaves(found, f"products[{line.sku}].{part}", product.get(part))
    for parcel in case.parcels:
        _add(found, f"parcels[{parcel.index}].waybill", parcel.raw.get("waybill"))
    return tuple(found)


def _add(found: list[tuple[str, str]], path: str, value: object) -> None:
    if value and (text := str(value)):
        found.append((path, text))


def _leaves(found: list[tuple[str, str]], path: str, value: object) -> None:
    """Add all texts of an object."""
    if type(value) is str:
        _add(found, path, value)
    elif isinstance(value, dict):
        for name, one in value.items():
            # A text without another call: an order has hundreds.
            if type(one) is not str:
                _leaves(found, f"{path}.{name}", one)
            elif one:
                found.append((f"{path}.{name}", one))


def _no_ioss(value: Sequence[tuple[str, str]], _: object, look: Look) -> Found:
    """Holds where no text shows the order's IOSS number, or any other."""
    given = str(at_path(look.case.raw, IOSS) or "")
    own = bare_ioss(given) or _signs(given.upper())
    if not _ioss_in(plain("\n".join([folded(text) for _, text in value])).upper(), own):
        return HOLDS
    return tuple(
        Wrong(value=masked(found), field=path)
        for path, text in dict.fromkeys(value)
        if (found := _ioss_in(plain(text).upper(), own))
    )


def _ioss_in(text: str, own: str) -> str:
    match = _IOSS.search(text) if "IM" in text else None
    if match:
        return match[0]
    return own if own and own in _signs(text) else ""


def _signs(text: str) -> str:
    """Digits and capitals of a text."""
    return text.encode(errors="replace").translate(None, _NO_SIGNS).decode()


def _eori_state(case: Case, _: Item) -> str | None:
    """The letters that an exporter's EORI begins with."""
    found = at_path(case.raw, "ship_from.eori")
    return None if found is None else str(found).upper()[:2]


def _incoterm(case: Case, _: Item) -> str | None:
    found = at_path(case.raw, "incoterm")
    return None if found is None else str(found).upper()


def _ordered(case: Case) -> Counter[str]:
    return _counted(whole(case))


def _packed(case: Case) -> Counter[str] | None:
    """Pieces by SKU as the parcels say; None unless each parcel says it."""
    inside = [contents(case, parcel) for parcel in case.parcels]
    if not inside or not all(inside):
        return None
    # Of a parcel that holds something unknown nothing counts.
    return _counted([one for held in inside if known(held) for one in held])


def _counted(held: Iterable[Content]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in held:
        found[one.sku] += one.pieces or 0
    return found


def _differing(case: Case, _: Item) -> tuple[tuple[str, int, int], ...] | None:
    """SKU, pieces ordered and pieces packed, where these are not the same."""
    packed, ordered = _packed(case), _ordered(case)
    if packed is None:
        return None
    less = spare(case)
    return tuple(
        (sku, ordered.get(sku, 0), packed.get(sku, 0))
        for sku in dict.fromkeys([*ordered, *packed])
        if packed.get(sku, 0) > ordered.get(sku, 0)
        or (packed.get(sku, 0) < ordered.get(sku, 0) and not less)
    )


def _agree(value: Sequence[tuple[str, int, int]], _: object, __: Look) -> Found:
    return tuple(
        Wrong(
            value=f"{sku} x {packed}",
            allowed=f"{sku} x {ordered}",
            words={"item": sku, "packed": str(packed), "ordered": str(ordered)},
        )
        for sku, ordered, packed in value
    )


def _unused(value: object, than: object, _: Look) -> Found:
    """Holds for a number that is not in a list, capitals and blanks aside."""
    listed = than if isinstance(than, list | tuple) else ()
    used = {"".join(str(one).split()).upper() for one in listed}
    return (Wrong(),) if "".join(str(value).split()).upper() in used else HOLDS


def _day_until_today(value: object, _: object, look: Look) -> Found:
    """Holds for a day (ISO 8601) that is not to come."""
    today = look.case.today
    try:
        held_on = date.fromisoformat(str(value)) <= today
    except ValueError:
        held_on = False
    return HOLDS if held_on else (Wrong(allowed=Said("day.until", {"day": today.isoformat()})),)


def _day_from_today(value: object, _: object, look: Look) -> Found:
    """Holds for a day (ISO 8601) that is not over."""
    today = look.case.today
    try:
        held_on = date.fromisoformat(str(value)) >= today
    except ValueError:
        held_on = False
    return HOLDS if held_on else (Wrong(allowed=Said("day.from", {"day": today.isoformat()})),)


def _statement(case: Case) -> Statement | None:
    """The agreement that the order names."""
    asked = at_path(case.raw, "origin_statement.agreement")
    rows = _rows(Same(case.pack.tables), case.today)
    return next((row for row in rows if row.agreement == asked), None)


@lru_cache(maxsize=4)
def _rows(tables: Same[Mapping[str, Sequence[Raw]]], on: date) -> tuple[Statement, ...]:
    return statements(tuple(holding(tables.value, "statements", on)))


def originating(case: Case) -> tuple[Item, ...]:
    """Lines that an origin statement may speak of: the agreement covers them."""
    row, there = _statement(case), str(at_path(case.raw, "ship_to.country"))
    return tuple(
        line for line in case.lines if row is not None and row.covers(_origin(line), there)
    )


def _origin(line: Item) -> str:
    return str(at_path(line.raw, "product.customs.origin"))


def _listed(case: Case, _: Item) -> bool | None:
    """Whether the pair of origin and destination has a statement; None where none is asked for."""
    if at_path(case.raw, "origin_statement.agreement") is None:
        return None
    return bool(originating(case))


def _lacking(case: Case, item: Item) -> str | None:
    """What a statement still wants before it can be printed: wording, criterion; "" for nothing."""
    row = _statement(case)
    if row is None or not _listed(case, item):
        return None
    if not row.texts.get("en"):
        return "wording"
    given = at_path(case.raw, "origin_statement.criterion")
    return "criterion" if row.criterion and given is None else ""


def _beside_limit(case: Case) -> Judged | None:
    """The originating goods beside the value from which a REX number is needed."""
    row, worth = _statement(case), worth_of(case, originating(case))
    if row is None or row.limit is None or worth is None:
        return None
    return judged(case, worth, row.limit)


def _rex_due(case: Case, _: Item) -> bool | None:
    """Whether the originating goods are worth more than anyone may state without a REX number."""
    found = _beside_limit(case)
    if found is None or found.amount is None or found.old:
        return None
    return found.amount > Fraction(found.limit.amount)


def _rex_rate(_: object, __: object, look: Look) -> Found:
    """Holds where the limit for a REX number can be judged."""
    found = _beside_limit(look.case)
    return HOLDS if found is None or found.known else (gap(found),)


def _unstated(case: Case, item: Item) -> str | None:
    """Origins of goods for which a statement is asked and none is known."""
    if _listed(case, item) is not False:
        return None
    return " ".join(dict.fromkeys(_origin(line) for line in case.lines)) or "-"


def _stated(value: object, than: object, look: Look) -> Found:
    """Holds unless ``value`` is what lacks of a statement (``than``), or names origins (None)."""
    if than not in {None, value}:
        return HOLDS
    field = "criterion" if than == "criterion" else "agreement"
    given = " ".join(str(at_path(look.case.raw, f"origin_statement.{field}") or "").split())
    return (Wrong(value=given[:_SHOWN], words={"origins": str(value)}),)


def _mode(case: Case, _: Item) -> str | None:
    found: Any = at_path(case.raw, "cn_export_mode")
    return None if found is None else str(found)


FACTS_ORDER: Final[Facts] = {
    "printed_texts": _printed,
    "eori_state": _eori_state,
    "incoterm_code": _incoterm,
    "packed_differs": _differing,
    "statement_listed": _listed,
    "statement_lacks": _lacking,
    "rex_due": _rex_due,
    "unstated_origins": _unstated,
    "export_mode": _mode,
}
OPERATORS: Final[Operators] = {
    "free_of_ioss": _no_ioss,
    "none_differs": _agree,
    "unused": _unused,
    "until_today": _day_until_today,
    "from_today": _day_from_today,
    "rex_judged": _rex_rate,
    "stated": _stated,
}
