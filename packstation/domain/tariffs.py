"""A carrier service's prices: document packstation.tariff/1 (FORMATS.md), frozen.

Unknown keys are refused by name, never passed over: a rule that is not understood is a wrong
price. Inch-pound keys (``*_in``, ``*_lb``, ``*_in3``) and piece rates (``unit_cm3``,
``per_unit``) are such keys in this version. Weights are grams, sides millimetres, exact.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta, Struct

from packstation.domain.quantities import CURRENCIES

Battery = Literal["none", "built_in", "packed_with", "alone"]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
_PLACES: Final = 18
CountryCode = Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]


def refuse_number(
    name: str, number: Decimal, above_zero: AbstractSet[str], signed: AbstractSet[str] = frozenset()
) -> None:
    """Raise ValueError for a number that the field ``name`` may not hold."""
    if not number.is_finite() or (number and abs(number.adjusted()) > _PLACES):
        raise ValueError(f"{name}: a number of at most {_PLACES} digits is allowed")
    if name not in signed and (number < 0 or (name in above_zero and not number)):
        least = "above 0" if name in above_zero else "of 0 or more"
        raise ValueError(f"{name}: a number {least} is allowed")


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts of a tariff: what it does not know it refuses.

    Its numbers are finite and not negative, those of ``ABOVE_ZERO`` more than that and those of
    ``SIGNED`` of either sign.
    """

    ABOVE_ZERO: ClassVar[frozenset[str]] = frozenset()
    SIGNED: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        """Refuse numbers that no weight, side or price can be."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            for number in value if isinstance(value, tuple) else (value,):
                if isinstance(number, Decimal):
                    refuse_number(name, number, self.ABOVE_ZERO, self.SIGNED)


class Roll(Part, frozen=True, kw_only=True):
    """Limits of a roll: its length, and length + 2 diameters."""

    length_min_mm: Decimal | None = None
    length_max_mm: Decimal | None = None
    length_plus_2d_min_mm: Decimal | None = None
    length_plus_2d_max_mm: Decimal | None = None


class Limits(Part, frozen=True, kw_only=True):
    """What a parcel may weigh and measure, upper edges included; ``any_of`` are alternatives.

    ``sides_*`` stand against the sides sorted longest first; girth = L + 2(W + H).
    """

    weight_min_g: Decimal | None = None
    weight_max_g: Decimal | None = None
    longest_max_mm: Decimal | None = None
    sides_max_mm: tuple[Decimal, ...] = ()
    sides_min_mm: tuple[Decimal, ...] = ()
    sum3_max_mm: Decimal | None = None
    girth_max_mm: Decimal | None = None
    two_largest_sum_max_mm: Decimal | None = None
    volume_max_cm3: Decimal | None = None
    roll: Roll | None = None
    any_of: tuple[Limits, ...] = ()


class ValueGate(Part, frozen=True, kw_only=True):
    """The declared value that is carried, both ends included."""

    currency: str
    min: Decimal | None = None
    max: Decimal | None = None


class Gates(Part, frozen=True, kw_only=True):
    """Which goods and addressees are taken."""

    declared_value: ValueGate | None = None
    battery: tuple[Battery, ...] | None = None
    refused_classes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class When(Part, frozen=True, kw_only=True):
    """A condition: all keys must hold; ``any_of`` and ``none_of`` nest."""

    any_side_ge_mm: Decimal | None = None
    longest_gt_mm: Decimal | None = None
    sides_gt_mm: tuple[Decimal, ...] = ()
    sum3_gt_mm: Decimal | None = None
    volume_gt_cm3: Decimal | None = None
    volumetric_gt_actual_ratio: Decimal | None = None
    weight_gt_g: Decimal | None = None
    girth_gt_mm: Decimal | None = None
    countries: tuple[CountryCode, ...] = ()
    postcode_prefixes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    any_of: tuple[When, ...] = ()
    none_of: tuple[When, ...] = ()


class Billable(Part, frozen=True, kw_only=True):
    """How the billed weight comes from weight and sides."""

    ABOVE_ZERO: ClassVar[frozenset[str]] = frozenset({"divisor_cm3_per_kg", "step_g"})

    mode: Literal["actual", "volumetric", "max", "volumetric_if", "share"] = "actual"
    divisor_cm3_per_kg: Decimal | None = None
    when: When = When()
    waive_below_ratio: Decimal | None = None
    share: Decimal | None = None
    side_min_mm: Decimal | None = None
    side_round: Literal["none", "up_cm", "nearest_cm", "up_in", "nearest_in"] = "none"
    min_g: Decimal | None = None
    step_g: Decimal | None = Decimal(1)

    def __post_init__(self) -> None:
        """A volumetric mode needs its divisor, and ``share`` its share."""
        super().__post_init__()
        if self.mode != "actual" and self.divisor_cm3_per_kg is None:
            raise ValueError("divisor_cm3_per_kg: a number above 0 with this mode is allowed")
        if self.mode == "share" and (self.share is None or self.share > 1):
            raise ValueError("share: a number from 0 to 1 is allowed")


class Match(Part, frozen=True, kw_only=True):
    """A set of destinations; each of its non-empty keys must hold."""

    countries: tuple[CountryCode, ...] = ()
    postcode_prefixes: tuple[str, ...] = ()
    postcode_ranges: tuple[tuple[str, str], ...] = ()


class Zone(Part, frozen=True, kw_only=True):
    """Destinations that share their bands."""

    code: Name
    match: tuple[Match, ...] = ()


class Flat(Part, frozen=True, kw_only=True, tag="flat", tag_field="kind"):
    """One price for the band."""

    amount: Decimal


class Linear(Part, frozen=True, kw_only=True, tag="linear", tag_field="kind"):
    """``fixed`` and a price by weight, of all of it or of what is over ``over_g``."""

    fixed: Decimal = Decimal(0)
    per_kg: Decimal | None = None
    per_g: Decimal | None = None
    on: Literal["billable", "excess"] = "billable"
    over_g: Decimal | None = None

    def __post_init__(self) -> None:
        """Exactly one of the two prices by weight."""
        super().__post_init__()
        if (self.per_kg is None) == (self.per_g is None):
            raise ValueError("per_kg: either per_kg or per_g is allowed")


class Tier(Part, frozen=True, kw_only=True):
    """Steps of ``step_g`` at ``fee`` each, up to ``up_to_g`` of the whole weight."""

    ABOVE_ZERO: ClassVar[frozenset[str]] = frozenset({"step_g"})

    step_g: Decimal
    fee: Decimal
    up_to_g: Decimal | None = None


class Step(Part, frozen=True, kw_only=True, tag="step", tag_field="kind"):
    """``first`` up to ``first_g``, then started steps of the tiers."""

    first_g: Decimal
    first: Decimal
    tiers: tuple[Tier, ...] = ()


Price = Flat | Linear | Step


class Band(Part, frozen=True, kw_only=True):
    """Prices of the billed weights (over_g, up_to_g] of a zone; ``up_to_g`` null: no end.

    ``note`` says where this band's figures come from.
    """

    ABOVE_ZERO: ClassVar[frozenset[str]] = frozenset({"up_to_g"})

    zone: Name
    price: Price
    over_g: Decimal = Decimal(0)
    up_to_g: Decimal | None = None
    min_billable_g: Decimal | None = None
    limits: Limits = Limits()
    note: str = ""


class Fee(Part, frozen=True, kw_only=True):
    """A surcharge, or a discount where ``amount`` is negative."""

    SIGNED: ClassVar[frozenset[str]] = frozenset({"amount", "min", "max"})

    code: Name
    kind: Literal["fixed", "percent", "per_kg", "per_piece"]
    amount: Decimal
    base: tuple[str, ...] = ("freight",)
    min: Decimal | None = None
    max: Decimal | None = None
    when: When = When()


class Rounding(Part, frozen=True, kw_only=True):
    """When and how amounts are rounded to a multiple of ``quantum``."""

    ABOVE_ZERO: ClassVar[frozenset[str]] = frozenset({"quantum"})

    per: Literal["total", "line"] = "total"
    mode: Literal["half_up", "up", "even"] = "half_up"
    quantum: Decimal = Decimal("0.01")


class Promise(Part, frozen=True, kw_only=True):
    """Days in transit."""

    min_days: Annotated[int, Meta(ge=0)] | None = None
    max_days: Annotated[int, Meta(ge=0)] | None = None
    unit: Literal["calendar", "business"] = "calendar"


class Tariff(Part, frozen=True, kw_only=True, rename={"channel": "class"}):
    """packstation.tariff/1."""

    schema: Literal["packstation.tariff/1"] = "packstation.tariff/1"
    carrier: Name
    service: Name
    channel: Literal["express", "dedicated_line", "postal"] = "postal"
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
        """Currency, and zones that every band can find."""
        super().__post_init__()
        if self.currency not in CURRENCIES:
            raise ValueError("currency: an ISO 4217 code is allowed")
        if {band.zone for band in self.bands} - {zone.code for zone in self.zones}:
            raise ValueError("bands: only zones of the tariff is allowed")

    def valid_on(self, day: date) -> bool:
        """Whether it counts on ``day``, its first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
