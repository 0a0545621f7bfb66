"""A consignment at the bench: marks n / N, cartons to pallets, pallets weighed, then the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.consignment.papers import MarkPaper
from packstation.domain.orders import Order
from packstation.domain.packing.facts import ServiceSelected
from packstation.domain.services import Quoted, RefusedService
from packstation.station import ports as p
from packstation.station.handover_views import HandoverView
from packstation.station.views import Screen
from tests.station.desk import MUG, SOCK, Bench, FakeRater, order, signed_in
from tests.station.dock import pulled, typed

SITE = {
    "code": "GZ-1",
    "name": "Guangzhou 1",
    "zone": "Asia/Shanghai",
    "sscc_prefix": "6901234",
    "rules": {"handover_tare_g": {"pallet": 20_000}},
}
PALLET_G = 20_000


def warehouse(bench_site: Mapping[str, object] | None = None, **more: object) -> Bench:
    """A bench with an order of three mugs to a warehouse; SSCCs are there where a site is."""
    bench = signed_in(order("O-1", "MUG-GRN*3", service_class="freight", **more))
    if bench_site is not None:
        pulled(bench, p.Row("site", "GZ-1", 1, "put", dict(bench_site)))
        bench.say(p.NumbersLeased("S-1", "gs1", "sscc", "XX", "CN", 40, 99))
    return bench


def box(bench: Bench, grams: int) -> str:
    """The open box goes out: packed, weighed, labelled, closed; answers its waybill."""
    bench.command("accept")
    bench.weigh(grams)
    bench.out()
    bench.out()
    label = bench.core.session.parcel.label
    assert label is not None
    bench.scan(label.waybill)
    return label.waybill


def packed(bench: Bench, *, count: int = 3) -> list[str]:
    """A mug a carton; answers the codes on the marks."""
    bench.scan("O-1")
    for number in range(count):
        bench.scan(MUG)
        if number < 2:
            bench.command("next-parcel")
        box(bench, 340 + number)
    return codes(bench)


def codes(bench: Bench) -> list[str]:
    events = bench.store.bench_events(["CartonMarked"])
    return list(dict.fromkeys(str(event.body["code"]) for event in events))


def shown(bench: Bench) -> HandoverView:
    assert bench.view.screen is Screen.CONSIGNMENT, bench.view.screen
    assert bench.view.handover is not None
    assert bench.view.handover.about == "consignment"
    return bench.view.handover


def marks(bench: Bench) -> list[MarkPaper]:
    return [one for job in bench.documents.marked for one in job]


def no(bench: Bench) -> str:
    assert bench.view.alert is not None
    key = bench.view.alert.headline.key
    bench.command("accept")
    return key.removeprefix("consignment.no.")


def test_each_closed_carton_gets_a_mark_with_its_sscc_and_the_last_brings_the_page() -> None:
    bench = warehouse(SITE)
    found = packed(bench)
    assert all(len(code) == 18 and code[1:8] == "6901234" for code in found)
    told = [(one.kind, one.number, one.count, one.has_sscc) for one in marks(bench)]
    # How many there will be is not known yet.
    assert told == [("carton", n, 0, True) for n in (1, 2, 3)]
    first = marks(bench)[0]
    assert (first.gtin, first.units, first.gross_g) == ("04006381333931", 1, 340)
    view = shown(bench)
    assert (view.step, view.count, view.due) == ("load", 3, 3)
    assert view.main.key == "consignment.do.all"
    assert len({event.order for event in bench.store.bench_events(["CartonMarked"])}) == 1


def test_without_pallets_enter_twice_prints_marks_n_of_n_and_the_packing_list() -> None:
    bench = warehouse(SITE)
    packed(bench)
    bench.documents.seen.clear()
    bench.command("accept")
    view = shown(bench)
    assert (view.step, view.main.key, view.code) == ("check", "consignment.do.check", "¥78.24")
    bench.command("accept")
    view = shown(bench)
    assert (view.step, view.count) == ("done", 3)
    assert [(one.number, one.count) for one in marks(bench)[3:]] == [(1, 3), (2, 3), (3, 3)]
    (listed,) = bench.documents.seen
    assert (listed.number, listed.count, listed.carton_mark) == (1, 3, codes(bench)[0])
    closed = bench.store.bench_events(["ConsignmentClosed"])[-1].body
    assert (closed["cartons"], closed["pallets"], closed["cartons_g"]) == (3, 0, 1023)
    assert closed["price"] == {"amount": "78.24", "currency": "CNY"}
    # Three boxes of 120 x 100 x 90 mm.
    assert closed["volume_cm3"] == 3_240
    bench.command("accept")
    assert bench.view.screen is not Screen.CONSIGNMENT
    # It is finished: its marks mean nothing more than that.
    bench.command("consignment")
    assert shown(bench).step == "done"
    bench.scan(codes(bench)[0])
    assert no(bench) == "finished"


def test_how_many_there_will_be_can_be_said_and_marks_print_once() -> None:
    bench = warehouse(SITE)
    bench.scan("O-1", MUG)
    bench.command("next-parcel")
    box(bench, 340)
    bench.scan(codes(bench)[0])
    bench.command("manual")
    assert bench.view.entry is not None
    typed(bench, "carton-count", "0")
    assert shown(bench).problem is not None
    bench.command("manual")
    typed(bench, "carton-count", "3")
    assert shown(bench).due == 3
    # Goods that are scanned now go into the box: nobody has to leave a page.
    bench.scan(MUG)
    assert bench.view.screen is Screen.SCANNING
    bench.command("next-parcel")
    box(bench, 341)
    bench.scan(MUG)
    box(bench, 342)
    assert [(one.number, one.count) for one in marks(bench)] == [(1, 0), (2, 3), (3, 3)]
    # Its pallet is closed as it is, and only the first mark is wrong.
    bench.command("accept", "accept", "accept")
    anew = [(one.kind, one.number, one.count) for one in marks(bench)[3:]]
    assert anew == [("pallet", 1, 0), ("carton", 1, 3)]


def stacked(bench: Bench) -> list[str]:
    """Two on the first pallet."""
    found = packed(bench)
    bench.scan(found[0], f"]C100{found[1]}")
    return found


def test_cartons_are_scanned_to_a_pallet_which_is_weighed_and_labelled() -> None:
    bench = warehouse(SITE)
    found = stacked(bench)
    view = shown(bench)
    assert (view.count, view.due) == (2, 3)
    assert view.unit is not None
    assert (view.unit.count, view.unit.gross_g) == (2, PALLET_G + 681)
    assert [row.code for row in view.rows] == [found[2]]
    bench.command("close-bag")
    assert shown(bench).step == "weigh"
    bench.weigh(PALLET_G + 681 + 300)
    view = shown(bench)
    assert (view.step, view.unit) == ("load", None)
    assert [(row.state, row.count) for row in view.units] == [("closed", 2)]
    pallet = marks(bench)[-1]
    assert (pallet.kind, pallet.cartons, pallet.gross_g) == ("pallet", 2, PALLET_G + 981)
    assert pallet.has_sscc
    # The third goes on a pallet of its own; both stand on the packing list.
    bench.documents.seen.clear()
    bench.scan(found[2])
    bench.command("accept")
    assert shown(bench).step == "weigh"
    bench.command("manual")
    typed(bench, "pallet-kg", "20,4")
    assert shown(bench).step == "check"
    bench.command("accept")
    (first,) = bench.documents.seen
    assert first.pallet is not None
    assert (first.pallet.number, first.pallet.count, first.pallet.gross_g) == (1, 2, 20_981)
    closed = bench.store.bench_events(["ConsignmentClosed"])[-1].body
    assert (closed["pallets"], closed["gross_g"]) == (2, 20_981 + 20_400)
    sources = [e.body["source"] for e in bench.store.bench_events(["PalletClosed"])]
    assert sources == ["scale", "typed"]
    bench.command("reprint")
    assert [one.kind for one in marks(bench)[-2:]] == ["pallet", "pallet"]
    assert [(one.number, one.count) for one in marks(bench)[-2:]] == [(1, 2), (2, 2)]


def heavy(bench: Bench) -> list[str]:
    """Cartons of goods that a pallet's scale would miss."""
    bench.scan("O-1")
    for number, grams in enumerate((4000, 4400, 4800)):
        bench.scan(MUG)
        if number < 2:
            bench.command("next-parcel")
        bench.command("accept")
        bench.weigh(grams)
        if bench.core.session.state == "held":
            release(bench)
        bench.out()
        bench.out()
        label = bench.core.session.parcel.label
        assert label is not None
        bench.scan(label.waybill)
    return codes(bench)


