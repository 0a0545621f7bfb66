"""A bench of real parts in a test's own thread: journal, simulated devices, window offscreen."""

from __future__ import annotations

import gc
import queue
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import asdict
from PySide6.QtCore import QCoreApplication, QEvent

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.station import Connect, OpenStation, Setup, no_server, open_station
from packstation.demo import samples
from packstation.demo.goods import code_of
from packstation.demo.hands import lamp
from packstation.devices.sim.bench import SimBench
from packstation.domain.orders import Order
from packstation.domain.psp import SiteBody
from packstation.station.ports import CommandGiven, Happening, NumbersLeased, PersonRow
from packstation.station.views import Screen, StationView
from packstation.storage.journal import verify_file
from packstation.storage.store import FILE, open_store
from packstation.ui.app import make_application, make_stages
from packstation.ui.main_window import MainWindow

BENCH = "07"
STATION = "attacked"
NUMBERS = NumbersLeased("lease-1", "chinapost", "e-packet", "LP", "CN", 74200000, 74200999)
# Longer than the pause in which a scanner takes the same code for one scan.
AGAIN_S = 0.45
Seen = Callable[[StationView], bool]


def furnish(
    folder: Path, bench: str = BENCH, orders: tuple[Order, ...] | None = None
) -> tuple[Order, ...]:
    """The samples in the bench's own database; other ``orders`` than theirs where given."""
    orders = samples.orders(datetime.now(UTC)) if orders is None else orders
    with open_store(folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids()) as store:
        store.intake.import_products(samples.products())
        store.intake.import_cartons(samples.cartons())
        store.intake.import_people(PersonRow(**asdict(person)) for person in samples.people())
        store.intake.set_site(SiteBody(code="GZ-1", zone="Asia/Shanghai", currency="CNY"))
        store.intake.import_orders(orders, bench=bench)
    return orders


class Rig:
    """Everything a bench has; what devices post is handled while the test waits."""

    size = (1280, 800)

    def __init__(self, folder: Path, connect: Connect = no_server) -> None:
        self._app = make_application()
        self.folder = folder
        self.orders = self._furnish()
        self.products = {product.sku: product for product in samples.products()}
        self.sim = self._devices()
        self.window = MainWindow(make_stages())
        self.window.resize(*self.size)
        self.window.show()
        self.view = StationView(screen=Screen.SIGN_IN)
        self._posted: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        self._last = ("", 0.0)
        self.opened: OpenStation = open_station(
            self._setup(), self._posted.put, self._publish, connect
        )
        self.opened.begin()
        self._posted.put(NUMBERS)

    # --- what another kind of bench has otherwise ---------------------------------------------

    def _furnish(self) -> tuple[Order, ...]:
        return furnish(self.folder)

    def _devices(self) -> SimBench:
        return SimBench(self.folder / "tray", print_s=0.05)

    def _setup(self) -> Setup:
        return Setup(self.folder, STATION, BENCH, self.sim.configs(), unaged=True)

    def _take(self, happening: Happening) -> None:
        """What was posted, one thing at a time."""
        self.opened.station.handle(happening)

    def _publish(self, view: StationView) -> None:
        self.view = view
        self.window.show_view(view)

    def until(self, seen: Seen, seconds: float = 15.0) -> StationView:
        """Handle what is posted until the view is as expected."""
        end = time.monotonic() + seconds
        while not seen(self.view):
            left = end - time.monotonic()
            assert left > 0, (self.view.screen, self.view.alert, self.view.devices)
            try:
                self._take(self._posted.get(timeout=min(left, 0.5)))
            except queue.Empty:
                continue
            self._app.processEvents()
        return self.view

    def rest(self, seconds: float) -> None:
        """Handle what is posted for a while, whatever it is."""
        end = time.monotonic() + seconds
        self.until(lambda _: time.monotonic() >= end, seconds + 10)

    def ready(self) -> None:
        """All lamps are on, the numbers are there."""
        self.until(
            lambda view: (
                all(lamp(view, kind) == "ok" for kind in ("scanner", "scale", "label"))
                and bool(view.sync.labels_left)
            )
        )

    def raw(self, data: bytes) -> None:
        """Bytes on the scanner's line, as they are."""
        self.sim.scanner.send(data)

    def scan(self, text: str, aim: str = "") -> None:
        """Pull the trigger, not sooner than a scanner takes the same code again."""
        last, at = self._last
        pause = at + AGAIN_S - time.monotonic()
        if text == last and pause > 0:
            self.rest(pause)
        self._last = (text, time.monotonic())
        self.sim.scan(text, aim)

    def scan_for(self, text: str, seen: Seen, aim: str = "") -> StationView:
        """Scan and wait; the scanner's pause begins when the code has arrived."""
        self.scan(text, aim)
        view = self.until(seen)
        self._last = (text, time.monotonic())
        return view

    def dismiss(self) -> None:
        """Answer a refusal, if there is one."""
        if self.view.alert is not None:
            self._posted.put(CommandGiven("accept"))
        self.until(lambda view: view.alert is None)

    # --- the order of work ------------------------------------------------------------------

    def reach(self, screen: Screen) -> StationView:
        """Work on until the window shows ``screen``."""
        self.ready()
        for _ in range(60):
            if self.view.screen is screen:
                return self.view
            self.step()
        raise AssertionError(self.view)

    def step(self) -> None:
        """What the window asks for next."""
        view = self.view
        serial, screen = view.serial, view.screen
        changed: Seen = lambda v: v.screen is not screen or _shape(v) != _shape(view)  # noqa: E731
        match screen:
            case Screen.SIGN_IN:
                self.scan_for(f"%PB:{samples.people()[0].badge}", changed)
            case Screen.QUEUE | Screen.COMPLETED:
                self.scan_for(self.orders[0].order_id, changed)
            case Screen.SCANNING:
                self.scan_for(*self._item(changed))
            case Screen.CARTONING:
                self.scan_for(view.carton.code if view.carton else "C3", changed)
            case Screen.WEIGHING:
                self.sim.place(0)
                # What lay on the pan may be taken before it is gone.
                if self.until(lambda v: v.scale.grams == 0 or changed(v)).screen is not screen:
                    return
                self.sim.place((view.weigh.expected_g if view.weigh else None) or 500)
                self.until(changed)
            case Screen.CONFIRMING:
                self.scan_for(view.label.waybill if view.label else "", changed)
            case _:
                self.until(lambda v: v.serial > serial)

    def _item(self, changed: Seen) -> tuple[str, Seen, str]:
        assert self.view.current is not None
        product = self.products[self.view.current.product.sku]
        done = self.view.order.units_done if self.view.order else 0
        text, aim = code_of(product, f"serial-{done}")
        return text, changed, aim

    def facts(self, kind: str) -> list[dict[str, object]]:
        """Bodies of all facts of a kind."""
        events = self.opened.store.events.bench_events([kind])
        return [dict(event.body) for event in events]

    def sound(self) -> int:
        """The chain holds; how many facts there are."""
        return verify_file(self.folder / FILE)

    def close(self) -> None:
        """Stop everything."""
        self.opened.close()
        self.sim.close()
        # A window that is left to the collector may be taken apart in a thread of the next bench.
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()


def _shape(view: StationView) -> object:
    order = view.order
    return view.alert, order and (order.order_id, order.units_done), view.label
