"""Guard of the packing session: whether this weight is right here."""

from __future__ import annotations

from typing import Final

from packstation.domain.packing.session import Session
from packstation.domain.weights import WeightBand

# A parcel may be off by this much whatever its contents: tape, filling, moisture of board.
TOLERANCE_G: Final = 20
TOLERANCE_PERCENT: Final = 3


def expected_band(s: Session) -> WeightBand | None:
    """What the open parcel should weigh; None while a unit's weight is not known."""
    plans = {line.plan.line: line.plan for line in s.lines}
    total, tolerance = s.parcel.tare_g, 0
    for item in s.parcel.contents:
        plan = plans[item.line].packed_as(item.sku)
        if plan.unit_g is None:
            return None
        total += plan.unit_g * item.units
        tolerance += plan.tolerance_g * item.units
    return WeightBand(total, max(TOLERANCE_G, total * TOLERANCE_PERCENT // 100, tolerance))
