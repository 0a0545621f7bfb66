"""Rules that nobody reviewed for long: said once, released once a day for the whole bench."""

from __future__ import annotations

from packstation.domain.packing import State
from packstation.station import ports as p
from packstation.station.views import Screen, Words
from tests.station.customs_bench import bench, lacking, last
from tests.station.desk import MUG, SOCK, Bench, order
from tests.station.rules import rule

_AGE = {"fact": "pack_days", "is": "le", "than": -100_000, "field": "rule_pack"}
TOO_OLD = rule("R47", [_AGE], severity="OVERRIDE")
OLD = rule("R47", [_AGE], severity="WARN")


def _packed(found: Bench, name: str) -> None:
    found.cache.add(p.OrderRow(order(name), 1))
    found.scan(name, MUG, MUG, SOCK, "C3")
    found.weigh(780)


def _release(found: Bench) -> None:
    found.scan("%PB:SV-1")
    found.say(p.TextEntered("pin", "9999"), p.TextEntered("reason", "asked the office"))


def _forgotten(found: Bench) -> None:
    """As after a restart."""
    found.core.desk.standing = ("", ())
    found.station._flow.customs.read()


def test_a_supervisor_releases_old_rules_once_a_day() -> None:
    found = bench(TOO_OLD)
    _packed(found, "O-1")
    assert lacking(found.views[-1])[0].cure == Words("papers.by_supervisor")
    _release(found)
    assert found.views[-1].screen is Screen.PRINTING
    assert last(found, "OverrideGranted")["rules"] == ("R47 rule_pack",)
    found.out()
    view = found.out()
    assert view.label is not None
    found.scan(view.label.waybill)
    _packed(found, "O-2")
    assert found.core.session.order_id == "O-2"
    assert found.core.session.state is State.PRINTING
    assert not found.core.session.released


def test_after_a_restart_the_release_of_today_still_stands() -> None:
    found = bench(TOO_OLD)
    _packed(found, "O-1")
    _release(found)
    stood = found.core.desk.standing
    assert stood == (found.core.today(), ("R47 rule_pack",))
    _forgotten(found)
    assert found.core.desk.standing == stood


def test_tomorrow_a_supervisor_is_asked_again() -> None:
    found = bench(TOO_OLD)
    _packed(found, "O-1")
    _release(found)
    found.clock.advance(86_400)
    _forgotten(found)
    assert not found.core.desk.standing[1]


def test_that_rules_are_old_is_said_once_to_each_person() -> None:
    found = bench(OLD)
    found.cache.add(p.OrderRow(order("O-1"), 1))
    view = found.scan("O-1")
    assert view.verdict is not None
    assert view.verdict.words.key == "papers.old_rules"
    assert view.screen is Screen.SCANNING
    found.core.desk.verdict = None
    found.station._flow.customs.opened()
    assert found.core.desk.verdict is None
