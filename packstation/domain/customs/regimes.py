"""Which customs regime an order falls under: rows of the table ``regimes``, the first that holds.

Reference: customs, section 2.5. A row names destinations, and conditions on value, scheme, goods
and day. Where a rate is lacking no row of either side of a threshold holds, but one that says so.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec
from msgspec import Struct

from packstation.domain.customs.case import Case, Item, at_path
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.money import Worth, money_of
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Wrong
from packstation.domain.customs.pack import Condition
from packstation.domain.customs.rows import condition_holds, goes_to, held
from packstation.domain.customs.worth import gap, judged
from packstation.domain.quantities import Money

IOSS: Final = "ship_from.ioss"
# How much of a number that must not get about is shown.
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
    for raw in held(case, "regimes"):
        row = msgspec.convert(raw, Regime)
        if goes_to(case, row.to) and all(condition_holds(case, one) for one in row.when):
            return row
    return None


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
    return bool(fact(case, case.order, "collected")) and goes_to(case, ("EU_VAT", "XI"))


def _ioss_given(case: Case, _: Item) -> str | None:
    """What tells customs that it was paid through IOSS: the number, shortened, or the scheme."""
    number = at_path(case.raw, IOSS)
    if number is not None:
        return masked(str(number))
    return "ioss" if fact(case, case.order, "ioss_on") else None


def masked(number: str) -> str:
    """The beginning of a number: it must not get about."""
    return f"{number[:_SHOWN]}…"


def _sold(case: Case, _: Item) -> bool:
    """Whether somebody pays for it."""
    amounts = (money_of(at_path(case.raw, path)) for path in ("payment.total", "cod"))
    paid = str(at_path(case.raw, "payment.status") or "").lower() == "paid"
    return paid or any(one is not None and one.amount > 0 for one in amounts)


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
            return gap(beside)
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
    stay = ", ".join(dict.fromkeys(staying)) or "-"
    return (Wrong(value=names, words={"apart": names, "stay": stay}),)


def _ten_digits(value: object, _: object, __: Look) -> Found:
    digits = [one for one in str(value) if one.isdigit()]
    return HOLDS if len(digits) == 10 else (Wrong(),)


FACTS_ORDER: Final[Facts] = {
    "regime": _regime,
    "classes": _classes,
    "scheme": _scheme,
    "collected": _collected,
    "ioss_on": _ioss_on,
    "ioss_given": _ioss_given,
    "sold": _sold,
    "classified": _classified,
}
OPERATORS: Final[Operators] = {"together": _together, "ten_digits": _ten_digits}
