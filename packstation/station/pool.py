"""Numbers leased ahead: a fold of PoolLeased and NumberUsed, so that none is used twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct, field

from packstation.domain.packing.facts import Fact, NumberUsed, PoolLeased
from packstation.domain.s10 import number

Taken = Callable[[str], bool]


class NumberPool(Struct):
    """The bench's leases; serials are taken upwards, lease after lease."""

    _leases: list[PoolLeased] = field(default_factory=list)
    _next: dict[str, int] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)
    _lease_of: dict[str, str] = field(default_factory=dict)

    def apply(self, fact: Fact) -> None:
        """Fold one fact; others than those of the pool change nothing."""
        match fact:
            case PoolLeased() if fact.lease not in self._next:
                self._leases.append(fact)
                self._next[fact.lease] = fact.first
            case NumberUsed():
                self._by_key[fact.key] = fact.number
                self._lease_of[fact.number] = fact.lease
                after = int(fact.number[2:10]) + 1  # S10: two letters, then the serial
                self._next[fact.lease] = max(self._next.get(fact.lease, 0), after)

    def apply_all(self, facts: Iterable[Fact]) -> None:
        """Fold facts, oldest first."""
        for fact in facts:
            self.apply(fact)

    def take(
        self, carrier: str, service: str, key: str, today: str, taken: Taken = lambda _: False
    ) -> NumberUsed | None:
        """The next free number as the fact that burns it; None when the pool is empty.

        ``taken``: whether a number is known to be another parcel's; then it is passed over.
        """
        for lease in self._open(carrier, service, today):
            serials = range(self._next[lease.lease], lease.last + 1)
            numbers = (number(lease.prefix, serial, lease.country) for serial in serials)
            # A restored server may lease the same numbers again.
            free = next((text for text in numbers if not (self.used(text) or taken(text))), None)
            if free is not None:
                return NumberUsed(lease=lease.lease, number=free, key=key)
        return None

    def found(self, key: str) -> str:
        """The number that ``key`` burned, or ""."""
        return self._by_key.get(key, "")

    def lease_of(self, waybill: str) -> str:
        """The lease that a burned number came from, or ""."""
        return self._lease_of.get(waybill, "")

    def used(self, waybill: str) -> bool:
        """Whether a number was burned here before."""
        return waybill in self._lease_of

    def left(self, carrier: str, service: str, today: str) -> int:
        """How many numbers can still be used."""
        return sum(
            lease.last - self._next[lease.lease] + 1
            for lease in self._open(carrier, service, today)
        )

    def newest(self, carrier: str, service: str) -> str:
        """The lease that was counted last, or ""."""
        known = (
            one.lease
            for one in reversed(self._leases)
            if one.service == service and one.carrier == carrier
        )
        return next(known, "")

    def _open(self, carrier: str, service: str, today: str) -> Iterable[PoolLeased]:
        for lease in self._leases:
            fits = (lease.carrier, lease.service) == (carrier, service)
            fresh = not lease.expires or lease.expires[:10] >= today
            if fits and fresh and self._next[lease.lease] <= lease.last:
                yield lease
