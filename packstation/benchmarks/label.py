"""The last needed input to the label's bytes at the printer: a scan in the fast lane, a weight.

A whole bench in this process (journal, simulated devices over real ports, the window offscreen)
packs orders of one thing with the local tariff and leased numbers. A relay in front of the
printer notes when the last byte of a label passes. The scan counts from its bytes on the pty, the
weight from the frame that was taken as stable. Reference: the least that can do it, a serial port,
one durable row, the same bytes to a socket.
"""

from __future__ import annotations

import os
import queue
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict, replace

from packstation.benchmarks import label_bytes
from packstation.benchmarks.figures import Result, median, spread
from packstation.benchmarks.wire import Wire
from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.station import Setup, open_station
from packstation.demo import samples
from packstation.devices.sim.bench import SimBench
from packstation.domain.orders import Deadline, Order, OrderLine
from packstation.domain.packing import State
from packstation.domain.psp import SiteBody
from packstation.station.ports import (
    CommandGiven,
    Happening,
    NumbersLeased,
    PersonRow,
    ScaleRead,
)
from packstation.station.views import Screen, StationView
from packstation.storage.database import Database
from packstation.storage.store import FILE, open_store

if TYPE_CHECKING:
    from packstation.domain.catalog import Product
    from packstation.domain.parcels import Carton

BENCH: Final = "07"
STATION: Final = "benchmark"
GOAL_MS: Final = 150.0
PARCELS: Final = 200
QUICK: Final = 3
WARM_UP: Final = 5
NUMBERS: Final = NumbersLeased("lease-1", "chinapost", "e-packet", "LP", "CN", 74200000, 74209999)
END: Final = b"^XZ"
PATIENCE_S: Final = 30.0


