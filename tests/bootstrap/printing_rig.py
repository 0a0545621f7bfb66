"""Stations without a window, with real journals and printers over TCP."""

from __future__ import annotations

import queue
import random
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from packstation.bootstrap.station import OpenStation, Setup, open_station
from packstation.demo import samples
from packstation.demo.goods import code_of
from packstation.devices.bench import DeviceConfig, DeviceTimings
from packstation.devices.link import LinkTiming
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.labels import waybill_of
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.domain.orders import Order
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station.views import Screen, StationView
from tests.e2e.rig import NUMBERS, furnish

Seen = Callable[[StationView], bool]
TIMINGS = DeviceTimings(
    link=LinkTiming(first_pause_s=0.02, longest_pause_s=0.1, drain_s=0.02, steady_s=0.1),
    printer=PrinterTiming(settle_s=0.02, watch_s=0.05, count_s=0.3, give_up_s=5.0, busy_s=5.0),
)


def printer(folder: Path, name: str) -> ZplPrinterSim:
    """A printer on a socket; what it prints lies in a folder of its name."""
    chance = random.Random(name)
    return ZplPrinterSim(TcpFace(), chance, folder / name, print_s=0.03)


def labels(sim: ZplPrinterSim) -> list[str]:
    """Waybills on the labels that came out."""
    return [waybill_of(sim.label(number)) for number in range(1, sim.printed + 1)]


class Seat:
    """One bench and the hands at it; what devices post is handled while somebody waits."""

    def __init__(
        self, folder: Path, *configs: DeviceConfig, bench: str = "07", at: int = 0
    ) -> None:
        self.folder, self.configs, self.bench = folder, configs, bench
        folder.mkdir(parents=True, exist_ok=True)
        self.orders: tuple[Order, ...] = furnish(folder, bench)
        self.order = self.orders[at]
        self.products = {product.sku: product for product in samples.products()}
        self.begin()
        first = NUMBERS.first + 100 * at
        self.opened.station.handle(
            p.NumbersLeased(f"lease-{at}", "chinapost", "e-packet", "LP", "CN", first, first + 99)
        )

    def begin(self) -> None:
        self._posted: queue.SimpleQueue[p.Happening] = queue.SimpleQueue()
        self.view = StationView(screen=Screen.SIGN_IN)
        setup = Setup(
            self.folder, "attacked", self.bench, self.configs, timings=TIMINGS, unaged=True
        )
        self.opened: OpenStation = open_station(setup, self._posted.put, self._publish)

    def _publish(self, view: StationView) -> None:
        self.view = view

    def kill(self) -> None:
        """Dead at once: what was on its way to the journal never gets there; then anew."""
        self.close()
        self.begin()
        self.say(p.CodeScanned(f"%PB:{samples.people()[0].badge}"))

    def say(self, *happenings: p.Happening) -> StationView:
        for happening in happenings:
            self.opened.station.handle(happening)
        return self.view

    def command(self, name: str, argument: str = "") -> StationView:
        return self.say(p.CommandGiven(name, argument))

    def until(self, seen: Seen, seconds: float = 20.0) -> StationView:
        """Handle what is posted until the view is as expected."""
        end = time.monotonic() + seconds
        while not seen(self.view):
            left = end - time.monotonic()
            assert left > 0, (self.view.screen, self.view.alert, self.view.label)
            try:
                self.opened.station.handle(self._posted.get(timeout=min(left, 0.2)))
            except queue.Empty:
                continue
        return self.view

    def device(self, name: str, state: str = "ok") -> None:
        """Wait until a device is so."""
        self.until(lambda v: any(d.id == name and d.state == state for d in v.devices))

    def paper(self, document: str = "label", *status: str) -> None:
        """Wait until the parcel's document is so."""
        self.until(lambda _: self.status(document) in status)

    def status(self, document: str = "label") -> str:
        session = self.opened.station.core.session
        papers = session.parcel.papers if session.parcels else ()
        return next((one.status for one in papers if one.document == document), "")

    def pack(self) -> None:
        """Up to the label: it is asked for at the end."""
        self.say(p.CodeScanned(f"%PB:{samples.people()[0].badge}"))
        self.say(p.CodeScanned(self.order.order_id))
        for _ in range(80):
            view = self.view
            if view.screen is Screen.SCANNING and view.current is not None:
                product = self.products[view.current.product.sku]
                done = view.order.units_done if view.order else 0
                self.say(p.CodeScanned(*code_of(product, f"serial-{done}")))
            elif view.screen is Screen.CARTONING:
                self.say(p.CodeScanned(view.carton.code if view.carton else "C3"))
            elif view.screen is Screen.WEIGHING:
                grams = (view.weigh.expected_g if view.weigh else None) or 500
                self.say(self._weight(0), self._weight(grams))
            elif view.screen in {Screen.PRINTING, Screen.CONFIRMING}:
                return
            else:
                serial = view.serial
                self.until(lambda v, serial=serial: v.serial > serial)  # type: ignore[misc]
        raise AssertionError(self.view)

    def _weight(self, grams: int) -> p.ScaleRead:
        value = Decimal(grams)
        reading = Reading(state=ScaleState.STABLE, value=value, unit="g", raw=b"S S")
        return p.ScaleRead("scale", reading, self.opened.station.core.clock.mono_ns())

    @property
    def waybill(self) -> str:
        label = self.opened.station.core.session.parcel.label
        return label.waybill if label else ""

    def facts(self, kind: str) -> list[dict[str, object]]:
        events = self.opened.store.events.bench_events([kind])
        return [dict(event.body) for event in events]

    def close(self) -> None:
        self.opened.close()
