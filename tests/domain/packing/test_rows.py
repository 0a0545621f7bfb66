"""The rows of the table one by one: guards, side roads, money, printing, holds."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.packing import IDLE, Session, State, decide
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing.judge import expected_band
from packstation.domain.weights import WeightBand
from tests.domain.packing import scenes as s


def reason(session: Session, what: i.Input) -> str:
    """Why ``what`` is refused or rejected."""
    (fact,) = decide(session, what)
    assert isinstance(fact, f.InputRefused | f.ItemRejected)
    return fact.reason


def opened(plan: f.LinePlan, **more: bool) -> Session:
    return s.after(replace(s.OPEN, lines=(plan,), **more))


# --- opening and scanning ------------------------------------------------------------------


def test_an_order_that_may_not_be_opened_is_refused_with_its_reason() -> None:
    assert reason(IDLE, replace(s.OPEN, refusal="order.on_hold")) == "order.on_hold"


def test_the_last_unit_closes_the_contents() -> None:
    facts = decide(s.after(s.OPEN, s.MUG_SCAN, s.MUG_SCAN), s.SOCK_SCAN)
    assert s.kinds(facts) == ("ItemVerified", "ContentsVerified")


def test_the_fast_lane_goes_straight_to_rating() -> None:
    fast = i.FastLane(carton="M1", tare_g=20, gross_g=320, outer_mm=(200, 150, 50))
    session = opened(replace(s.MUG, quantity=1))
    after = s.after(replace(s.MUG_SCAN, fast=fast), start=session)
    assert after.state is State.RATING
    assert (after.parcel.gross_g, after.parcel.weight_source) == (320, "learned")


@pytest.mark.parametrize(
    ("scan", "expected"),
    [
        (i.ItemScanned(sku="HAT"), "not_in_order"),
        (i.ItemScanned(sku="MUG-BLU", variant_of="MUG"), "wrong_variant"),
        (i.ItemScanned(sku="MUG", units=3), "too_many_units"),
    ],
)
def test_wrong_scans_are_told_apart(scan: i.ItemScanned, expected: str) -> None:
    assert reason(s.after(s.OPEN), scan) == expected


def test_a_scan_too_many_names_how_many_were_wanted() -> None:
    (fact,) = decide(s.after(s.OPEN, s.MUG_SCAN, s.MUG_SCAN), s.MUG_SCAN)
    assert isinstance(fact, f.ItemRejected)
    assert (fact.reason, fact.allowed) == ("over_quantity", "2")


@pytest.mark.parametrize(
    ("plan", "scan", "expected"),
    [
        ({"serial": True}, {}, "serial_missing"),
        ({"serial": True}, {"serial": "A", "units": 2}, "too_many_units"),
        ({"lot": True}, {}, "lot_missing"),
        ({"lots": ("L1", "L2")}, {"lot": "L9"}, "wrong_lot"),
        ({"expiry": True}, {}, "expiry_missing"),
        (
            {"expiry": True, "min_days_left": 30},
            {"expiry": "2026-12-20", "today": "2026-11-21"},
            "short_dated",
        ),
        (
            {"expiry": True, "min_days_left": 30},
            {"expiry": "2026-11-20", "today": "2026-11-21"},
            "expired",
        ),
    ],
)
def test_tracking_is_asked_for(
    plan: dict[str, object], scan: dict[str, object], expected: str
) -> None:
    session = opened(replace(s.MUG, **plan))
    assert reason(session, replace(s.MUG_SCAN, **scan)) == expected


def test_the_first_allowed_day_of_a_best_before_is_packed() -> None:
    session = opened(replace(s.MUG, expiry=True, min_days_left=30))
    scan = replace(s.MUG_SCAN, expiry="2026-12-21", today="2026-11-21")
    assert s.kinds(decide(session, scan)) == ("ItemVerified",)


def test_a_serial_number_is_packed_once() -> None:
    session = opened(replace(s.MUG, serial=True))
    scan = replace(s.MUG_SCAN, serial="SN-1")
    once = s.after(scan, start=session)
    assert once.unit_codes == {"serial:MUG:SN-1"}
    assert reason(once, scan) == "serial_used"


def test_two_lines_of_one_sku_are_filled_one_after_the_other() -> None:
    session = s.after(replace(s.OPEN, lines=(s.MUG, replace(s.MUG, line=3))))
    session = s.after(s.MUG_SCAN, s.MUG_SCAN, s.MUG_SCAN, start=session)
    assert [line.done for line in session.lines] == [2, 1]


def test_undo_takes_the_last_scan_back_and_no_more() -> None:
    session = s.after(s.OPEN, s.MUG_SCAN, s.SOCK_SCAN, i.UndoAsked())
    assert [line.done for line in session.lines] == [1, 0]
    assert reason(s.after(s.OPEN), i.UndoAsked()) == "undo.nothing"


def test_next_parcel_wants_something_in_and_something_due() -> None:
    assert reason(s.after(s.OPEN), i.NextParcelAsked()) == "next_parcel.empty"
    full = s.after(i.OpenAgainAsked(), start=s.CARTONING)
    assert reason(full, i.NextParcelAsked()) == "next_parcel.nothing_due"


def test_a_box_opened_again_is_closed_as_it_is() -> None:
    session = s.after(i.OpenAgainAsked(), start=s.WEIGHING)
    assert (session.state, session.parcel.carton) == (State.SCANNING, "")
    assert s.after(i.ContentsAccepted(), start=session).state is State.CARTONING


# --- short picks ---------------------------------------------------------------------------


def test_a_short_pick_needs_somebody_to_allow_it() -> None:
    session = s.after(i.ShortDeclared(line=1), start=s.SCANNED)
    assert (session.state, session.hold_reason) == (State.HELD, "missing_item")
    released = s.after(i.OverrideAsked(by="B-9", reason="checked"), start=session)
    assert released.state is State.SCANNING
    assert released.lines[0].shorted == 1


def test_an_order_that_allows_partial_is_shorted_at_once() -> None:
    session = s.after(replace(s.OPEN, allow_partial=True), s.MUG_SCAN, s.SOCK_SCAN)
    after = s.after(i.ShortDeclared(), start=session)
    assert (after.state, after.lines[0].shorted) == (State.CARTONING, 1)


def test_nothing_packed_and_all_short_waits_for_a_decision() -> None:
    session = s.after(replace(s.OPEN, lines=(s.SOCK,), allow_partial=True))
    assert s.after(i.ShortDeclared(), start=session).hold_reason == "missing_item"


def test_short_of_what_is_not_due_is_refused() -> None:
    assert reason(s.SCANNED, i.ShortDeclared(line=9)) == "short.nothing_due"
    complete = s.after(s.MUG_SCAN, start=s.SCANNED)
    assert reason(complete, i.ShortDeclared(line=1)) == "short.nothing_due"


def test_the_rest_of_a_second_parcel_may_be_short() -> None:
    first = s.after(i.NextParcelAsked(), s.BOX, i.WeightRead(grams=400), start=s.SCANNED)
    first = s.after(replace(s.SERVICE, documents=("label",)), s.ISSUED, start=first)
    first = s.after(s.begun("label"), s.printed("label"), start=first)
    second = s.after(i.WaybillScanned(waybill="LP000000005CN", next_parcel_id="P-2"), start=first)
    assert (second.state, second.parcel.id, len(second.parcels)) == (State.SCANNING, "P-2", 2)
    short = i.ShortDeclared(supervisor="B-9")
    assert s.after(short, short, start=second).state is State.COMPLETED


# --- box, weight, size ---------------------------------------------------------------------


def test_a_box_that_does_not_fit_is_refused() -> None:
    assert reason(s.CARTONING, replace(s.BOX, refusal="carton.too_small")) == "carton.too_small"


@pytest.mark.parametrize("state", ["WEIGHING", "MEASURING", "RATING"])
def test_another_box_starts_the_weight_anew(state: str) -> None:
    session = s.after(replace(s.BOX, carton="C4"), start=getattr(s, state))
    assert (session.state, session.parcel.gross_g) == (State.WEIGHING, None)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (i.WeightRead(grams=780, stable=False), "weight.moving"),
        (i.WeightRead(grams=780, newer=False), "weight.stale"),
        (i.WeightRead(grams=0), "weight.empty"),
    ],
)
def test_only_a_stable_and_new_weight_is_taken(weight: i.WeightRead, expected: str) -> None:
    assert reason(s.WEIGHING, weight) == expected


def test_a_typed_weight_needs_a_supervisor_and_fits_the_band() -> None:
    typed = i.WeightRead(grams=780, source="typed")
    assert reason(s.WEIGHING, typed) == "weight.typed"
    facts = decide(s.WEIGHING, replace(typed, by="B-9"))
    assert s.kinds(facts) == ("OverrideGranted", "ParcelWeighed")
    held = s.after(i.WeightRead(grams=500), start=s.WEIGHING)
    assert reason(held, typed) == "weight.typed"
    wrong = replace(typed, by="B-9", grams=500)
    assert s.kinds(decide(s.WEIGHING, wrong)) == ("WeightDisputed",)


def test_the_band_is_the_sum_of_what_is_in_the_box() -> None:
    assert expected_band(s.WEIGHING) == WeightBand(780, 23)


@pytest.mark.parametrize(
    ("grams", "state"), [(757, State.RATING), (756, State.HELD), (803, State.RATING)]
)
def test_the_band_includes_its_edges(grams: int, state: State) -> None:
    assert s.after(i.WeightRead(grams=grams), start=s.WEIGHING).state is state


def test_without_a_unit_weight_every_weight_is_taken() -> None:
    session = s.after(replace(s.OPEN, lines=(replace(s.SOCK, unit_g=None),)), s.SOCK_SCAN, s.BOX)
    assert expected_band(session) is None
    assert s.after(i.WeightRead(grams=9999), start=session).state is State.RATING


def test_a_disputed_weight_is_cured_by_weighing_again() -> None:
    held = s.after(i.WeightRead(grams=500), start=s.WEIGHING)
    assert (held.hold_reason, held.dispute_g) == ("weight", 500)
    again = s.after(i.WeightRead(grams=501), start=held)
    assert (again.state, again.dispute_g) == (State.HELD, 501)
    assert s.after(s.GOOD_WEIGHT, start=again).state is State.RATING


def test_a_disputed_weight_is_cured_by_opening_or_another_box() -> None:
    held = s.after(i.WeightRead(grams=500), start=s.WEIGHING)
    assert s.after(i.OpenAgainAsked(), start=held).state is State.SCANNING
    assert s.after(s.BOX, start=held).state is State.WEIGHING
    small = replace(s.BOX, refusal="carton.too_small")
    assert reason(held, small) == "not_now.held"


def test_a_supervisor_releases_a_weight_with_its_value() -> None:
    held = s.after(i.WeightRead(grams=500), start=s.WEIGHING)
    facts = decide(held, i.OverrideAsked(by="B-9", reason="checked"))
    assert s.kinds(facts) == ("OverrideGranted", "SessionResumed", "ParcelWeighed")
    refused = i.OverrideAsked(by="B-1", reason="x", refusal="role.may_not")
    assert reason(held, refused) == "role.may_not"


def test_sides_that_no_service_takes_are_refused() -> None:
    size = i.SizeRead(length_mm=2000, width_mm=1, height_mm=1, refusal="size.too_long")
    assert reason(s.MEASURING, size) == "size.too_long"


# --- the label -----------------------------------------------------------------------------


def test_a_parcel_that_no_service_takes_is_opened_again_for_another_box() -> None:
    held = s.after(i.HoldRaised(reason="no_service", by="rule"), start=s.RATING)
    assert held.state is State.HELD
    assert s.after(i.OpenAgainAsked(), start=held).state is State.SCANNING


def test_a_service_that_may_not_be_used_is_refused() -> None:
    assert reason(s.RATING, replace(s.SERVICE, refusal="papers.incomplete")) == "papers.incomplete"


def test_an_answer_for_another_key_is_not_this_label() -> None:
    assert reason(s.LABELLING, replace(s.ISSUED, key="P-1/9")) == "label.other_key"


@pytest.mark.parametrize("bad", [{"waybill": ""}, {"used_before": True}])
def test_a_number_that_was_used_never_becomes_a_label(bad: dict[str, object]) -> None:
    session = s.after(replace(s.ISSUED, **bad), start=s.LABELLING)
    assert (session.state, session.hold_reason) == (State.HELD, "label_refused")


def test_the_attempt_rises_only_after_a_refusal_is_recorded() -> None:
    refused = s.after(
        i.LabelAnswered(key="P-1/1", outcome="refused", reason="address"), start=s.LABELLING
    )
    assert refused.hold_note == "address"
    again = s.after(i.HoldReleased(), s.SERVICE, start=refused)
    assert again.parcel.label is not None
    assert again.parcel.label.key == "P-1/2"


def test_an_unknown_outcome_is_asked_for_and_never_bought_again() -> None:
    unknown = i.LabelAnswered(key="P-1/1", outcome="unknown", reason="timeout")
    session = s.after(unknown, start=s.LABELLING)
    assert (session.state, session.label_live) == (State.LABELLING, True)
    assert decide(session, unknown) == ()
    assert s.after(s.ISSUED, start=session).state is State.PRINTING
    never = s.after(i.LabelAnswered(key="P-1/1", outcome="never_bought"), start=session)
    assert (never.state, never.hold_note) == (State.HELD, "never_bought")
    assert s.kinds(decide(session, i.VoidAsked())) == ("LabelVoidRequested",)


def test_while_the_label_is_asked_for_nothing_else_moves() -> None:
    for what in (s.BOX, i.OpenAgainAsked(), i.ParkAsked(place="T-9"), i.CancelAsked()):
        assert reason(s.LABELLING, what) == "void_first"


def test_a_held_session_still_records_what_the_carrier_says() -> None:
    held = s.after(i.HoldRaised(reason="cancelled", by="server"), start=s.LABELLING)
    issued = s.after(s.ISSUED, start=held)
    assert (issued.state, issued.resume) == (State.HELD, State.PRINTING)
    refused = s.after(i.LabelAnswered(key="P-1/1", outcome="refused"), start=held)
    assert (refused.state, refused.hold_reason, refused.resume) == (
        State.HELD,
        "cancelled",
        State.RATING,
    )


# --- printing ------------------------------------------------------------------------------


def test_a_document_is_started_once() -> None:
    assert reason(s.STARTED, s.begun("label")) == "print.not_due"
    assert reason(s.PRINTING, s.begun("invoice")) == "print.not_due"


def test_all_documents_out_asks_for_the_label_scan() -> None:
    session = s.after(s.printed("label"), start=s.STARTED)
    assert session.state is State.PRINTING
    session = s.after(s.begun("cn22"), s.printed("cn22", "accepted"), start=session)
    assert session.parcel.papers[1].rung == "accepted"
    assert s.after(s.printed("cn22"), start=session).state is State.CONFIRMING


def test_an_uncertain_print_is_answered_by_a_person() -> None:
    unsure = s.after(s.printed("label", "uncertain"), start=s.STARTED)
    assert decide(unsure, s.printed("label", "uncertain")) == ()
    yes = s.after(i.PrintAnswered(came_out=True), start=unsure)
    assert yes.parcel.papers[0].status == "printed"
    no = s.after(i.PrintAnswered(came_out=False), start=unsure)
    assert no.parcel.papers[0].status == "failed"
    assert reason(s.STARTED, i.PrintAnswered(came_out=True)) == "print.nothing_unsure"


def test_a_failed_print_is_printed_again_only_when_asked() -> None:
    failed = s.after(s.printed("label", "failed"), start=s.STARTED)
    assert reason(failed, s.begun("label")) == "print.not_due"
    again = s.after(i.ReprintAsked(), start=failed)
    assert again.parcel.papers[0].copy == 2
    assert s.after(s.begun("label", 2), start=again).parcel.papers[0].status == "started"


def test_a_reprint_needs_a_finished_print_and_a_rule() -> None:
    assert reason(s.STARTED, i.ReprintAsked()) == "reprint.running"
    assert reason(s.CONFIRMING, i.ReprintAsked(allowed=False)) == "reprint.not_allowed"


def test_a_report_of_another_job_changes_nothing() -> None:
    assert reason(s.STARTED, s.printed("label", copy=7)) == "print.other_job"


def test_the_scanned_label_proves_that_it_came_out() -> None:
    scan = i.WaybillScanned(waybill="LP000000005CN")
    only = s.after(replace(s.SERVICE, documents=("label",)), s.ISSUED, start=s.RATING)
    started = s.after(s.begun("label"), start=only)
    assert s.after(scan, start=started).state is State.COMPLETED
    assert s.after(scan, start=s.STARTED).parcel.papers[0].status == "printed"
    assert reason(s.PRINTING, scan) == "not_now.printing"
    other = i.WaybillScanned(waybill="LP000000014CN")
    assert reason(s.STARTED, other) == "not_now.printing"


def test_the_label_of_another_parcel_is_an_alarm() -> None:
    (fact,) = decide(s.CONFIRMING, i.WaybillScanned(waybill="LP000000014CN"))
    assert fact == f.LabelMismatched(scanned="LP000000014CN", expected="LP000000005CN")


# --- void ----------------------------------------------------------------------------------


def test_a_voided_label_goes_back_to_rating() -> None:
    voiding = s.after(i.VoidAsked(), start=s.CONFIRMING)
    assert reason(voiding, i.VoidAsked()) == "void.running"
    voided = s.after(i.VoidAnswered(key="P-1/1", outcome="voided"), start=voiding)
    assert (voided.state, voided.label_live, voided.parcel.papers) == (State.RATING, False, ())
    again = s.after(s.SERVICE, start=voided)
    assert again.parcel.label is not None
    assert again.parcel.label.attempt == 2


def test_a_refused_void_leaves_the_label_alive() -> None:
    voiding = s.after(i.VoidAsked(), start=s.CONFIRMING)
    refused = s.after(i.VoidAnswered(key="P-1/1", outcome="refused"), start=voiding)
    assert (refused.state, refused.label_live) == (State.CONFIRMING, True)
    unknown = decide(voiding, i.VoidAnswered(key="P-1/1", outcome="unknown"))
    assert s.kinds(unknown) == ("LabelVoidUnresolved",)
    assert reason(s.CONFIRMING, i.VoidAnswered(key="P-1/1", outcome="voided")) == "void.other_key"


def test_a_held_parcel_is_voided_and_stays_held() -> None:
    held = s.after(i.HoldRaised(reason="cancelled", by="server"), start=s.CONFIRMING)
    assert reason(held, i.PutBackScanned(tote="T-1")) == "void_first"
    voided = s.after(i.VoidAsked(), i.VoidAnswered(key="P-1/1", outcome="voided"), start=held)
    assert (voided.state, voided.resume) == (State.HELD, State.RATING)
    assert s.after(i.PutBackScanned(tote="T-1"), start=voided).state is State.CANCELLED


def test_a_held_print_is_still_recorded() -> None:
    held = s.after(i.HoldRaised(reason="server", by="server"), start=s.STARTED)
    unsure = s.after(s.printed("label", "uncertain"), start=held)
    assert unsure.parcel.papers[0].status == "uncertain"
    done = s.after(i.PrintAnswered(came_out=True), start=unsure)
    assert (done.state, done.parcel.papers[0].status) == (State.HELD, "printed")


# --- holds, parking, reopening ---------------------------------------------------------------


def test_a_stop_of_the_order_outranks_another_hold() -> None:
    assert reason(s.HELD, i.HoldRaised(reason="customs", by="rule")) == "hold.already"
    stopped = s.after(i.HoldRaised(reason="cancelled", by="server"), start=s.HELD)
    assert (stopped.hold_reason, stopped.resume) == ("cancelled", State.SCANNING)
    assert reason(stopped, i.HoldRaised(reason="changed", by="server")) == "hold.already"
    override = i.OverrideAsked(by="B-9", reason="checked")
    assert reason(stopped, override) == "override.order_stopped"
    assert reason(stopped, i.OpenAgainAsked()) == "not_now.held"


def test_a_parked_session_goes_on_where_it_was() -> None:
    assert reason(s.SCANNED, i.ParkAsked(place="")) == "park.place"
    parked = s.after(i.ParkAsked(place="T-9"), start=s.WEIGHING)
    assert reason(parked, i.ResumeAsked(refusal="order.on_hold")) == "order.on_hold"
    again = s.after(i.ResumeAsked(rev=5), start=parked)
    assert (again.state, again.rev, again.place) == (State.WEIGHING, 5, "")


def test_a_held_session_is_parked_with_what_it_resumes() -> None:
    parked = s.after(i.ParkAsked(place="T-9"), start=s.HELD)
    again = s.after(i.ResumeAsked(), start=parked)
    assert (again.state, again.resume) == (State.HELD, State.SCANNING)
    assert (again.hold_reason, again.hold_by) == ("person", "B-1")


def test_a_completed_order_is_opened_again_before_tender_only() -> None:
    reopen = i.ReopenAsked(by="B-9", reason="forgot")
    assert reason(s.COMPLETED, replace(reopen, tendered=True)) == "reopen.tendered"
    assert reason(s.COMPLETED, replace(reopen, refusal="role.may_not")) == "role.may_not"
    opened_again = s.after(reopen, start=s.COMPLETED)
    assert reason(opened_again, s.MUG_SCAN) == "void_first"
    closed = s.after(i.ContentsAccepted(), start=opened_again)
    assert closed.state is State.CONFIRMING
    voided = s.after(
        i.VoidAsked(), i.VoidAnswered(key="P-1/1", outcome="voided"), start=opened_again
    )
    assert (voided.state, voided.label_live) == (State.SCANNING, False)


def test_a_fact_of_the_bench_leaves_the_session_alone() -> None:
    assert s.after(start=s.SCANNED) == s.SCANNED
    assert f.PersonSignedIn(badge="B-1").method == "badge"
