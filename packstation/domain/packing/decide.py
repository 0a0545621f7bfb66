"""What an input means: ``decide(session, input) -> facts``.

Pure, no clock; one ``match`` a state. Rows are those of ARCHITECTURE "The packing
session"; rows added here say so. Whatever is not in the table becomes one
InputRefused whose ``reason`` is a message key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.customs_rows import looked, released
from packstation.domain.packing.item_rows import (
    answered,
    change_accepted,
    gate,
    line_to_short,
    scanning,
    shorted,
)
from packstation.domain.packing.label_rows import (
    Facts,
    confirming,
    labelling,
    outside_world,
    printing,
    refuse,
)
from packstation.domain.packing.material_rows import decided, materials
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import Session, State
from packstation.domain.packing.weight_rows import band_of, judged

# Holds whose cure is at the bench; all others are stops by the order, the server or a person.
OWN_TROUBLE: Final = frozenset(
    {
        "weight",
        "missing_item",
        "missing_data",
        "label_refused",
        "no_service",
        "acceptance",
        "requirement",
    }
)
# Stops of the order itself: no supervisor overrides them.
ORDER_STOPS: Final = frozenset({"cancelled", "changed"})
# Stops by what single units still lack: cured by an answer or by taking the unit out.
UNITS_STOP: Final = frozenset({"acceptance", "requirement"})
# A higher hold takes the place of a lower one; holds of the bench itself have none.
_RANKS: Final = {"server": 1, "changed": 2, "cancelled": 3}


def outranks(reason: str, other: str) -> bool:
    """Whether a hold for ``reason`` takes the place of one for ``other``."""
    return _RANKS.get(reason, 0) > _RANKS.get(other, 0)


def _news(s: Session, what: i.HoldRaised) -> bool:
    """A higher hold, or the same order changed once more."""
    again = what.reason == s.hold_reason == "changed" and what.changes != s.hold_changes
    return again or outranks(what.reason, s.hold_reason)


def decide(s: Session, what: i.Input) -> Facts:
    """The facts that ``what`` causes in session ``s``; never empty-handed, never guessing."""
    if isinstance(what, ii.RequirementAnswered):
        return answered(s, what)
    if isinstance(what, i.PapersLooked) and s.live:
        return looked(s, what)
    common = _anywhere(s, what) if s.live else None
    if common is None and s.live:
        common = materials(s, what)
    if common is not None:
        return common
    facts = _BY_STATE[s.state](s, what) if s.state in _BY_STATE else None
    return facts if facts is not None else refuse(s, what, f"not_now.{s.state}")


def _idle(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.OpenOrder(refusal=""):
            return (
                f.SessionOpened(
                    order_id=what.order_id,
                    rev=what.rev,
                    lines=what.lines,
                    parcel_id=what.parcel_id,
                    tote=what.tote,
                    allow_partial=what.allow_partial,
                    measure=what.measure,
                    profile=what.profile,
                    digest=what.digest,
                    prints=what.prints,
                ),
            )
        case i.OpenOrder():
            return refuse(s, what, what.refusal)
        # Added: PARKED elsewhere, contents so far passed on; resumed like one's own.
        case i.TakeOverAsked() if what.kept.state is State.PARKED:
            return (
                SessionTakenOver(
                    order_id=what.order_id,
                    rev=what.rev,
                    session=what.session,
                    bench=what.bench,
                    kept=what.kept,
                ),
            )
        case i.TakeOverAsked():
            return refuse(s, what, "order.not_parked")
    return None


def _anywhere(s: Session, what: i.Input) -> Facts | None:
    """Rows of "any live"; None leaves the input to the state's own rows."""
    match what:
        case i.HoldRaised() if s.state is State.HELD and not _news(s, what):
            return refuse(s, what, "hold.already")
        case i.HoldRaised():
            return (_hold(what),)
        case i.ParkAsked() if s.label_live:
            return refuse(s, what, "void_first")
        case i.ParkAsked(place=""):
            return refuse(s, what, "park.place")
        case i.ParkAsked():
            return (f.SessionParked(reason=what.reason, place=what.place),)
        case i.CancelAsked() if s.label_live:
            return refuse(s, what, "void_first")
        # Added: what was closed before is on its way; the rest is shorted or parked.
        case i.CancelAsked() if s.labelled:
            return refuse(s, what, "cancel.labelled")
        case i.CancelAsked():
            return (f.SessionCancelled(reason=what.reason),)
        case i.CartonChosen() | i.OpenAgainAsked() if s.label_live:
            return refuse(s, what, "void_first")
    return None


def _hold(what: i.HoldRaised) -> f.SessionHeld:
    return f.SessionHeld(
        reason=what.reason, by=what.by, note=what.note, rev=what.rev, changes=what.changes
    )


