"""Labels and papers when answers are late, lost or for something else: nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing import facts as f
from packstation.station import labelling
from packstation.station import ports as p
from packstation.station.pool import NumberPool
from packstation.station.views import Screen
from tests.station.desk import (
    ONLINE,
    Bench,
    FakeLabels,
    FakeRater,
    order,
    signed_in,
    to_confirming,
    to_weighing,
)
from tests.station.test_flow import EXPRESS, POSTAL, asking, label_status, online


class Counting(FakeLabels):
    """Counts what it is asked for."""

    def __init__(self, mood: str = "ok") -> None:
        super().__init__(mood)
        self.issues: list[str] = []
        self.finds: list[str] = []

    def issue(self, key: str, request: object) -> tuple[str, str]:
        self.issues.append(key)
        return super().issue(key, {})

    def find(self, key: str) -> tuple[str, str] | None:
        self.finds.append(key)
        return super().find(key)


def restarted(bench: Bench, **more: object) -> Bench:
    """The same journal and cache after a kill."""
    return Bench(bench.store, rater=bench.rater, cache=bench.cache, **more).start()


def later(bench: Bench) -> None:
    """The time has come to ask again."""
    bench.clock.advance(labelling.ASK_AGAIN_S + 1)
    bench.say(p.Ticked())


# --- labels online -------------------------------------------------------------------------


@pytest.mark.parametrize("carried", [False, True])
def test_the_carriers_own_label_is_printed_where_its_service_says_so(*, carried: bool) -> None:
    bench = signed_in(rater=FakeRater((EXPRESS,)))
    bench.core.services = (replace(ONLINE, carried=carried),)
    to_weighing(bench)
    bench.weigh(780)
    assert {one.blob for one in bench.documents.seen} == {"blob" if carried else ""}


def test_a_restart_with_only_the_request_never_sends_a_purchase() -> None:
    labels = Counting()
    again = restarted(asking(), labels=labels)
    assert (labels.issues, len(labels.finds)) == ([], 1)
    assert "LabelUnresolved" in again.kinds()
    assert again.core.session.hold_note == "never_bought"


def test_the_server_is_told_what_lies_inside_and_which_stock_a_label_must_fit() -> None:
    (asked,) = online().labels.requests
    printer = {"width_mm": 100.0, "height_mm": 150.0, "dpi": 203}
    assert asked["details"] == {
        "contents": [{"sku": "MUG-GRN", "units": 2}, {"sku": "SOCK-RED", "units": 1}],
        "wanted": printer,
    }


def test_a_bench_without_a_printer_of_labels_wants_no_stock() -> None:
    bench = online()
    bench.core.desk.printing.table = replace(bench.core.desk.printing.table, printers=())
    asked = f.LabelRequested(key="p/2", rev=1, attempt=2, carrier="dhl", service="express")
    labelling.Labelling(bench.core, bench.labels).told((asked,))
    bench.later.drain()
    assert set(bench.labels.requests[-1]["details"]) == {"contents"}  # type: ignore[call-overload]


def test_what_is_being_asked_for_is_not_asked_for_again_meanwhile() -> None:
    bench = online("vanish")
    bench.labels.mood = "down"
    for _ in range(3):
        bench.clock.advance(labelling.ASK_AGAIN_S + 1)
        bench.station.handle(p.Ticked())
    assert len(bench.later.waiting) == 1
    bench.later.drain()
    bench.labels.mood = "ok"
    later(bench)
    assert label_status(bench) == ("issued", "EX00000001")


def test_answers_that_nobody_waits_for_are_not_shown() -> None:
    bench = online()
    key = bench.core.session.parcel.label.key  # type: ignore[union-attr]
    before = len(bench.store.records)
    view = bench.say(
        labelling.LabelReplied(key, "issued", "EX00000001"), labelling.VoidReplied(key, "voided")
    )
    assert (view.alert, len(bench.store.records)) == (None, before)


def test_a_waybill_of_another_order_never_becomes_a_label() -> None:
    bench = asking()
    bench.cache.add(p.OrderRow(order("O-2", totes=("EX00000001",)), 1))
    bench.later.drain()
    assert bench.core.session.hold_note == "waybill_used"


def test_a_carriers_own_number_closes_the_parcel() -> None:
    bench = online()
    bench.out()
    if bench.core.session.state is State.PRINTING:
        bench.out()
    assert bench.core.session.state is State.CONFIRMING
    assert bench.scan("EX00000001").screen is Screen.COMPLETED


def test_a_purchase_that_breaks_is_asked_for_by_key() -> None:
    bench = asking()

    def broken(key: str, request: object) -> tuple[str, str]:
        raise RuntimeError(key)

    bench.labels.issue = broken  # type: ignore[method-assign]
    bench.later.drain()
    assert label_status(bench)[0] == "unresolved"
    later(bench)
    assert bench.core.session.hold_note == "never_bought"


def test_a_request_that_was_cut_off_by_a_full_disk_goes_on() -> None:
    bench = signed_in()
    to_weighing(bench)
    key = f"{bench.core.session.parcel.id}/1"
    bench.say(bench.reading(0))
    append = bench.store.append

    def full_at_the_label(drafts: list[p.Draft]) -> object:
        bench.store.broken = any(isinstance(draft.fact, f.LabelIssued) for draft in drafts)
        return append(drafts)

    bench.store.append = full_at_the_label  # type: ignore[assignment,method-assign]
    bench.say(bench.reading(780))
    assert label_status(bench)[0] == "requested"
    bench.store.append, bench.store.broken = append, False  # type: ignore[method-assign]
    later(bench)
    assert label_status(bench) == ("issued", "LP000000005CN")
    assert bench.core.pool.found(key) == "LP000000005CN"


def test_a_void_under_way_is_asked_for_again_after_a_restart() -> None:
    bench = online()
    bench.labels.mood = "vanish"
    bench.command("void")
    assert label_status(bench)[0] == "voiding"
    again = restarted(bench, labels=FakeLabels())
    assert label_status(again)[0] == "voided"


# --- prices --------------------------------------------------------------------------------


def test_prices_for_another_weight_choose_nothing() -> None:
    bench = signed_in(rater=FakeRater((POSTAL,)))
    to_weighing(bench)
    for grams in (0, 780):
        bench.station.handle(bench.reading(grams))
    light = bench.later.waiting.pop(0)()
    bench.station.handle(p.CommandGiven("carton", "C3"))
    for grams in (0, 790):
        bench.station.handle(bench.reading(grams))
    bench.station.handle(light)
    assert "LabelRequested" not in bench.kinds()
    view = bench.say(p.DeviceHealth("scanner", p.DeviceState.FAULT, "device.unplugged"))
    assert view.screen is Screen.PRINTING
    assert bench.core.session.parcel.gross_g == 790


def test_a_rater_that_breaks_holds_the_parcel() -> None:
    bench = signed_in()

    def broken(*_: object) -> object:
        raise RuntimeError

    bench.rater.quote = broken  # type: ignore[assignment,method-assign]
    to_weighing(bench)
    bench.weigh(780)
    assert bench.core.session.hold_reason == "no_service"


# --- paper ---------------------------------------------------------------------------------


def test_a_document_that_breaks_its_maker_can_be_printed_again() -> None:
    bench = signed_in()
    make = bench.documents.make

    def broken(document: str, papers: object) -> object:
        raise RuntimeError

    bench.documents.make = broken  # type: ignore[assignment,method-assign]
    to_weighing(bench)
    view = bench.weigh(780)
    assert view.alert is not None
    assert view.alert.headline.key == "print.failed"
    bench.documents.make = make  # type: ignore[method-assign]
    bench.command("accept", "reprint")
    assert len(bench.tray.jobs) == 1


def test_a_label_that_waits_for_paper_is_taken_back_with_its_void() -> None:
    bench = online()
    bench.tray.waits = True
    bench.labels.mood = "refuse"
    bench.command("void")
    assert bench.tray.withdrawn == [bench.tray.jobs[0].job]
    assert label_status(bench)[0] == "issued"
    assert bench.core.session.parcel.papers[0].status == "failed"


@pytest.mark.parametrize(
    "proof",
    [lambda bench: bench.scan("LP000000005CN"), lambda bench: bench.say(p.AnswerGiven(yes=True))],
)
def test_a_copy_that_still_waits_does_not_come_out_later(proof: Callable[[Bench], object]) -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(780)
    bench.out("uncertain")
    bench.tray.waits = True
    proof(bench)
    assert bench.tray.withdrawn == [bench.tray.jobs[0].job]


def test_nothing_is_printed_of_a_label_that_is_being_voided() -> None:
    bench = online("ok")
    bench.labels.mood = "vanish"
    bench.command("void")
    bench.out("printed")
    assert len(bench.tray.jobs) == 1
    assert bench.command("reprint").alert is not None


# --- numbers -------------------------------------------------------------------------------


def test_a_number_that_was_used_is_stepped_over() -> None:
    pool = NumberPool()
    first = f.PoolLeased(
        lease="L1", carrier="c", service="s", prefix="LP", country="CN", first=0, last=1
    )
    pool.apply(first)
    for key in ("a", "b"):
        used = pool.take("c", "s", key, "2026-11-21")
        assert used is not None
        pool.apply(used)
    pool.apply(f.PoolLeased(**{**_fields(first), "lease": "L2", "last": 2}))  # type: ignore[arg-type]
    again = f.PoolLeased(**{**_fields(first), "lease": "L0"})  # type: ignore[arg-type]
    pool.apply_all([again])
    third = pool.take("c", "s", "c", "2026-11-21")
    assert third is not None
    assert not pool.used(third.number)
    pool.apply(third)
    assert pool.take("c", "s", "d", "2026-11-21") is None


def _fields(lease: f.PoolLeased) -> dict[str, object]:
    return {name: getattr(lease, name) for name in lease.__struct_fields__}


def test_a_service_with_its_numbers_gone_says_so() -> None:
    bench = signed_in(rater=FakeRater((EXPRESS,)))
    bench.core.services = (replace(ONLINE, numbers="pool"),)
    to_weighing(bench)
    bench.weigh(780)
    assert bench.core.session.hold_reason == "no_service"


def test_the_label_scan_is_taken_only_of_a_label_that_stands() -> None:
    bench = signed_in()
    to_confirming(bench)
    assert bench.scan("LP000000005CN").screen is Screen.COMPLETED
