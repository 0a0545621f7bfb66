"""Fold facts into the session: ``evolve(session, fact) -> session``.

Total and forgiving: a fact was true when it was written, so nothing is checked
here, and kinds without a row leave the session as it is. The station and the
server fold with this same function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.packing import facts as f
from packstation.domain.packing import material_rows
from packstation.domain.packing.customs_steps import CUSTOMS_STEPS, papers_of
from packstation.domain.packing.item_evolve import ITEM_STEPS
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import (
    IDLE,
    Label,
    Line,
    Packed,
    Parcel,
    Session,
    State,
)
from packstation.domain.packing.tote_facts import ToteArrived
from packstation.domain.packing.weight_steps import WEIGHT_STEPS


def evolve(session: Session, fact: f.Fact) -> Session:
    """The session after ``fact``."""
    step = _STEPS.get(type(fact))
    return step(session, fact) if step else session


def fold(facts: Iterable[f.Fact], session: Session = IDLE) -> Session:
    """The session after all ``facts``, oldest first."""
    return reduce(evolve, facts, session)


def _move(s: Session, state: State) -> Session:
    """Go to ``state``; while held, only what is resumed changes."""
    return replace(s, resume=state) if s.state is State.HELD else replace(s, state=state)


def _hold(s: Session, reason: str, resume: State, **more: Any) -> Session:  # noqa: ANN401
    calm: dict[str, Any] = {"hold_by": "", "hold_note": "", "short_line": None, "short_units": None}
    calm |= {"hold_changes": (), "hold_rev": None}
    if s.state is State.HELD and s.resume is not None and reason != "weight":
        resume = s.resume
    changes = {**calm, "hold_reason": reason, "resume": resume, **more}
    return replace(s, state=State.HELD, **changes)


def _add(lines: tuple[Line, ...], number: int, *, done: int = 0, shorted: int = 0) -> Any:  # noqa: ANN401
    return tuple(
        replace(line, done=line.done + done, shorted=line.shorted + shorted)
        if line.plan.line == number
        else line
        for line in lines
    )


def _opened(_: Session, fact: f.SessionOpened) -> Session:
    return Session(
        state=State.SCANNING,
        order_id=fact.order_id,
        rev=fact.rev,
        lines=tuple(Line(plan=plan) for plan in fact.lines),
        parcels=(Parcel(id=fact.parcel_id),),
        tote=fact.tote,
        allow_partial=fact.allow_partial,
        measure=fact.measure,
        profile=fact.profile,
        digest=fact.digest,
        prints=fact.prints,
    )


def _verified(s: Session, fact: f.ItemVerified) -> Session:
    item = Packed(
        line=fact.line,
        sku=fact.sku,
        units=fact.units,
        lot=fact.lot,
        serial=fact.serial,
        expiry=fact.expiry,
        source=fact.source,
    )
    s = replace(s, lines=_add(s.lines, fact.line, done=fact.units))
    return s.with_parcel(contents=(*s.parcel.contents, item))


def _contents_verified(s: Session, _: f.ContentsVerified) -> Session:
    return replace(s, state=State.CONFIRMING if s.label_live else State.CARTONING)


def _removed(s: Session, fact: f.ItemRemoved) -> Session:
    s = replace(s, lines=_add(s.lines, fact.line, done=-fact.units))
    contents = list(s.parcel.contents)
    del contents[-1 if fact.place is None else fact.place]
    return s.with_parcel(contents=tuple(contents))


def _shorted(s: Session, fact: f.ItemShorted) -> Session:
    return replace(s, lines=_add(s.lines, fact.line, shorted=fact.units))


def _split(s: Session, _: f.ParcelSplit) -> Session:
    return replace(s, state=State.CARTONING)


def _carton(s: Session, fact: f.CartonAssigned) -> Session:
    s = s.with_parcel(
        carton=fact.carton,
        carton_kind=fact.kind,
        tare_g=fact.tare_g,
        outer_mm=fact.outer_mm,
        gross_g=None,
        size_mm=(),
        service=None,
        judged=None,
    )
    return replace(s, state=State.WEIGHING, dispute_g=None)


def _weighed(s: Session, fact: f.ParcelWeighed) -> Session:
    # Weighed as it was disputed: that was a supervisor's word, not the band's.
    released = s.dispute_g == fact.gross_g
    s = s.with_parcel(
        gross_g=fact.gross_g, weight_source=fact.source, released=released, taught=False
    )
    if s.measure or not s.parcel.outer_mm:
        return replace(s, state=State.MEASURING, dispute_g=None)
    return replace(s.with_parcel(size_mm=s.parcel.outer_mm), state=State.RATING, dispute_g=None)


def _disputed(s: Session, fact: f.WeightDisputed) -> Session:
    return _hold(s, "weight", State.WEIGHING, dispute_g=fact.gross_g)


def _reopened_box(s: Session, _: f.ParcelReopened) -> Session:
    s = s.with_parcel(carton="", tare_g=0, outer_mm=(), gross_g=None, size_mm=(), service=None)
    return _calm(replace(s, state=State.SCANNING, resume=None, dispute_g=None, released=()))


def _calm(s: Session) -> Session:
    """Nothing holds it any more."""
    calm = replace(s, hold_reason="", hold_by="", hold_note="", hold_changes=(), hold_rev=None)
    return replace(calm, short_line=None, short_units=None)


def _measured(s: Session, fact: f.ParcelMeasured) -> Session:
    s = s.with_parcel(size_mm=(fact.length_mm, fact.width_mm, fact.height_mm))
    return replace(s, state=State.RATING)


def _service(s: Session, fact: f.ServiceSelected) -> Session:
    return s.with_parcel(service=fact)


def _requested(s: Session, fact: f.LabelRequested) -> Session:
    label = Label(key=fact.key, attempt=fact.attempt, status="requested")
    return replace(s.with_parcel(label=label, papers=()), state=State.LABELLING)


def _label(s: Session, status: str, **more: str) -> Session:
    label = s.parcel.label
    return s.with_parcel(label=replace(label, status=status, **more)) if label else s


def _issued(s: Session, fact: f.LabelIssued) -> Session:
    s = _label(s, "issued", waybill=fact.waybill, blob=fact.blob, source=fact.source)
    return _move(s.with_parcel(papers=papers_of(s.parcel.service)), State.PRINTING)


def _refused(s: Session, fact: f.LabelRefused) -> Session:
    held = s.state is State.HELD
    s = _label(s, "refused")
    if held:
        return replace(s, resume=State.RATING)
    return _hold(s, "label_refused", State.RATING, hold_note=fact.reason)


def _void_requested(s: Session, _: f.LabelVoidRequested) -> Session:
    return _label(s, "voiding")


def _voided(s: Session, _: f.LabelVoided) -> Session:
    s = _label(s, "voided").with_parcel(papers=(), service=None)
    return s if s.state is State.SCANNING else _move(s, State.RATING)


def _void_refused(s: Session, _: f.LabelVoidRefused) -> Session:
    """The label stands; of one without a number it is as unknown as before what it bought."""
    label = s.parcel.label
    return _label(s, "issued" if label and label.waybill else "unresolved")


def _paper(s: Session, document: str, **changes: Any) -> Session:  # noqa: ANN401
    papers = tuple(
        replace(paper, **changes) if paper.document == document else paper
        for paper in s.parcel.papers
    )
    return s.with_parcel(papers=papers)


def _print_started(s: Session, fact: f.PrintStarted) -> Session:
    return _paper(
        s,
        fact.document,
        status="started",
        job=fact.job,
        rung="",
        rungs=(),
        printer=fact.printer,
        doubt=False,
        labels=fact.labels,
    )


def _print_moved(s: Session, fact: f.PrintMoved) -> Session:
    return _paper(
        s,
        fact.document,
        status="due",
        job="",
        rung="",
        rungs=(),
        printer=fact.target,
        move=fact.move,
        doubt=False,
    )


def _print_advanced(s: Session, fact: f.PrintAdvanced) -> Session:
    before = next((p.rungs for p in s.parcel.papers if p.document == fact.document), ())
    return _paper(s, fact.document, rung=fact.rung, rungs=(*before, (fact.rung, fact.at)))


def _printed(s: Session, fact: f.DocumentPrinted) -> Session:
    s = _paper(s, fact.document, status="printed", doubt=False)
    out = all(paper.status == "printed" for paper in s.parcel.papers)
    return _move(s, State.CONFIRMING) if out else s


def _print_failed(s: Session, fact: f.PrintFailed) -> Session:
    """A printer that says so knows; a person only sees that nothing has come out yet."""
    if fact.cause == "person":
        return _paper(s, fact.document, status="failed")
    return _paper(s, fact.document, status="failed", doubt=False)


def _print_uncertain(s: Session, fact: f.PrintUncertain) -> Session:
    return _paper(s, fact.document, status="uncertain", doubt=True)


def _reprint(s: Session, fact: f.ReprintRequested) -> Session:
    s = _paper(s, fact.document, status="due", copy=fact.copy, job="", rung="", move=0)
    return replace(s, state=State.PRINTING)


def _applied(s: Session, _: f.LabelApplied) -> Session:
    return s.with_parcel(applied=True)


def _parcel_opened(s: Session, fact: f.ParcelOpened) -> Session:
    fresh = replace(s, checked=None, released=())
    return replace(fresh, state=State.SCANNING, parcels=(*s.parcels, Parcel(id=fact.parcel_id)))


def _completed(s: Session, _: f.SessionCompleted) -> Session:
    return replace(s, state=State.COMPLETED)


def _parked(s: Session, fact: f.SessionParked) -> Session:
    """A hold goes with it: what was held before is held again when it is taken up."""
    resume = s.resume if s.state is State.HELD else s.state
    return replace(s, state=State.PARKED, resume=resume, place=fact.place)


def _held(s: Session, fact: f.SessionHeld) -> Session:
    return _hold(
        s,
        fact.reason,
        s.state,
        hold_by=fact.by,
        hold_note=fact.note,
        hold_rev=fact.rev,
        short_line=fact.line,
        short_units=fact.units,
        hold_changes=fact.changes,
    )


def _resumed(s: Session, fact: f.SessionResumed) -> Session:
    s = replace(s, rev=s.rev if fact.rev is None else fact.rev, place="")
    if s.state is State.PARKED and s.hold_reason:
        return replace(s, state=State.HELD)
    return _calm(replace(s, state=s.resume or State.SCANNING, resume=None))


def _taken_over(_: Session, fact: SessionTakenOver) -> Session:
    """As the other bench parked it."""
    return replace(fact.kept, rev=fact.rev, came_from=fact.session, came_bench=fact.bench)


def _cancelled(s: Session, _: f.SessionCancelled) -> Session:
    return replace(s, state=State.CANCELLED)


def _session_reopened(s: Session, _: f.SessionReopened) -> Session:
    return replace(s.with_parcel(applied=False), state=State.SCANNING, reopened=s.reopened + 1)


def _tote(s: Session, fact: ToteArrived) -> Session:
    return s if fact.tote in s.totes else replace(s, totes=(*s.totes, fact.tote))


_STEPS: Final[Mapping[type[f.Fact], Callable[[Session, Any], Session]]] = {
    **ITEM_STEPS,
    f.SessionOpened: _opened,
    SessionTakenOver: _taken_over,
    f.ItemVerified: _verified,
    f.ContentsVerified: _contents_verified,
    f.ItemRemoved: _removed,
    f.ItemShorted: _shorted,
    f.ParcelSplit: _split,
    f.CartonAssigned: _carton,
    f.ParcelWeighed: _weighed,
    f.WeightDisputed: _disputed,
    f.ParcelReopened: _reopened_box,
    f.ParcelMeasured: _measured,
    f.ServiceSelected: _service,
    f.LabelRequested: _requested,
    f.LabelIssued: _issued,
    f.LabelRefused: _refused,
    f.LabelUnresolved: lambda s, _: _label(s, "unresolved"),
    f.LabelVoidRequested: _void_requested,
    f.LabelVoided: _voided,
    f.LabelVoidRefused: _void_refused,
    f.PrintStarted: _print_started,
    f.PrintAdvanced: _print_advanced,
    f.PrintMoved: _print_moved,
    f.DocumentPrinted: _printed,
    f.PrintFailed: _print_failed,
    f.PrintUncertain: _print_uncertain,
    f.ReprintRequested: _reprint,
    f.LabelApplied: _applied,
    f.ParcelOpened: _parcel_opened,
    f.SessionCompleted: _completed,
    f.SessionParked: _parked,
    f.SessionHeld: _held,
    f.SessionResumed: _resumed,
    f.SessionCancelled: _cancelled,
    f.SessionReopened: _session_reopened,
    ToteArrived: _tote,
    **CUSTOMS_STEPS,
    **material_rows.STEPS,
    **WEIGHT_STEPS,
}
