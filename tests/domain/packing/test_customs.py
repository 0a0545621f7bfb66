"""Customs in the packing session: stop, cure, release, copies and marks before the close."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.packing import Session, State, decide
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing.customs_facts import PaperConfirmed
from packstation.domain.packing.customs_steps import papers_of
from packstation.domain.packing.plan import PaperDue
from tests.domain.packing.scenes import (
    BOX,
    CONFIRMING,
    ISSUED,
    LOOKED,
    PRINTING,
    RATING,
    SCANNED,
    SERVICE,
    STARTED,
    WEIGHING,
    after,
    begun,
    kinds,
    printed,
)

BAD = replace(LOOKED, ok=False, rules=("R16",), refs=("products[MUG].customs.hs",), blocks=1)
ASKS = replace(LOOKED, ok=False, rules=("R23",), overrides=("R23 products[MUG]",))
CLOSE = i.WaybillScanned(waybill="LP000000005CN")
STOPPED = after(i.PapersLooked(checked=BAD, stop=True), start=RATING)
ASKED = after(i.PapersLooked(checked=ASKS, stop=True), start=RATING)
RELEASE = i.OverrideAsked(by="B-9", reason="checked")
CN23 = PaperDue(document="cn23", copies=4, tray="2", confirm=True)
MARK = PaperDue(document="battery", confirm=True)


def reason(session: Session, what: i.Input) -> str:
    (refused,) = decide(session, what)
    assert isinstance(refused, f.InputRefused)
    return refused.reason


def to_confirm(*papers: PaperDue) -> Session:
    documents = ("label", *(one.document for one in papers))
    session = after(replace(SERVICE, documents=documents, papers=papers), ISSUED, start=RATING)
    for name in documents:
        session = after(begun(name), printed(name), start=session)
    return session


def test_what_stops_is_written_down_and_holds() -> None:
    facts = decide(RATING, i.PapersLooked(checked=BAD, stop=True))
    assert kinds(facts) == ("PapersChecked", "SessionHeld")
    assert isinstance(facts[1], f.SessionHeld)
    assert facts[1].note == "products[MUG].customs.hs"
    assert (STOPPED.hold_reason, STOPPED.checked) == ("missing_data", BAD)


def test_a_note_of_its_own_stands_for_the_fields() -> None:
    held = decide(RATING, i.PapersLooked(checked=BAD, stop=True, note="customs-pack"))[1]
    assert isinstance(held, f.SessionHeld)
    assert held.note == "customs-pack"


def test_it_goes_on_by_itself_once_it_is_right() -> None:
    assert after(i.PapersLooked(checked=BAD, stop=True), start=STOPPED).state is State.HELD
    session = after(i.PapersLooked(checked=LOOKED), start=STOPPED)
    assert (session.state, session.checked) == (State.RATING, LOOKED)


def test_the_order_that_was_put_right_is_known_from_then_on() -> None:
    cured = i.PapersLooked(checked=LOOKED, rev=7, digest="new", prints=("a",))
    facts = decide(STOPPED, cured)
    assert kinds(facts) == ("PapersChecked", "OrderChangeTaken", "SessionResumed")
    session = after(cured, start=STOPPED)
    assert (session.rev, session.digest, session.prints) == (7, "new", ("a",))


@pytest.mark.parametrize("held", [("person", ""), ("missing_data", "kit.loop:A:A")])
def test_no_other_stop_ends_by_papers(held: tuple[str, str]) -> None:
    why, note = held
    session = after(i.HoldRaised(reason=why, note=note), start=RATING)
    assert kinds(decide(session, i.PapersLooked(checked=LOOKED))) == ("PapersChecked",)


def test_an_order_that_cannot_leave_is_not_opened_for_packing() -> None:
    empty = after(i.UndoAsked(), start=SCANNED)
    held = after(i.PapersLooked(checked=BAD, stop=True), start=empty)
    assert reason(held, i.OpenAgainAsked()) == "papers.office"
    assert after(i.OpenAgainAsked(), start=STOPPED).state is State.SCANNING


def test_a_supervisor_releases_what_the_rules_leave_to_one_and_nothing_else() -> None:
    assert reason(STOPPED, RELEASE) == "override.papers"
    mixed = replace(ASKS, blocks=1)
    both = after(i.PapersLooked(checked=mixed, stop=True), start=RATING)
    assert reason(both, RELEASE) == "override.papers"
    unknown = after(i.HoldRaised(reason="missing_data"), start=RATING)
    assert reason(unknown, RELEASE) == "override.papers"
    granted, resumed = decide(ASKED, RELEASE)
    assert isinstance(granted, f.OverrideGranted)
    assert (granted.action, granted.rules) == ("customs", ("R23 products[MUG]",))
    assert isinstance(resumed, f.SessionResumed)
    session = after(RELEASE, start=ASKED)
    assert (session.state, session.released) == (State.RATING, ("R23 products[MUG]",))


def test_the_label_carries_the_hash_of_what_was_checked() -> None:
    facts = decide(RATING, replace(SERVICE, checked=LOOKED))
    assert kinds(facts) == ("PapersChecked", "ServiceSelected", "LabelRequested")
    assert isinstance(facts[2], f.LabelRequested)
    assert facts[2].checked == "d"
    started = decide(PRINTING, replace(begun("label"), checked="d"))[0]
    assert isinstance(started, f.PrintStarted)
    assert started.checked == "d"


def test_papers_know_copies_and_tray() -> None:
    service = to_confirm(CN23).parcel.service
    label, form = papers_of(service)
    assert (label.copies, label.confirm, label.tray) == (1, False, "")
    assert (form.copies, form.confirm, form.tray) == (4, True, "2")
    assert [one.document for one in papers_of(None)] == ["label"]


def test_marks_and_copies_are_confirmed_before_the_label_closes_the_parcel() -> None:
    session = to_confirm(CN23, MARK)
    assert session.state is State.CONFIRMING
    assert reason(session, CLOSE) == "papers.confirm"
    (first,) = decide(session, i.ConfirmPaper())
    assert first == PaperConfirmed(document="cn23", copies=4)
    session = after(i.ConfirmPaper(), start=session)
    assert reason(session, i.ConfirmPaper(document="cn23")) == "papers.nothing"
    session = after(i.ConfirmPaper(document="battery", by="scan"), start=session)
    assert session.unconfirmed is None
    assert reason(session, i.ConfirmPaper()) == "papers.nothing"
    assert after(CLOSE, start=session).state is State.COMPLETED


def test_a_scan_that_proves_the_label_waits_for_the_rest_to_be_in_place() -> None:
    session = after(replace(SERVICE, documents=("label", "battery"), papers=(MARK,)), start=RATING)
    session = after(ISSUED, begun("battery"), printed("battery"), begun("label"), start=session)
    assert kinds(decide(session, CLOSE)) == ("DocumentPrinted",)
    assert after(CLOSE, start=session).state is State.CONFIRMING


def test_the_last_check_may_still_stop_the_close() -> None:
    stopped = decide(CONFIRMING, replace(CLOSE, checked=replace(BAD, moment="close")))
    assert kinds(stopped) == ("PapersChecked", "SessionHeld")
    closed = decide(CONFIRMING, replace(CLOSE, checked=replace(LOOKED, moment="close")))
    assert kinds(closed) == ("PapersChecked", "LabelApplied", "SessionCompleted")


def test_a_next_parcel_is_checked_anew() -> None:
    split = after(i.NextParcelAsked(), BOX, i.WeightRead(grams=400), start=SCANNED)
    split = after(i.PapersLooked(checked=ASKS, stop=True), RELEASE, start=split)
    split = after(replace(SERVICE, documents=("label",)), ISSUED, begun("label"), start=split)
    nxt = after(replace(CLOSE, next_parcel_id="P-2"), start=split)
    assert (nxt.parcel.id, nxt.checked, nxt.released) == ("P-2", None, ())


def test_printing_goes_on_where_nothing_asks_for_a_person() -> None:
    assert after(i.PapersLooked(checked=LOOKED), start=STARTED).state is State.PRINTING
    assert after(i.PapersLooked(checked=LOOKED), start=WEIGHING).checked == LOOKED
    assert not BAD.releasable
    assert ASKS.releasable