def release(bench: Bench) -> None:
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"), p.ChoiceMade(1))


def test_a_pallet_that_is_too_light_names_the_carton_that_is_not_on_it() -> None:
    bench = warehouse({**SITE, "rules": {"handover_tare_g": {"pallet": 5_000}}})
    found = heavy(bench)
    bench.scan(*found)
    bench.command("close-bag")
    bench.weigh(5_000 + 4000 + 4800)
    view = shown(bench)
    assert (view.step, view.main.key) == ("weigh", "handover.off.light")
    assert [row.code for row in view.rows] == [found[1]]
    assert bench.view.earcon == "weight_off"
    # It is put on, and weighed again.
    bench.weigh(5_000 + 13_200)
    assert shown(bench).units[0].state == "closed"
    # Opened again by its label, and closed as it is all the same.
    pallet = str(bench.store.bench_events(["PalletOpened"])[-1].body["code"])
    bench.scan(pallet)
    assert shown(bench).unit is not None
    bench.command("undo", "close-bag")
    bench.weigh(5_000 + 13_200)
    view = shown(bench)
    assert (view.main.key, [row.code for row in view.rows]) == ("handover.off.heavy", [found[2]])
    bench.command("accept")
    closed = bench.store.bench_events(["PalletClosed"])[-1].body
    assert closed["likely"] == (found[2],)
    assert shown(bench).units[0].state == "off"


