"""Rows that say nonsense, PINs that are guessed, what one person leaves to the next."""

from __future__ import annotations

from typing import Any

import pytest

from packstation.domain.catalog import Tracking
from packstation.domain.packing import State
from packstation.station import ports as p
from packstation.station.people import TRIES
from tests.station.desk import MUG, Bench, order, product, signed_in
from tests.station.test_people import held_by_weight
from tests.station.test_reports import row

NONSENSE: tuple[dict[str, Any], ...] = (
    {"text_percent": 1e308},
    {"text_percent": "abc"},
    {"text_percent": -5},
    {"volume": None},
    {"still": []},
    {"theme": {"a": 1}},
    {"chosen": 5},
    {"chosen": [{}, "volume", "nothing"]},
)


@pytest.mark.parametrize("prefs", NONSENSE, ids=str)
def test_a_row_of_nonsense_signs_in_and_may_choose(prefs: dict[str, Any]) -> None:
    bench = signed_in()
    bench.cache.add(p.PersonRow("X-1", "X", "packer", "hash:1", "xx", prefs))
    view = bench.scan("%PB:X-1")
    assert (view.person.badge, view.person.text_percent, view.person.volume) == ("X-1", 100, 100)
    bench.command("my-settings")
    view = bench.say(p.ChoiceMade(0, "still=yes", "touch"))
    assert view.person.still
    assert view.alert is None


def test_ones_own_pin_forgives_no_guesses_at_a_supervisors() -> None:
    bench = held_by_weight()
    for _ in range(TRIES - 1):
        bench.scan("%PB:SV-1")
        bench.say(p.TextEntered("pin", "0000"))
        bench.command("back", "person", "manual")
        bench.say(p.TextEntered("sign_in", "PK-1 1111"))
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "0000"))
    view = bench.say(p.TextEntered("pin", "9999"))
    assert view.entry is not None
    assert view.entry.problem is not None
    assert view.entry.problem.key == "pin.locked"


def test_a_number_that_one_had_said_is_not_the_next_ones() -> None:
    bench = signed_in(order(lines="MUG-GRN*5"))
    bench.scan("O-1", "%PS:quantity:4", "%PB:PK-2")
    assert bench.scan(MUG).lines[0].done == 1


def waits_for_serial() -> Bench:
    bench = signed_in(order(lines="MUG-GRN*2"))
    bench.cache.add(product("MUG-GRN", MUG, 300, tracking=Tracking(serial=True)))
    view = bench.scan("O-1", MUG)
    assert view.entry is not None
    assert view.entry.kind == "serial"
    return bench


@pytest.mark.parametrize("cover", [("hold",), ("cancel",), ("supervisor",), ("quantity",)])
def test_a_question_that_was_covered_is_asked_again(cover: tuple[str, ...]) -> None:
    bench = waits_for_serial()
    view = bench.command(*cover)
    assert view.entry is not None
    assert view.entry.kind != "serial"
    view = bench.command("back")
    assert view.entry is not None
    assert view.entry.kind == "serial"
    bench.scan("SN-1")
    assert [item.serial for item in bench.core.session.packed] == ["SN-1"]


def test_a_question_outlives_a_change_of_person_and_goes_with_words() -> None:
    bench = waits_for_serial()
    bench.command("person")
    view = bench.scan("%PB:PK-2")
    assert view.entry is not None
    assert view.entry.kind == "serial"
    view = bench.command("back")
    assert view.entry is None
    assert view.verdict is not None
    assert view.verdict.words.key == "item.not_counted"
    assert bench.core.session.state is State.SCANNING


def test_the_question_whether_there_are_two_outlives_a_pin() -> None:
    bench = signed_in(order(lines="MUG-GRN*2"))
    bench.scan("O-1")
    for ns in (1_000_000_000, 1_100_000_000):
        view = bench.say(p.CodeScanned(MUG, source="scanner", received_ns=ns))
    assert view.entry is not None
    assert view.entry.kind == "twice"
    bench.command("hold")
    view = bench.command("back")
    assert view.entry is not None
    assert view.entry.kind == "twice"
    assert bench.say(p.AnswerGiven(yes=True)).lines[0].done == 2


@pytest.mark.parametrize("number", ["9" * 5000, "²", "x", "-5"])
def test_a_number_that_is_none_is_no_trouble(number: str) -> None:
    bench = signed_in()
    bench.scan("O-1")
    for kind in ("quantity", "length"):
        bench.say(p.TextEntered(kind, number))
        bench.command("back")
    bench.say(p.CommandGiven("quantity", number))
    assert bench.view.alert is None


def test_goods_and_parcels_are_no_place_to_park_at() -> None:
    bench = signed_in(order(lines="MUG-GRN*2"), order("O-2"))
    bench.scan("O-1", "%PS:quantity:2")
    bench.command("park")
    for text in (MUG, "O-2", "LP000000005CN"):
        view = bench.scan(text)
        assert view.alert is not None
        assert view.alert.headline.key == "no.park.place"
        bench.command("accept")
        assert bench.core.session.state is State.SCANNING
    assert bench.core.session.packed == ()
    bench.scan("SHELF-4")
    assert (bench.core.session.state, bench.core.session.place) == (State.PARKED, "SHELF-4")
    assert bench.scan("O-1", MUG).lines[0].done == 1


def test_two_scanners_that_see_one_thing_are_asked_about() -> None:
    bench = signed_in(order(lines="MUG-GRN*9"))
    bench.scan("O-1")
    for source, ns in (("scanner", 1_000_000_000), ("scanner-2", 1_050_000_000)):
        view = bench.say(p.CodeScanned(MUG, source=source, received_ns=ns))
    assert view.entry is not None
    assert view.entry.kind == "twice"
    assert bench.say(p.AnswerGiven(yes=False)).lines[0].done == 1


@pytest.mark.parametrize("cover", ["", "hold", "cancel", "quantity", "park"])
def test_a_cancel_is_covered_by_no_question(cover: str) -> None:
    bench = waits_for_serial()
    if cover:
        bench.command(cover)
    view = bench.say(row(order(lines="MUG-GRN*2", status="cancelled"), 2))
    assert (bench.core.session.state, view.entry) == (State.HELD, None)
    assert view.alert is not None
    assert view.alert.headline.key == "stop.cancel"
    bench.scan("T-O-1")
    assert bench.core.session.state is State.CANCELLED
