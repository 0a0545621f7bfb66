"""The open box stays on the scale: each scan must be felt, nothing leaves unseen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station.views import Screen, StationView
from tests.station.desk import MUG, PEOPLE, SOCK, Bench, order, signed_in


def guarded() -> Bench:
    """An order whose tag asks for the guard, its empty box on the scale."""
    bench = signed_in(replace(order(), tags=("guard",)))
    bench.scan("O-1")
    put(bench, 100)
    return bench


def put(bench: Bench, grams: int) -> StationView:
    """The scale moves and comes to rest."""
    return bench.say(
        bench.reading(grams, ScaleState.MOTION), bench.reading(grams), bench.reading(grams)
    )


def refused(view: StationView) -> str:
    assert view.alert is not None
    return view.alert.headline.key


def test_each_scan_is_followed_by_its_gain_and_the_last_closes_the_box() -> None:
    bench = guarded()
    assert bench.view.note is not None
    assert bench.view.note.key == "guard.on"
    view = bench.scan(MUG)
    assert view.verdict is not None
    assert view.verdict.detail is not None
    assert view.verdict.detail.key == "gain.wait"
    view = put(bench, 400)
    assert (view.verdict and view.verdict.words.key, view.alert) == ("gain.ok", None)
    bench.scan(MUG)
    put(bench, 701)
    assert bench.scan(SOCK).screen is Screen.SCANNING
    assert put(bench, 780).screen is Screen.CARTONING
    assert bench.kinds().count("ItemGained") == 3


def test_an_order_that_goes_on_without_a_scale_is_guarded_no_more() -> None:
    bench = guarded()
    bench.scan(MUG)
    put(bench, 400)
    bench.command("park")
    bench.scan("SHELF-4")
    del bench.core.desk.devices["scale"]
    bench.scan("O-1")
    assert bench.kinds().count("GuardLeft") == 1
    bench.scan(MUG)
    assert bench.scan(SOCK).screen is Screen.CARTONING


def test_the_same_unit_scanned_twice_without_a_gain_is_caught() -> None:
    bench = guarded()
    bench.scan(MUG)
    assert refused(bench.scan(MUG)) == "no.gain.first"
    put(bench, 400)
    bench.scan(MUG)
    put(bench, 400)
    assert refused(bench.scan(SOCK)) == "no.gain.first"
    assert bench.kinds().count("ItemVerified") == 2


@pytest.mark.parametrize(
    ("grams", "key"), [(180, "gain.light"), (900, "gain.heavy"), (20, "gain.removed")]
)
def test_a_gain_that_does_not_fit_alarms_until_it_is_put_right(grams: int, key: str) -> None:
    bench = guarded()
    bench.scan(MUG)
    view = put(bench, grams)
    assert (refused(view), view.earcon) == (key, "weight_off")
    put(bench, grams)
    assert bench.kinds().count("GainDisputed") == 1
    view = put(bench, 400)
    assert (view.alert, view.verdict and view.verdict.words.key) == (None, "gain.ok")


def test_an_alarm_shows_what_was_due_and_the_steps() -> None:
    bench = guarded()
    bench.scan(MUG)
    alert = put(bench, 900).alert
    assert alert is not None
    assert (alert.text_read, alert.needed and alert.needed.sku) == ("+800 g", "MUG-GRN")
    assert alert.needed_total == 1
    assert [step.key for step in alert.steps] == ["act.gain_out", "act.gain_only"]
    put(bench, 400)
    gone = put(bench, 100).alert
    assert gone is not None
    # What went is told by its weight alone: nothing says how many.
    assert (gone.needed and gone.needed.sku, gone.needed_total) == ("MUG-GRN", 0)
    put(bench, 400)
    strange = put(bench, 4400).alert
    assert strange is not None
    assert (strange.needed, [step.key for step in strange.steps]) == (
        None,
        ["act.gain_out", "act.gain_scan"],
    )


def test_the_last_thing_waits_for_its_gain_in_words() -> None:
    bench = guarded()
    for grams, code in ((400, MUG), (700, MUG)):
        bench.scan(code)
        put(bench, grams)
    view = bench.scan(SOCK)
    assert [way.key for way in view.ways] == ["act.into_box"]


def test_a_removal_alarms_and_ends_when_it_is_back() -> None:
    bench = guarded()
    bench.scan(MUG)
    put(bench, 400)
    assert refused(put(bench, 100)) == "gain.removed"
    assert put(bench, 400).alert is None
    assert refused(put(bench, 480)) == "gain.unscanned"
    view = bench.scan(SOCK)
    assert put(bench, 480).alert is None
    assert view.screen is Screen.SCANNING


def test_an_undo_is_felt_too() -> None:
    bench = guarded()
    bench.scan(MUG)
    put(bench, 400)
    bench.command("undo")
    assert refused(bench.scan(SOCK)) == "no.gain.first"
    view = put(bench, 100)
    assert view.alert is None
    assert view.verdict is not None
    assert view.verdict.words.key == "gain.out"
    bench.scan(MUG)
    bench.command("undo")
    assert bench.scan(SOCK).alert is None


def test_drift_is_followed_and_told_and_no_removal() -> None:
    bench = guarded()
    bench.scan(MUG)
    put(bench, 400)
    for grams in range(400, 370, -2):
        bench.say(bench.reading(grams), bench.reading(grams))
    assert bench.view.alert is None
    assert bench.view.note is not None
    assert bench.view.note.key in {"guard.drifts", "guard.on"}
    bench.scan(SOCK)
    assert put(bench, 372 + 80).alert is None


def test_a_scale_without_a_rest_is_told() -> None:
    bench = guarded()
    bench.clock.advance(1)
    bench.say(bench.reading(130, ScaleState.MOTION))
    bench.clock.advance(10)
    view = bench.say(bench.reading(90, ScaleState.MOTION))
    assert view.note is not None
    assert view.note.key == "guard.restless"
    assert view.alert is None


def test_leaving_the_guard_needs_a_supervisor() -> None:
    bench = guarded()
    bench.scan(MUG)
    view = bench.command("supervisor")
    assert view.entry is not None
    badge = next(person.badge for person in PEOPLE if person.role == "supervisor")
    pin = next(person.pin_hash for person in PEOPLE if person.badge == badge).removeprefix("hash:")
    bench.say(p.TextEntered("supervisor", badge))
    bench.say(p.TextEntered("pin", pin))
    bench.say(p.TextEntered("reason", "checked"))
    assert "GuardLeft" in bench.kinds()
    assert bench.scan(MUG).alert is None
    assert bench.view.note is None


def test_an_order_that_nobody_guards_is_left_alone() -> None:
    bench = signed_in()
    bench.scan("O-1")
    put(bench, 100)
    bench.scan(MUG, MUG)
    assert "GuardBegun" not in bench.kinds()
    assert put(bench, 700).alert is None


def test_what_the_scale_cannot_feel_is_let_pass_with_its_gain() -> None:
    bench = guarded()
    tiny = replace(bench.cache.products["SOCK-RED"], weight_g=3)
    bench.cache.add(tiny)
    coarse = Reading(state=ScaleState.STABLE, value=Decimal("0.10"), unit="kg", raw=b"")
    for _ in range(3):
        bench.say(p.ScaleRead("scale", coarse, bench.clock.mono_ns()))
    bench.scan(SOCK)
    for _ in range(3):
        bench.say(p.ScaleRead("scale", coarse, bench.clock.mono_ns()))
    assert "ItemGained" in bench.kinds()


def test_a_thing_of_unknown_weight_only_has_to_be_felt() -> None:
    bench = guarded()
    bench.cache.add(replace(bench.cache.products["SOCK-RED"], weight_g=None))
    bench.scan(SOCK)
    view = put(bench, 140)
    assert (view.alert, view.verdict and view.verdict.words.key) == (None, "gain.ok")


# --- who wants it, and what it confirms ---------------------------------------------------------


def ruled(**rules: object) -> Bench:
    bench = signed_in(order())
    bench.cache.apply([p.Row("site", "S", 1, "put", {"code": "S", "rules": rules})], "1")
    bench.scan("O-1")
    return bench


def test_a_site_may_guard_every_order() -> None:
    assert "GuardBegun" in ruled(item_guard=True).kinds()
    assert "GuardBegun" not in ruled(item_guard="yes").kinds()


@pytest.mark.parametrize(("asked", "used"), [(3000, 3000), (199, 1000), (True, 1000)])
def test_a_site_says_how_many_false_alarms_it_bears(asked: object, used: int) -> None:
    bench = ruled(false_alarms_ppm=asked)
    bench.scan(MUG, MUG, SOCK, "C3")
    bench.weigh(780)
    judged = [r.event.body for r in bench.store.records if r.event.kind == "WeightJudged"]
    assert judged[-1]["allowed_ppm"] == used


def weighed(sku: str, mg: int) -> UnitMeasured:
    return UnitMeasured(sku=sku, weight_mg=mg, units=10, digit_mg=1000)


def by_hand(bench: Bench, row: int) -> StationView:
    bench.command("manual")
    return bench.say(p.ChoiceMade(row))


def test_under_the_guard_a_known_weight_is_the_second_look() -> None:
    bench = guarded()
    bench.core.record(weighed("SOCK-RED", 80_000), weighed("MUG-GRN", 300_000))
    bench.core.record(weighed("MUG-BLU", 340_000))
    view = by_hand(bench, 1)
    assert view.entry is None
    assert view.verdict is not None
    assert view.verdict.detail is not None
    assert view.verdict.detail.key == "gain.wait"
    view = put(bench, 181)
    assert view.verdict is not None
    assert view.verdict.words.key == "gain.confirms"
    by_hand(bench, 0)
    assert refused(put(bench, 181 + 340)) == "gain.heavy"
    view = put(bench, 181 + 299)
    assert view.verdict is not None
    assert view.verdict.words.key == "gain.confirms"


def test_what_weighs_alike_or_is_not_known_well_is_looked_at_again() -> None:
    bench = guarded()
    view = by_hand(bench, 1)
    assert view.entry is not None
    assert view.entry.words.key == "entry.look_again.scale"
    bench.say(p.AnswerGiven(yes=True))
    view = put(bench, 180)
    assert view.verdict is not None
    assert view.verdict.words.key == "gain.ok"
    bench.core.record(weighed("MUG-GRN", 300_000), weighed("MUG-BLU", 301_000))
    view = by_hand(bench, 0)
    assert view.entry is not None
    assert view.entry.words.key == "entry.look_again.scale"


def test_without_the_guard_the_second_look_is_as_ever() -> None:
    bench = signed_in()
    bench.scan("O-1")
    bench.core.record(weighed("SOCK-RED", 80_000))
    view = by_hand(bench, 1)
    assert view.entry is not None
    assert view.entry.words.key == "entry.look_again"
