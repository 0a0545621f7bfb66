"""The demo's window on a display, driven through its own virtual bench; run by test_window.

``python -m tests.e2e.windowed DIR`` prints a JSON line of what it saw and leaves pictures in DIR.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from packstation.demo.run import Options, World
from packstation.demo.window import DemoWindow
from packstation.station.views import Screen, StationView
from packstation.ui.app import run

PATIENCE_MS = 30_000


class Guest:
    """Somebody at the demo: badge, order, an item; one thing after another as the window asks."""

    def __init__(self, world: World, shown: DemoWindow, folder: Path) -> None:
        self._world, self._shown, self._folder = world, shown, folder
        self.seen: list[str] = []
        self._steps: list[tuple[str, Callable[[StationView], bool], Callable[[], None]]] = [
            ("sign_in", self._ready, self._touch("badge")),
            ("queue", self._orders, self._touch("order")),
            ("scanning", lambda view: view.screen is Screen.SCANNING, self._touch("product")),
            ("scanned", lambda view: bool(view.order and view.order.units_done), lambda: None),
        ]
        self._timer = QTimer(shown.window)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        QTimer.singleShot(PATIENCE_MS, shown.window, shown.window.close)

    def _ready(self, view: StationView) -> bool:
        lamps = {device.kind: device.state for device in view.devices}
        synced = view.sync.state == "synced" and bool(view.sync.labels_left)
        return view.screen is Screen.SIGN_IN and lamps.get("scanner") == "ok" and synced

    def _orders(self, view: StationView) -> bool:
        return view.screen is Screen.QUEUE and bool(view.queue and view.queue.rows)

    def _touch(self, kind: str) -> Callable[[], None]:
        """Pull the trigger on what the panel offers first, as a finger does."""

        def touch() -> None:
            thing = self._shown.panel.shown[0]
            assert thing.kind == kind
            self._shown.panel.field.setText(thing.code)
            self._shown.panel.scan()

        return touch

    def _look(self) -> None:
        name, due, act = self._steps[0]
        if not due(self._shown.window.view):
            return
        self._shown.window.grab().save(str(self._folder / f"{name}.png"))
        self.seen.append(name)
        act()
        del self._steps[0]
        if not self._steps:
            self._timer.stop()
            self._shown.window.close()


def main(folder: Path) -> None:
    """Start, look, act, close."""
    world = World(Options(folder / "demo", orders=6))
    try:
        shown = DemoWindow(world)
        guest = Guest(world, shown, folder)
        run(shown.window, full_screen=True)
        shown.close()
    finally:
        world.close()
    platform = QApplication.platformName()
    sys.stdout.write(json.dumps({"seen": guest.seen, "platform": platform}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
