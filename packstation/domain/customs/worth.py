"""Thresholds of the law: what goods are worth in the threshold's currency, by dated rates.

Reference: customs, sections 1.1 and 2.8. Nothing is rounded before it is compared. Where a rate
is needed, how old it is decides how near the line it may judge: figures ``rate_days`` and
``rate_band_percent``; one older than ``rate_days_old`` judges nothing. What cannot be judged is a
gap, named with field ``rates``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from msgspec import Struct

from packstation.domain.customs.case import Case, Key
from packstation.domain.customs.money import Worth, shown, told
from packstation.domain.customs.operators import (
    HOLDS,
    Found,
    Look,
    Operator,
    Operators,
    Said,
    Wrong,
)
from packstation.domain.customs.rates import Way, way_of
from packstation.domain.quantities import Money

RATES: Final = "rates"


class Judged(Struct, frozen=True):
    """Goods beside a threshold, in its currency.

    ``amount`` is None where a rate is absent (``lacking``: from, to) or far too old; ``way`` that
    of the oldest rate used, None where none was; ``old``: too old to judge so near the line.
    """

    amount: Fraction | None
    limit: Money
    way: Way | None = None
    lacking: tuple[str, str] = ("", "")
    old: bool = False

    @property
    def known(self) -> bool:
        """Whether it may be compared."""
        return self.amount is not None and not self.old


def figure(case: Case, name: str) -> Fraction | None:
    """A number of the pack today."""
    key: Key = ("figure", name)
    if key not in case.known:
        found = case.figure(name)
        exact = None if found is None or found.value is None else Fraction(found.value)
        case.known[key] = exact
    told_once: Fraction | None = case.known[key]
    return told_once


def limit(case: Case, name: str) -> Money | None:
    """An amount of the pack today."""
    found = case.figure(name)
    return None if found is None else found.money


def judged(case: Case, worth: Worth, line: Money) -> Judged:
    """Goods beside ``line``."""
    amount, oldest = Fraction(0), None
    days = int(figure(case, "rate_days") or 0)
    for currency, part in worth.items():
        if currency == line.currency:
            amount += part
            continue
        way = way_of(case, currency, line.currency, days)
        if way is None:
            return Judged(None, line, lacking=(currency, line.currency))
        if (case.today - way.on).days > (figure(case, "rate_days_old") or days):
            return Judged(None, line, way, old=True)
        amount += part * way.rate
        oldest = way if oldest is None else min(oldest, way, key=lambda one: one.on)
    return Judged(amount, line, oldest, old=_too_old(case, amount, line, oldest))


def _too_old(case: Case, amount: Fraction, line: Money, way: Way | None) -> bool:
    """Whether the rate is older than allowed, and the amount so near that it might matter."""
    if way is None:
        return False
    age = (case.today - way.on).days
    if age <= (figure(case, "rate_days") or 0):
        return False
    return near(amount, line, figure(case, "rate_band_percent"))


def near(amount: Fraction, line: Money, percent: Fraction | None) -> bool:
    """Whether an amount lies within so many per cent of a line, the edges included."""
    far = Fraction(line.amount) * (100 if percent is None else percent) / 100
    return abs(amount - Fraction(line.amount)) <= far


def gap(found: Judged) -> Wrong:
    """The finding for a rate that is absent or too old."""
    pair = "-".join(found.lacking if found.way is None else found.way.path)
    value = "" if found.way is None else str(found.way)
    return Wrong(
        value=value,
        allowed=Said("rate.newer", {"pair": pair}),
        field=RATES,
        words={"pair": pair, "limit": shown(found.limit)},
    )


def comparing(test: Callable[[Fraction, Fraction], bool]) -> Operator:
    """An operator for what goods are worth (`Worth`) and a threshold (`Money`)."""

    def operator(value: Worth, than: Money, look: Look) -> Found:
        found = judged(look.case, value, than)
        if found.amount is None or found.old:
            return (gap(found),)
        if test(found.amount, Fraction(than.amount)):
            return HOLDS
        amount = f"{told(found.amount)} {than.currency}"
        return (Wrong(value=amount, allowed=shown(than), words={"amount": amount}),)

    return operator


def _known(value: Worth, than: Money, look: Look) -> Found:
    found = judged(look.case, value, than)
    return HOLDS if found.known else (gap(found),)


def clearly_below(case: Case, worth: Worth, line: Money) -> bool:
    """Whether goods stay under a line by more than the band around it, whatever the rate's age.

    For a line in another currency than the goods' (SDR always): inside the band nobody can say.
    """
    found = judged(case, worth, line)
    if found.amount is None or found.old:
        return False
    band = figure(case, "rate_band_percent")
    inside = found.way is not None and near(found.amount, line, band)
    return found.amount < Fraction(line.amount) and not inside


def _clearly_below(value: Worth, than: Money, look: Look) -> Found:
    return HOLDS if clearly_below(look.case, value, than) else (Wrong(),)


OPERATORS: Final[Operators] = {
    "worth_le": comparing(lambda amount, line: amount <= line),
    "worth_gt": comparing(lambda amount, line: amount > line),
    "worth_known": _known,
    "worth_clearly_lt": _clearly_below,
}
