"""Who is at the bench, and who may release what."""

from __future__ import annotations

import pytest

from packstation.domain.packing import State
from packstation.station import ports as p
from packstation.station.people import LOCK_S, RELEASE_S, TRIES, PinChecked
from packstation.station.station import IDLE_LOCK_NS
from packstation.station.views import Screen
from tests.station.desk import MUG, Bench, order, signed_in, to_confirming, to_weighing


def held_by_weight() -> Bench:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(500)
    return bench


def test_nothing_is_packed_before_somebody_signed_in() -> None:
    bench = Bench()
    bench.cache.add(p.OrderRow(order(), 1))
    bench.start()
    assert bench.view.screen is Screen.SIGN_IN
    bench.scan("O-1")
    assert bench.core.session.state is State.IDLE
    view = bench.scan("%PB:PK-2")
    assert (view.screen, view.person.initials, view.person.language) == (Screen.QUEUE, "АС", "ru")
    assert (view.person.theme, view.person.bench) == ("dark", "07")
    assert bench.kinds()[-1] == "PersonSignedIn"


def test_an_unknown_badge_is_said_so() -> None:
    bench = Bench().start()
    view = bench.scan("%PB:NOBODY")
    assert view.alert is not None
    assert view.alert.headline.key == "no.badge.unknown"


def test_a_personal_number_with_pin_signs_in() -> None:
    bench = Bench().start()
    assert bench.say(p.TextEntered("sign_in", "PK-1 2222")).screen is Screen.SIGN_IN
    assert bench.say(p.TextEntered("sign_in", "PK-1 1111")).person.name == "Lin Yue"


@pytest.mark.parametrize(
    ("until", "counts"),
    [
        ("2026-11-21T23:00:00.000000Z", True),
        ("2020-01-01T00:00:00.000000Z", False),
        ("2099-01-01T00:00:00", False),
        ("soon", False),
        ("", False),
    ],
)
def test_a_temporary_pin_counts_until_it_ends(until: str, counts: bool) -> None:
    bench = Bench()
    bench.cache.add(
        p.PersonRow("PK-7", "Bo", "packer", temporary_hash="hash:7531", temporary_until=until)
    )
    bench.start()
    view = bench.say(p.TextEntered("sign_in", "PK-7 7531"))
    assert (view.screen is not Screen.SIGN_IN) is counts


def test_the_number_is_asked_where_nobody_is_signed_in() -> None:
    view = Bench().start().command("manual")
    assert view.entry is not None
    assert (view.screen, view.entry.kind) == (Screen.SIGN_IN, "sign_in")


def test_keys_do_nothing_at_a_bench_that_nobody_has() -> None:
    bench = Bench()
    bench.cache.add(p.OrderRow(order(), 1))
    view = bench.start().command("accept")
    assert view.alert is not None
    assert view.alert.headline.key == "no.sign_in.first"
    assert bench.say(p.ChoiceMade(0)).screen is Screen.SIGN_IN
    assert bench.core.session.state is State.IDLE


def test_a_locked_bench_takes_nothing_but_a_person() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("person")
    before = bench.kinds()
    for command in ("accept", "undo", "hold", "person"):
        bench.command(command)
        bench.command("yes")
    bench.say(p.AnswerGiven(yes=True))
    bench.say(p.TextEntered("hold", "damaged"))
    assert set(bench.kinds()[len(before) :]) <= {"InputRefused"}
    assert bench.scan("%PB:PK-1").screen is Screen.SCANNING


def test_somebody_who_left_the_list_meanwhile_is_not_signed_in() -> None:
    bench = Bench().start()
    assert bench.say(PinChecked("GONE", "sign_in", right=True)).screen is Screen.SIGN_IN


def test_a_change_of_person_keeps_the_parcel() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    assert bench.command("person").screen is Screen.SIGN_IN
    view = bench.scan("%PB:PK-2")
    assert (view.screen, view.person.name, view.lines[0].done) == (
        Screen.SCANNING,
        "Айгуль Сафина",
        1,
    )
    assert bench.scan("%PB:PK-2").screen is Screen.SCANNING


def test_an_idle_bench_locks_and_keeps_its_progress() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.clock.advance(IDLE_LOCK_NS / 1e9 + 1)
    view = bench.say(p.Ticked())
    assert (view.screen, view.locked) == (Screen.SIGN_IN, True)
    bench.scan(MUG)
    assert bench.core.session.lines[0].done == 1
    assert bench.scan("%PB:PK-1").lines[0].done == 1


def test_a_supervisor_releases_with_badge_pin_and_reason() -> None:
    bench = held_by_weight()
    assert bench.scan("%PB:PK-2").person.name == "Айгуль Сафина"
    view = bench.scan("%PB:SV-1")
    assert view.entry is not None
    assert (view.entry.kind, view.entry.secret) == ("pin", True)
    view = bench.say(p.TextEntered("pin", "0000"))
    assert view.entry is not None
    assert view.entry.problem is not None
    view = bench.say(p.TextEntered("pin", "9999"))
    assert view.entry is not None
    assert view.entry.kind == "reason"
    bench.say(p.ChoiceMade(0))
    granted = next(r.event for r in bench.store.records if r.event.kind == "OverrideGranted")
    assert (granted.body["by"], granted.body["reason"]) == ("SV-1", "checked")
    assert bench.core.session.parcel.gross_g == 500


