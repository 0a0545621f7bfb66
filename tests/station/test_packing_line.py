"""One order through the whole line, by scans alone, and what the packer sees of it."""

from __future__ import annotations

import pytest

from packstation.domain.packing import State
from packstation.station import ports as p
from packstation.station.views import Screen
from tests.station.desk import MUG, MUG_BLUE, SOCK, order, signed_in, to_confirming, to_weighing


def test_an_order_goes_through_by_scans_alone() -> None:
    bench = signed_in()
    assert bench.view.screen is Screen.QUEUE
    view = bench.scan("T-O-1")
    assert (view.screen, view.step, view.order and view.order.city) == (Screen.SCANNING, 1, "Kazan")
    view = bench.scan(MUG)
    assert (view.earcon, view.current and view.current.due) == ("ok", 1)
    assert bench.scan(MUG).earcon == "line_complete"
    view = bench.scan(SOCK)
    assert (view.screen, view.carton and view.carton.code) == (Screen.CARTONING, "C3")
    assert bench.scan("C3").screen is Screen.WEIGHING
    view = bench.weigh(780)
    assert (view.screen, view.scale.taken) == (Screen.PRINTING, True)
    assert view.label is not None
    assert view.label.waybill == "LP000000005CN"
    assert [job.document for job in bench.tray.jobs] == ["label"]
    bench.out("accepted")
    bench.out()
    assert [job.document for job in bench.tray.jobs] == ["label", "cn22"]
    view = bench.out()
    assert view.screen is Screen.CONFIRMING
    view = bench.scan("LP000000005CN")
    assert (view.screen, view.earcon) == (Screen.COMPLETED, "parcel_complete")
    assert view.done is not None
    assert (view.done.orders_today, view.done.units_today) == (1, 3)
    closing = ["LabelApplied", "ParcelLearned", "SessionCompleted", "WeightTraced"]
    assert bench.kinds()[-4:] == closing


def test_the_number_is_burned_in_the_commit_that_issues_the_label() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(780)
    records = bench.store.records
    issued = next(r for r in records if r.event.kind == "LabelIssued")
    used = next(r for r in records if r.event.kind == "NumberUsed")
    assert used.seq == issued.seq + 1
    assert used.event.mono_ns == issued.event.mono_ns


@pytest.mark.parametrize(
    ("code", "earcon", "key"),
    [
        (MUG_BLUE, "wrong_variant", "bad.variant"),
        ("4006381333955", "wrong_item", "bad.item"),
        ("5901234123457", "unknown_code", "no.code.unknown"),
        ("]]bad\x1b[2J", "unknown_code", "no.code.unreadable"),
        ("x" * 600, "unknown_code", "no.code.unreadable"),
        ("4006381333932", "unknown_code", "no.code.unreadable"),
    ],
)
def test_wrong_scans_cover_the_stage_until_answered(code: str, earcon: str, key: str) -> None:
    bench = signed_in()
    bench.scan("O-1")
    view = bench.scan(code)
    assert view.earcon == earcon
    assert view.alert is not None
    assert (view.alert.kind, view.alert.headline.key) == ("refusal", key)
    assert bench.command("accept").alert is None


def test_the_right_scan_answers_a_refusal() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG_BLUE)
    assert bench.scan(MUG).alert is None


def test_an_over_scan_says_how_many_are_in() -> None:
    bench = signed_in()
    view = bench.scan("O-1", MUG, MUG, MUG)
    assert view.alert is not None
    assert (view.alert.headline.key, dict(view.alert.headline.args)["n"]) == ("bad.over", 2)
    assert (view.alert.needed_done, view.alert.needed_total) == (2, 2)


def test_no_buyer_and_no_scanned_text_is_in_the_journal() -> None:
    bench = signed_in()
    bench.scan("O-1", "secret text of somebody")
    to_confirming(bench)
    everything = repr([record.event for record in bench.store.records])
    assert "Иванов" not in everything
    assert "secret" not in everything


