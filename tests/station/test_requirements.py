"""What marketplaces want of units, at the bench: given, waited for, released or refused."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.psp import OrderBody
from packstation.station import ports as p
from packstation.station.sync import is_urgent
from packstation.station.views import Screen, StationView, Words
from tests.station.desk import Bench, FakeRater, order, product, signed_in
from tests.station.test_flow import EXPRESS

PHONE = "4006381333993"
IMEI, OTHER = "490154203237518", "356938035643809"
ASKED = ({"sku": "PHONE", "kind": "imei", "value": None},)
COUNTRY = {"sku": "PHONE", "kind": "country", "value": ""}


def phones(count: int = 1, **more: object) -> Bench:
    known = {"requirements": ASKED} | more
    bench = signed_in(replace(order(lines=f"PHONE*{count}"), **known))
    bench.cache.add(product("PHONE", PHONE, 200))
    bench.scan("O-1")
    return bench


def told(bench: Bench, **answers: str) -> StationView:
    """The marketplace's words, as a pulled row."""
    body = {
        "answers": [
            {
                "sku": "PHONE",
                "kind": "imei",
                "value": value.strip("_"),
                "status": status,
                "reason": "not in circulation" if status == "refused" else "",
            }
            for value, status in answers.items()
        ]
    }
    row = p.Row("requirement", "O-1", len(bench.views), "put", body)
    return bench.say(p.RowsPulled((row,), "9", 1))


def boxed(bench: Bench, grams: int = 300) -> StationView:
    bench.scan("C3")
    bench.say(p.ChoiceMade(index=0))
    return bench.weigh(grams)


def test_a_label_waits_for_the_marketplace_and_goes_on_by_itself() -> None:
    bench = phones()
    bench.scan(PHONE, IMEI)
    view = boxed(bench)
    assert view.alert is not None
    assert view.alert.headline.key == "hold.acceptance"
    assert [words.key for words, _ in view.alert.facts] == ["need.imei"]
    assert not bench.tray.jobs
    view = told(bench, **{f"_{IMEI}": "accepted"})
    assert view.screen is Screen.PRINTING
    assert bench.tray.jobs


def test_the_plate_says_why_it_waits_and_that_it_may_be_parked() -> None:
    bench = phones()
    bench.core.desk.online = True
    bench.scan(PHONE, IMEI)
    view = boxed(bench)
    assert view.alert is not None
    assert view.alert.todo == Words("hold.acceptance.todo")
    assert [answer.command for answer in view.alert.answers] == ["open", "park"]
    bench.core.desk.online = False
    view = bench.command("mute")
    assert view.alert is not None
    assert view.alert.todo == Words("hold.acceptance.offline")
    row = p.Row("requirement", "O-1", 9, "put", {"asks": "nobody"})
    view = bench.say(p.RowsPulled((row,), "9", 1))
    assert view.alert is not None
    assert view.alert.todo == Words("hold.acceptance.nobody")
    bench.command("park")
    bench.scan("SHELF-4")
    assert bench.core.session.state is State.PARKED
    bench.scan("O-1")
    assert headline_of(bench.view) == "hold.acceptance"
    assert told(bench, **{f"_{IMEI}": "accepted"}).screen is Screen.PRINTING


def headline_of(view: StationView) -> str:
    assert view.alert is not None
    return view.alert.headline.key


def test_an_answer_that_came_before_the_label_stops_nothing() -> None:
    bench = phones()
    bench.scan(PHONE, IMEI)
    view = told(bench, **{f"_{IMEI}": "accepted"})
    assert view.verdict is not None
    assert view.verdict.words.key == "need.accepted"
    assert bench.kinds().count("RequirementAccepted") == 1
    told(bench, **{f"_{IMEI}": "accepted"})
    assert bench.kinds().count("RequirementAccepted") == 1
    assert boxed(bench).screen is Screen.PRINTING


