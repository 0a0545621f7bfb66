"""The product's own window, offscreen, with the robot looking at it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

from packstation.demo.eyes import Eyes
from packstation.station.ports import CodeScanned, Happening
from packstation.station.views import StationView
from packstation.ui.app import later, make_application, make_stages, quit_soon, settle, spin
from packstation.ui.bridge import Bridge
from packstation.ui.main_window import MainWindow
from packstation.ui.watch import PaintWatch

# PNG of a plain screen: small enough, and ten times quicker than the smallest.
_QUALITY: Final = 80
# A view that changes nothing on screen is not painted; after so long it counts as seen.
_NOTHING_MS: Final = 40
# Product pictures are read off the main thread, and the tick of a verdict is drawn in 120 ms.
_POSE_MS: Final = 200


class Worker(Protocol):
    """A thread that does something at the bench, and tells when it is over."""

    finished: Callable[[], None]

    def start(self) -> None:
        """Begin."""

    def join(self) -> None:
        """Until its end."""


class OffscreenStage:
    """Window, bridge and screenshots; everything but ``post`` on the main thread."""

    def __init__(
        self, eyes: Eyes, shots: Path | None, size: tuple[int, int] = (1920, 1080)
    ) -> None:
        self._app = make_application()
        self._window = MainWindow(make_stages())
        self._window.resize(*size)
        self._window.show()
        self._bridge = Bridge()
        self._eyes = eyes
        self._shots = shots
        self._grabbed: set[str] = set()
        self._camera = ThreadPoolExecutor(1, thread_name_prefix="camera")
        self._unseen: StationView | None = None
        self._watch = PaintWatch(self._window, self._painted)
        self._handle: Callable[[Happening], None] = lambda _: None
        self._scanned = False
        self._posing = False

    def post(self, happening: Happening) -> None:
        """From any thread."""
        self._bridge.post(happening)

    def connect(self, handle: Callable[[Happening], None]) -> None:
        """Happenings go to the station."""
        self._handle = handle
        self._bridge.connect_to(self._take)
        self._window.happened.connect(self._bridge.post)
        self._window.after_paint(lambda: settle(self._window))

    def _take(self, happening: Happening) -> None:
        self._scanned = isinstance(happening, CodeScanned)
        self._handle(happening)

    def publish(self, view: StationView) -> None:
        """Show it; the robot sees it once it is painted."""
        self._window.show_view(view)
        if self._scanned:
            self._scanned = False
            self._eyes.answered(view.serial)
        self._unseen = view
        later(self._window, _NOTHING_MS, lambda: self._look(view))

    def _painted(self) -> None:
        self._eyes.painted()
        self._look(self._unseen)

    def _look(self, view: StationView | None) -> None:
        """The robot sees it, painted or with nothing to paint; for a picture it keeps still."""
        if view is None or view is not self._unseen or self._posing:
            return
        self._unseen = None
        name = _name(view)
        if self._shots is None or name in self._grabbed:
            self._eyes.show(view)
        else:
            self._posing = True
            later(self._window, _POSE_MS, lambda: self._grab(name))

    def _grab(self, name: str) -> None:
        """One picture of every kind of stage, once its product pictures are in."""
        now = self._window.view
        self._posing = False
        if self._shots is not None and name == _name(now):
            self._grabbed.add(name)
            self._shots.mkdir(parents=True, exist_ok=True)
            path = str(self._shots / f"{len(self._grabbed):02}-{name}.png")
            picture = self._window.grab().toImage()
            self._camera.submit(lambda: picture.save(path, quality=_QUALITY))
        # What came meanwhile may be of another kind, which gets its own picture first.
        self._unseen = now
        self._look(now)

    def run(self, worker: Worker) -> None:
        """Until it has finished; the end of one before has closed the window."""
        self._window.show()
        worker.finished = quit_soon
        worker.start()
        self._app.exec()
        worker.join()

    def wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Let the window work until ``done``."""
        return spin(self._app, done, seconds)

    def close(self) -> None:
        """The last pictures are on the disk when this returns."""
        self._camera.shutdown(wait=True)
        self._window.close()


def _name(view: StationView) -> str:
    """What kind of stage it is, for its picture's file."""
    if view.alert:
        return f"{view.screen}-{view.alert.headline.key}"
    put = view.label.put if view.label else None
    return f"{view.screen}-{put.key}" if put else str(view.screen)