def test_undo_quantity_and_manual_entry() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    assert bench.command("undo").lines[0].done == 0
    bench.say(p.CommandGiven("quantity", "2"))
    assert bench.scan(MUG).lines[0].done == 2
    assert bench.command("manual").entry is not None
    view = bench.say(p.TextEntered("manual", SOCK))
    assert (view.entry, view.screen) == (None, Screen.CARTONING)
    assert bench.say(p.CommandGiven("quantity")).entry is not None
    bench.say(p.TextEntered("quantity", "x"))
    assert bench.core.desk.quantity == 1


def test_accept_takes_the_proposed_box_and_the_list_offers_others() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG, MUG, SOCK)
    assert bench.command("accept").screen is Screen.WEIGHING
    bench.scan("%PS:carton")
    assert bench.say(p.ChoiceMade(0)).screen is Screen.CARTONING
    assert bench.say(p.ChoiceMade(0, "C3")).screen is Screen.WEIGHING
    assert bench.scan("%PS:carton:C3").alert is None
    view = bench.scan("C1")
    assert view.alert is not None
    assert view.alert.headline.key == "no.carton.too_small"
    view = bench.scan("%PS:carton:C99")
    assert view.alert is not None
    assert view.alert.headline.key == "no.carton.unknown"


def test_a_weight_of_the_box_before_is_not_taken() -> None:
    bench = signed_in()
    bench.say(bench.reading(780))
    to_weighing(bench)
    view = bench.say(bench.reading(780))
    assert (view.screen, view.scale.stale) == (Screen.WEIGHING, True)
    view = bench.weigh(780)
    assert (view.screen, view.scale.stale) == (Screen.PRINTING, False)


def test_a_light_parcel_is_held_with_the_likeliest_reason() -> None:
    bench = signed_in()
    to_weighing(bench)
    view = bench.weigh(700)
    assert view.alert is not None
    assert (view.alert.kind, view.alert.sound) == ("hold", "weight_off")
    assert view.weigh is not None
    assert dict(view.weigh.why[0].args)["name"] == "SOCK-RED"
    assert bench.weigh(782).screen is Screen.PRINTING


def test_several_parcels_for_one_order() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG, "%PS:next-parcel", "C1")
    bench.weigh(340)
    bench.out()
    bench.out()
    view = bench.scan("LP000000005CN")
    assert view.order is not None
    assert (view.screen, view.order.parcel) == (Screen.SCANNING, 2)
    bench.scan(MUG, SOCK, "C3")
    bench.weigh(480)
    bench.out()
    bench.out()
    assert bench.scan("LP000000014CN").screen is Screen.COMPLETED


def test_the_label_of_another_parcel_is_an_alarm_that_enter_does_not_end() -> None:
    bench = signed_in()
    to_confirming(bench)
    view = bench.scan("LP000000014CN")
    assert view.alert is not None
    assert view.alert.compare == ("LP000000014CN", "LP000000005CN")
    assert bench.command("accept").alert is not None
    assert bench.scan("LP000000005CN").screen is Screen.COMPLETED


def test_an_item_opens_the_most_urgent_order_that_needs_it() -> None:
    bench = signed_in(order(), order("O-2", "SOCK-RED*1"))
    view = bench.scan(MUG)
    assert view.order is not None
    assert (view.order.order_id, view.lines[0].done) == ("O-1", 1)
    bench = signed_in(order("O-2", "SOCK-RED*1"))
    view = bench.scan(MUG)
    assert view.alert is not None
    assert view.alert.headline.key == "no.item.no_order"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"status": "cancelled"}, "order.cancelled"),
        ({"status": "on_hold"}, "order.on_hold"),
        ({"status": "shipped"}, "order.shipped"),
    ],
)
def test_orders_that_cannot_be_packed_say_why(changes: dict[str, str], key: str) -> None:
    bench = signed_in(order(**changes))
    view = bench.scan("O-1")
    assert view.alert is not None
    assert view.alert.headline.key == f"no.{key}"
    assert bench.core.session.state is State.IDLE


def test_a_packed_order_is_not_packed_again() -> None:
    bench = signed_in()
    to_confirming(bench)
    bench.scan("LP000000005CN")
    view = bench.scan("O-1")
    assert view.alert is not None
    assert view.alert.headline.key == "no.order.packed"
