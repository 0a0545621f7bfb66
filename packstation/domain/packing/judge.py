"""Guards of the packing session: whether this item, this weight, is right here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from packstation.domain.packing.facts import ItemRejected, LinePlan
from packstation.domain.packing.inputs import ItemScanned
from packstation.domain.packing.session import Line, Session
from packstation.domain.weights import WeightBand

# A parcel may be off by this much whatever its contents: tape, filling, moisture of board.
TOLERANCE_G: Final = 20
TOLERANCE_PERCENT: Final = 3


def rejection(s: Session, i: ItemScanned) -> ItemRejected | None:
    """Why a scanned item does not belong into the open parcel, or None when it does."""
    line = s.line_of(i.sku)
    if line is None:
        reason = "wrong_variant" if i.variant_of else "not_in_order"
        return ItemRejected(reason=reason, sku=i.sku, code=i.code, units=i.units)
    reason, allowed = _units(line, i) or _tracking(line.plan, i, s) or ("", "")
    if not reason:
        return None
    return ItemRejected(
        reason=reason,
        sku=i.sku,
        code=i.code,
        line=line.plan.line,
        units=i.units,
        found=i.expiry,
        allowed=allowed,
    )


def _units(line: Line, i: ItemScanned) -> tuple[str, str] | None:
    if line.due == 0:
        return "over_quantity", str(line.plan.quantity)
    if i.units > line.due:
        return "too_many_units", str(line.due)
    return None


def _tracking(plan: LinePlan, i: ItemScanned, s: Session) -> tuple[str, str] | None:
    if plan.serial and not i.serial:
        return "serial_missing", ""
    if plan.serial and i.units != 1:
        return "too_many_units", "1"
    if i.serial and i.serial in s.serials:
        return "serial_used", ""
    if plan.lot and not i.lot:
        return "lot_missing", ""
    if plan.lots and i.lot not in plan.lots:
        return "wrong_lot", " ".join(plan.lots)
    return _expiry(plan, i)


def _expiry(plan: LinePlan, i: ItemScanned) -> tuple[str, str] | None:
    if not i.expiry:
        return ("expiry_missing", "") if plan.expiry else None
    earliest = date.fromisoformat(i.today) + timedelta(days=plan.min_days_left)
    if date.fromisoformat(i.expiry) < earliest:
        return "expired", earliest.isoformat()
    return None


def expected_band(s: Session) -> WeightBand | None:
    """What the open parcel should weigh; None while a unit's weight is not known."""
    plans = {line.plan.line: line.plan for line in s.lines}
    total, tolerance = s.parcel.tare_g, 0
    for item in s.parcel.contents:
        plan = plans[item.line]
        if plan.unit_g is None:
            return None
        total += plan.unit_g * item.units
        tolerance += plan.tolerance_g * item.units
    return WeightBand(total, max(TOLERANCE_G, total * TOLERANCE_PERCENT // 100, tolerance))
