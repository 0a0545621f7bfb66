"""Guards of a scanned item: whether it is right here, and what must still be known of it."""

from __future__ import annotations

from datetime import date, timedelta

from packstation.domain.packing.facts import ItemRejected
from packstation.domain.packing.inputs import ItemScanned
from packstation.domain.packing.plan import OWN_TO_A_UNIT, LinePlan, unit_codes
from packstation.domain.packing.session import Line, Session

# Rejections that a value asked for cures; the entry that asks for it is named so.
ASKED_FOR = {"serial_missing": "serial", "lot_missing": "lot", "expiry_missing": "expiry"}


def rejection(s: Session, i: ItemScanned) -> ItemRejected | None:
    """Why a scanned item does not belong into the open parcel, or None when it does."""
    line = s.line_of(i.sku)
    if line is None:
        return _not_here(s, i)
    plan = line.plan.packed_as(i.sku)
    first = s.awaited(line)
    if first is not None:
        shown = (first.plan.line, "not_yet", "", "")
        return _rejected(i, *shown)
    found = _units(line, plan, i) or _tracking(plan, i, s) or _needs(plan, i)
    return _rejected(i, line.plan.line, *found) if found else None


def missing(s: Session, i: ItemScanned) -> str:
    """What to ask for before an item that is right so far is judged: serial, lot, expiry, a kind.

    "" where nothing is missing, or where it is wrong whatever was answered.
    """
    wrong = rejection(s, i)
    if wrong is None:
        return ""
    return wrong.found if wrong.reason == "needs_missing" else ASKED_FOR.get(wrong.reason, "")


def _not_here(s: Session, i: ItemScanned) -> ItemRejected:
    kit = next((line for line in s.lines if line.plan.kit == i.sku and line.due), None)
    if kit is not None:
        return _rejected(i, kit.plan.line, "kit_parts", "", "")
    reason = "wrong_variant" if i.variant_of else "not_in_order"
    return ItemRejected(reason=reason, sku=i.sku, code=i.code, units=i.units)


def _rejected(i: ItemScanned, line: int, reason: str, found: str, allowed: str) -> ItemRejected:
    return ItemRejected(
        reason=reason,
        sku=i.sku,
        code=i.code,
        line=line,
        units=i.units,
        found=found,
        allowed=allowed,
    )


Found = tuple[str, str, str]  # reason, what was found, what is allowed


def _units(line: Line, plan: LinePlan, i: ItemScanned) -> Found | None:
    if line.due == 0:
        return "over_quantity", "", str(line.plan.quantity)
    if i.units > line.due:
        return "too_many_units", "", str(line.due)
    single = plan.serial or OWN_TO_A_UNIT.intersection(plan.needs)
    return ("too_many_units", "", "1") if single and i.units != 1 else None


def _tracking(plan: LinePlan, i: ItemScanned, s: Session) -> Found | None:
    if plan.serial and not i.serial:
        return "serial_missing", "", ""
    if i.seen == "serial" or (i.serial and s.holds(i.sku, i.serial)):
        return "serial_used", i.serial, ""
    if plan.lot and not i.lot:
        return "lot_missing", "", ""
    if plan.lots and i.lot not in plan.lots:
        return "wrong_lot", i.lot, " ".join(plan.lots)
    return _expiry(plan, i)


def _expiry(plan: LinePlan, i: ItemScanned) -> Found | None:
    if not i.expiry:
        return ("expiry_missing", "", "") if plan.expiry else None
    today, last = date.fromisoformat(i.today), date.fromisoformat(i.expiry)
    if last < today:
        return "expired", i.expiry, (today + timedelta(days=plan.min_days_left)).isoformat()
    earliest = today + timedelta(days=plan.min_days_left)
    return ("short_dated", i.expiry, earliest.isoformat()) if last < earliest else None


def _needs(plan: LinePlan, i: ItemScanned) -> Found | None:
    given = {one.kind: one for one in i.given}
    absent = next((kind for kind in plan.needs if kind not in given), None)
    if absent is not None:
        return "needs_missing", absent, ""
    return ("code_used", given[i.seen].value, "") if i.seen in given else None


def codes_of(i: ItemScanned) -> tuple[str, ...]:
    """What of this unit may be in no other box: names as `plan.unit_codes` gives them."""
    return unit_codes(i.sku, i.serial, i.given)
