"""What the robot sees: the view that the window painted last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from packstation.station.views import Screen, StationView


class Eyes:
    """The newest view, to wait on from the robot's thread; told by the main thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._view = StationView(screen=Screen.SIGN_IN)
        self._scan_ns = 0
        self.scan_ns: list[int] = []

    @property
    def view(self) -> StationView:
        """The newest view."""
        with self._changed:
            return self._view

    def show(self, view: StationView) -> None:
        """A view was handed to the window."""
        with self._changed:
            self._view = view
            self._changed.notify_all()

    def until(self, seen: Callable[[StationView], bool], timeout_s: float = 10.0) -> bool:
        """Wait until the view is as expected; False when it did not become so in time."""
        with self._changed:
            return self._changed.wait_for(lambda: seen(self._view), timeout_s)

    # --- how long a scan takes to its painted verdict ---------------------------------------

    def trigger(self) -> None:
        """The scanner's bytes are about to be written."""
        with self._changed:
            self._scan_ns = time.monotonic_ns()

    def painted(self, answered: StationView) -> None:
        """The window painted a view; a scan that waits for its verdict is answered by a tone."""
        with self._changed:
            if self._scan_ns and answered.earcon:
                self.scan_ns.append(time.monotonic_ns() - self._scan_ns)
                self._scan_ns = 0