def test_a_refused_unit_is_named_and_taken_out() -> None:
    bench = phones()
    bench.scan(PHONE, IMEI)
    boxed(bench)
    view = told(bench, **{f"_{IMEI}": "refused"})
    assert view.alert is not None
    assert view.alert.headline.key == "hold.requirement"
    assert view.alert.facts[0][1] == "PHONE not in circulation"
    bench.command("open", "undo")
    bench.scan(PHONE, OTHER)
    told(bench, **{f"_{IMEI}": "refused", f"_{OTHER}": "accepted"})
    assert boxed(bench).screen is Screen.PRINTING


def test_a_refusal_while_packing_is_heard_at_once() -> None:
    bench = phones(2)
    bench.scan(PHONE, IMEI)
    view = told(bench, **{f"_{IMEI}": "refused"})
    assert view.alert is not None
    assert view.alert.headline.key == "need.refused"
    assert view.earcon == "wrong_item"


def test_where_the_rule_lets_it_a_parcel_does_not_wait() -> None:
    bench = phones()
    site = {"code": "S", "rules": {"ungated": True}}
    bench.cache.apply([p.Row("site", "S", 1, "put", site)], "1")
    bench.scan(PHONE, IMEI)
    assert boxed(bench).screen is Screen.PRINTING


def ungated() -> Bench:
    bench = phones()
    site = {"code": "S", "rules": {"ungated": True}}
    bench.cache.apply([p.Row("site", "S", 1, "put", site)], "1")
    bench.scan(PHONE, IMEI)
    assert boxed(bench).screen is Screen.PRINTING
    return bench


def test_a_no_that_comes_when_the_label_is_out_stops_the_parcel_all_the_same() -> None:
    bench = ungated()
    assert headline_of(told(bench, **{f"_{IMEI}": "refused"})) == "hold.requirement"
    assert bench.view.alert is not None
    assert [answer.command for answer in bench.view.alert.answers] == ["void"]
    bench.command("void")
    bench.command("open", "undo")
    bench.scan(PHONE, OTHER)
    told(bench, **{f"_{IMEI}": "refused", f"_{OTHER}": "accepted"})
    assert boxed(bench).screen is Screen.PRINTING


def test_a_no_that_comes_when_all_is_packed_pulls_the_parcel() -> None:
    bench = ungated()
    while bench.view.screen is Screen.PRINTING:
        bench.out()
    assert bench.view.label is not None
    bench.scan(bench.view.label.waybill)
    assert bench.view.screen is Screen.COMPLETED
    told(bench, **{f"_{OTHER}": "refused"})
    assert "TaskRaised" not in bench.kinds()
    told(bench, **{f"_{IMEI}": "refused"})
    told(bench, **{f"_{IMEI}": "refused"})
    (raised,) = bench.store.bench_events(["TaskRaised"])
    assert (raised.body["kind"], raised.body["cause"]) == ("pull_parcel", "refused")


def test_a_parked_parcel_learns_its_answer_when_it_is_taken_up() -> None:
    bench = phones(2)
    bench.scan(PHONE, IMEI)
    bench.command("park")
    bench.scan("T-9")
    told(bench, **{f"_{IMEI}": "accepted"})
    bench.scan("O-1")
    assert bench.kinds().count("RequirementAccepted") == 1


def test_a_misshapen_row_says_nothing() -> None:
    bench = phones()
    bench.scan(PHONE, IMEI)
    row = p.Row("requirement", "O-1", 1, "put", {"answers": 7})
    assert bench.say(p.RowsPulled((row,), "9", 1)).alert is None
    told(bench, **{"_000": "accepted", f"_{IMEI}": "waiting"})
    assert bench.core.session.given("")


def test_one_phone_is_not_in_two_boxes_of_the_site() -> None:
    bench = phones()
    row = p.Row("unit", f"imei:{IMEI}", 1, "put", {"session": "other"})
    bench.say(p.RowsPulled((row,), "9", 1))
    view = bench.scan(PHONE, IMEI)
    assert view.alert is not None
    assert view.alert.headline.key == "bad.code_used"
    assert bench.core.session.due == 1


