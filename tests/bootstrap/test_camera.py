"""From labels on a simulated mat to the journal: the real camera thread, station and store."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path

from packstation.benchmarks import shop
from packstation.benchmarks.place import BENCH, STATION
from packstation.bootstrap.station import Setup, no_server, open_station
from packstation.devices.bench import DeviceConfig
from packstation.devices.sim.camera import CameraSim, Laid, in_rows
from packstation.station.ports import CodeScanned, DeviceState, Happening
from packstation.station.views import Screen, StationView

WAIT_S = 30


def test_three_items_under_the_camera_are_verified_in_one_look(tmp_path: Path) -> None:
    first, second, again = shop.furnish(tmp_path, units=3, lines=2)
    assert first == again != second
    sim = CameraSim(size=(960, 540), fps=20)
    happened: queue.Queue[Happening] = queue.Queue()
    views: list[StationView] = []
    rows = (DeviceConfig("camera", "mjpeg", sim.address, settings={"use": "look"}),)
    setup = Setup(tmp_path, STATION, BENCH, rows, unaged=True)
    opened = open_station(setup, happened.put, views.append, no_server)

    def until(fits: Callable[[StationView], bool]) -> StationView:
        deadline = time.monotonic() + WAIT_S
        while not fits(views[-1]):
            left = deadline - time.monotonic()
            assert left > 0, views[-1]
            opened.station.handle(happened.get(timeout=left))
        return views[-1]

    try:
        opened.station.handle(CodeScanned(f"%PB:{shop.badge()}"))
        until(lambda view: any(d.state == DeviceState.OK for d in view.devices))
        opened.station.handle(CodeScanned("T-900"))
        assert views[-1].screen is Screen.SCANNING
        # The two equal ones first: each counts by its place.
        sim.show([Laid(first, 0.25, 0.3), Laid(first, 0.7, 0.6, 15), Laid("96385074", 0.7, 0.2)])
        view = until(lambda view: view.order is not None and view.order.units_done == 2)
        assert view.alert is None
        assert view.look is not None
        sim.show(in_rows([first, second, first]))
        view = until(lambda view: view.screen is Screen.CARTONING)
        assert view.alert is None
        assert opened.cameras["camera"].latest() is not None
    finally:
        opened.close()
        sim.close()