def _cartoning(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.CartonChosen():
            return _assign(s, what)
        case i.OpenAgainAsked():
            return (f.ParcelReopened(),)
    return None


def _assign(s: Session, what: i.CartonChosen) -> Facts:
    if what.refusal:
        return refuse(s, what, what.refusal)
    return (
        f.CartonAssigned(
            carton=what.carton,
            tare_g=what.tare_g,
            outer_mm=what.outer_mm,
            kind=what.kind,
            source=what.source,
            reason=what.reason,
            offered=what.offered,
        ),
    )


def _weighing(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.WeightRead(stable=False):
            return refuse(s, what, "weight.moving")
        case i.WeightRead(newer=False):
            return refuse(s, what, "weight.stale")
        case i.WeightRead():
            return _weigh(s, what)
    return _cartoning(s, what)


def _weigh(s: Session, what: i.WeightRead) -> Facts:
    band = band_of(s, what)
    if what.grams <= 0:
        return refuse(s, what, "weight.empty")
    if what.source == "typed" and not what.by:
        return refuse(s, what, "weight.typed")
    if band is not None and band.deviation(what.grams):
        return (
            *judged(what, band),
            f.WeightDisputed(
                gross_g=what.grams, expected_g=band.expected_g, tolerance_g=band.tolerance_g
            ),
        )
    # Added: without a scale a supervisor's typed weight counts, inside the same band.
    allowed = f.OverrideGranted(by=what.by, action="typed_weight", reason="no_scale")
    return (
        *((allowed,) if what.by else ()),
        *judged(what, band),
        f.ParcelWeighed(
            gross_g=what.grams,
            expected_g=band.expected_g if band else None,
            source=what.source,
            stability=what.stability,
        ),
    )


def _measuring(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.SizeRead(refusal=""):
            return (
                f.ParcelMeasured(
                    length_mm=what.length_mm,
                    width_mm=what.width_mm,
                    height_mm=what.height_mm,
                    source=what.source,
                ),
            )
        case i.SizeRead():
            return refuse(s, what, what.refusal)
    return _cartoning(s, what)


def _rating(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.ServiceChosen(refusal=""):
            return gate(s, ungated=what.ungated) or _request(s, what)
        case i.ServiceChosen():
            return refuse(s, what, what.refusal)
    return _cartoning(s, what)


def _request(s: Session, what: i.ServiceChosen) -> Facts:
    attempt = s.parcel.label.attempt + 1 if s.parcel.label else 1
    before = (one for one in (what.checked, what.weighed) if one is not None)
    return (
        *before,
        f.ServiceSelected(
            carrier=what.carrier,
            service=what.service,
            price=what.price,
            billable_g=what.billable_g,
            documents=what.documents,
            tariff=what.tariff,
            by=what.by,
            reason=what.reason,
            papers=what.papers,
            as_data=what.as_data,
            options=what.options,
        ),
        f.LabelRequested(
            key=f"{s.parcel.id}/{attempt}",
            carrier=what.carrier,
            service=what.service,
            rev=s.rev,
            attempt=attempt,
            checked=what.checked.digest if what.checked else "",
        ),
    )


def _held(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.HoldReleased():
            return (f.SessionResumed(rev=what.rev, cause=what.cause),)
        case i.OverrideAsked():
            return _override(s, what)
        case ii.ChangeAccepted():
            return change_accepted(s, what)
        case i.PutBackScanned() if s.label_live:
            return refuse(s, what, "void_first")
        case i.PutBackScanned():
            return (f.SessionCancelled(reason=s.hold_reason, tote=what.tote),)
        # An order that cannot leave is not packed before it can.
        case i.OpenAgainAsked() if s.hold_reason == "missing_data" and not s.parcel.contents:
            return refuse(s, what, "papers.office")
        case i.OpenAgainAsked() if s.hold_reason in OWN_TROUBLE:
            return (f.ParcelReopened(),)
        case i.WeightRead(stable=True, newer=True) if s.hold_reason == "weight":
            return _weigh_again(s, what)
        case i.CartonChosen() if s.hold_reason == "weight":
            return None if what.refusal else (f.SessionResumed(cause="carton"), *_assign(s, what))
    return outside_world(s, what)


def _weigh_again(s: Session, what: i.WeightRead) -> Facts:
    answer = _weigh(s, what)
    if isinstance(answer[-1], f.ParcelWeighed):
        return (f.SessionResumed(cause="weighed"), *answer)
    return answer


def _override(s: Session, what: i.OverrideAsked) -> Facts:
    if what.refusal:
        return refuse(s, what, what.refusal)
    if s.hold_reason in ORDER_STOPS:
        return refuse(s, what, "override.order_stopped")
    if s.hold_reason in UNITS_STOP or s.hold_note.startswith("kit."):
        return refuse(s, what, "override.units")
    if s.hold_reason == "missing_data":
        return released(s, what)
    granted = f.OverrideGranted(by=what.by, action=what.action, reason=what.reason)
    # The revision that was released is known from now on: only a newer one holds again.
    resumed = f.SessionResumed(rev=s.hold_rev, cause="override")
    return (granted, *decided(s, what.reason, what.by), resumed, *_after_override(s, what.by))


def _after_override(s: Session, by: str) -> Facts:
    if s.hold_reason == "weight" and s.dispute_g is not None:
        return (f.ParcelWeighed(gross_g=s.dispute_g, source="scale"),)
    line = line_to_short(s, s.short_line) if s.short_line is not None else None
    if line is not None and s.short_units:
        return shorted(s, line, s.short_units, by)
    return ()


def _parked(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.ResumeAsked(refusal=""):
            return (f.SessionResumed(rev=what.rev, cause="scan"),)
        case i.ResumeAsked():
            return refuse(s, what, what.refusal)
    return None


def _completed(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.ReopenAsked(tendered=True):
            return refuse(s, what, "reopen.tendered")
        case i.ReopenAsked(refusal=""):
            return (f.SessionReopened(by=what.by, reason=what.reason, parcel_id=what.parcel_id),)
        case i.ReopenAsked():
            return refuse(s, what, what.refusal)
    return None


_BY_STATE: Final[Mapping[State, Callable[[Session, i.Input], Facts | None]]] = {
    State.IDLE: _idle,
    State.SCANNING: scanning,
    State.CARTONING: _cartoning,
    State.WEIGHING: _weighing,
    State.MEASURING: _measuring,
    State.RATING: _rating,
    State.LABELLING: labelling,
    State.PRINTING: printing,
    State.CONFIRMING: confirming,
    State.HELD: _held,
    State.PARKED: _parked,
    State.COMPLETED: _completed,
}
