"""A release is one person's, for one stop, with a PIN that was right for it."""

from __future__ import annotations

from packstation.domain.packing import State
from packstation.station import ports as p
from packstation.station.people import PinChecked
from packstation.station.views import StationView
from tests.station.desk import PEOPLE, Bench, order, signed_in, to_confirming
from tests.station.test_people import held_by_weight
from tests.station.test_reports import row

OTHER = p.PersonRow("SV-2", "Wei", "lead", "hash:8888", "en")


def held() -> Bench:
    bench = held_by_weight()
    bench.cache.add(OTHER)
    return bench


def refused(view: StationView) -> str:
    assert view.alert is not None
    return view.alert.headline.key


def test_a_reason_without_a_pin_releases_nothing() -> None:
    bench = held()
    bench.scan("%PB:SV-1")
    assert refused(bench.say(p.TextEntered("reason", "checked"))) == "no.release.too_late"
    assert bench.core.session.state is State.HELD


def test_the_pin_of_one_supervisor_proves_no_other() -> None:
    bench = held()
    bench.scan("%PB:SV-1")
    bench.station.handle(p.TextEntered("pin", "9999"))
    bench.station.handle(p.CodeScanned("%PB:SV-2"))
    bench.later.drain()
    bench.say(p.TextEntered("reason", "checked"))
    assert bench.core.session.state is State.HELD


def test_a_release_counts_for_the_stop_it_was_given_for() -> None:
    bench = held()
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"))
    bench.say(row(order(), 2, hold="customs"))
    assert refused(bench.say(p.TextEntered("reason", "weight_ok"))) == "no.release.other_stop"
    assert bench.core.session.hold_reason == "server"


def test_free_text_is_no_reason_in_the_journal() -> None:
    bench = held()
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"), p.TextEntered("reason", "Ivan asked"))
    granted = next(r.event for r in bench.store.records if r.event.kind == "OverrideGranted")
    assert granted.body["reason"] == "other"


def test_a_typed_number_signs_nobody_in_without_a_pin() -> None:
    bench = signed_in()
    to_confirming(bench)
    bench.scan("LP000000005CN")
    bench.command("reopen")
    view = bench.say(p.TextEntered("supervisor", "SV-1"))
    assert view.entry is not None
    assert (view.entry.kind, view.person.name) == ("pin", "Lin Yue")
    bench.command("back", "reopen")
    assert refused(bench.say(p.TextEntered("supervisor", "PK-2"))) == "no.badge.no_release"
    bench.command("accept", "reopen")
    assert refused(bench.say(p.TextEntered("supervisor", "XX-1"))) == "no.badge.unknown"
    assert bench.view.person.name == "Lin Yue"


def test_a_pin_that_comes_back_while_locked_proves_nothing() -> None:
    bench = held()
    bench.scan("%PB:SV-1")
    for _ in range(5):
        bench.say(p.TextEntered("pin", "0000"))
    bench.say(PinChecked("SV-1", "release", right=True))
    bench.say(p.TextEntered("reason", "checked"))
    assert bench.core.session.state is State.HELD


def test_a_supervisor_who_lost_the_role_releases_nothing() -> None:
    bench = held()
    bench.scan("%PB:SV-1")
    bench.cache.add(p.PersonRow("SV-1", "Olga", "packer", "hash:9999", "en"))
    bench.say(p.TextEntered("pin", "9999"), p.TextEntered("reason", "checked"))
    assert bench.core.session.state is State.HELD


def test_a_number_with_its_pin_signs_in_at_a_bench_that_waited_for_a_release() -> None:
    bench = held()
    bench.scan("%PB:SV-1")
    bench.desk.locked = True
    bench.command("manual")
    view = bench.say(p.TextEntered("sign_in", "PK-2 2222"))
    assert view.person.name == PEOPLE[1].name
    assert bench.desk.approval is None
