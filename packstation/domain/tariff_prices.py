"""What a tariff asks: price formulas, bands, fees, rounding (tariffs.py)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta

from packstation.domain.tariff_rules import Limits, When
from packstation.domain.tariff_units import POUND, Part, exact, mass

Name = Annotated[str, Meta(min_length=1, max_length=64)]
# Keys of a band that speak of weight.
BAND_MASS: Final = (
    "over_g",
    "over_lb",
    "up_to_g",
    "up_to_lb",
    "min_billable_g",
    "min_billable_lb",
)


class Flat(Part, frozen=True, kw_only=True, tag="flat", tag_field="kind"):
    """One price for the band."""

    amount: Decimal


class Linear(Part, frozen=True, kw_only=True, tag="linear", tag_field="kind"):
    """``fixed`` and a price by weight, of all of it or of what is over ``over_g``."""

    fixed: Decimal = Decimal(0)
    per_kg: Decimal | None = None
    per_g: Decimal | None = None
    per_lb: Decimal | None = None
    on: Literal["billable", "excess"] = "billable"
    over_g: Decimal | None = None
    over_lb: Decimal | None = None

    def __post_init__(self) -> None:
        """Exactly one of the prices by weight."""
        super().__post_init__()
        if [self.per_kg, self.per_g, self.per_lb].count(None) != 2:
            raise ValueError("per_kg: one of per_kg, per_g and per_lb is allowed")


class Tier(Part, frozen=True, kw_only=True):
    """Steps of ``step_g`` at ``fee`` each, up to ``up_to_g`` of the whole weight."""

    ABOVE_ZERO: ClassVar = frozenset({"step_g", "step_lb"})

    step_g: Decimal | None = None
    step_lb: Decimal | None = None
    fee: Decimal
    up_to_g: Decimal | None = None
    up_to_lb: Decimal | None = None

    def __post_init__(self) -> None:
        """A tier without a step has no price."""
        super().__post_init__()
        if mass(self, "step") is None:
            raise ValueError("step_g: a number above 0 is allowed")


class Step(Part, frozen=True, kw_only=True, tag="step", tag_field="kind"):
    """``first`` up to ``first_g``, then started steps of the tiers."""

    first_g: Decimal | None = None
    first_lb: Decimal | None = None
    first: Decimal
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        """The first weight, and tiers of which each ends above the one before it."""
        super().__post_init__()
        if mass(self, "first") is None:
            raise ValueError("first_g: a number of 0 or more is allowed")
        ends = [exact(mass(tier, "up_to")) for tier in self.tiers]
        if None in ends[:-1]:
            raise ValueError("tiers: no tier behind one without an end is allowed")
        if any(low >= high for low, high in pairwise(end for end in ends if end is not None)):
            raise ValueError("tiers: each ending above the one before is allowed")


class PerUnit(Part, frozen=True, kw_only=True, tag="per_unit", tag_field="kind"):
    """A price for each billed piece (``unit_cm3``)."""

    amount: Decimal


Price = Flat | Linear | Step | PerUnit


class Band(Part, frozen=True, kw_only=True):
    """Prices of the billed weights (over_g, up_to_g] of a zone; ``up_to_g`` null: no end.

    ``note`` says where this band's figures come from.
    """

    ABOVE_ZERO: ClassVar = frozenset({"up_to_g", "up_to_lb", "up_to_units"})

    zone: Name
    price: Price
    over_g: Decimal = Decimal(0)
    over_lb: Decimal | None = None
    over_units: Decimal | None = None
    up_to_g: Decimal | None = None
    up_to_lb: Decimal | None = None
    up_to_units: Decimal | None = None
    min_billable_g: Decimal | None = None
    min_billable_lb: Decimal | None = None
    limits: Limits = Limits()
    note: str = ""

    def __post_init__(self) -> None:
        """A band has one measure, ends above its beginning and prices what it measures."""
        super().__post_init__()
        by_mass = [name for name in BAND_MASS if getattr(self, name)]
        by_unit = [name for name in ("over_units", "up_to_units") if getattr(self, name)]
        if by_mass and (by_unit or isinstance(self.price, PerUnit)):
            raise ValueError(f"{by_mass[0]}: nothing in a band of pieces is allowed")
        if by_unit and isinstance(self.price, Linear | Step):
            raise ValueError("price: flat or per_unit in a band of pieces is allowed")
        if self.up_to is not None and self.up_to <= self.over:
            raise ValueError(f"{self.end_name}: a number above the band's beginning is allowed")

    @property
    def over(self) -> Fraction:
        """Where it begins, in grams or pieces."""
        if self.over_units is not None:
            return Fraction(self.over_units)
        return Fraction(self.over_g) if self.over_lb is None else Fraction(self.over_lb) * POUND

    @property
    def up_to(self) -> Fraction | None:
        """Where it ends, in grams or pieces; None: nowhere."""
        units = self.up_to_units
        return exact(mass(self, "up_to")) if units is None else Fraction(units)

    @property
    def end_name(self) -> str:
        """The key that says where it ends."""
        given = (name for name in ("up_to_units", "up_to_lb") if getattr(self, name) is not None)
        return next(given, "up_to_g")

    @property
    def least(self) -> Fraction:
        """Grams that are billed at least."""
        return exact(mass(self, "min_billable")) or Fraction(0)


class Fee(Part, frozen=True, kw_only=True):
    """A surcharge, or a discount where ``amount`` is negative."""

    SIGNED: ClassVar = frozenset({"amount", "min", "max"})
    ORDERED: ClassVar = (("min", "max"),)

    code: Name
    kind: Literal["fixed", "percent", "per_kg", "per_lb", "per_unit", "per_piece"]
    amount: Decimal
    base: tuple[str, ...] = ("freight",)
    min: Decimal | None = None
    max: Decimal | None = None
    when: When = When()


class Rounding(Part, frozen=True, kw_only=True):
    """When and how amounts are rounded to a multiple of ``quantum``."""

    ABOVE_ZERO: ClassVar = frozenset({"quantum"})

    per: Literal["total", "line"] = "total"
    mode: Literal["half_up", "up", "even"] = "half_up"
    quantum: Decimal = Decimal("0.01")
