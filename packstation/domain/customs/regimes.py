"""Which customs regime an order falls under: rows of the table ``regimes``, the first that holds.

Reference: customs, section 2.5. A row names destinations, and conditions on value, scheme, goods
and day. Where a rate is lacking no row of either side of a threshold holds, but one that says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.customs.borders import holding
from packstation.domain.customs.case import Case, Item, Raw, at_path
from packstation.domain.customs.evaluate import condition_holds
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.hs import read_hs
from packstation.domain.customs.money import Worth, money_of
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Wrong
from packstation.domain.customs.pack import Condition
from packstation.domain.customs.rows import goes_to
from packstation.domain.customs.same import Same
from packstation.domain.customs.scripts import plain
from packstation.domain.customs.worth import gap, judged
from packstation.domain.quantities import Money
from packstation.first_use import shaped

IOSS: Final = "ship_from.ioss"
# How much of a number that must not get about is shown.
# IM and ten digits, written together or in groups (reference: customs, 2.4).
ANY_IOSS: Final = r"(?<![0-9A-Z])IM[\s.\-]?(?:[0-9][\s.\-]?){9}[0-9](?![0-9])"
_BETWEEN: Final = r"[\W_]*"
_TEN: Final = 10
_NO_DIGITS: Final = bytes({*range(256)} - {*b"0123456789"})
_SHOWN: Final = 5


class Regime(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of ``regimes``."""

    id: str
    to: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    verified: bool = False


def regime_of(case: Case) -> Regime | None:
    """The regime today, None where no row is for this order."""
    rows = _rows(Same(case.pack.tables), case.today)
    return next((row for row in rows if goes_to(case, row.to) and _meant(case, row)), None)


def _meant(case: Case, row: Regime) -> bool:
    return all(condition_holds(case, one) for one in row.when)


@lru_cache(maxsize=4)
def _rows(tables: Same[Mapping[str, Sequence[Raw]]], on: date) -> tuple[Regime, ...]:
    return tuple(shaped(row, Regime) for row in holding(tables.value, "regimes", on))


def _regime(case: Case, _: Item) -> str | None:
    found = regime_of(case)
    return None if found is None else found.id


def _classes(case: Case, _: Item) -> tuple[str, ...]:
    """Classes of all goods."""
    found = [at_path(line.raw, "product.goods.classes") for line in case.lines]
    listed = (one for one in found if isinstance(one, list | tuple))
    return tuple(dict.fromkeys(str(name) for names in listed for name in names))


def _scheme(case: Case, _: Item) -> str:
    """``tax_scheme`` in small letters, "" where the buyer pays at the border."""
    return str(at_path(case.raw, "tax_scheme") or "").lower()


def _collected(case: Case, _: Item) -> bool:
    """Whether the marketplace has collected the tax."""
    return at_path(case.raw, "marketplace_collects") is True


def _ioss_on(case: Case, _: Item) -> bool:
    """Whether the tax is paid through IOSS: by the seller, or by the marketplace in the EU."""
    if fact(case, case.order, "scheme"):
        return bool(fact(case, case.order, "scheme") == "ioss")
    return bool(fact(case, case.order, "collected")) and _ioss_place(case)


def _ioss_place(case: Case) -> bool:
    """Whether IOSS is known at the destination: a place of the list ``ioss_places``."""
    places = case.pack.lists.get("ioss_places", ())
    return bool(places) and goes_to(case, places)


def _ioss_given(case: Case, _: Item) -> str | None:
    """What tells customs that it was paid through IOSS: the number, shortened, or the scheme."""
    number = at_path(case.raw, IOSS)
    if number is not None:
        return masked(str(number))
    return "ioss" if fact(case, case.order, "ioss_on") else None


def bare_ioss(number: str) -> str:
    """The digits of an IOSS number, by which it is known without its letters too; else "".

    Fewer than ten would be found by chance.
    """
    digits = "".join(one for one in plain(number) if one in "0123456789")
    return digits if len(digits) >= _TEN else ""


def without_ioss(text: str, number: object) -> str:
    """``text`` with each IOSS number in it shortened, ``number`` also without its letters."""
    read = plain(text)
    if len(read.encode("ascii", "ignore").translate(None, _NO_DIGITS)) < _TEN:
        return text  # nearly every text: there is no number in it
    own = bare_ioss(number) if isinstance(number, str) else ""
    for pattern in (ANY_IOSS, *((_BETWEEN.join(own),) if own else ())):
        read = re.sub(pattern, lambda one: masked(one[0]), read, flags=re.IGNORECASE)
    return text if read == plain(text) else read


def masked(number: str) -> str:
    """The beginning of a number: it must not get about."""
    return f"{number[:_SHOWN]}…"


def _sold(case: Case, _: Item) -> bool:
    """Whether somebody pays for it."""
    amounts = (money_of(at_path(case.raw, path)) for path in ("payment.total", "cod"))
    paid = str(at_path(case.raw, "payment.status") or "").lower() == "paid"
    return paid or any(one is not None and one.amount > 0 for one in amounts)


def _gst_number(case: Case, _: Item) -> object:
    """The sender's number for GST: Australia's ABN or ARN, New Zealand's IRD number."""
    return at_path(case.raw, "ship_from.vat") or at_path(case.raw, "ship_from.tax_id")


def _classified(case: Case, _: Item) -> bool:
    """Whether the carrier finds the tariff numbers (option ``classify``)."""
    options = case.raw.get("options")
    return isinstance(options, list | tuple) and "classify" in options


def _apart(case: Case, limit: Money, refused: tuple[str, ...]) -> tuple[str, ...] | Wrong:
    """SKUs of lines that cannot go under a scheme for single cheap goods; or a lacking rate."""
    found = []
    for line in case.lines:
        worth: Worth | None = fact(case, line, "unit_worth")
        beside = None if worth is None else judged(case, worth, limit)
        if beside is not None and not beside.known:
            return replace(gap(beside), says="rate.limit")
        dear = beside is not None and (beside.amount or 0) > limit.amount
        classes = at_path(line.raw, "product.goods.classes")
        listed = classes if isinstance(classes, list | tuple) else ()
        if dear or {*refused} & {str(one) for one in listed}:
            found.append(line.sku)
    return tuple(dict.fromkeys(found))


def _together(_: object, than: Money, look: Look) -> Found:
    """Holds where all lines may go in one parcel under VOEC: each thing cheap, none refused.

    Names which lines go apart (``apart``) and which stay (``stay``).
    """
    refused = look.case.pack.lists.get("voec_refused", ())
    apart = _apart(look.case, than, refused)
    if isinstance(apart, Wrong):
        return (apart,)
    if not apart:
        return HOLDS
    names = ", ".join(apart)
    staying = (line.sku for line in look.case.lines if line.sku not in apart)
    stay = ", ".join(dict.fromkeys(staying))
    says = "" if stay else "voec.all"
    return (Wrong(value=names, words={"apart": names, "stay": stay}, says=says),)


def _hs_digits(value: object, than: int, _: Look) -> Found:
    """A tariff number of so many digits."""
    code = read_hs(value)
    return HOLDS if code is not None and len(code.digits) == than else (Wrong(),)


FACTS_ORDER: Final[Facts] = {
    "regime": _regime,
    "classes": _classes,
    "scheme": _scheme,
    "collected": _collected,
    "ioss_on": _ioss_on,
    "ioss_given": _ioss_given,
    "sold": _sold,
    "classified": _classified,
    "gst_number": _gst_number,
}
OPERATORS: Final[Operators] = {"together": _together, "digits_of_hs": _hs_digits}
