"""Voids under way, holds over holds, parcels closed before: what must not slip through."""

from __future__ import annotations

import pytest

from packstation.domain.packing import Session, State, decide
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from tests.domain.packing import scenes as s

WAYBILL = i.WaybillScanned(waybill="LP000000005CN", next_parcel_id="P-2")
UNKNOWN = i.LabelAnswered(key="P-1/1", outcome="unknown", reason="timeout")


def reason(session: Session, what: i.Input) -> str:
    (fact,) = decide(session, what)
    assert isinstance(fact, f.InputRefused)
    return fact.reason


# --- a void under way ----------------------------------------------------------------------


@pytest.mark.parametrize("before", [s.CONFIRMING, s.STARTED])
def test_a_label_that_is_being_voided_closes_no_parcel(before: Session) -> None:
    voiding = s.after(i.VoidAsked(), start=before)
    assert reason(voiding, WAYBILL) in {"void.running", "not_now.printing"}
    assert reason(voiding, i.ReprintAsked()) == "void.running"


def test_a_label_that_is_being_voided_is_not_printed() -> None:
    voiding = s.after(i.VoidAsked(), start=s.PRINTING)
    assert reason(voiding, s.begun("label")) == "print.not_due"
    kept = s.after(i.VoidAnswered(key="P-1/1", outcome="refused"), start=voiding)
    assert s.kinds(decide(kept, s.begun("label"))) == ("PrintStarted",)


def test_a_label_is_not_voided_while_it_is_being_bought() -> None:
    held = s.after(i.HoldRaised(reason="cancelled", by="server"), start=s.LABELLING)
    assert reason(held, i.VoidAsked()) == "not_now.labelling"
    bought = s.after(s.ISSUED, start=held)
    assert bought.parcel.label is not None
    assert bought.parcel.label.waybill == "LP000000005CN"


def test_a_refused_void_of_an_unknown_label_leaves_it_unknown() -> None:
    asked = s.after(UNKNOWN, i.VoidAsked(), start=s.LABELLING)
    kept = s.after(i.VoidAnswered(key="P-1/1", outcome="refused"), start=asked)
    assert kept.parcel.label is not None
    assert (kept.state, kept.parcel.label.status) == (State.LABELLING, "unresolved")
    assert s.after(s.ISSUED, start=kept).state is State.PRINTING


# --- holds over holds ----------------------------------------------------------------------


@pytest.mark.parametrize("own", ["person", "missing_item", "weight"])
def test_a_hold_of_the_server_is_not_lost_behind_one_of_the_bench(own: str) -> None:
    held = s.after(i.HoldRaised(reason=own), start=s.WEIGHING)
    stopped = s.after(i.HoldRaised(reason="server", by="server"), start=held)
    assert (stopped.hold_reason, stopped.resume) == ("server", State.WEIGHING)
    assert reason(stopped, s.GOOD_WEIGHT) == "not_now.held"
    assert reason(stopped, i.HoldRaised(reason="person")) == "hold.already"


def test_a_cancellation_is_the_last_word() -> None:
    changed = s.after(i.HoldRaised(reason="changed", by="server"), start=s.SCANNED)
    cancelled = s.after(i.HoldRaised(reason="cancelled", by="server"), start=changed)
    assert cancelled.hold_reason == "cancelled"


def test_another_box_forgets_the_weight_that_was_disputed() -> None:
    disputed = s.after(i.WeightRead(grams=500), start=s.WEIGHING)
    assert s.after(s.BOX, start=disputed).dispute_g is None


# --- parcels closed before -----------------------------------------------------------------


def test_an_order_with_a_closed_parcel_is_not_cancelled_at_the_bench() -> None:
    first = s.after(s.OPEN, s.MUG_SCAN, i.NextParcelAsked(), s.BOX, i.WeightRead(grams=400))
    closed = s.after(
        s.SERVICE,
        s.ISSUED,
        s.begun("label"),
        s.printed("label"),
        s.begun("cn22"),
        s.printed("cn22"),
        WAYBILL,
        start=first,
    )
    assert (closed.state, closed.label_live, closed.labelled) == (State.SCANNING, False, True)
    assert reason(closed, i.CancelAsked()) == "cancel.labelled"
    assert s.after(i.ParkAsked(place="T-9"), start=closed).state is State.PARKED
