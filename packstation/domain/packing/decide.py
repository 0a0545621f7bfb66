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
from packstation.domain.packing.judge import expected_band, rejection
from packstation.domain.packing.label_rows import (
    Facts,
    confirming,
    labelling,
    outside_world,
    printing,
    refuse,
    void,
    void_answer,
)
from packstation.domain.packing.material_rows import decided, materials
from packstation.domain.packing.session import Line, Session, State

# Holds whose cure is at the bench; all others are stops by the order, the server or a person.
OWN_TROUBLE: Final = frozenset(
    {"weight", "missing_item", "missing_data", "label_refused", "no_service"}
)
# Stops of the order itself: no supervisor overrides them.
ORDER_STOPS: Final = frozenset({"cancelled", "changed"})
# A higher hold takes the place of a lower one; holds of the bench itself have none.
_RANKS: Final = {"server": 1, "changed": 2, "cancelled": 3}


def outranks(reason: str, other: str) -> bool:
    """Whether a hold for ``reason`` takes the place of one for ``other``."""
    return _RANKS.get(reason, 0) > _RANKS.get(other, 0)


def decide(s: Session, what: i.Input) -> Facts:
    """The facts that ``what`` causes in session ``s``; never empty-handed, never guessing."""
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
                ),
            )
        case i.OpenOrder():
            return refuse(s, what, what.refusal)
    return None


def _anywhere(s: Session, what: i.Input) -> Facts | None:
    """Rows of "any live"; None leaves the input to the state's own rows."""
    match what:
        case i.HoldRaised() if s.state is State.HELD and not outranks(what.reason, s.hold_reason):
            return refuse(s, what, "hold.already")
        case i.HoldRaised():
            return (f.SessionHeld(reason=what.reason, by=what.by, note=what.note, rev=what.rev),)
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


_CHANGES_CONTENTS: Final = (i.ItemScanned, i.UndoAsked, i.NextParcelAsked, i.ShortDeclared)


def _scanning(s: Session, what: i.Input) -> Facts | None:
    if s.label_live and isinstance(what, _CHANGES_CONTENTS):
        return refuse(s, what, "void_first")
    match what:
        case i.ItemScanned():
            return _item(s, what)
        case i.ShortDeclared():
            return _short(s, what)
        # Added: a box opened again may be closed as it is, once nothing is due.
        case i.ContentsAccepted() if s.due == 0 and s.parcel.contents:
            return (f.ContentsVerified(),)
        # Added: a completed order that was opened again still has its label.
        case i.VoidAsked() if s.label_live:
            return void(s, what)
        case i.VoidAnswered():
            return void_answer(s, what)
    return _undo_or_split(s, what)


def _undo_or_split(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.UndoAsked() if s.parcel.contents:
            last = s.parcel.contents[-1]
            return (
                f.ItemRemoved(line=last.line, sku=last.sku, units=last.units, serial=last.serial),
            )
        case i.UndoAsked():
            return refuse(s, what, "undo.nothing")
        case i.NextParcelAsked() if not s.parcel.contents:
            return refuse(s, what, "next_parcel.empty")
        case i.NextParcelAsked() if s.due == 0:
            return refuse(s, what, "next_parcel.nothing_due")
        case i.NextParcelAsked():
            return (f.ParcelSplit(),)
    return None


def _item(s: Session, what: i.ItemScanned) -> Facts:
    wrong = rejection(s, what)
    line = s.line_of(what.sku)
    if wrong is not None or line is None:
        return (wrong,) if wrong else ()
    verified = f.ItemVerified(
        line=line.plan.line,
        sku=what.sku,
        units=what.units,
        code=what.code,
        lot=what.lot,
        serial=what.serial,
        expiry=what.expiry,
        source=what.source,
    )
    if s.due > what.units:
        return (verified,)
    return (verified, f.ContentsVerified(), *_fast(what.fast))


def _fast(fast: i.FastLane | None) -> Facts:
    if fast is None:
        return ()
    return (
        f.CartonAssigned(
            carton=fast.carton, tare_g=fast.tare_g, outer_mm=fast.outer_mm, source="rule"
        ),
        f.ParcelWeighed(gross_g=fast.gross_g, expected_g=fast.gross_g, source="learned"),
    )


def _short(s: Session, what: i.ShortDeclared) -> Facts:
    line = _line_to_short(s, what.line)
    units = min(what.units or line.due, line.due) if line else 0
    if line is None or units < 1:
        return refuse(s, what, "short.nothing_due")
    number = line.plan.line
    if not (what.supervisor or s.allow_partial):
        return (f.SessionHeld(reason="missing_item", by="packer", line=number, units=units),)
    return _shorted(s, line, units, what.supervisor)


def _line_to_short(s: Session, number: int | None) -> Line | None:
    if number is None:
        return s.current
    return next((line for line in s.lines if line.plan.line == number), None)


def _shorted(s: Session, line: Line, units: int, by: str) -> Facts:
    short = f.ItemShorted(line=line.plan.line, sku=line.plan.sku, units=units, by=by)
    if s.due > units:
        return (short,)
    if s.parcel.contents:
        return (short, f.ContentsVerified())
    if len(s.parcels) > 1:
        return (short, f.SessionCompleted())
    return (short, f.SessionHeld(reason="missing_item", by=by or "packer"))


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
    band = expected_band(s)
    if what.grams <= 0:
        return refuse(s, what, "weight.empty")
    if what.source == "typed" and not what.by:
        return refuse(s, what, "weight.typed")
    if band is not None and band.deviation(what.grams):
        return (
            f.WeightDisputed(
                gross_g=what.grams, expected_g=band.expected_g, tolerance_g=band.tolerance_g
            ),
        )
    # Added: without a scale a supervisor's typed weight counts, inside the same band.
    allowed = f.OverrideGranted(by=what.by, action="typed_weight", reason="no_scale")
    return (
        *((allowed,) if what.by else ()),
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
            return _request(s, what)
        case i.ServiceChosen():
            return refuse(s, what, what.refusal)
    return _cartoning(s, what)


def _request(s: Session, what: i.ServiceChosen) -> Facts:
    attempt = s.parcel.label.attempt + 1 if s.parcel.label else 1
    return (
        f.ServiceSelected(
            carrier=what.carrier,
            service=what.service,
            price=what.price,
            billable_g=what.billable_g,
            documents=what.documents,
            tariff=what.tariff,
            by=what.by,
            reason=what.reason,
        ),
        f.LabelRequested(
            key=f"{s.parcel.id}/{attempt}",
            carrier=what.carrier,
            service=what.service,
            rev=s.rev,
            attempt=attempt,
        ),
    )


def _held(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.HoldReleased():
            return (f.SessionResumed(rev=what.rev, cause=what.cause),)
        case i.OverrideAsked():
            return _override(s, what)
        case i.PutBackScanned() if s.label_live:
            return refuse(s, what, "void_first")
        case i.PutBackScanned():
            return (f.SessionCancelled(reason=s.hold_reason, tote=what.tote),)
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
    granted = f.OverrideGranted(by=what.by, action=what.action, reason=what.reason)
    chosen = decided(s, what.reason, what.by)
    return (granted, *chosen, f.SessionResumed(cause="override"), *_after_override(s, what.by))


def _after_override(s: Session, by: str) -> Facts:
    if s.hold_reason == "weight" and s.dispute_g is not None:
        return (f.ParcelWeighed(gross_g=s.dispute_g, source="scale"),)
    line = _line_to_short(s, s.short_line) if s.short_line is not None else None
    if line is not None and s.short_units:
        return _shorted(s, line, s.short_units, by)
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
    State.SCANNING: _scanning,
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
