"""One bench of a hall (`hall`), without a window, as a process of its own that may be killed.

It packs what is left of its orders, answers what it is asked by looking into the trays, now and
then chooses the other printer, and ends when it is told to. Everything it says is a JSON line.
"""

from __future__ import annotations

import json
import math
import queue
import random
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import asdict

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.station import OpenStation, Setup, open_station
from packstation.demo import samples
from packstation.demo.goods import code_of
from packstation.devices.bench import DeviceConfig, DeviceTimings
from packstation.devices.link import LinkTiming
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.sim.labels import waybill_of
from packstation.domain.packing.session import Paper
from packstation.domain.psp import SiteBody
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station.views import Screen, StationView
from packstation.storage.store import FILE, open_store

TIMINGS: Final = DeviceTimings(
    link=LinkTiming(first_pause_s=0.02, longest_pause_s=0.1, drain_s=0.02, steady_s=0.1),
    printer=PrinterTiming(settle_s=0.03, watch_s=0.05, count_s=0.5, give_up_s=8.0, busy_s=8.0),
)
FIRST_NUMBER: Final = 74200000
NUMBERS: Final = 200
# A packer looks so long before saying that nothing came out.
LOOK_S: Final = 1.0
# One look at a label under way in so many makes the packer choose the other printer.
MOVES: Final = 12
SHORT_S: Final = 0.05
SOME_G: Final = 500


class SeatPlan(Struct, frozen=True):
    """One bench: ``trays`` are the folders of labels that came out, of all printers."""

    folder: Path
    bench: str
    place: int
    orders: tuple[str, ...]
    trays: tuple[Path, ...]
    label: str
    label_settings: dict[str, Any]
    spare: str
    seed: int
    folders: dict[str, str] = field(default_factory=dict)


def furnish(plan: SeatPlan) -> None:
    """The samples in the bench's own database, once."""
    if (plan.folder / FILE).exists():
        return
    plan.folder.mkdir(parents=True, exist_ok=True)
    with open_store(
        plan.folder / FILE, station=plan.bench, clock=SystemClock(), ids=Uuid7Ids()
    ) as store:
        store.intake.import_products(samples.products())
        store.intake.import_cartons(samples.cartons())
        store.intake.import_people(p.PersonRow(**asdict(one)) for one in samples.people())
        store.intake.set_site(SiteBody(code="GZ-1", zone="Asia/Shanghai", currency="CNY"))
        orders = samples.orders(datetime.now(UTC))
        store.intake.import_orders(orders, bench=plan.bench)


