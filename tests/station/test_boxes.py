"""Boxes obey the rules of packing, own packaging takes one key, and every stop says what next."""

from __future__ import annotations

import pytest

from packstation.domain.cartons.overrides import overrides
from packstation.domain.catalog import Packing
from packstation.domain.packing import State
from packstation.domain.packing.facts import CartonAssigned
from packstation.domain.packing_rules import PackingRule, PackingRules, When
from packstation.domain.parcels import Carton
from packstation.i18n import load
from packstation.station import ports as p
from packstation.station.box_plan import REASONS
from packstation.station.views import Words
from tests.station.desk import MUG, SOCK, Bench, order, product, signed_in

MAILER = Carton(code="M1", kind="mailer", inner_mm=(400, 300, 150), tare_g=30)


def ruled(*containers: str, lines: str = "MUG-GRN*2 SOCK-RED*1") -> Bench:
    bench = signed_in(order(lines=lines))
    bench.cache.add(MAILER)
    rule = PackingRule(id="soft", when=When(skus=("MUG-*",)), container=containers)
    bench.cache.rules = PackingRules(rules=(rule,))
    return bench


def assigned(bench: Bench) -> CartonAssigned:
    (fact,) = bench.core.facts_of([CartonAssigned.__name__])
    assert isinstance(fact, CartonAssigned)
    return fact


@pytest.mark.parametrize("named", ["mailer", "M1"])
def test_a_rule_decides_which_boxes_are_offered(named: str) -> None:
    bench = ruled(named)
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.carton is not None
    assert [view.carton.code, *(one.code for one in view.other_cartons)] == ["M1"]
    view = bench.scan("C3")
    assert view.alert is not None
    assert "no.carton.by_rule" in repr(view.alert)
    assert bench.core.session.state is State.CARTONING
    bench.command("accept", "accept")
    assert bench.core.session.parcel.carton == "M1"


def test_before_it_is_worked_out_the_rule_holds_too() -> None:
    bench = ruled("mailer")
    bench.scan("O-1", MUG, MUG)
    bench.station.handle(p.CodeScanned(SOCK))
    view = bench.view
    assert bench.core.desk.plan is None
    bench.station.handle(p.CodeScanned("C3"))
    assert "no.carton.by_rule" in repr(bench.view.alert)
    assert view.carton is not None
    assert view.carton.code == "M1"


def test_a_rule_is_about_what_lies_in_the_parcel() -> None:
    bench = ruled("mailer", lines="SOCK-RED*1")
    view = bench.scan("O-1", SOCK)
    assert view.carton is not None
    assert view.carton.code != "M1"


def test_where_no_box_of_the_rule_takes_it_another_needs_a_reason() -> None:
    bench = ruled("tube")
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.carton is None
    assert view.box_note == Words("carton.none_by_rule", (("boxes", "tube"),))
    view = bench.scan("C3")
    assert view.entry is not None
    assert [name for name, _ in view.entry.choices] == list(REASONS)
    bench.say(p.ChoiceMade(index=0))
    assert bench.core.session.parcel.carton == "C3"
    assert assigned(bench).reason == "none_left"


def test_what_was_offered_stays_with_the_reason() -> None:
    bench = signed_in()
    bench.cache.add(MAILER)
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.carton is not None
    bench.scan("M1")
    bench.say(p.ChoiceMade(index=3))
    fact = assigned(bench)
    assert (fact.carton, fact.offered, fact.reason) == ("M1", view.carton.code, "padding")
    found = overrides([fact])
    assert [(row.offered, row.times, row.reasons) for row in found.overridden] == [
        (view.carton.code, 1, {"padding": 1})
    ]


def test_the_box_that_was_offered_is_no_override() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG, MUG, SOCK)
    bench.command("accept")
    assert assigned(bench).offered == ""


def test_goods_that_ship_as_they_are_take_enter() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, packing=Packing(own_box=True)))
    view = bench.scan("O-1", MUG)
    assert view.carton is not None
    assert (view.carton.kind, view.carton.inner_mm) == ("own", (100, 90, 80))
    view = bench.command("accept")
    fact = assigned(bench)
    assert (fact.kind, fact.tare_g, fact.outer_mm) == ("own", 0, (100, 90, 80))
    assert bench.core.session.state is State.WEIGHING
    assert view.carton is not None
    assert view.carton.kind == "own"


def test_own_packaging_is_one_key_whatever_is_offered() -> None:
    bench = signed_in()
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert "F6" in [command.key for command in view.commands]
    assert view.carton is not None
    bench.command("own-box")
    fact = assigned(bench)
    assert (fact.kind, fact.reason, fact.offered) == ("own", "own", view.carton.code)
    assert fact.outer_mm == ()


def test_own_packaging_by_code() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.scan("O-1", MUG, "%PS:carton:own")
    assert assigned(bench).kind == "own"


def test_a_rule_that_wants_a_box_has_it() -> None:
    bench = ruled("mailer")
    bench.scan("O-1", MUG, MUG, SOCK)
    view = bench.command("own-box")
    assert "no.carton.by_rule" in repr(view.alert)
    assert bench.core.session.parcel.carton == ""


def test_one_of_several_parcels_ships_as_it_is() -> None:
    bench = signed_in()
    bench.cache.add(product("MUG-GRN", MUG, 300, packing=Packing(own_box=True)))
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.box_note == Words("carton.split_own", (("m", 3), ("goods", "1 × MUG-GRN")))
    assert [one.kind for one in view.parcels] == ["own", "own", "box"]
    assert view.parcels[0].inner_mm == (100, 90, 80)


def test_the_catalog_says_what_may_lie_on_it_and_how_much_room_it_wants() -> None:
    bench = signed_in(order(lines="MUG-GRN*2"))
    bench.cache.add(product("MUG-GRN", MUG, 300, packing=Packing(no_stack=True, padding_mm=4)))
    view = bench.scan("O-1", MUG, MUG)
    assert view.carton is not None
    floors = [position[2] for _, position, _ in view.carton.placements]
    assert floors == [4, 4]


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
@pytest.mark.parametrize(
    "note", ["no_size", "none_fits", "none_by_rule", "own_box", "split", "split_own"]
)
def test_each_note_has_words_in_every_language(note: str, language: str) -> None:
    words = load(language)
    assert words.has(f"carton.{note}")
    said = words.say(f"carton.{note}", sku="MUG", boxes="tube", m=2, box="C3", goods="1 × MUG")
    assert "{" not in said