def scale_gone() -> Bench:
    bench = signed_in()
    to_weighing(bench)
    bench.say(p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged"))
    return bench


def test_without_a_scale_a_supervisor_types_the_weight() -> None:
    bench = scale_gone()
    assert bench.view.commands[0].command == "manual"
    view = bench.command("manual")
    assert view.entry is not None
    assert view.entry.kind == "supervisor"
    bench.say(p.TextEntered("supervisor", "SV-1"))
    view = bench.say(p.TextEntered("pin", "9999"))
    assert view.entry is not None
    assert view.entry.kind == "weight"
    assert bench.say(p.TextEntered("weight", "780")).screen is Screen.PRINTING
    weighed = next(r.event.body for r in bench.store.records if r.event.kind == "ParcelWeighed")
    assert (weighed["source"], weighed["gross_g"]) == ("typed", 780)
    assert "OverrideGranted" in bench.kinds()


def test_a_typed_weight_that_is_no_number_or_was_not_allowed_is_none() -> None:
    bench = scale_gone()
    assert bench.say(p.TextEntered("weight", "780")).screen is Screen.WEIGHING
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"), p.TextEntered("weight", "heavy"))
    assert bench.core.session.state is State.WEIGHING


def test_a_scale_that_works_is_used() -> None:
    bench = signed_in()
    to_weighing(bench)
    view = bench.command("manual")
    assert view.alert is not None
    assert view.alert.headline.key == "no.manual.not_here"


def test_a_release_that_took_too_long_is_forgotten() -> None:
    bench = held_by_weight()
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"))
    bench.clock.advance(RELEASE_S + 1)
    bench.say(p.TextEntered("reason", "checked"))
    assert bench.core.session.state is State.HELD
    bench.say(p.TextEntered("reason", "checked"))
    assert bench.core.session.state is State.HELD


def test_wrong_pins_lock_for_a_while() -> None:
    bench = held_by_weight()
    bench.scan("%PB:SV-1")
    for _ in range(TRIES):
        bench.say(p.TextEntered("pin", "0000"))
    view = bench.say(p.TextEntered("pin", "9999"))
    assert view.entry is not None
    assert view.entry.problem is not None
    assert view.entry.problem.key == "pin.locked"
    bench.clock.advance(LOCK_S + 1)
    view = bench.say(p.TextEntered("pin", "9999"))
    assert view.entry is not None
    assert view.entry.kind == "reason"


def test_a_pin_that_nobody_asked_for_changes_nothing() -> None:
    bench = signed_in()
    assert bench.say(p.TextEntered("pin", "1111")).entry is None


def test_a_supervisor_is_called_by_number_or_is_there_already() -> None:
    bench = held_by_weight()
    assert bench.command("supervisor").entry is not None
    view = bench.say(p.TextEntered("supervisor", "SV-1"))
    assert view.entry is not None
    assert view.entry.kind == "pin"
    assert bench.command("back").entry is None
    bench = Bench()
    bench.start()
    bench.scan("%PB:SV-1")
    view = bench.command("supervisor")
    assert view.entry is not None
    assert view.entry.kind == "pin"


def test_a_completed_order_is_opened_again_by_a_supervisor() -> None:
    bench = signed_in()
    to_confirming(bench)
    bench.scan("LP000000005CN")
    bench.command("reopen")
    bench.say(p.TextEntered("supervisor", "SV-1"))
    bench.command("back")
    bench.scan("%PB:SV-1")
    bench.command("reopen")
    bench.say(p.TextEntered("pin", "9999"), p.ChoiceMade(1))
    assert bench.core.session.state is State.SCANNING
    assert [way.key for way in bench.view.ways] == ["act.close_same", "act.void_first"]
    assert [one.key for one in bench.view.commands] == ["Enter", "F10", "F8", "F1"]
    assert bench.command("accept").screen is Screen.CONFIRMING


def test_signing_out_is_a_fact_and_touches_nothing_else() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.station.sign_out("closed")
    bench.station.sign_out("closed")
    assert bench.kinds()[-1] == "PersonSignedOut"
    assert bench.kinds().count("PersonSignedOut") == 1
    assert bench.core.session.lines[0].done == 1


def test_a_pin_that_is_proven_at_a_bench_that_was_locked_meanwhile_releases_nothing() -> None:
    bench = held_by_weight()
    bench.scan("%PB:SV-1")
    assert bench.desk.approval is not None
    bench.desk.locked = True
    bench.say(PinChecked("SV-1", "release", right=True))
    bench.say(p.TextEntered("reason", "checked"))
    assert bench.core.session.state is State.HELD
    assert "OverrideGranted" not in bench.kinds()
