"""How fast and how right a bench works, counted from facts; chance to make a cut-off.

Accuracy is of first passes: verified scans / (verified + rejected). A rate is what was
finished divided by the time worked; time worked is the number of five-minute buckets in
which a fact was written (reference/server.md section 3: recorded time), so breaks do not
count and one order in the first minute is not sixty an hour.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import Final

from msgspec import Struct

from packstation.domain.packing import facts as f

BUCKET_S: Final = 300
SURE: Final = 0.9


class Tally(Struct, frozen=True):
    """What was done: finished orders and parcels, units in them, scans right and wrong."""

    orders: int = 0
    parcels: int = 0
    units: int = 0
    verified: int = 0
    rejected: int = 0
    facts: int = 0
    buckets: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Both together; buckets are added too, so add those of different times only."""
        return Tally(
            self.orders + other.orders,
            self.parcels + other.parcels,
            self.units + other.units,
            self.verified + other.verified,
            self.rejected + other.rejected,
            self.facts + other.facts,
            self.buckets + other.buckets,
        )

    @property
    def accuracy(self) -> float | None:
        """Share of scans that were right at once, 0..1; None before the first scan."""
        scans = self.verified + self.rejected
        return self.verified / scans if scans else None

    def per_hour(self, count: int) -> float | None:
        """``count`` an hour of time worked; None when nothing was worked."""
        return count * 3600 / (self.buckets * BUCKET_S) if self.buckets else None

    @property
    def orders_per_hour(self) -> float | None:
        """Finished orders an hour of time worked."""
        return self.per_hour(self.orders)

    @property
    def units_per_hour(self) -> float | None:
        """Packed units an hour of time worked."""
        return self.per_hour(self.units)


def tally(fact: f.Fact) -> Tally:
    """What one fact adds."""
    match fact:
        case f.ItemVerified():
            return Tally(units=fact.units, verified=1, facts=1)
        case f.ItemRemoved():
            return Tally(units=-fact.units, facts=1)
        case f.ItemRejected():
            return Tally(rejected=1, facts=1)
        case f.LabelApplied():
            return Tally(parcels=1, facts=1)
        case f.SessionCompleted():
            return Tally(orders=1, facts=1)
        case f.SessionReopened():
            return Tally(orders=-1, facts=1)
        case _:
            return Tally(facts=1)


def chance(per_hour: float, hours: float, orders: int) -> float:
    """The chance, 0..1, that ``orders`` are finished within ``hours`` at this pace.

    Finished orders are taken as a Poisson process: P(N >= orders), N ~ Poisson(pace x time).
    """
    if orders <= 0:
        return 1.0
    mean = per_hour * hours
    if mean <= 0:
        return 0.0
    return min(1.0, max(0.0, 1.0 - _poisson_below(mean, orders)))


def may_miss(per_hour: float, hours: float, orders: int, sure: float = SURE) -> int:
    """How many of ``orders`` are left over unless we are luckier than ``sure`` (0..1)."""
    # The chance falls with every order more, so the doubtful ones stand at the end.
    fine = bisect_left(
        range(1, orders + 1), 1, key=lambda n: int(chance(per_hour, hours, n) < sure)
    )
    return orders - fine


def _poisson_below(mean: float, count: int) -> float:
    """P(N < count); by logarithms, so that neither end under- nor overflows."""
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(count))
    return math.fsum(math.exp(log) for log in logs)
