"""Tariffs compiled once, so that a parcel is priced by all of them in whole numbers.

The answers are those of ``quotes.quote``, which says what a tariff means; a property test holds
the two equal. What whole numbers cannot say (several parcels, measures finer than are counted in,
a few odd tariffs) is asked there. Lines are worked out there too, when they are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, cast

from msgspec import Struct, field

from packstation.domain.quantities import minor_units
from packstation.domain.rating.prices import Told, shown
from packstation.domain.rating.quotes import explain
from packstation.domain.rating.whole.limiting import Limited, limited
from packstation.domain.rating.whole.pricing import Table, table
from packstation.domain.rating.whole.segments import Freight
from packstation.domain.rating.whole.weighing import step_of
from packstation.domain.shipments import Shipment
from packstation.domain.tariff_units import Measure
from packstation.domain.tariffs import Limits, Tariff

# Amounts are compared in millionths, the finest that a quote shows.
MICRO: Final = 10**6
# Amounts of more digits than a decimal has by itself.
LARGE: Final = 10**20
_UNLIMITED: Final = Limits()


class Lines(Struct, eq=False, gc=False):
    """The lines of a quote, worked out when they are first looked at; a sequence."""

    tariff: Tariff
    shipment: Shipment
    made: tuple[Told, ...] | None = None

    def told(self) -> tuple[Told, ...]:
        """All of them."""
        if self.made is None:
            self.made = explain(self.tariff, self.shipment)
        return self.made

    def __iter__(self) -> Iterator[Told]:
        """In their order."""
        return iter(self.told())

    def __len__(self) -> int:
        """How many there are."""
        return len(self.told())

    def __getitem__(self, at: int | slice) -> Told | tuple[Told, ...]:
        """One, or some of them."""
        return self.told()[at]

    def __eq__(self, other: object) -> bool:
        """As the lines themselves, worked out or not."""
        return self.told() == (other.told() if isinstance(other, Lines) else other)

    def __hash__(self) -> int:
        """As the lines themselves."""
        return hash(self.told())

    def __repr__(self) -> str:
        """As the lines themselves."""
        return repr(self.told())


# A struct cannot be derived from Sequence; it is one all the same.
LATER: Final = cast("Callable[[Tariff, Shipment], Sequence[Told]]", Lines)


class Plan(Struct):
    """A tariff in whole numbers.

    ``step`` grams are what weights are counted in; an amount is a number of ``quantum`` (``cent``
    as it is shown, None where it depends on the amount), each ``micros`` millionths.
    ``bands_limit``: a band has limits of its own.
    """

    tariff: Tariff
    measure: Measure
    step: Fraction
    cent: Decimal | None
    micros: int
    boxes: Limited
    rolls: Limited
    bands_limit: bool
    zones: dict[str, ZonePrices]

    def prices(self, zone: str) -> ZonePrices:
        """The prices of a zone."""
        if zone not in self.zones:
            self.zones[zone] = ZonePrices(self.tariff, self.step, zone)
        return self.zones[zone]

    def amount(self, units: int) -> Decimal:
        """So many quanta as money, with the digits that a quote shows."""
        if self.cent is not None and units < LARGE:
            return units * self.cent
        return shown(units * Fraction(self.tariff.rounding.quantum), self.tariff.currency)


class ZonePrices(Struct):
    """A zone's tables, by the fees that are due (a bit each); made when they are first needed."""

    tariff: Tariff
    step: Fraction
    zone: str
    known: dict[int, Table] = field(default_factory=dict)
    freight: Freight | None = None

    def due(self, fees: int) -> Table:
        """The table where these fees are due."""
        found = self.known.get(fees)
        if found is None:
            due = [bool(fees >> at & 1) for at in range(len(self.tariff.fees))]
            if self.freight is None:
                self.freight = Freight(self.tariff, self.zone, self.step)
            found = self.known[fees] = table(self.tariff, self.freight, self.step, due)
        return found


def compile_tariff(tariff: Tariff) -> Plan | None:
    """The plan of a tariff; None where whole numbers cannot say what it says."""
    step = step_of(tariff)
    quantum = tariff.rounding.quantum
    micros = Fraction(quantum) * MICRO
    if step is None or micros.denominator != 1:
        return None
    return Plan(
        tariff=tariff,
        measure=tariff.measure,
        step=step,
        cent=_cent(quantum, tariff.currency),
        micros=int(micros),
        boxes=limited(tariff.limits, roll=False),
        rolls=limited(tariff.limits, roll=True),
        bands_limit=any(band.limits != _UNLIMITED for band in tariff.bands),
        zones={},
    )


def _cent(quantum: Decimal, currency: str) -> Decimal | None:
    """The quantum with the currency's digits; None where it has more of them."""
    digits = minor_units(currency)
    places = -int(quantum.normalize().as_tuple().exponent)
    return None if places > digits else quantum.quantize(Decimal(1).scaleb(-digits))
