"""The bench that the situations happen at: the rig of the end-to-end tests, with a memory."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import Qt

from packstation.assets import resource
from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.station import Setup
from packstation.demo.goods import code_of
from packstation.devices.sim.bench import SimBench
from packstation.devices.sim.models import BenchModels
from packstation.domain.orders import Order
from packstation.domain.packing.facts import Fact
from packstation.domain.psp import OrderBody
from packstation.domain.weights import ScaleState
from packstation.station.customs import RulesRead
from packstation.station.ports import (
    Clock,
    CodeScanned,
    Happening,
    Row,
    RowsPulled,
    ScaleRead,
)
from packstation.station.views import Screen, StationView
from packstation.storage.store import FILE, open_store
from packstation.ui.keys import Stroke
from packstation.ui.sounds import NullPlayer
from tests.e2e.rig import BENCH, STATION, Rig
from tests.situations.abroad import PUBLISHER
from tests.situations.goods import made, own_products
from tests.situations.model import Situation

_K = Qt.Key
CAPS = {
    "Enter": int(_K.Key_Return),
    "Esc": int(_K.Key_Escape),
    "Home": int(_K.Key_Home),
    "End": int(_K.Key_End),
    "Down": int(_K.Key_Down),
    **{f"F{n}": int(_K.Key_F1) + n - 1 for n in range(1, 13)},
}


class MovedClock:
    """The bench's clock, as far ahead as a situation wants it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead = timedelta()

    def now(self) -> datetime:
        """UTC."""
        return self._clock.now() + self.ahead

    def mono_ns(self) -> int:
        """Monotonic nanoseconds."""
        return self._clock.mono_ns() + int(self.ahead.total_seconds() * 1_000_000_000)


def _closing(view: StationView) -> bool:
    return view.verdict is not None and view.verdict.words.key == "papers.closing"


class ShowBench(Rig):
    """A bench that is furnished for one situation; hears sounds, presses keys, sees facts."""

    size = (1366, 768)

    def __init__(self, folder: Path, furnished: Path, situation: Situation) -> None:
        self._furnished, self._situation = furnished, situation
        self.documents = {asked.id: made(asked) for asked in situation.orders}
        self.scans = 0
        self.rests = 0
        self.lawful = False
        self.revs = 1
        self.told: list[Fact] = []
        super().__init__(folder)
        self.products |= {product.sku: product for product in own_products()}
        self.player = NullPlayer()
        self.window.set_player(self.player)
        self.window.happened.connect(self._posted.put)
        core = self.opened.station.core
        self.clock = MovedClock(core.clock)
        core.clock = self.clock
        core.hooks.append(self.told.extend)
        for lease in situation.leases:
            self._posted.put(lease)

    # --- another bench than the rig's ---------------------------------------------------------

    def _furnish(self) -> tuple[Order, ...]:
        shutil.copytree(self._furnished, self.folder, dirs_exist_ok=True)
        for name, document in self._situation.files.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_bytes(msgspec.json.encode(document))
        with open_store(
            self.folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids()
        ) as store:
            store.intake.import_orders(self.documents.values(), bench=BENCH)
        return tuple(self.documents.values())

    def _devices(self) -> SimBench:
        models = BenchModels(extras=self._situation.devices)
        return SimBench(self.folder / "tray", print_s=0.05, models=models)

    def _setup(self) -> Setup:
        twice = {"twice_ms": self._situation.twice_ms}
        rows = tuple(
            replace(row, settings={**row.settings, **twice}) if row.kind == "scanner" else row
            for row in self.sim.configs()
        )
        return Setup(
            self.folder,
            STATION,
            BENCH,
            rows,
            services=self._shop("services"),
            tariffs=self._shop("tariffs"),
            customs_keys=(PUBLISHER,),
            training=self._situation.training,
            unaged=True,
        )

    def _shop(self, name: str) -> Path:
        """Files of the situation's own, where it has any; else those of the program."""
        own = any(file.startswith(f"{name}/") for file in self._situation.files)
        return self.folder / name if own else resource(name)

    def _take(self, happening: Happening) -> None:
        super()._take(happening)
        self.lawful = self.lawful or isinstance(happening, RulesRead)
        self.scans += isinstance(happening, CodeScanned)
        if isinstance(happening, ScaleRead):
            self.rests += happening.reading.state is ScaleState.STABLE

    # --- hands ----------------------------------------------------------------------------------

    def read(self, text: str, aim: str = "") -> StationView:
        """A scan, and all that the bench says to it."""
        before = self.scans
        self.scan_for(text, lambda _: self.scans > before, aim)
        view = self.settle()
        # A long last look is done in the background; the box closes by itself after it.
        return self.until(lambda now: not _closing(now)) if _closing(view) else view

    def unit(self, sku: str) -> StationView:
        """The code on one unit of a product, another unit each time."""
        return self.read(*code_of(self.products[sku], f"{sku}-{self.scans}"))

    def press(self, stroke: Stroke) -> StationView:
        """A key at the window."""
        self.window.typed(stroke)
        return self.settle()

    def key(self, cap: str) -> StationView:
        """A key by its cap."""
        text = cap if len(cap) == 1 else ""
        return self.press(Stroke(CAPS.get(cap, ord(cap[0])), text))

    def settle(self) -> StationView:
        """Let what was posted up to now happen."""
        self._posted.put(after := Happening())
        while (told := self._posted.get(timeout=15)) is not after:
            self._take(told)
            self._app.processEvents()
        self._app.processEvents()
        return self.view

    def post(self, happening: Happening) -> StationView:
        """Something that no hand does."""
        self._posted.put(happening)
        return self.settle()

    def pull(self, t: str, key: str, body: object, op: str = "put") -> StationView:
        """A row from the server."""
        self.revs += 1
        row = Row(t, key, self.revs, op, msgspec.to_builtins(body))
        return self.post(RowsPulled((row,), f"c{self.revs}", 1))

    def order_row(self, order_id: str, hold: str = "") -> StationView:
        """An order as the office has it now."""
        body = OrderBody(order=self.documents[order_id], bench=BENCH, hold=hold)
        return self.pull("order", order_id, body)

    def sign_in(self) -> StationView:
        """The packer's badge, once all lamps are on and the customs rules are read."""
        self.ready()
        self.until(lambda _: self.lawful)
        self.read(f"%PB:{self._situation.badge}")
        return self.until(lambda view: view.screen is Screen.QUEUE)
