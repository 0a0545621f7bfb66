"""The product's own window, offscreen, with the robot looking at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from packstation.demo.eyes import Eyes
from packstation.demo.robot import Robot
from packstation.station.ports import Happening
from packstation.station.views import StationView
from packstation.ui.app import grab, later, make_application, make_stages, quit_soon, settle, spin
from packstation.ui.bridge import Bridge
from packstation.ui.main_window import MainWindow

SETTLED_MS = 100


class OffscreenStage:
    """Window, bridge and screenshots; everything but ``post`` on the main thread."""

    def __init__(
        self, eyes: Eyes, shots: Path | None, size: tuple[int, int] = (1920, 1080)
    ) -> None:
        self._app = make_application()
        self._window = MainWindow(make_stages())
        self._window.resize(*size)
        self._window.show()
        self._window.after_paint(lambda: settle(self._window))
        self._bridge = Bridge()
        self._eyes = eyes
        self._shots = shots
        self._grabbed: set[str] = set()

    def post(self, happening: Happening) -> None:
        """From any thread."""
        self._bridge.post(happening)

    def connect(self, handle: Callable[[Happening], None]) -> None:
        """Happenings go to the station."""
        self._bridge.connect_to(handle)
        self._window.happened.connect(self._bridge.post)

    def publish(self, view: StationView) -> None:
        """Show it; the robot sees it once it is painted."""
        self._window.show_view(view)
        self._window.after_paint(lambda: self._painted(view))

    def _painted(self, view: StationView) -> None:
        self._eyes.painted(view)
        self._eyes.show(view)
        self._grab(view)

    def _grab(self, view: StationView) -> None:
        """One picture of every kind of stage, once its product pictures are in."""
        name = str(view.screen) + (f"-{view.alert.headline.key}" if view.alert else "")
        if self._shots is None or name in self._grabbed:
            return
        self._grabbed.add(name)
        self._shots.mkdir(parents=True, exist_ok=True)
        path = self._shots / f"{len(self._grabbed):02}-{name}.png"
        later(self._window, SETTLED_MS, lambda: self._grab_settled(view, name, path))

    def _grab_settled(self, view: StationView, name: str, path: Path) -> None:
        now = self._window.view
        if now.screen is view.screen and (now.alert is None) == (view.alert is None):
            grab(self._window, path)
        else:
            self._grabbed.discard(name)

    def run(self, robot: Robot) -> None:
        """Until the robot has finished."""
        robot.finished = quit_soon
        robot.start()
        self._app.exec()
        robot.join()

    def wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Let the window work until ``done``."""
        return spin(self._app, done, seconds)