class HallSeat:
    """The bench and the packer at it."""

    def __init__(self, plan: SeatPlan) -> None:
        self._plan = plan
        self._chance = random.Random(f"{plan.seed}-{plan.bench}-{time.monotonic_ns()}")
        self._posted: queue.SimpleQueue[p.Happening] = queue.SimpleQueue()
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._products = {product.sku: product for product in samples.products()}
        self._any_box = max(samples.cartons(), key=lambda one: math.prod(one.inner_mm)).code
        self._said_done = False
        self._view = StationView(screen=Screen.SIGN_IN)
        self._opened = self._open()
        self._acts: Mapping[Screen, Callable[[StationView], None]] = {
            Screen.SIGN_IN: lambda _: self._scan(f"%PB:{samples.people()[0].badge}"),
            Screen.QUEUE: self._next_order,
            Screen.COMPLETED: self._next_order,
            Screen.SCANNING: self._scan_item,
            Screen.CARTONING: lambda v: self._scan(v.carton.code if v.carton else self._any_box),
            Screen.WEIGHING: self._weigh,
            Screen.PRINTING: self._printing,
            Screen.CONFIRMING: self._confirm,
        }

    def _open(self) -> OpenStation:
        plan = self._plan
        rows = (
            DeviceConfig("label", "zpl", plan.label, settings=plan.label_settings),
            DeviceConfig("label", "zpl", plan.spare, "label-2", {"confirmed": True}),
            DeviceConfig("papers", "folder", str(plan.folder / "papers")),
        )
        setup = Setup(plan.folder, plan.bench, plan.bench, rows, timings=TIMINGS, unaged=True)
        opened = open_station(setup, self._posted.put, self._publish)
        first = FIRST_NUMBER + NUMBERS * plan.place
        opened.station.handle(
            p.NumbersLeased(
                *(f"lease-{plan.place}", "chinapost", "e-packet", "LP", "CN"),
                *(first, first + NUMBERS - 1),
            )
        )
        return opened

    def _publish(self, view: StationView) -> None:
        self._view = view

    # --- until the end --------------------------------------------------------------------

    def run(self) -> None:
        """Pack, and stand by for who prints here, until the hall says that it is over."""
        threading.Thread(target=self._listen, daemon=True).start()
        _tell(ready=True)
        while not self._over():
            self._take_in(SHORT_S)
            self._step(self._view)
        printing = self._opened.station.core.desk.printing
        _tell(queues={name: rows for name, rows in printing.queues.items() if rows})
        self._opened.close()

    def _listen(self) -> None:
        for line in sys.stdin:
            self._heard.put(line.strip())

    def _over(self) -> bool:
        try:
            return self._heard.get_nowait() == "end"
        except queue.Empty:
            return False

    def _take_in(self, seconds: float) -> None:
        """Handle what devices say, for a while."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                self._opened.station.handle(self._posted.get(timeout=left))
            except queue.Empty:
                return

    def _scan(self, text: str, aim: str = "") -> None:
        self._opened.station.handle(p.CodeScanned(text, aim))

    def _command(self, name: str) -> None:
        self._opened.station.handle(p.CommandGiven(name, ""))

    # --- steps ----------------------------------------------------------------------------

    def _step(self, view: StationView) -> None:
        if view.alert is not None and view.screen is not Screen.SIGN_IN:
            if view.alert.headline.key == "print.clear":
                self._empty_printer()
            self._command("yes" if view.alert.headline.key == "print.clear" else "accept")
        elif view.screen in self._acts:
            self._acts[view.screen](view)

    def _empty_printer(self) -> None:
        """Off and on: somebody in the hall does it."""
        paper = next(one for one in self._papers if one.doubt)
        _tell(clear=paper.printer)
        while self._heard.get() != "cleared":
            continue

    @property
    def _papers(self) -> tuple[Paper, ...]:
        session = self._opened.station.core.session
        return session.parcel.papers if session.parcels else ()

    def _next_order(self, _: StationView) -> None:
        events = self._opened.store.events
        live = set(events.open_sessions())
        for order_id in self._plan.orders:
            last = events.last_session(order_id)
            if last is None or last in live:
                self._scan(order_id)
                return
        if not self._said_done:
            self._said_done = True
            _tell(done=True)

    def _scan_item(self, view: StationView) -> None:
        if view.current is None:
            self._command("accept")
            return
        product = self._products[view.current.product.sku]
        done = view.order.units_done if view.order else 0
        self._scan(*code_of(product, f"{view.order.order_id if view.order else ''}-{done}"))

    def _weigh(self, view: StationView) -> None:
        grams = (view.weigh.expected_g if view.weigh else None) or SOME_G
        for load in (0, grams):
            reading = Reading(state=ScaleState.STABLE, value=Decimal(load), unit="g", raw=b"S S")
            now = self._opened.station.core.clock.mono_ns()
            self._opened.station.handle(p.ScaleRead("scale", reading, now))

    def _printing(self, view: StationView) -> None:
        label = view.label
        if label is not None and label.unsure:
            unsure = next((one for one in self._papers if one.status == "uncertain"), None)
            is_label = unsure is not None and unsure.document == "label"
            self._command("yes" if is_label and self._came_out(label.waybill) else "no")
        elif any(one.status == "failed" for one in self._papers):
            self._command("reprint")
        elif self._label_is_under_way and self._chance.randrange(MOVES) == 0:
            self._scan(f"%PS:printer:{self._chance.choice(('label', 'label-2'))}")

    @property
    def _label_is_under_way(self) -> bool:
        """A customs form on a label printer would pass for a second label."""
        return any(one.document == "label" and one.status == "started" for one in self._papers)

    def _came_out(self, waybill: str) -> bool:
        """Look into the trays, not only once: it may just be coming."""
        until = time.monotonic() + LOOK_S
        while not self._in_tray(waybill):
            if time.monotonic() >= until:
                return False
            time.sleep(SHORT_S)
        return True

    def _in_tray(self, waybill: str) -> bool:
        return any(
            waybill_of(label.read_bytes()) == waybill
            for tray in self._plan.trays
            for label in tray.glob("*.zpl")
        )

    def _confirm(self, view: StationView) -> None:
        """Stick the label on and scan it; one that is said to be out and is not there is told."""
        waybill = view.label.waybill if view.label else ""
        if self._came_out(waybill):
            self._scan(waybill)
        else:
            _tell(lost=waybill)
            self._command("reprint")


def _tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    """The plan is the first line of the standard input."""
    plan = msgspec.json.decode(sys.stdin.readline(), type=SeatPlan, dec_hook=_path)
    furnish(plan)
    HallSeat(plan).run()


def _path(kind: type, value: object) -> object:
    return kind(value)


if __name__ == "__main__":
    main()
