"""The single-item fast lane: an item, the order that needs just it, its label, the next item."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from packstation.domain.catalog import Product, Tracking
from packstation.domain.learning.folding import LIMIT
from packstation.domain.learning.units import UnitWeight, carton_key, ug
from packstation.domain.orders import Deadline, Order
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import LabelVoidRefused
from packstation.domain.parcels import Carton
from packstation.station import ports as p
from packstation.station.certainty import learned
from packstation.station.views import FastView, Screen
from tests.fake_storage import START
from tests.station.desk import CARTONS, MUG, PRODUCTS, SOCK, Bench, order, product, signed_in


def one(order_id: str, hours: float = 3, sku: str = "MUG-GRN", **more: object) -> Order:
    due = (Deadline(kind="handover", at=START + timedelta(hours=hours)),)
    return order(order_id, f"{sku}*1", deadlines=due, **more)


def sure(_: Product, units: int, carton: Carton) -> int | None:
    return 300 * units + carton.tare_g


def lane(*orders: Order, certain: bool = True) -> Bench:
    bench = signed_in(*(orders or (one("O-1"),)))
    if certain:
        bench.core.sure = sure
    bench.command("single")
    return bench


def fast(bench: Bench) -> FastView:
    assert bench.view.screen is Screen.FAST, bench.view.screen
    assert bench.view.fast is not None
    return bench.view.fast


def stick(bench: Bench) -> None:
    """Label and paper come out; the label is scanned on the parcel."""
    bench.out()
    bench.out()
    assert fast(bench).step == "stick"
    assert bench.view.label is not None
    bench.scan(bench.view.label.waybill)


def test_an_item_goes_to_the_most_urgent_order_that_needs_just_it_and_prints_at_once() -> None:
    bench = lane(one("O-1", 5), order("O-2"), one("O-3", 2), one("O-4", 9))
    assert (fast(bench).step, fast(bench).waiting) == ("scan", 3)
    bench.scan(MUG)
    assert bench.core.session.order_id == "O-3"
    assert bench.core.session.profile == "fast"
    assert fast(bench).step == "print"
    assert bench.view.carton is not None
    assert bench.view.carton.code == "C1"
    assert [job.document for job in bench.tray.jobs] == ["label"]
    weighed = bench.store.bench_events(["ParcelWeighed"])[0].body
    assert (weighed["source"], weighed["gross_g"]) == ("learned", 340)
    stick(bench)
    assert (fast(bench).step, bench.core.session.state) == ("scan", State.COMPLETED)
    assert bench.view.earcon == "parcel_complete"
    assert [(done.order_id, done.country) for done in fast(bench).last] == [("O-3", "RU")]
    bench.scan(MUG)
    assert bench.core.session.order_id == "O-1"


def test_what_is_not_known_well_enough_is_weighed() -> None:
    bench = lane(certain=False)
    bench.scan(MUG)
    assert fast(bench).step == "weigh"
    assert bench.tray.jobs == []
    bench.weigh(340)
    assert fast(bench).step == "print"
    names = {words.key: text for words, text in fast(bench).facts}
    assert names["fast.weight"] == "340 g"
    stick(bench)
    assert bench.kinds().count("SessionCompleted") == 1


def test_a_thing_that_no_order_wants_alone_is_refused() -> None:
    bench = lane(order("O-2"))
    assert fast(bench).waiting == 0
    view = bench.scan(MUG)
    assert view.alert is not None
    assert view.alert.headline.key == "no.fast.none"


def test_the_label_of_another_parcel_alarms() -> None:
    bench = lane(one("O-1"), one("O-2"))
    bench.scan(MUG)
    bench.out()
    bench.out()
    view = bench.scan("LP000000500CN")
    assert view.alert is not None
    assert view.alert.sound == "wrong_label"
    assert bench.scan(MUG).alert is not None


def test_undo_takes_label_and_order_back() -> None:
    bench = lane(one("O-1"), one("O-2", 9))
    bench.scan(MUG)
    bench.out()
    bench.command("undo")
    assert bench.core.session.state is State.CANCELLED
    assert fast(bench).step == "scan"
    assert bench.view.verdict is not None
    assert bench.view.verdict.words.key == "fast.undone"
    assert "LabelVoided" in bench.kinds()
    # The label that came out must not stay on a box; the thing itself is in the hand.
    assert [task.kind for task in bench.core.desk.flow.tasks.values()] == ["relabel"]
    bench.scan(MUG)
    assert bench.core.session.order_id == "O-1"


def test_undo_before_the_scale_cancels_and_without_anything_open_does_nothing() -> None:
    bench = lane(certain=False)
    bench.scan(MUG)
    bench.command("undo")
    assert bench.core.session.state is State.CANCELLED
    assert bench.core.desk.flow.tasks == {}
    assert bench.command("undo").alert is not None


def test_a_carrier_that_keeps_the_label_keeps_the_order() -> None:
    bench = lane()
    bench.scan(MUG)
    bench.core.desk.flow.undoing = bench.core.session_id
    bench.command("queue")
    assert not bench.core.desk.flow.fast
    assert bench.view.screen is Screen.PRINTING


def test_home_leaves_the_mode_and_an_open_order_keeps_it_out() -> None:
    bench = lane(order("O-2"), one("O-1"))
    assert bench.command("queue").screen is Screen.QUEUE
    bench.scan("O-2")
    assert bench.command("single").alert is not None
    assert not bench.core.desk.flow.fast


def test_a_whole_order_scanned_in_the_mode_is_packed_as_ever() -> None:
    bench = lane(order("O-2"))
    assert bench.scan("O-2").screen is Screen.SCANNING
    bench.scan(MUG, MUG, SOCK)
    assert bench.view.screen is Screen.CARTONING


def test_things_without_sides_or_a_box_that_fits_are_boxed_by_hand() -> None:
    bench = lane(one("O-1"), one("O-2", sku="SOCK-RED"))
    bench.cache.add(product("MUG-GRN", MUG, 300, length_mm=None))
    assert bench.scan(MUG).screen is Screen.CARTONING
    bench.command("undo")
    bench.cache.add(product("SOCK-RED", SOCK, 80, length_mm=2000))
    assert bench.scan(SOCK).screen is Screen.CARTONING


def test_a_print_in_doubt_asks_its_question() -> None:
    bench = lane()
    bench.scan(MUG)
    assert bench.out("uncertain").screen is Screen.PRINTING
    bench.say(p.AnswerGiven(yes=True))
    assert fast(bench).step == "print"


def test_a_serial_is_asked_for_before_anything_prints() -> None:
    bench = signed_in(one("O-1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, tracking=Tracking(serial=True)))
    bench.core.sure = sure
    bench.command("single")
    bench.scan(MUG)
    assert bench.tray.jobs == []
    assert bench.view.screen is Screen.SCANNING


def doc(key: str, grams: float, sd: float, spread: float, **more: object) -> str:

    known = {"key": key, "mean_ug": ug(grams), "sd_ug": ug(sd), "spread_ug": ug(spread)}
    unit = UnitWeight(**({"source": "learned", "parcels": 99} | known | more))  # type: ignore[arg-type]
    return msgspec.json.encode(unit).decode()


def test_a_weight_is_sure_once_thing_and_carton_are_learned_closely() -> None:
    bench = signed_in()
    mug, box = PRODUCTS[0], CARTONS[0]
    ask = learned(bench.cache)
    assert ask(mug, 1, box) is None
    known = bench.store.weights
    known[carton_key("C1")] = doc(carton_key("C1"), 42, 0.3, 0.5)
    known["MUG-GRN"] = doc("MUG-GRN", 301, 0.3, 0.8)
    assert ask(mug, 1, box) == 343
    assert ask(mug, 2, box) == 644
    known["MUG-GRN"] = doc("MUG-GRN", 301, 0.3, 9)
    assert ask(mug, 1, box) is None
    known["MUG-GRN"] = doc("MUG-GRN", 301, 0.3, 0.8, parcels=1)
    assert ask(mug, 1, box) is None
    known["MUG-GRN"] = doc("MUG-GRN", 301, 0.3, 0.8, doubt=1)
    assert ask(mug, 1, box) is None
    assert LIMIT not in known


def test_a_refused_void_ends_the_undo() -> None:
    bench = lane()
    bench.scan(MUG)
    bench.core.desk.flow.undoing = bench.core.session_id
    bench.core.submit(i.VoidAsked())
    label = bench.core.session.parcel.label
    assert label is not None
    bench.core.add(LabelVoidRefused(key=label.key, reason="tendered"))
    assert bench.core.desk.flow.undoing == ""


def test_an_order_of_another_way_closed_in_the_lane_is_none_of_its_last_parcels() -> None:
    bench = lane(one("O-1"), order("O-2", "MUG-GRN*1 SOCK-RED*1"))
    bench.scan("O-2", MUG, SOCK)
    bench.command("accept")
    bench.weigh(bench.view.weigh.expected_g or 0 if bench.view.weigh else 480)
    bench.out()
    bench.out()
    assert bench.view.label is not None
    bench.scan(bench.view.label.waybill)
    assert bench.core.session.state is State.COMPLETED
    assert bench.core.desk.flow.last == ()
