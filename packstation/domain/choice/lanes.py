"""How often parcels of a lane were late, lost or trouble: counts that fade, shrunk to their parent.

A lane is carrier, service, country, weight class. What was seen there counts half after 30 days;
where little was seen, its parent's figure (the service, the carrier, all) stands in:
p = (bad + m * p_parent) / (n + m), m = 30 (reference: carriers, section 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0, le=10_000_000)]
WeightClass = Literal["", "to_500g", "to_2kg", "to_10kg", "over_10kg"]

_CLASSES: Final[tuple[tuple[int, WeightClass], ...]] = (
    (500, "to_500g"),
    (2_000, "to_2kg"),
    (10_000, "to_10kg"),
)
# How much a parent's figure weighs, in parcels; days after which a count weighs half.
SHRINK: Final = 30
HALF_LIFE: Final = 30
_DIGITS: Final = 9
_UNIT: Final = 10**_DIGITS

Key = tuple[str, ...]


class LaneRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the parcels ``sent`` up to the day ``on`` on a lane; "" stands for all.

    ``late``: delivered after the promise or overdue, ``exceptions``: with trouble on the way.
    """

    carrier: Annotated[str, Meta(min_length=1, max_length=64)]
    service: Annotated[str, Meta(max_length=64)] = ""
    country: Annotated[str, Meta(pattern=r"^([A-Z]{2})?(?!\n)$")] = ""
    weight: WeightClass = ""
    on: date
    sent: Count
    late: Count = 0
    lost: Count = 0
    exceptions: Count = 0

    def __post_init__(self) -> None:
        """No more can be late, lost or trouble than were sent; no country without a service."""
        for name in ("late", "lost", "exceptions"):
            if getattr(self, name) > self.sent:
                raise ValueError(f"{name}: at most as many as were sent is allowed")
        levels = (self.service, self.country, self.weight)
        if any(after and not before for before, after in pairwise(levels)):
            raise ValueError("service: one for a country, a country for a weight is allowed")

    @property
    def key(self) -> Key:
        """Its lane, without what stands for all."""
        parts = (self.carrier, self.service, self.country, self.weight)
        return tuple(part for part in parts if part)


class Lanes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """packstation.lanes/1."""

    schema: Literal["packstation.lanes/1"] = "packstation.lanes/1"
    lanes: Annotated[tuple[LaneRow, ...], Meta(max_length=50_000)] = ()


class Prior(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is taken for any lane before anything was seen: shares from 0 to 1."""

    late: Decimal = Decimal("0.05")
    lost: Decimal = Decimal("0.005")
    exception: Decimal = Decimal("0.02")

    def __post_init__(self) -> None:
        """A share is from 0 to 1."""
        for name in ("late", "lost", "exception"):
            share = getattr(self, name)
            if not share.is_finite() or not 0 <= share <= 1:
                raise ValueError(f"{name}: a share from 0 to 1 is allowed")


class Chances(Struct, frozen=True):
    """Probabilities on one lane; ``seen`` parcels of its own stand behind them, faded."""

    late: Fraction
    lost: Fraction
    exception: Fraction
    seen: Fraction = Fraction(0)


class _Sum(Struct, gc=False):
    """Faded counts in whole numbers, a parcel of today is `_UNIT`."""

    sent: int = 0
    late: int = 0
    lost: int = 0
    exceptions: int = 0


def weight_class(grams: int) -> WeightClass:
    """The class of a weight, its upper bound included."""
    return next((name for most, name in _CLASSES if grams <= most), "over_10kg")


def faded(days: int) -> int:
    """What a count of so many days ago weighs now, in parts of `_UNIT`: half after `HALF_LIFE`."""
    with localcontext(prec=_DIGITS * 2):
        weight = Decimal("0.5") ** (Decimal(max(days, 0)) / HALF_LIFE)
        return int(weight.scaleb(_DIGITS).quantize(Decimal(1)))


class LaneBook:
    """Counts of all lanes on a day; each lane's count for its parents too."""

    def __init__(self, rows: Iterable[LaneRow], today: date, prior: Prior | None = None) -> None:
        self._prior = prior or Prior()
        self._sums: dict[Key, _Sum] = {}
        self._known: dict[Key, Chances] = {}
        weights: dict[date, int] = {}
        for row in rows:
            if row.on not in weights:
                weights[row.on] = faded((today - row.on).days)
            self._add(row, weights[row.on])

    def _add(self, row: LaneRow, weight: int) -> None:
        key = row.key
        for length in range(len(key) + 1):
            one = self._sums.get(key[:length])
            if one is None:
                one = self._sums[key[:length]] = _Sum()
            one.sent += row.sent * weight
            one.late += row.late * weight
            one.lost += row.lost * weight
            one.exceptions += row.exceptions * weight

    def chances(self, carrier: str, service: str, country: str, grams: int) -> Chances:
        """Of a parcel; worked out once a lane."""
        key = (carrier, service, country, weight_class(grams)) if country else (carrier, service)
        return self._of(key)

    def _of(self, key: Key) -> Chances:
        if key not in self._known:
            self._known[key] = self._shrunk(key)
        return self._known[key]

    def _shrunk(self, key: Key) -> Chances:
        prior = self._prior
        if key:
            above = self._of(key[:-1])
        else:
            above = Chances(Fraction(prior.late), Fraction(prior.lost), Fraction(prior.exception))
        found = self._sums.get(key)
        if found is None:
            return Chances(above.late, above.lost, above.exception)
        weight = SHRINK * _UNIT
        whole = found.sent + weight
        return Chances(
            (found.late + weight * above.late) / whole,
            (found.lost + weight * above.lost) / whole,
            (found.exceptions + weight * above.exception) / whole,
            Fraction(found.sent, _UNIT),
        )