def test_what_is_the_same_for_a_line_is_asked_once() -> None:
    bench = phones(2, requirements=(COUNTRY, {"sku": "PHONE", "kind": "colour", "value": None}))
    view = bench.scan(PHONE)
    assert view.entry is not None
    assert (view.entry.kind, view.entry.value) == ("country", "CN")
    bench.say(p.TextEntered("country", "vn"))
    bench.scan(PHONE)
    given = [one.value for item in bench.core.session.packed for one in item.given]
    assert given == ["VN", "VN"]


def test_the_code_that_names_the_item_may_be_its_mark() -> None:
    bench = phones(1, requirements=({"sku": "PHONE", "kind": "mark", "value": None},))
    mark = f"010{PHONE}21JgXJ5.T\x1d91FFD0\x1d92dGVzdA=="
    assert bench.say(p.CodeScanned(mark, "]d2")).screen is Screen.CARTONING
    (item,) = bench.core.session.packed
    assert (item.serial, item.given[0].value) == ("JgXJ5.T", mark)
    plain = phones(1, requirements=({"sku": "PHONE", "kind": "mark", "value": None},))
    view = plain.scan(PHONE)
    assert view.entry is not None
    assert view.entry.kind == "mark"
    assert plain.say(p.CodeScanned(mark, "]d2")).screen is Screen.CARTONING


def test_a_weight_of_one_is_typed_under_a_name_of_its_own() -> None:
    bench = phones(1, requirements=({"sku": "PHONE", "kind": "weight", "value": None},))
    view = bench.scan(PHONE)
    assert view.entry is not None
    assert (view.entry.kind, view.entry.value) == ("unit_weight", "200")
    assert bench.say(p.TextEntered("unit_weight", "215")).screen is Screen.CARTONING


def test_values_are_sent_at_once() -> None:
    assert is_urgent(["RequirementGiven"])
    assert not is_urgent(["ItemVerified"])


# --- a supervisor's word ----------------------------------------------------------------------


def released(bench: Bench, reason: str) -> StationView:
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"))
    return bench.say(p.TextEntered("reason", reason))


BLUE = "4006381333948"


def test_a_supervisor_allows_what_was_just_refused() -> None:
    bench = signed_in()
    bench.scan("O-1", BLUE)
    view = released(bench, "no_stock")
    assert view.alert is None
    assert view.verdict is not None
    assert view.verdict.words.key == "item.substitute"
    (fact,) = [r.event for r in bench.store.records if r.event.kind == "SubstituteAllowed"]
    assert (fact.body["by"], fact.body["reason"]) == ("SV-1", "no_stock")
    assert bench.scan(BLUE).lines[0].done == 1


def test_one_release_releases_one_thing_and_not_for_ever() -> None:
    bench = signed_in()
    bench.scan("O-1", BLUE)
    bench.scan("%PB:SV-1")
    bench.clock.advance(61)
    bench.say(p.TextEntered("pin", "9999"))
    view = bench.say(p.TextEntered("reason", "no_stock"))
    assert view.alert is not None
    assert view.alert.headline.key == "no.release.too_late"
    assert "SubstituteAllowed" not in bench.kinds()
    # Another thing was scanned between badge and reason: the word was not about that.
    bench.command("accept")
    bench.cache.add(product("HAT", "4006381334006", 90))
    bench.scan(BLUE)
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"))
    bench.scan("4006381334006")
    view = bench.say(p.TextEntered("reason", "no_stock"))
    assert view.alert is not None
    assert view.alert.headline.key == "no.release.other_stop"
    assert "SubstituteAllowed" not in bench.kinds()


def test_a_supervisor_lets_more_be_taken_by_hand() -> None:
    bench = signed_in(order(lines="MUG-GRN*9"))
    site = {"code": "S", "rules": {"manual_units": 0}}
    bench.cache.apply([p.Row("site", "S", 1, "put", site)], "1")
    bench.scan("O-1")
    bench.command("manual")
    view = released(bench, "checked")
    assert view.verdict is not None
    assert view.verdict.words.key == "item.by_hand"
    view = bench.command("manual")
    assert view.entry is not None
    assert view.entry.kind == "by_hand"