def test_nothing_explains_a_difference_and_two_do_together() -> None:
    bench = warehouse({**SITE, "rules": {"handover_tare_g": {"pallet": 5_000}}})
    found = heavy(bench)
    bench.scan(*found)
    bench.command("close-bag")
    bench.weigh(5_000)
    view = shown(bench)
    assert view.head is not None
    assert view.head.key == "consignment.likely.none"
    bench.weigh(5_000 + 4000)
    view = shown(bench)
    assert view.head is not None
    assert view.head.key == "consignment.likely.gone.together"


def test_what_does_not_belong_is_refused_by_name() -> None:
    bench = warehouse(SITE)
    found = stacked(bench)
    bench.scan(found[0])
    assert no(bench) == "twice"
    bench.scan(SOCK)
    assert no(bench) == "what"
    bench.command("close-bag", "accept")
    bench.scan(found[0])
    assert no(bench) == "on_closed"
    told = [e.body["reason"] for e in bench.store.bench_events(["StackRefused"])]
    assert told == ["twice", "what", "on_closed"]


def test_another_consignments_carton_is_put_aside() -> None:
    bench = warehouse(SITE)
    bench.cache.add(p.OrderRow(order("O-2", "MUG-GRN*1", service_class="freight"), 1))
    found = packed(bench)
    bench.command("back")
    bench.scan("O-2", MUG)
    box(bench, 340)
    bench.scan(found[0])
    assert no(bench) == "other_consignment"
    # From the choice each is taken up by a key, or by a carton's scan.
    bench.command("back", "consignment")
    assert shown(bench).service.startswith("O-2")
    bench.command("back")
    bench.cache.add(p.OrderRow(order("O-3", "MUG-GRN*1"), 1))
    bench.scan("O-3")
    bench.command("consignment")
    page = bench.view.page_rows
    assert page is not None
    assert [row.id for row in page.rows] == ["O-2", "O-1"]
    bench.say(p.ChoiceMade(1, "O-1"))
    assert shown(bench).service.startswith("O-1")
    bench.command("back", "consignment")
    bench.scan(found[2])
    assert shown(bench).last.endswith(found[2])
    # The list of an order that is not on the bench any more is made of the journal.
    bench.documents.seen.clear()
    bench.command("accept", "accept", "accept")
    assert [one.waybill for one in bench.documents.seen] != []


def test_a_shop_without_a_prefix_has_codes_of_its_own() -> None:
    bench = warehouse()
    found = packed(bench)
    assert all(code.startswith("CT") and len(code) == 12 for code in found)
    bench.scan(found[0])
    assert shown(bench).unit is not None
    assert shown(bench).unit.code.startswith("PT")  # type: ignore[union-attr]
    bench.command("undo")
    assert shown(bench).count == 0
    bench.command("undo")
    assert shown(bench).problem is not None


