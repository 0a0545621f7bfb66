"""The box is drawn with the goods in it, once the background has found out how."""

from __future__ import annotations

from packstation.domain.cartons.check import faults
from packstation.domain.cartons.goods import CartonAnswer, CartonParcel, Placement
from packstation.station import ports as p
from packstation.station.placing import Placed, items_of
from packstation.station.planning import packed
from tests.station.desk import MUG, SOCK, order, product, signed_in


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
    assert bench.core.desk.placed == {}
    view = bench.scan(SOCK)
    assert view.carton is not None
    assert len(view.carton.placements) == 3


def test_nothing_is_asked_twice_about_the_same_contents() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG, MUG, SOCK)
    asked = len(bench.later.waiting)
    bench.station.handle(p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged"))
    assert len(bench.later.waiting) == asked


def test_goods_of_unknown_size_leave_the_box_closed() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, length_mm=None))
    view = bench.scan("O-1", MUG)
    assert view.carton is not None
    assert view.carton.placements == ()


def test_an_answer_about_another_parcel_is_let_pass() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.say(Placed("other", 3, {"C3": ()}))
    assert bench.core.desk.placed == {}
    idle = signed_in()
    idle.say(Placed("other", 3, {"C3": ()}), p.Ticked())
    assert idle.core.desk.placed == {}
