"""The dock hands over at a bench: bag, scale, list, driver; and what it does where that goes wrong.

Bench and dock have a thread each, as in the demo; what the dock does goes through one queue.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue

from packstation.demo.dock import Dock, Load
from packstation.demo.eyes import Eyes
from packstation.station.ports import PrintedPaper, VirtualBenchView
from packstation.station.views import Screen
from tests.station.desk import Bench
from tests.station.dock import at_dock, row, shown, typed

PATIENCE_S = 60.0
LOAD = Load("chinapost", "e-packet", {"RX1": 310, "RX2": 522})
ROWS = (row("RX1", gross_g=310), row("RX2", gross_g=522))
TARE: dict[str, object] = {"handover_tare_g": {"bag": 200}}


class Hall:
    """What the dock's hands reach: each act is done by the thread of the bench."""

    def __init__(self, bench: Bench, *, lost_g: int = 0) -> None:
        """Whatever is put on the scale is ``lost_g`` lighter than the dock believes."""
        self.bench, self.eyes, self._lost_g = bench, Eyes(), lost_g
        self.acts: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self.eyes.show(bench.view)

    def place(self, grams: int) -> None:
        self.acts.put(lambda: self.bench.weigh(max(0, grams - self._lost_g)))

    def scan(self, text: str, aim: str = "") -> None:
        def scanned() -> None:
            self.eyes.show(self.bench.scan(text + aim))
            self.eyes.answered(self.bench.view.serial)

        self.acts.put(scanned)

    def set_fault(self, device: str, fault: str, on: bool) -> None:
        raise AssertionError((device, fault, on))

    def stick_label(self, waybill: str) -> None:
        raise AssertionError(waybill)

    def papers(self) -> tuple[PrintedPaper, ...]:
        return ()

    def view(self) -> VirtualBenchView:
        raise AssertionError

    def hand_over(self, *todo: Load) -> str:
        """Why it gave up, or ""."""
        dock = Dock(
            self, self.eyes, lambda told: self.acts.put(lambda: self.bench.say(told)), todo, "PK-1"
        )
        dock.finished = lambda: self.acts.put(None)
        dock.start()
        while (act := self.acts.get(timeout=PATIENCE_S)) is not None:
            act()
            self.eyes.show(self.bench.view)
        dock.join()
        return dock.failure


def test_a_bag_goes_over_the_scale_and_the_driver_signs() -> None:
    bench = at_dock(*ROWS, rules=TARE)
    bench.command("back")
    assert Hall(bench, lost_g=-200).hand_over(LOAD) == ""
    assert bench.view.screen is Screen.ROWS
    kinds = bench.kinds()
    assert (kinds.count("ParcelLoaded"), kinds.count("ManifestSigned")) == (2, 1)
    closed = next(one.event for one in bench.store.records if one.event.kind == "UnitClosed")
    assert (closed.body["count"], closed.body["gross_g"]) == (2, 1032)


def test_a_list_that_was_begun_is_gone_on_with_and_a_bag_that_is_off_is_tied() -> None:
    bench = at_dock(*ROWS, rules=TARE)
    bench.scan("RX1")
    bench.command("undo", "bag")
    typed(bench, "load-unit", "bag")
    bench.scan("RX1")
    code = shown(bench).code
    bench.command("back", "back")
    load = Load(LOAD.carrier, LOAD.service, LOAD.parcels, code)
    assert Hall(bench, lost_g=100).hand_over(load) == ""
    signed = [one.event for one in bench.store.records if one.event.kind == "ManifestSigned"]
    assert [one.body["count"] for one in signed] == [2]


def test_at_a_bench_that_was_started_anew_somebody_signs_in_first() -> None:
    before = at_dock(*ROWS, rules=TARE)
    bench = Bench(before.store, cache=before.cache, desk=before.desk).start()
    bench.desk.person = None
    bench.scan("%PS:handover")
    assert bench.view.screen is Screen.SIGN_IN
    assert Hall(bench, lost_g=-200).hand_over(LOAD) == ""
    assert bench.kinds().count("ManifestSigned") == 1


def test_a_parcel_that_is_refused_ends_it_by_name() -> None:
    bench = at_dock(ROWS[0], row("RX2", gross_g=522, state="voided"), rules=TARE)
    bench.scan("QQ-NOTHING")
    assert bench.view.alert is not None
    assert Hall(bench).hand_over(LOAD) == "RX2: handover.no.voided"
