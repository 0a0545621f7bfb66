"""The box is drawn with the goods in it, once the background has found out how."""

from __future__ import annotations

import pytest

from packstation.domain.cartons.check import faults
from packstation.domain.cartons.goods import CartonAnswer, CartonParcel, Placement
from packstation.domain.catalog import Packing
from packstation.domain.errors import InputInvalid
from packstation.domain.packing.facts import LinePlan
from packstation.domain.packing.session import Line, Packed, Parcel, Session
from packstation.domain.parcels import Carton
from packstation.station import placing
from packstation.station import ports as p
from packstation.station.box_plan import REASONS
from packstation.station.boxes import BoxPlan
from packstation.station.placing import Placed, contents_key, items_of
from packstation.station.planning import packed
from packstation.station.views import Words
from tests.station.desk import MUG, SOCK, Bench, order, product, signed_in


def with_more_boxes() -> Bench:
    bench = signed_in()
    bench.cache.add(Carton(code="C4", inner_mm=(400, 300, 200)))
    return bench


def test_the_proposed_box_shows_where_everything_goes() -> None:
    bench = signed_in()
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.carton is not None
    goods = items_of(packed(bench.core.session), {})
    boxes = bench.core.cache.cartons()
    box = next(box for box in boxes if box.code == view.carton.code)
    parcel = CartonParcel(
        carton=box.code,
        fill=0,
        gross_g=box.tare_g + sum(item.weight_g * item.quantity for item in goods),
        placements=tuple(Placement(*row) for row in view.carton.placements),
    )
    assert faults(CartonAnswer(parcels=(parcel,)), goods, boxes) == ()
    assert bench.scan("C3").carton is not None
    assert bench.view.carton is not None
    assert bench.view.carton.placements == view.carton.placements


def test_opened_again_with_other_contents_is_drawn_anew() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG, MUG, SOCK)
    bench.command("open", "undo")
    assert bench.core.desk.plan is None
    view = bench.scan(SOCK)
    assert view.carton is not None
    assert len(view.carton.placements) == 3


def test_nothing_is_asked_twice_about_the_same_contents() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG, MUG, SOCK)
    asked = len(bench.later.waiting)
    bench.station.handle(p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged"))
    assert len(bench.later.waiting) == asked


def test_goods_of_unknown_size_get_no_box_and_the_bench_goes_on() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, length_mm=None))
    view = bench.scan("O-1", MUG)
    assert view.carton is None
    assert view.box_note == Words("carton.no_size", (("sku", "MUG-GRN"),))
    bench.scan("C3")
    assert bench.core.session.parcel.carton == "C3"


def test_another_box_needs_one_key_for_the_reason() -> None:
    bench = with_more_boxes()
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.carton is not None
    other = view.other_cartons[0].code
    view = bench.scan(other)
    assert view.entry is not None
    assert [name for name, _ in view.entry.choices] == list(REASONS)
    assert bench.core.session.parcel.carton == ""
    bench.say(p.ChoiceMade(index=0))
    assert bench.core.session.parcel.carton == other
    assigned = [r.event.body for r in bench.store.records if r.event.kind == "CartonAssigned"]
    assert [body["reason"] for body in assigned] == ["none_left"]


def test_the_question_goes_away_with_the_box_that_was_offered() -> None:
    bench = with_more_boxes()
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.carton is not None
    bench.scan(view.other_cartons[0].code)
    bench.command("back")
    assert bench.view.entry is None
    bench.scan(view.other_cartons[0].code)
    view = bench.scan(view.carton.code)
    assert view.entry is None
    assert bench.core.session.parcel.carton == view.carton.code if view.carton else False


def test_a_reason_that_is_none_takes_no_box() -> None:
    bench = with_more_boxes()
    view = bench.scan("O-1", MUG, MUG, SOCK)
    bench.scan(view.other_cartons[0].code)
    bench.say(p.TextEntered("box", "because"))
    assert bench.core.session.parcel.carton == ""


def test_several_parcels_say_what_the_first_takes() -> None:
    bench = signed_in(order(lines="MUG-GRN*9"))
    bench.cache.add(product("MUG-GRN", MUG, 300, length_mm=200, width_mm=190, height_mm=110))
    view = bench.scan("O-1", *[MUG] * 9)
    assert view.box_note is not None
    assert view.box_note.key == "carton.split"


def test_goods_that_no_box_takes_are_named() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, length_mm=2000))
    assert bench.scan("O-1", MUG).box_note == Words("carton.none_fits")


def test_goods_in_their_own_box_need_none() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, packing=Packing(own_box=True)))
    assert bench.scan("O-1", MUG).box_note == Words("carton.own_box")


def test_an_answer_about_another_parcel_is_let_pass() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.say(Placed("other", (("MUG-GRN", 3),), BoxPlan(codes=("C3",))))
    assert bench.core.desk.plan is None
    idle = signed_in()
    idle.say(Placed("other", (("MUG-GRN", 3),), BoxPlan(codes=("C3",))), p.Ticked())
    assert idle.core.desk.plan is None


def test_an_answer_about_other_goods_of_the_same_number_is_let_pass() -> None:
    bench = with_more_boxes()
    bench.scan("O-1", MUG, MUG, SOCK)
    before, parcel = bench.core.desk.plan, bench.core.session.parcel.id
    assert before is not None
    bench.say(Placed(parcel, (("MUG-GRN", 1), ("SOCK-RED", 2)), BoxPlan(codes=("C3",))))
    assert bench.core.desk.plan == before
    bench.say(Placed(parcel, (("MUG-GRN", 2), ("SOCK-RED", 1)), BoxPlan(codes=("C3",))))
    assert bench.core.desk.plan == BoxPlan(codes=("C3",))


def test_a_substitute_takes_the_room_that_it_needs_itself() -> None:
    other = LinePlan(line=1, sku="MUG-XL", quantity=2, unit_g=900, size_mm=(200, 200, 200))
    plan = LinePlan(line=1, sku="MUG", quantity=3, size_mm=(90, 90, 90), others=(other,))
    first = LinePlan(line=2, sku="SOCK", quantity=1)
    inside = [("SOCK", 2, 1), ("MUG", 1, 1), ("MUG-XL", 1, 1), ("MUG-XL", 1, 1)]
    contents = tuple(Packed(line=line, sku=sku, units=units) for sku, line, units in inside)
    before = Parcel(id="p-1", contents=(Packed(line=1, sku="MUG", units=1),))
    session = Session(
        lines=(Line(plan=plan, done=4), Line(plan=first, done=1)),
        parcels=(before, Parcel(id="p-2", contents=contents)),
    )
    assert packed(session) == [(plan, 1), (other, 2), (first, 1)]
    assert contents_key(session) == ("p-2", (("MUG", 1), ("MUG-XL", 2), ("SOCK", 1)))


def test_what_cannot_be_worked_out_stops_no_parcel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> BoxPlan:
        raise InputInvalid(path="items[1].sku")

    monkeypatch.setattr(placing, "worked_out", refused)
    bench = with_more_boxes()
    view = bench.scan("O-1", MUG, MUG, SOCK)
    assert view.alert is None
    assert view.carton is not None
    assert bench.core.desk.plan is None
