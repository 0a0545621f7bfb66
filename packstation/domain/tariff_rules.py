"""What a tariff takes and how it weighs: limits, gates, conditions, billed weight (tariffs.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from packstation.domain.tariff_units import INCH, POUND, Part, exact, volume

Battery = Literal["none", "built_in", "packed_with", "alone"]
# Longest first; a parcel has three of them.
Sides = Annotated[tuple[Decimal, ...], Meta(max_length=3)]
CountryCode = Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]


class Roll(Part, frozen=True, kw_only=True):
    """Limits of a roll: its length, and length + 2 diameters."""

    ORDERED: ClassVar = (
        ("length_min_mm", "length_max_mm"),
        ("length_min_in", "length_max_in"),
        ("length_plus_2d_min_mm", "length_plus_2d_max_mm"),
        ("length_plus_2d_min_in", "length_plus_2d_max_in"),
    )

    length_min_mm: Decimal | None = None
    length_min_in: Decimal | None = None
    length_max_mm: Decimal | None = None
    length_max_in: Decimal | None = None
    length_plus_2d_min_mm: Decimal | None = None
    length_plus_2d_min_in: Decimal | None = None
    length_plus_2d_max_mm: Decimal | None = None
    length_plus_2d_max_in: Decimal | None = None


class Limits(Part, frozen=True, kw_only=True):
    """What a parcel may weigh and measure, upper edges included; ``any_of`` are alternatives.

    ``sides_*`` stand against the sides sorted longest first; girth = L + 2(W + H).
    """

    ORDERED: ClassVar = (("weight_min_g", "weight_max_g"), ("weight_min_lb", "weight_max_lb"))

    weight_min_g: Decimal | None = None
    weight_min_lb: Decimal | None = None
    weight_max_g: Decimal | None = None
    weight_max_lb: Decimal | None = None
    longest_max_mm: Decimal | None = None
    longest_max_in: Decimal | None = None
    sides_max_mm: Sides = ()
    sides_max_in: Sides = ()
    sides_min_mm: Sides = ()
    sides_min_in: Sides = ()
    sum3_max_mm: Decimal | None = None
    sum3_max_in: Decimal | None = None
    girth_max_mm: Decimal | None = None
    girth_max_in: Decimal | None = None
    two_largest_sum_max_mm: Decimal | None = None
    two_largest_sum_max_in: Decimal | None = None
    volume_max_cm3: Decimal | None = None
    volume_max_in3: Decimal | None = None
    roll: Roll | None = None
    any_of: tuple[Limits, ...] = ()


class ValueGate(Part, frozen=True, kw_only=True):
    """The declared value that is carried, both ends included."""

    ORDERED: ClassVar = (("min", "max"),)

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

    ORDERED: ClassVar = (("date_from", "date_to"),)

    any_side_ge_mm: Decimal | None = None
    any_side_ge_in: Decimal | None = None
    longest_gt_mm: Decimal | None = None
    longest_gt_in: Decimal | None = None
    sides_gt_mm: Sides = ()
    sides_gt_in: Sides = ()
    sum3_gt_mm: Decimal | None = None
    sum3_gt_in: Decimal | None = None
    volume_gt_cm3: Decimal | None = None
    volume_gt_in3: Decimal | None = None
    volumetric_gt_actual_ratio: Decimal | None = None
    weight_gt_g: Decimal | None = None
    weight_gt_lb: Decimal | None = None
    girth_gt_mm: Decimal | None = None
    girth_gt_in: Decimal | None = None
    countries: tuple[CountryCode, ...] = ()
    postcode_prefixes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    any_of: tuple[When, ...] = ()
    none_of: tuple[When, ...] = ()


class Billable(Part, frozen=True, kw_only=True):
    """How the billed weight, or with ``unit_*`` the billed pieces, come from weight and sides.

    ``per`` consignment: weights and volumes of all parcels are added up and billed once.
    """

    ABOVE_ZERO: ClassVar = frozenset(
        "divisor_cm3_per_kg divisor_in3_per_lb unit_cm3 unit_in3 step_g step_lb".split()
    )

    per: Literal["parcel", "consignment"] = "parcel"
    mode: Literal["actual", "volumetric", "max", "volumetric_if", "share"] = "actual"
    divisor_cm3_per_kg: Decimal | None = None
    divisor_in3_per_lb: Decimal | None = None
    unit_cm3: Decimal | None = None
    unit_in3: Decimal | None = None
    when: When = When()
    waive_below_ratio: Decimal | None = None
    share: Decimal | None = None
    side_min_mm: Decimal | None = None
    side_min_in: Decimal | None = None
    side_round: Literal["none", "up_cm", "nearest_cm", "up_in", "nearest_in"] = "none"
    min_g: Decimal | None = None
    min_lb: Decimal | None = None
    step_g: Decimal | None = None
    step_lb: Decimal | None = None

    def __post_init__(self) -> None:
        """A volumetric mode needs its divisor, ``share`` its share, pieces nothing of these."""
        super().__post_init__()
        if self.unit is not None:
            self._refuse_weight()
        elif self.mode != "actual" and self.grams_per_mm3 is None:
            raise ValueError("divisor_cm3_per_kg: a number above 0 with this mode is allowed")
        if self.mode == "volumetric_if" and self.per == "consignment":
            # Its condition is one of a parcel's sides, and the parcels' may differ.
            raise ValueError("mode: actual, volumetric, max or share per consignment is allowed")
        if self.mode == "share" and (self.share is None or self.share > 1):
            raise ValueError("share: a number from 0 to 1 is allowed")

    def _refuse_weight(self) -> None:
        """Pieces have no weight: what speaks of one contradicts them."""
        if self.mode not in {"actual", "volumetric"}:
            raise ValueError("mode: actual or volumetric with unit_cm3 is allowed")
        neutral = {"min_g": 0, "step_g": 1}
        for name in "divisor_cm3_per_kg divisor_in3_per_lb min_g min_lb step_g step_lb".split():
            if getattr(self, name) not in {None, neutral.get(name)}:
                raise ValueError(f"{name}: nothing with unit_cm3 is allowed")

    @property
    def unit(self) -> Fraction | None:
        """Cubic millimetres of a piece."""
        return exact(volume(self, "unit"))

    @property
    def grams_per_mm3(self) -> Fraction | None:
        """What a cubic millimetre weighs by the divisor."""
        if self.divisor_cm3_per_kg is not None:
            # mm3 / 1000 = cm3; / divisor = kg; x 1000 = g.
            return 1 / Fraction(self.divisor_cm3_per_kg)
        if self.divisor_in3_per_lb is not None:
            return POUND / (INCH**3 * Fraction(self.divisor_in3_per_lb))
        return None