def test_numbers_are_asked_for_before_they_run_out() -> None:
    bench = warehouse(SITE)
    bench.sync.wanted.clear()
    packed(bench, count=1)
    assert ("gs1", "sscc", 100) not in bench.sync.wanted
    few = signed_in(order("O-1", "MUG-GRN*3", service_class="freight"))
    pulled(few, p.Row("site", "GZ-1", 1, "put", dict(SITE)))
    few.scan("O-1")
    assert ("gs1", "sscc", 100) in few.sync.wanted


def test_what_cannot_be_done_yet_says_why() -> None:
    bench = warehouse(SITE)
    bench.command("consignment")
    assert bench.view.page_rows is not None
    bench.command("consignment")
    bench.scan("O-1", MUG)
    bench.command("next-parcel")
    box(bench, 340)
    bench.scan(codes(bench)[0])
    bench.command("accept")
    assert shown(bench).problem is not None
    assert shown(bench).problem.key == "consignment.packing"  # type: ignore[union-attr]
    bench.command("bag")
    assert shown(bench).problem.key == "consignment.pallet.open"  # type: ignore[union-attr]
    bench.command("undo", "close-bag")
    assert shown(bench).problem.key == "consignment.pallet.none"  # type: ignore[union-attr]
    bench.command("bag")
    assert shown(bench).problem.key == "consignment.pallet.empty"  # type: ignore[union-attr]
    bench.scan(codes(bench)[0])
    bench.command("close-bag", "manual")
    typed(bench, "pallet-kg", "heavy")
    assert shown(bench).problem.key == "consignment.bad.kg"  # type: ignore[union-attr]
    bench.command("manual")
    typed(bench, "pallet-kg", "0")
    assert shown(bench).problem.key == "consignment.bad.kg"  # type: ignore[union-attr]
    bench.command("manual")
    bench.command("back")
    assert bench.view.entry is None
    bench.command("back")
    assert shown(bench).step == "load"


def test_a_bench_that_was_restarted_knows_its_cartons() -> None:
    bench = warehouse(SITE)
    found = stacked(bench)
    again = Bench(bench.store)
    again.cache.add(
        p.OrderRow(order("O-1", "MUG-GRN*3", service_class="freight"), 1),
    )
    again.start()
    again.scan("%PB:PK-1", found[2])
    assert shown(again).count == 3
    assert shown(again).units == shown(again).units


PER_WHOLE = (Quoted("chinapost", "e-packet", Decimal(100), "CNY", 780, 10, 15, 1),)


class Adding(FakeRater):
    """A hundred for the first carton and thirty for each more."""

    def quote(
        self,
        order: Order,
        products: Mapping[str, Product],
        gross_g: int,
        size_mm: Sequence[int],
        earlier: Sequence[tuple[int, Sequence[int]]] = (),
    ) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
        amount = Decimal(100) + 30 * len(earlier)
        return (replace(PER_WHOLE[0], amount=amount),), ()


def test_a_carton_costs_what_it_adds_and_the_whole_is_priced_at_the_end() -> None:
    bench = signed_in(order("O-1", "MUG-GRN*3", service_class="freight"), rater=Adding())
    packed(bench)
    prices = [
        e.body["price"]["amount"] for e in bench.store.bench_events([ServiceSelected.__name__])
    ]
    assert [Decimal(one) for one in prices] == [100, 30, 30]
    bench.command("accept", "accept")
    closed = bench.store.bench_events(["ConsignmentClosed"])[-1].body
    assert Decimal(closed["price"]["amount"]) == 160


def test_an_order_of_another_class_is_no_consignment() -> None:
    bench = signed_in(order("O-1", "MUG-GRN*1"), rater=Adding())
    bench.scan("O-1", MUG)
    box(bench, 340)
    assert "CartonMarked" not in bench.kinds()
    assert bench.view.screen is not Screen.CONSIGNMENT


@pytest.mark.parametrize("broken", ["marks", "packing-list"])
def test_what_cannot_be_drawn_is_told(broken: str) -> None:
    bench = warehouse(SITE)
    bench.documents.broken = broken
    packed(bench)
    bench.command("accept", "accept")
    if bench.view.alert is not None:
        bench.command("accept")
    if shown(bench).step == "check":
        bench.command("accept")
    assert "InputRefused" in bench.kinds()
    assert shown(bench).step == "done"
    bench.documents.broken = ""
    bench.command("undo")
    assert shown(bench).step == "load"
