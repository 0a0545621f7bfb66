"""Rows of the table about what goes into the box: SCANNING, and answers about its units."""

from __future__ import annotations

from typing import Final

from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_facts as fi
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.item_judge import rejection
from packstation.domain.packing.label_rows import Facts, refuse, void, void_answer
from packstation.domain.packing.plan import unit_codes
from packstation.domain.packing.session import Line, Session, State
from packstation.domain.packing.weight_rows import guard_rows, waits_for_gain

_CHANGES_CONTENTS: Final = (i.ItemScanned, i.UndoAsked, i.NextParcelAsked, i.ShortDeclared)


def scanning(s: Session, what: i.Input) -> Facts | None:
    """Rows of SCANNING; None where the table has none."""
    wait = _not_yet(s, what)
    if wait:
        return refuse(s, what, wait)
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
        case ii.SubstituteAsked():
            return _substitute(s, what)
        case ii.ByHandAsked():
            return (fi.ByHandAllowed(units=what.units, by=what.by, reason=what.reason),)
        case ii.DoubleScanSeen():
            seen = fi.DoubleScanAsked(sku=what.sku, code=what.code, after_ms=what.after_ms)
            return (seen,)
    return _undo_or_split(s, what) or guard_rows(s, what)


def _not_yet(s: Session, what: i.Input) -> str:
    """Why the contents must stay as they are for now; "": they need not."""
    if not isinstance(what, _CHANGES_CONTENTS):
        return ""
    if s.label_live:
        return "void_first"
    return "gain.first" if waits_for_gain(s) and not _takes_back(s, what) else ""


def _takes_back(s: Session, what: i.Input) -> bool:
    """An undo of what the scale has not felt yet."""
    return isinstance(what, i.UndoAsked) and s.parcel.gained < len(s.parcel.contents)


def _substitute(s: Session, what: ii.SubstituteAsked) -> Facts:
    """Row added: another SKU may be packed on a line that is still due."""
    line = next((x for x in s.lines if x.plan.line == what.line), None)
    if line is None or not line.due:
        return refuse(s, what, "substitute.nothing_due")
    if line.plan.takes(what.plan.sku):
        return refuse(s, what, "substitute.already")
    allowed = fi.SubstituteAllowed(
        line=what.line, sku=what.plan.sku, plan=what.plan, by=what.by, reason=what.reason
    )
    return (allowed,)


def answered(s: Session, what: ii.RequirementAnswered) -> Facts:
    """Row added: a marketplace's word, which may come at any time, about a value that waits."""
    about = (what.sku, what.kind, what.value)
    told = {(item.sku, one.kind, one.value): one.status for item in s.packed for one in item.given}
    accepted = what.outcome == "accepted"
    if told.get(about) not in {"", "refused" if accepted else "accepted"}:
        return refuse(s, what, "requirement.unknown")
    if accepted:
        fact = fi.RequirementAccepted(sku=what.sku, kind=what.kind, value=what.value)
        return (fact, *_released(s, about))
    refused = fi.RequirementRefused(
        sku=what.sku, kind=what.kind, value=what.value, reason=what.reason
    )
    return (refused, *_stopped(s, what))


def _released(s: Session, about: tuple[str, str, str]) -> Facts:
    """The last answer that a held parcel waited for lets it go on."""
    waiting = {(item.sku, one.kind, one.value) for item, one in s.given("")}
    waits = s.state is State.HELD and s.hold_reason == "acceptance"
    if not waits or waiting - {about} or s.given("refused"):
        return ()
    return (f.SessionResumed(cause="accepted"),)


def _stopped(s: Session, what: ii.RequirementAnswered) -> Facts:
    """A no ends the waiting; the parcel stays where it is until the unit is out.

    A site that does not wait may hear it when the label is printed: nothing goes on then.
    """
    waits = s.state is State.HELD and s.hold_reason == "acceptance"
    if not waits and s.state not in {State.PRINTING, State.CONFIRMING}:
        return ()
    return (f.SessionHeld(reason="requirement", by="server", note=what.kind),)


def change_accepted(s: Session, what: ii.ChangeAccepted) -> Facts:
    """Row added: a held parcel goes on with another address or service, its goods untouched."""
    if s.hold_reason != "changed":
        return refuse(s, what, "change.nothing")
    if s.label_live:
        return refuse(s, what, "void_first")
    if what.refusal:
        return refuse(s, what, what.refusal)
    taken = fi.OrderChangeTaken(rev=what.rev, digest=what.digest, prints=what.prints)
    return (taken, f.SessionResumed(rev=what.rev, cause="change_taken"))


def gate(s: Session, *, ungated: bool) -> Facts | None:
    """Row added: no label before a marketplace has taken what it wants to know of each unit."""
    if refused := s.given("refused"):
        return (f.SessionHeld(reason="requirement", by="server", note=refused[0][1].kind),)
    if s.given("") and not ungated:
        return (f.SessionHeld(reason="acceptance", by="rule"),)
    return None


def _undo_or_split(s: Session, what: i.Input) -> Facts | None:
    match what:
        case i.UndoAsked() if s.parcel.contents:
            return _taken_back(s, what)
        case i.UndoAsked():
            return refuse(s, what, "undo.nothing")
        case i.NextParcelAsked() if not s.parcel.contents:
            return refuse(s, what, "next_parcel.empty")
        case i.NextParcelAsked() if s.due == 0:
            return refuse(s, what, "next_parcel.nothing_due")
        case i.NextParcelAsked():
            return (f.ParcelSplit(),)
    return None


def _taken_back(s: Session, what: i.UndoAsked) -> Facts:
    """The last scan, or one that was pointed at; the scale knows only what came last."""
    last = len(s.parcel.contents) - 1
    place = last if what.place is None else what.place
    if not 0 <= place <= last or (s.guard and place != last):
        return refuse(s, what, "undo.place")
    item = s.parcel.contents[place]
    removed = f.ItemRemoved(
        line=item.line,
        sku=item.sku,
        units=item.units,
        serial=item.serial,
        codes=unit_codes(item.sku, "", item.given),
        place=None if place == last else place,
    )
    return (removed,)


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
        typed=what.typed,
    )
    given = tuple(
        fi.RequirementGiven(
            line=line.plan.line,
            sku=what.sku,
            kind=one.kind,
            value=one.value,
            source=one.source or what.source,
        )
        for one in what.given
    )
    # Under the guard the scale has the last word.
    if s.due > what.units or s.guard:
        return (verified, *given)
    return (verified, *given, f.ContentsVerified(), *_fast(what.fast))


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
    line = line_to_short(s, what.line)
    units = min(what.units or line.due, line.due) if line else 0
    if line is None or units < 1:
        return refuse(s, what, "short.nothing_due")
    number = line.plan.line
    if not (what.supervisor or s.allow_partial):
        return (f.SessionHeld(reason="missing_item", by="packer", line=number, units=units),)
    return shorted(s, line, units, what.supervisor)


def line_to_short(s: Session, number: int | None) -> Line | None:
    """The named line, or the current one."""
    if number is None:
        return s.current
    return next((line for line in s.lines if line.plan.line == number), None)


def shorted(s: Session, line: Line, units: int, by: str) -> Facts:
    """Units are missing; what follows where nothing else is due."""
    short = f.ItemShorted(line=line.plan.line, sku=line.plan.sku, units=units, by=by)
    if s.due > units:
        return (short,)
    if s.parcel.contents:
        return (short, f.ContentsVerified())
    if len(s.parcels) > 1:
        return (short, f.SessionCompleted())
    return (short, f.SessionHeld(reason="missing_item", by=by or "packer"))