# --- an order that changes ----------------------------------------------------------------------


def changed(bench: Bench, rev: int = 2, **more: object) -> StationView:

    body = msgspec.to_builtins(OrderBody(order=replace(order(), **more)))
    row = p.Row("order", "O-1", rev, "put", body)
    return bench.say(p.RowsPulled((row,), str(rev), 1))


def test_what_changed_is_named_and_the_next_step_shown() -> None:
    bench = signed_in()
    bench.scan("O-1", "4006381333931")
    lines = order(lines="MUG-GRN*3").lines
    view = changed(bench, lines=lines)
    assert view.alert is not None
    assert [words.key for words in view.alert.changes] == ["change.quantity", "change.removed"]
    assert dict(view.alert.changes[0].args)["name"] == "MUG-GRN"
    assert [step.key for step in view.alert.steps] == [
        "stop.step.out",
        "stop.step.into",
        "stop.step.scan",
    ]
    assert view.earcon == "order_stopped"


def test_another_service_is_taken_by_enter_once_it_is_here() -> None:
    bench = signed_in()
    bench.scan("O-1", "4006381333931")
    view = changed(bench, service="express")
    assert view.alert is not None
    assert [words.key for words in view.alert.changes] == ["change.service"]
    assert [step.key for step in view.alert.steps] == ["stop.step.relabel"]
    # The cache keeps the old row while facts are unsent: the new data is not here yet.
    view = bench.command("accept")
    assert view.alert is not None
    assert view.alert.headline.key == "no.change.wait"
    bench.command("accept")
    bench.say(p.CursorMoved(bench.store.head().seq, 1))
    assert bench.command("accept").alert is None
    assert bench.core.session.state is State.SCANNING
    assert bench.core.session.rev == 2


def test_other_goods_are_not_taken_by_enter() -> None:
    bench = signed_in()
    bench.scan("O-1", "4006381333931")
    changed(bench, lines=order(lines="MUG-GRN*3").lines)
    bench.say(p.CursorMoved(bench.store.head().seq, 1))
    view = bench.command("accept")
    assert view.alert is not None
    assert view.alert.headline.key == "no.change.goods"


def test_a_refused_unit_is_picked_out_of_the_middle() -> None:
    bench = phones(3)
    bench.scan(PHONE, OTHER, PHONE, IMEI)
    told(bench, **{f"_{OTHER}": "refused"})
    bench.command("accept")
    view = bench.command("undo")
    assert view.entry is not None
    assert [value for value, _ in view.entry.choices] == ["0", "1"]
    marks = [dict(words.args)["mark"] for _, words in view.entry.choices]
    assert marks == [f"✕ {OTHER[-8:]}", IMEI[-8:]]
    bench.command("back")
    assert given_in(bench) == [OTHER, IMEI]
    bench.command("undo")
    bench.say(p.TextEntered("take_out", "0"))
    assert given_in(bench) == [IMEI]
    assert bench.core.session.due == 2
    assert bench.command("undo").entry is None
    assert given_in(bench) == []
    # The unit is free again: its number may be given once more.
    bench.scan(PHONE, OTHER)
    bench.say(p.TextEntered("take_out", "77"))
    assert given_in(bench) == [OTHER]


def given_in(bench: Bench) -> list[str]:
    return [one.value for item in bench.core.session.packed for one in item.given]


def test_who_makes_the_label_is_told_what_each_unit_bears() -> None:
    bench = signed_in(
        replace(order(lines="PHONE*2"), requirements=ASKED), rater=FakeRater((EXPRESS,))
    )
    bench.cache.add(product("PHONE", PHONE, 200))
    bench.scan("O-1", PHONE, IMEI, PHONE, OTHER)
    told(bench, **{f"_{IMEI}": "accepted", f"_{OTHER}": "accepted"})
    boxed(bench, 500)
    (asked,) = bench.labels.requests
    details = asked["details"]
    assert isinstance(details, dict)
    assert details["contents"] == [
        {"sku": "PHONE", "units": 2, "each": [{"imei": IMEI}, {"imei": OTHER}]}
    ]
