"""When a photo is due and how long a film is kept: rows, not branches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from msgspec import Struct

from packstation.domain.quantities import Money

# Without a rule a film of a cheap order goes after a month, of a dear one after half a year: the
# time in which buyers and carriers dispute.
KEEP_DAYS: Final = 30


class PhotoRule(Struct, frozen=True, kw_only=True):
    """A photo where all that is given fits; ``why`` names the rule in the fact and on screen.

    ``value`` and more in its currency; ``countries`` of destination; ``classes`` of goods or the
    tracking words serial and lot; every ``nth`` parcel of the bench's day. ``must``: without
    the photo the parcel stops.
    """

    why: str
    value: Money | None = None
    countries: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    nth: int = 0
    must: bool = False


class KeepRule(Struct, frozen=True, kw_only=True):
    """Films of orders worth ``value`` and more are kept ``days``."""

    value: Money
    days: int


class VideoRule(Struct, frozen=True, kw_only=True):
    """Films: whether they are on until a supervisor switches, and how they are made.

    ``before_s`` seconds are kept from before an order is opened; ``library`` is the path of an
    encoder's library, "" finds the system's.
    """

    on: bool = True
    fps: int = 12
    kbit: int = 1200
    before_s: int = 5
    library: str = ""


class EvidenceRules(Struct, frozen=True, kw_only=True):
    """The site's rules; the first photo rule that fits counts, one that must before all others."""

    photos: tuple[PhotoRule, ...] = ()
    keep: tuple[KeepRule, ...] = ()
    keep_days: int = KEEP_DAYS
    video: VideoRule | None = None


class Subject(Struct, frozen=True, kw_only=True):
    """What the rules look at: no name, no street."""

    value: Money | None = None
    country: str = ""
    classes: frozenset[str] = frozenset()
    ordinal: int = 1


def photo_due(rules: EvidenceRules, subject: Subject) -> PhotoRule | None:
    """The rule that wants a photo of this parcel, None where none does."""
    fitting = [rule for rule in rules.photos if _fits(rule, subject)]
    return next((rule for rule in fitting if rule.must), fitting[0] if fitting else None)


def _fits(rule: PhotoRule, subject: Subject) -> bool:
    asked: tuple[tuple[bool, Callable[[], bool]], ...] = (
        (rule.value is not None, lambda: _worth(subject.value, rule.value)),
        (bool(rule.countries), lambda: subject.country in rule.countries),
        (bool(rule.classes), lambda: bool(subject.classes & set(rule.classes))),
        (rule.nth > 0, lambda: subject.ordinal % rule.nth == 0),
    )
    given = [fits for is_given, fits in asked if is_given]
    # A row that asks for nothing would photograph all; every 1st says that in so many words.
    return bool(given) and all(fits() for fits in given)


def _worth(value: Money | None, least: Money | None) -> bool:
    """Two currencies are never compared: what cannot be judged is photographed."""
    if value is None or least is None:
        return False
    return value.currency != least.currency or value.amount >= least.amount


def keep_days(rules: EvidenceRules, value: Money | None) -> int:
    """How long the film of an order is kept: the longest that any rule says."""
    return max((rules.keep_days, *_days(rules.keep, value)))


def _days(rules: Iterable[KeepRule], value: Money | None) -> Iterable[int]:
    return (rule.days for rule in rules if _worth(value, rule.value))


def order_value(total: Money | None, lines: Iterable[tuple[Money | None, int]]) -> Money | None:
    """What an order is worth: its total as paid, else its lines' prices of one currency."""
    if total is not None:
        return total
    priced = [(price, units) for price, units in lines if price is not None]
    if not priced or len({price.currency for price, _ in priced}) != 1:
        return None
    amount = sum((price.amount * units for price, units in priced), Decimal(0))
    return Money(amount, priced[0][0].currency)