class Relay:
    """Between bench and printer: notes when a label's last bytes have passed."""

    def __init__(self, address: str) -> None:
        """``address`` is the printer's, ``tcp://host:port``."""
        host, port = address.removeprefix("tcp://").rsplit(":", 1)
        self._printer = (host, int(port))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self.passed: queue.SimpleQueue[tuple[int, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(self._printer)
            for pair, tell in (((near, far), True), ((far, near), False)):
                threading.Thread(target=self._copy, args=(*pair, tell), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket, tell: bool) -> None:  # noqa: FBT001 - a thread's argument
        label = b""
        try:
            while data := source.recv(65536):
                target.sendall(data)
                label += data if tell else b""
                if END in label:
                    self.passed.put((time.monotonic_ns(), label))
                    label = b""
        except OSError:
            pass
        finally:
            target.close()

    def close(self) -> None:
        """No more connections."""
        self._server.close()


class Seat:
    """A bench and its hands."""

    def __init__(self, folder: Path, count: int) -> None:
        """``count`` orders of one mug each wait."""
        from packstation.ui.app import make_application, make_stages
        from packstation.ui.main_window import MainWindow

        self._app = make_application()
        self.product = furnish(folder, count)
        self.sim = SimBench(folder / "tray", print_s=0.0)
        self.relay = Relay(self.sim.label.address)
        self.view = StationView(screen=Screen.SIGN_IN)
        self.window = MainWindow(make_stages())
        self.window.resize(1920, 1080)
        self.window.show()
        self._posted: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        self.weighed_ns = 0
        rows = tuple(map(self._moved, self.sim.configs()))
        setup = Setup(folder, STATION, BENCH, rows, unaged=True)
        self.opened = open_station(setup, self._posted.put, self._publish)
        self.core = self.opened.station.core
        self.opened.begin()
        self._posted.put(NUMBERS)

    def _moved(self, row):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a device's row
        if row.kind == "scanner":
            return replace(row, settings={"twice_ms": 0, "again_ms": 1})
        return replace(row, address=self.relay.address) if row.kind == "label" else row

    def _publish(self, view: StationView) -> None:
        self.view = view
        self.window.show_view(view)

    def give(self, *happenings: Happening) -> None:
        """A key."""
        for happening in happenings:
            self._posted.put(happening)

    def until(self, seen: Callable[[StationView], bool]) -> None:
        """Handle what is posted until the view is as expected."""
        end = time.monotonic() + PATIENCE_S
        while not seen(self.view):
            if time.monotonic() > end:
                raise TimeoutError(str(self.view.screen))
            try:
                told = self._posted.get(timeout=0.2)
            except queue.Empty:
                continue
            before = self.core.session.state
            self.opened.station.handle(told)
            if before is State.WEIGHING and self.core.session.state is not State.WEIGHING:
                self.weighed_ns = told.mono_ns if isinstance(told, ScaleRead) else 0
            self._app.processEvents()

    def close(self) -> None:
        """Stop everything."""
        self.opened.close()
        self.sim.close()
        self.relay.close()
        self.window.close()


def furnish(folder: Path, count: int) -> Product:
    """``count`` orders for one of a product with sides, and nothing else."""
    now = datetime.now(UTC)
    product = next(one for one in samples.products() if _plain(one))
    model = samples.orders(now)[0]
    line = OrderLine(line=1, sku=product.sku, quantity=1, unit_price=product.customs.unit_value)
    due = (Deadline(kind="handover", at=now + timedelta(hours=5)),)
    # Nothing else is asked of such an order; what another one cost says nothing of it.
    like = replace(model, lines=(line,), deadlines=due, totes=(), service=None, payment=None)
    orders: list[Order] = [replace(like, order_id=f"S-{n:05}") for n in range(count)]
    with open_store(folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids()) as store:
        store.intake.import_products(samples.products())
        store.intake.import_cartons(samples.cartons())
        store.intake.import_people(PersonRow(**asdict(person)) for person in samples.people())
        store.intake.set_site(SiteBody(code="GZ-1", zone="Asia/Shanghai", currency="CNY"))
        store.intake.import_orders(orders, bench=BENCH)
    return product


def _plain(product: Product) -> bool:
    tracked = product.tracking.serial or product.tracking.lot or product.tracking.expiry
    sides = product.length_mm and product.width_mm and product.height_mm
    return bool(sides and product.codes and not tracked and not product.kit)


def measure(*, quick: bool = False) -> list[Result]:
    """A row from the last scan, a row from the stable weight; a row a script of model to ZPL."""
    return [*_bench(quick=quick), *label_bytes.measure(quick=quick)]


def _bench(*, quick: bool) -> list[Result]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    count = QUICK if quick else PARCELS
    with tempfile.TemporaryDirectory(prefix="packstation-label-") as name:
        seat = Seat(Path(name), 2 * count + 2 * WARM_UP)
        try:
            return _run(Path(name), seat, count)
        finally:
            seat.close()


def _run(folder: Path, seat: Seat, count: int) -> list[Result]:
    lamps = ("scanner", "scale", "label")
    seat.until(lambda view: {d.kind for d in view.devices if d.state == "ok"} >= set(lamps))
    seat.sim.scan(f"%PB:{samples.people()[0].badge}")
    seat.until(lambda view: view.screen is Screen.QUEUE and bool(view.sync.labels_left))
    seat.give(CommandGiven("single"))
    seat.until(lambda view: view.screen is Screen.FAST)
    grams = seat.product.weight_g or 100

    def sure(_: Product, units: int, carton: Carton) -> int:
        return grams * units + carton.tare_g

    def unsure(_: Product, __: int, ___: Carton) -> None:
        """What was learned on the way would let the scale out after some twenty parcels."""

    seat.core.sure = sure
    scans, label = _parcels(seat, count, weigh=False)
    seat.core.sure = unsure
    weights, _ = _parcels(seat, count, weigh=True)
    bare = _bare(folder, label, count)
    return [_result("scan", scans, bare, label), _result("weight", weights, bare, label)]


def _parcels(seat: Seat, count: int, *, weigh: bool) -> tuple[list[float], bytes]:
    taken, label = [], b""
    for number in range(count + WARM_UP):
        while not seat.relay.passed.empty():
            seat.relay.passed.get()
        begun = time.monotonic_ns()
        seat.sim.scan(seat.product.codes[0].text)
        if weigh:
            _weigh(seat)
        seat.until(lambda view: bool(view.label and view.label.waybill and _step(view) == "stick"))
        at, label = seat.relay.passed.get(timeout=PATIENCE_S)
        if number >= WARM_UP:
            taken.append((at - (seat.weighed_ns if weigh else begun)) / 1e6)
        seat.sim.scan(seat.view.label.waybill if seat.view.label else "")
        seat.until(lambda view: _step(view) == "scan")
    return taken, label


def _step(view: StationView) -> str:
    return view.fast.step if view.fast and view.screen is Screen.FAST else ""


def _weigh(seat: Seat) -> None:
    seat.until(lambda view: _step(view) == "weigh")
    seat.sim.place(0)
    seat.until(lambda view: view.scale.grams == 0)
    seat.sim.place((seat.view.weigh.expected_g if seat.view.weigh else None) or 300)


def _bare(folder: Path, label: bytes, count: int) -> list[float]:
    """The least that can print on a scan: a serial port, one durable row, the bytes to a socket."""
    import serial

    wire = Wire()
    port = serial.Serial(wire.path, timeout=PATIENCE_S)
    database = Database(folder / "bare.sqlite3")
    with database.transaction() as raw:
        raw.execute("CREATE TABLE row (n INTEGER PRIMARY KEY, body TEXT)")
    server = socket.create_server(("127.0.0.1", 0))
    near = socket.create_connection(server.getsockname())
    far, _ = server.accept()
    time.sleep(0.2)
    taken = []
    for _ in range(count):
        begun, left = wire.scan("6901234567892"), len(label)
        port.read_until(b"\r")
        with database.transaction() as raw:
            raw.execute("INSERT INTO row VALUES (NULL, ?)", ("x" * 600,))
        near.sendall(label)
        while left:
            left -= len(far.recv(65536))
        taken.append((time.monotonic_ns() - begun) / 1e6)
    for end in (near, far, server, port, database):
        end.close()
    return taken


def _result(what: str, taken: list[float], bare: list[float], label: bytes) -> Result:
    return Result(
        name=f"label, from the {what}",
        figures=spread(taken),
        reference=spread(bare),
        ratio=round(median(taken) / max(0.001, median(bare)), 2),
        goal={"p99_ms": GOAL_MS},
        note="last needed input to the last byte at the printer; bare: a port, a row, a socket",
        shape={"parcels": len(taken), "label_bytes": len(label)},
    )
