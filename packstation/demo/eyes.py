"""What the robot sees: the view that the window painted last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from packstation.station.views import Screen, StationView


class Eyes:
    """The newest painted view, to wait on from the robot's thread; told by the main thread.

    A scan is timed from just before its bytes are written to the end of the painting that
    shows its verdict; nothing in between is left out.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._view = StationView(screen=Screen.SIGN_IN)
        self._begun_ns = 0
        self._unpainted_ns: list[int] = []
        self._answered = -1
        self._answers = 0
        self.scan_ns: list[int] = []
        self.scans = 0

    @property
    def view(self) -> StationView:
        """The newest view."""
        with self._changed:
            return self._view

    @property
    def answers(self) -> int:
        """How many scans the window has answered so far."""
        with self._changed:
            return self._answers

    def show(self, view: StationView) -> None:
        """A view is on screen."""
        with self._changed:
            self._view = view
            self._changed.notify_all()

    def until(self, seen: Callable[[StationView], bool], timeout_s: float = 10.0) -> bool:
        """Wait until the view is as expected; False when it did not become so in time."""
        with self._changed:
            return self._changed.wait_for(lambda: seen(self._view), timeout_s)

    def until_answered(self, before: int, timeout_s: float) -> bool:
        """Wait until a scan after the first ``before`` is answered on screen."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._answers > before and self._view.serial >= self._answered, timeout_s
            )

    # --- how long a scan takes to its painted verdict ---------------------------------------

    def trigger(self) -> None:
        """The scanner's bytes are about to be written."""
        with self._changed:
            self.scans += 1
            self._begun_ns = time.monotonic_ns()

    def answered(self, serial: int) -> None:
        """The window was given the view that answers the scan; it is not painted yet."""
        with self._changed:
            self._answered = serial
            self._answers += 1
            if self._begun_ns:
                # On a busy machine the next scan may be answered before this one is painted.
                self._unpainted_ns.append(self._begun_ns)
                self._begun_ns = 0

    def painted(self) -> None:
        """The window's changes are on its surface."""
        with self._changed:
            now = time.monotonic_ns()
            self.scan_ns += [now - begun for begun in self._unpainted_ns]
            self._unpainted_ns.clear()
