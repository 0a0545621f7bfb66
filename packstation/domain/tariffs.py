"""A carrier service's prices: document packstation.tariff/1 (FORMATS.md), frozen.

Unknown keys are refused by name, never passed over: a rule that is not understood is a wrong
price. So are keys that contradict each other: grams beside pounds, bands in pieces of a tariff
that bills by weight, a band that ends before it begins. Numbers stand here as they were written,
in the unit at the end of their name (tariff_units.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from packstation.domain.quantities import CURRENCIES
from packstation.domain.tariff_prices import BAND_MASS, Name
from packstation.domain.tariff_prices import Band as Band  # noqa: PLC0414 - parts of a tariff
from packstation.domain.tariff_prices import Fee as Fee  # noqa: PLC0414 - as above
from packstation.domain.tariff_prices import Flat as Flat  # noqa: PLC0414 - as above
from packstation.domain.tariff_prices import Linear as Linear  # noqa: PLC0414 - as above
from packstation.domain.tariff_prices import PerUnit as PerUnit  # noqa: PLC0414 - as above
from packstation.domain.tariff_prices import Rounding as Rounding  # noqa: PLC0414 - as above
from packstation.domain.tariff_prices import Step as Step  # noqa: PLC0414 - as above
from packstation.domain.tariff_prices import Tier as Tier  # noqa: PLC0414 - as above
from packstation.domain.tariff_rules import Battery as Battery  # noqa: PLC0414 - as above
from packstation.domain.tariff_rules import Billable as Billable  # noqa: PLC0414 - as above
from packstation.domain.tariff_rules import CountryCode
from packstation.domain.tariff_rules import Gates as Gates  # noqa: PLC0414 - as above
from packstation.domain.tariff_rules import Limits as Limits  # noqa: PLC0414 - as above
from packstation.domain.tariff_rules import Roll as Roll  # noqa: PLC0414 - as above
from packstation.domain.tariff_rules import ValueGate as ValueGate  # noqa: PLC0414 - as above
from packstation.domain.tariff_rules import When as When  # noqa: PLC0414 - as above
from packstation.domain.tariff_units import Measure, Part, exact, mass, refuse_mixture, units_in


class Match(Part, frozen=True, kw_only=True):
    """A set of destinations; each of its non-empty keys must hold."""

    countries: tuple[CountryCode, ...] = ()
    postcode_prefixes: tuple[str, ...] = ()
    postcode_ranges: tuple[tuple[str, str], ...] = ()


class Zone(Part, frozen=True, kw_only=True):
    """Destinations that share their bands."""

    code: Name
    match: tuple[Match, ...] = ()


class Promise(Part, frozen=True, kw_only=True):
    """Days in transit."""

    ORDERED: ClassVar = (("min_days", "max_days"),)

    min_days: Annotated[int, Meta(ge=0)] | None = None
    max_days: Annotated[int, Meta(ge=0)] | None = None
    unit: Literal["calendar", "business"] = "calendar"


class Tariff(Part, frozen=True, kw_only=True, rename={"channel": "class"}):
    """packstation.tariff/1."""

    ORDERED: ClassVar = (("valid_from", "valid_to"),)

    schema: Literal["packstation.tariff/1"] = "packstation.tariff/1"
    carrier: Name
    service: Name
    channel: Literal["express", "dedicated_line", "postal", "freight"] = "postal"
    currency: str
    version: str = ""
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    tax_included: bool = False
    limits: Limits = Limits()
    gates: Gates = Gates()
    billable: Billable = Billable()
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1)]
    not_served: tuple[Match, ...] = ()
    combine: Literal["slab", "graduated"] = "slab"
    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]
    fees: tuple[Fee, ...] = ()
    rounding: Rounding = Rounding()
    promise: Promise = Promise()

    def __post_init__(self) -> None:
        """Currency, zones that every band can find once, and one measure throughout."""
        super().__post_init__()
        if self.currency not in CURRENCIES:
            raise ValueError("currency: an ISO 4217 code is allowed")
        codes = [zone.code for zone in self.zones]
        for at, code in enumerate(codes):
            if code in codes[:at]:
                raise ValueError(f"zones[{at}].code: each zone once is allowed")
        if {band.zone for band in self.bands} - set(codes):
            raise ValueError("bands: only zones of the tariff is allowed")
        refuse_mixture(self)
        for path in self._contradictions():
            raise ValueError(f"{path} is allowed")

    def _contradictions(self) -> Iterator[str]:
        """Prices by pieces in a tariff by weight, and the other way round."""
        by_unit = self.billable.unit is not None
        for at, band in enumerate(self.bands):
            if not by_unit and isinstance(band.price, PerUnit):
                yield f"bands[{at}].price.kind: flat, linear or step without unit_cm3"
            if not by_unit and (band.over_units or band.up_to_units):
                yield f"bands[{at}].up_to_units: nothing without unit_cm3"
            if by_unit and isinstance(band.price, Linear | Step):
                yield f"bands[{at}].price.kind: flat or per_unit with unit_cm3"
            if by_unit and any(getattr(band, name) for name in BAND_MASS):
                yield f"bands[{at}].up_to_units: pieces instead of weights, with unit_cm3,"
        wrong = {"per_unit"} if not by_unit else {"per_kg", "per_lb"}
        measure = self.measure
        wrong |= {"g": {"per_lb"}, "lb": {"per_kg"}, "unit": set()}[measure]
        for at, fee in enumerate(self.fees):
            if fee.kind in wrong:
                yield f"fees[{at}].kind: a price by what is billed ({measure})"

    @property
    def measure(self) -> Measure:
        """What is billed: grams, pounds or pieces."""
        if self.billable.unit is not None:
            return "unit"
        parts = (self.billable, *self.bands, self)
        found = (pound for one in parts for kind, pound, _ in units_in(one) if kind == "mass")
        return "lb" if next(found, False) else "g"

    @property
    def step(self) -> Fraction | None:
        """Grams to a multiple of which a weight is raised: a gram where the tariff says nothing."""
        step = exact(mass(self.billable, "step"))
        return Fraction(1) if step is None and self.measure == "g" else step

    def valid_on(self, day: date) -> bool:
        """Whether it counts on ``day``, its first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
