"""Bags and pallets of a hand-over: weighed against the sum of their parcels."""

from __future__ import annotations

from packstation.station import ports as p
from tests.station.desk import Bench, signed_in
from tests.station.dock import at_dock, no_after, pulled, row, shown, typed


def bagged(*rows: p.Row, rules: dict[str, object] | None = None) -> Bench:
    """All of ``rows`` scanned into one bag."""
    bench = at_dock(*rows, rules=rules if rules is not None else {"handover_tare_g": {"bag": 200}})
    bench.scan(rows[0].id)
    bench.command("undo", "bag")
    typed(bench, "load-unit", "bag")
    bench.scan(*(one.id for one in rows))
    return bench


WEIGHTS = (row("RX1", gross_g=310), row("RX2", gross_g=522), row("RX3", gross_g=847))


def test_a_bag_that_weighs_right_is_tied_at_once_and_its_label_prints() -> None:
    bench = bagged(*WEIGHTS)
    view = shown(bench)
    assert view.unit is not None
    assert (view.unit.kind, view.unit.count, view.unit.gross_g) == ("bag", 3, 1879)
    bench.command("close-bag")
    assert shown(bench).step == "weigh"
    bench.weigh(1885)
    view = shown(bench)
    assert (view.step, view.unit) == ("load", None)
    assert [(unit.state, unit.gross_g) for unit in view.units] == [("closed", 1885)]
    label = bench.documents.bags[-1]
    assert (label.count, label.gross_g, label.weighed, label.number) == (3, 1885, True, 1)
    assert bench.tray.jobs[-1].document == "unit"


def test_a_bag_that_is_too_light_names_the_parcel_that_is_likely_gone() -> None:
    bench = bagged(*WEIGHTS)
    bench.command("close-bag")
    bench.weigh(1879 - 522)
    view = shown(bench)
    assert (view.step, view.main.key) == ("weigh", "handover.off.light")
    assert view.weight == (1357, 1879, -522)
    assert [line.code for line in view.rows] == ["RX2"]
    assert bench.view.earcon == "weight_off"
    bench.weigh(1879)
    assert shown(bench).step == "load"


def test_a_bag_that_is_too_heavy_names_who_waits_and_may_be_closed_all_the_same() -> None:
    bench = bagged(*WEIGHTS)
    pulled(bench, row("RX4", gross_g=655), row("RX5", gross_g=90))
    bench.command("close-bag")
    bench.weigh(1879 + 655)
    view = shown(bench)
    assert (view.main.key, [line.code for line in view.rows]) == ("handover.off.heavy", ["RX4"])
    assert view.head is not None
    assert view.head.key == "handover.likely.in"
    bench.command("accept")
    closed = bench.store.bench_events(["UnitClosed"])[-1].body
    assert (closed["gross_g"], closed["likely"]) == (2534, ("RX4",))
    assert [unit.state for unit in shown(bench).units] == ["off"]


def test_a_weight_that_nothing_explains_says_so() -> None:
    bench = bagged(*WEIGHTS)
    bench.command("close-bag")
    bench.weigh(1879 + 5000)
    head = shown(bench).head
    assert head is not None
    assert head.key == "handover.likely.none"
    bench.command("back")
    assert shown(bench).step == "load"


def test_two_parcels_gone_together_are_named_together() -> None:
    bench = bagged(row("RX1", gross_g=310), row("RX2", gross_g=522), row("RX3", gross_g=2000))
    bench.command("close-bag")
    bench.weigh(3032 - 832)
    head = shown(bench).head
    assert head is not None
    assert head.key == "handover.likely.gone.together"


def test_without_a_scale_a_bag_is_tied_unweighed_and_a_light_parcel_is_told() -> None:
    bench = bagged(row("RX1", gross_g=15))
    bench.command("close-bag")
    assert shown(bench).note is not None
    bench.command("back")
    bench.say(p.DeviceHealth("scale", p.DeviceState.OFF, "device.unplugged"))
    bench.command("accept")
    assert shown(bench).step == "check"
    label = bench.documents.bags[-1]
    assert (label.weighed, label.gross_g) == (False, 215)
    bench.command("accept", "back", "on-paper")
    assert [(unit.count, unit.expected_g) for unit in bench.documents.lists[-1].units] == [(1, 215)]


def test_a_bag_is_opened_again_by_its_code_and_closed_by_it() -> None:
    bench = bagged(*WEIGHTS)
    code = shown(bench).units[0].code
    bench.scan(code)
    bench.weigh(1879)
    bench.scan(code)
    assert shown(bench).unit is not None
    assert [unit.state for unit in shown(bench).units] == ["open"]
    bench.scan(code)
    assert shown(bench).step == "weigh"


def test_an_empty_bag_is_not_closed_and_counting_ties_the_open_one_first() -> None:
    bench = at_dock(row("RX1"), rules={"handover_tare_g": "heavy"})
    bench.scan("RX1")
    bench.command("bag")
    bench.say(p.ChoiceMade(1, "pallet"))
    assert shown(bench).unit is not None
    bench.command("close-bag")
    problem = shown(bench).problem
    assert problem is not None
    assert problem.key == "handover.unit.none"
    pulled(bench, row("RX2"))
    bench.scan("RX2")
    bench.command("accept")
    assert shown(bench).step == "weigh"
    bench.weigh(500)
    assert shown(bench).step == "check"


# --- counted, signed -------------------------------------------------------------------------


def test_a_bag_without_a_printer_of_labels_is_tied_all_the_same() -> None:
    bench = bagged(*WEIGHTS)
    bench.printers.clear()
    bench.command("close-bag")
    bench.weigh(1879)
    assert bench.view.alert is not None
    assert bench.kinds().count("UnitClosed") == 1


def test_a_bag_of_another_list_is_not_of_this_one() -> None:
    bench = bagged(*WEIGHTS)
    code = shown(bench).units[0].code
    bench.command("accept")
    bench.weigh(1879)
    bench.command("accept")
    typed(bench, "driver", "Wang")
    assert no_after(bench, code) == "unit"


def test_a_bag_has_an_sscc_where_the_shop_has_a_gs1_prefix_and_a_number() -> None:
    bench = signed_in()
    site = {"code": "GZ-1", "zone": "Asia/Shanghai", "sscc_prefix": "6901234"}
    pulled(bench, p.Row("site", "GZ-1", 1, "put", site), row("RX1"), row("RX2"))
    bench.say(p.NumbersLeased("S-1", "gs1", "sscc", "XX", "CN", 40, 40))
    bench.command("handover")
    bench.scan("RX1")
    bench.command("undo", "bag")
    typed(bench, "load-unit", "bag")
    unit = shown(bench).unit
    assert unit is not None
    assert unit.code.startswith("06901234")
    assert len(unit.code) == 18
    bench.scan("RX1")
    # Its code closes it, weighed or not, and opens it again.
    bench.scan(f"00{unit.code}", f"]C100{unit.code}")
    assert shown(bench).step == "weigh"
    bench.command("accept")
    assert bench.documents.bags[-1].code == unit.code
    bench.scan(f"00{unit.code}", f"]C100{unit.code}")
    assert bench.kinds()[-1] == "UnitOpenedAgain"
    bench.command("close-bag", "accept")
    # The only number is gone: the next bag has a code of the shop's own.
    bench.command("bag")
    typed(bench, "load-unit", "bag")
    unit = shown(bench).unit
    assert unit is not None
    assert unit.code.startswith("BG-")
    # The SSCC of something else is no bag of this list.
    assert no_after(bench, "00369012340000000408") == "what"
