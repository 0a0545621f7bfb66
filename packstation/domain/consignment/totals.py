"""What a consignment comes to: kilograms, cubic metres, what is charged; pallets on a scale."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from packstation.domain.consignment.consignments import Carton, Consignment, Pallet
from packstation.domain.handover.weighing import UnitWeight, judge

# What carriers by air and road commonly divide by; a tariff has its own.
DIVISOR_CM3_PER_KG = 6000
_MM3_PER_CM3 = 1000


class Totals(Struct, frozen=True, kw_only=True):
    """Of a whole consignment. ``cartons_g`` without pallets, ``gross_g`` with them.

    ``volume_mm3`` None: a carton was not measured, and what nobody measured is not guessed.
    """

    cartons: int
    pallets: int
    cartons_g: int
    gross_g: int
    volume_mm3: int | None

    @property
    def volume_cm3(self) -> int:
        """Rounded up: nothing is sent that takes no room; 0 where it is not known."""
        return -(-(self.volume_mm3 or 0) // _MM3_PER_CM3)

    @property
    def cubic_metres(self) -> Decimal | None:
        """To the litre, rounded up."""
        if self.volume_mm3 is None:
            return None
        return Decimal(-(-self.volume_mm3 // 10**6)).scaleb(-3)

    def volumetric_g(self, divisor_cm3_per_kg: Decimal | int = DIVISOR_CM3_PER_KG) -> int | None:
        """Volume / divisor, in whole grams rounded up."""
        if self.volume_mm3 is None:
            return None
        # mm3 / 1000 = cm3; / divisor = kg; x 1000 = g.
        grams = Fraction(self.volume_mm3) / Fraction(divisor_cm3_per_kg)
        return -(-grams.numerator // grams.denominator)

    def chargeable_g(self, divisor_cm3_per_kg: Decimal | int = DIVISOR_CM3_PER_KG) -> int:
        """The greater of weight and volumetric weight of all cartons together."""
        return max(self.cartons_g, self.volumetric_g(divisor_cm3_per_kg) or 0)


def totals(one: Consignment) -> Totals:
    """Of all its cartons and pallets; a pallet that was weighed counts as weighed."""
    cartons = tuple(one.cartons.values())
    used = [pallet for pallet in one.pallets.values() if one.on(pallet.id)]
    loose = sum(row.gross_g for row in cartons if row.pallet not in one.pallets)
    known = all(row.volume_mm3 for row in cartons)
    return Totals(
        cartons=len(cartons),
        pallets=len(used),
        cartons_g=sum(row.gross_g for row in cartons),
        gross_g=loose + sum(pallet.gross_g or expected_g(one, pallet) for pallet in used),
        volume_mm3=sum(row.volume_mm3 for row in cartons) if known else None,
    )


def expected_g(one: Consignment, pallet: Pallet) -> int:
    """What a pallet should weigh: its tare and its cartons."""
    return pallet.tare_g + _grams(one.on(pallet.id))


def pallet_weight(one: Consignment, pallet: Pallet, gross_g: int, digit_g: int = 1) -> UnitWeight:
    """A weighed pallet beside its cartons; names by code the one that explains a difference.

    Too light: one that was scanned onto it and is not there. Too heavy: one that lies loose or on
    another pallet by the scans. ``digit_g`` is the division of its scale.
    """
    inside = {row.code: row.gross_g for row in one.on(pallet.id)}
    others = {row.code: row.gross_g for row in one.cartons.values() if row.pallet != pallet.id}
    return judge(gross_g, pallet.tare_g, inside, others, digit_g)


def _grams(cartons: Iterable[Carton]) -> int:
    return sum(row.gross_g for row in cartons)
