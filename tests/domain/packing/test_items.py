"""Items: parts of kits, substitutes, what only one unit carries, what marketplaces want."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.packing import IDLE, Session, State, decide, evolve
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_facts as fi
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.changes import changes, keeps_goods
from packstation.domain.packing.facts import LinePlan
from packstation.domain.packing.item_judge import codes_of, missing
from packstation.domain.packing.plan import Change, Given, unit_codes
from tests.domain.packing import scenes as s

IMEI = Given(kind="imei", value="490154203237518")
PHONE = LinePlan(line=1, sku="PHONE", quantity=1, unit_g=200, needs=("imei", "country"))
COUNTRY = Given(kind="country", value="CN")
PHONE_SCAN = i.ItemScanned(sku="PHONE", given=(IMEI, COUNTRY))
POT = LinePlan(line=2, sku="POT", quantity=1, of=1, kit="TEA", kits=1)
CUPS = LinePlan(line=3, sku="CUP", quantity=2, of=1, kit="TEA", kits=1, after=2)


def opened(*plans: LinePlan) -> Session:
    return s.after(replace(s.OPEN, lines=plans))


def reason(session: Session, what: i.Input) -> str:
    (fact,) = decide(session, what)
    assert isinstance(fact, f.ItemRejected | f.InputRefused)
    return fact.reason


# --- kits ---------------------------------------------------------------------------------


def test_parts_of_a_kit_in_order_wait_for_the_one_before() -> None:
    session = opened(POT, CUPS)
    (fact,) = decide(session, i.ItemScanned(sku="CUP"))
    assert isinstance(fact, f.ItemRejected)
    assert (fact.reason, fact.line) == ("not_yet", 2)
    session = s.after(i.ItemScanned(sku="POT"), i.ItemScanned(sku="CUP"), start=session)
    assert [line.done for line in session.lines] == [1, 1]
    assert s.after(i.ItemScanned(sku="CUP"), start=session).state is State.CARTONING


def test_an_item_goes_on_the_line_whose_turn_it_is() -> None:
    alone = LinePlan(line=9, sku="CUP", quantity=1)
    session = s.after(i.ItemScanned(sku="CUP"), start=opened(POT, CUPS, alone))
    assert [line.done for line in session.lines] == [0, 0, 1]


def test_a_part_that_waits_for_a_line_nobody_has_is_free() -> None:
    session = opened(replace(CUPS, after=77))
    assert s.kinds(decide(session, i.ItemScanned(sku="CUP"))) == ("ItemVerified",)


def test_the_kits_own_code_is_no_part_of_it() -> None:
    session = opened(POT, CUPS)
    assert reason(session, i.ItemScanned(sku="TEA")) == "kit_parts"
    done = s.after(i.ItemScanned(sku="POT"), start=opened(POT))
    again = s.after(i.OpenAgainAsked(), start=done)
    assert reason(again, i.ItemScanned(sku="TEA")) == "not_in_order"


def test_a_case_of_a_part_counts_as_many_as_are_due_and_no_more() -> None:
    session = s.after(i.ItemScanned(sku="POT"), start=opened(POT, CUPS))
    assert reason(session, i.ItemScanned(sku="CUP", units=3)) == "too_many_units"
    assert s.after(i.ItemScanned(sku="CUP", units=2), start=session).due == 0


def test_a_line_of_the_order_is_known_by_its_part() -> None:
    assert (POT.order_line, s.MUG.order_line) == (1, 1)


# --- substitutes ----------------------------------------------------------------------------


SPARE = LinePlan(line=1, sku="MUG-2", quantity=2, unit_g=350, serial=True)
ALLOW = ii.SubstituteAsked(line=1, plan=SPARE, by="B-9", reason="no_stock")


def test_a_supervisor_lets_another_sku_stand_in() -> None:
    session = s.after(s.OPEN)
    assert reason(session, i.ItemScanned(sku="MUG-2", serial="A")) == "not_in_order"
    allowed = s.after(ALLOW, start=session)
    assert reason(allowed, i.ItemScanned(sku="MUG-2")) == "serial_missing"
    packed = s.after(i.ItemScanned(sku="MUG-2", serial="A"), s.MUG_SCAN, start=allowed)
    assert packed.lines[0].due == 0
    assert [item.sku for item in packed.parcel.contents] == ["MUG-2", "MUG"]
    assert packed.lines[0].plan.packed_as("MUG-2").unit_g == 350


def test_what_stands_in_is_weighed_as_itself() -> None:
    session = s.after(ALLOW, start=s.after(s.OPEN))
    scans = (i.ItemScanned(sku="MUG-2", serial="A"), s.MUG_SCAN, s.SOCK_SCAN)
    session = s.after(*scans, s.BOX, start=session)
    assert s.after(i.WeightRead(grams=350 + 300 + 80 + 100), start=session).state is State.RATING


def test_a_line_of_its_own_comes_before_one_to_stand_in_for() -> None:
    second = LinePlan(line=2, sku="MUG-2", quantity=1)
    session = opened(replace(s.MUG, others=(replace(SPARE, serial=False),)), second)
    session = s.after(*[i.ItemScanned(sku="MUG-2")] * 2, start=session)
    assert [line.done for line in session.lines] == [1, 1]


def test_a_substitute_is_allowed_where_something_is_due() -> None:
    session = s.after(ALLOW, start=s.after(s.OPEN))
    assert reason(session, ALLOW) == "substitute.already"
    assert reason(session, replace(ALLOW, line=7)) == "substitute.nothing_due"
    full = s.after(s.MUG_SCAN, s.MUG_SCAN, start=session)
    assert reason(full, replace(ALLOW, plan=s.SOCK)) == "substitute.nothing_due"


# --- by hand ----------------------------------------------------------------------------------


def test_how_many_more_may_be_taken_by_hand_is_counted() -> None:
    session = s.after(ii.ByHandAsked(units=2, by="B-9"), start=s.SCANNED)
    assert session.by_hand == 2
    assert reason(s.CARTONING, ii.ByHandAsked(units=2, by="B-9")) == "not_now.cartoning"


def test_a_doubtful_scan_counts_nothing() -> None:
    facts = decide(s.SCANNED, ii.DoubleScanSeen(sku="MUG", code="1", after_ms=480))
    assert s.kinds(facts) == ("DoubleScanAsked",)
    assert evolve(s.SCANNED, facts[0]) == s.SCANNED


# --- what only one unit carries --------------------------------------------------------------


def test_serials_of_two_products_may_be_alike() -> None:
    mug, sock = replace(s.MUG, serial=True), replace(s.SOCK, serial=True)
    session = s.after(i.ItemScanned(sku="MUG", serial="1"), start=opened(mug, sock))
    assert reason(session, i.ItemScanned(sku="MUG", serial="1")) == "serial_used"
    both = s.after(i.ItemScanned(sku="SOCK", serial="1"), start=session)
    assert both.unit_codes == {"serial:MUG:1", "serial:SOCK:1"}


def test_a_unit_that_is_in_another_box_of_the_site_is_refused() -> None:
    session = opened(replace(s.MUG, serial=True), PHONE)
    assert reason(session, i.ItemScanned(sku="MUG", serial="1", seen="serial")) == "serial_used"
    (fact,) = decide(session, replace(PHONE_SCAN, seen="imei"))
    assert isinstance(fact, f.ItemRejected)
    assert (fact.reason, fact.found) == ("code_used", IMEI.value)


def test_a_mark_is_the_same_unit_whatever_signs_it() -> None:
    old, new = (Given(kind="mark", value=f"0104600439931256215ABC\x1d91{n}") for n in "xy")
    assert unit_codes("A", "", (old,)) == unit_codes("A", "", (new,))
    assert codes_of(replace(PHONE_SCAN, serial="7")) == (
        "serial:PHONE:7",
        "imei:490154203237518",
    )


@pytest.mark.parametrize(
    ("plan", "scan", "asked"),
    [
        ({}, {}, ""),
        ({"serial": True}, {}, "serial"),
        ({"serial": True, "lot": True}, {"serial": "1"}, "lot"),
        ({"expiry": True}, {}, "expiry"),
        ({"needs": ("imei",)}, {}, "imei"),
        ({"needs": ("imei",)}, {"units": 2}, ""),
        ({"needs": ("imei",)}, {"sku": "HAT"}, ""),
        ({"needs": ("gtd",)}, {"units": 2}, "gtd"),
    ],
)
def test_what_is_missing_is_asked_for_one_at_a_time(
    plan: dict[str, object], scan: dict[str, object], asked: str
) -> None:
    session = opened(replace(s.MUG, **plan))
    assert missing(session, replace(s.MUG_SCAN, **scan)) == asked


# --- what marketplaces want -------------------------------------------------------------------


def answer(one: Given, outcome: str = "accepted") -> ii.RequirementAnswered:
    return ii.RequirementAnswered(
        sku="PHONE", kind=one.kind, value=one.value, outcome=outcome, reason="not registered"
    )


def rating(*answers: i.Input) -> Session:
    box = (PHONE_SCAN, replace(s.BOX, tare_g=80), i.WeightRead(grams=280))
    return s.after(*box, *answers, start=opened(PHONE))


def test_values_are_facts_of_their_own_in_the_units_commit() -> None:
    facts = decide(opened(PHONE), PHONE_SCAN)
    assert s.kinds(facts) == (
        "ItemVerified",
        "RequirementGiven",
        "RequirementGiven",
        "ContentsVerified",
    )
    session = s.after(PHONE_SCAN, start=opened(PHONE))
    assert [(one.kind, one.value, one.source) for _, one in session.given("")] == [
        (one.kind, one.value, "device") for one in (IMEI, COUNTRY)
    ]
    taken = s.after(i.OpenAgainAsked(), start=session)
    (removed,) = decide(taken, i.UndoAsked())
    assert isinstance(removed, f.ItemRemoved)
    assert removed.codes == ("imei:490154203237518",)
    assert not evolve(taken, removed).unit_codes


def test_no_label_before_the_marketplace_has_answered() -> None:
    session = rating()
    held = s.after(s.SERVICE, start=session)
    assert (held.state, held.hold_reason) == (State.HELD, "acceptance")
    assert reason(held, i.OverrideAsked(by="B-9", reason="x")) == "override.units"
    one = s.after(answer(IMEI), start=held)
    assert one.state is State.HELD
    both = s.after(answer(COUNTRY), start=one)
    assert both.state is State.RATING
    assert s.after(s.SERVICE, start=both).state is State.LABELLING


def test_a_parcel_goes_on_where_the_rule_lets_it() -> None:
    assert s.after(replace(s.SERVICE, ungated=True), start=rating()).state is State.LABELLING


def test_a_refused_unit_stays_until_it_is_out() -> None:
    session = rating(answer(COUNTRY), answer(IMEI, "refused"))
    held = s.after(replace(s.SERVICE, ungated=True), start=session)
    assert (held.state, held.hold_reason, held.hold_note) == (State.HELD, "requirement", "imei")
    assert held.given("refused")[0][1].reason == "not registered"
    out = s.after(i.OpenAgainAsked(), i.UndoAsked(), start=held)
    assert (out.state, out.due) == (State.SCANNING, 1)


def test_a_no_while_it_waits_says_so_at_once() -> None:
    held = s.after(s.SERVICE, start=rating())
    told = s.after(answer(IMEI, "refused"), start=held)
    assert (told.state, told.hold_reason) == (State.HELD, "requirement")
    # It is accepted after all: the other one still waits, then it goes on by the next choice.
    later = s.after(answer(IMEI), start=told)
    assert later.hold_reason == "requirement"


def test_answers_nobody_waits_for_are_refused() -> None:
    session = rating(answer(IMEI))
    assert reason(session, answer(IMEI)) == "requirement.unknown"
    assert reason(session, answer(Given(kind="mark", value="?"))) == "requirement.unknown"
    assert reason(IDLE, answer(IMEI)) == "requirement.unknown"
    refused = rating(answer(IMEI, "refused"))
    assert reason(refused, answer(IMEI, "refused")) == "requirement.unknown"


def test_answers_reach_a_parcel_that_was_closed() -> None:
    plans = (PHONE, replace(s.MUG, line=2))
    session = s.after(replace(s.OPEN, lines=plans), PHONE_SCAN)
    again = s.after(answer(IMEI), start=session)
    assert [one.status for item in again.packed for one in item.given] == ["accepted", ""]


def test_a_value_without_a_unit_folds_to_nothing() -> None:
    fact = fi.RequirementGiven(line=1, sku="PHONE", kind="imei", value="1")
    assert evolve(s.after(s.OPEN), fact) == s.after(s.OPEN)


def test_a_kit_that_cannot_be_taken_apart_is_not_overridden() -> None:
    held = s.after(
        i.HoldRaised(reason="missing_data", by="rule", note="kit.loop:TEA:TEA"),
        start=s.after(s.OPEN),
    )
    assert reason(held, i.OverrideAsked(by="B-9", reason="x")) == "override.units"
    assert s.after(i.PutBackScanned(tote="T-1"), start=held).state is State.CANCELLED


# --- an order that changes --------------------------------------------------------------------


WAS = ("c1", "a1", "s1", "t1")
LINES = ((1, "MUG", 2), (2, "SOCK", 1))


@pytest.mark.parametrize(
    ("lines", "prints", "expected"),
    [
        (LINES, WAS, ()),
        (((1, "MUG", 3), LINES[1]), WAS, (Change(what="quantity", sku="MUG", was=2, now=3),)),
        (LINES[:1], WAS, (Change(what="removed", sku="SOCK", was=1),)),
        ((*LINES, (3, "HAT", 1)), WAS, (Change(what="added", sku="HAT", now=1),)),
        (
            ((1, "HAT", 2), LINES[1]),
            WAS,
            (Change(what="removed", sku="MUG", was=2), Change(what="added", sku="HAT", now=2)),
        ),
        (LINES, ("c2", "a2", "s1", "t1"), (Change(what="country"),)),
        (LINES, ("c1", "a2", "s2", "t1"), (Change(what="address"), Change(what="service"))),
        (LINES, ("c1", "a1", "s1", "t2"), (Change(what="terms"),)),
    ],
)
def test_what_changed_is_named(
    lines: tuple[tuple[int, str, int], ...], prints: tuple[str, ...], expected: tuple[Change, ...]
) -> None:
    session = s.after(replace(s.OPEN, prints=WAS))
    assert changes(session, lines, prints) == expected


def test_a_kit_changes_as_what_was_sold() -> None:
    session = opened(POT, CUPS)
    (change,) = changes(session, ((1, "TEA", 2),), ())
    assert change == Change(what="quantity", sku="TEA", was=1, now=2)
    assert keeps_goods((Change(what="service"),))
    assert not keeps_goods((change, Change(what="service")))
    assert not keeps_goods(())


def changed(start: Session) -> Session:
    what = i.HoldRaised(reason="changed", by="server", changes=(Change(what="service"),))
    return s.after(what, start=start)


TAKEN = ii.ChangeAccepted(rev=4, digest="d4", prints=("c", "a", "s", "t"))


def test_another_service_is_taken_without_unpacking() -> None:
    held = changed(s.CONFIRMING)
    assert reason(held, TAKEN) == "void_first"
    voided = s.after(i.VoidAsked(), i.VoidAnswered(key="P-1/1", outcome="voided"), start=held)
    session = s.after(TAKEN, start=voided)
    assert (session.state, session.rev, session.digest) == (State.RATING, 4, "d4")
    assert session.parcel.service is None
    again = s.after(s.SERVICE, start=session)
    assert again.parcel.label is not None
    assert again.parcel.label.key == "P-1/2"


def test_a_change_while_items_are_scanned_is_taken_where_it_was() -> None:
    session = s.after(TAKEN, start=changed(s.SCANNED))
    assert (session.state, session.lines[0].done) == (State.SCANNING, 1)
    assert reason(changed(s.SCANNED), replace(TAKEN, refusal="change.goods")) == "change.goods"
    assert reason(s.HELD, TAKEN) == "change.nothing"


def test_the_same_order_may_change_once_more() -> None:
    held = changed(s.SCANNED)
    same = i.HoldRaised(reason="changed", changes=(Change(what="service"),))
    assert reason(held, same) == "hold.already"
    other = s.after(replace(same, changes=(Change(what="country"),)), start=held)
    assert other.hold_changes == (Change(what="country"),)
    assert other.resume is State.SCANNING


def test_a_scan_is_taken_out_by_its_place_and_only_where_it_is() -> None:
    session = s.after(s.SOCK_SCAN, start=s.SCANNED)
    assert len(session.parcel.contents) == 2
    taken = s.after(i.UndoAsked(place=0), start=session)
    assert [item.sku for item in taken.parcel.contents] == ["SOCK"]
    for wrong in (-1, 2):
        assert reason(session, i.UndoAsked(place=wrong)) == "undo.place"
    guarded = replace(session.with_parcel(gained=2), guard=True)
    assert reason(guarded, i.UndoAsked(place=0)) == "undo.place"
    assert (
        s.after(i.UndoAsked(place=1), start=guarded).parcel.contents == session.parcel.contents[:1]
    )
