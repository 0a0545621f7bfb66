"""An event loop that is felt for its gaps: how long the window's thread was kept from working."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from packstation.station.ports import Happening, Post
from packstation.ui.app import make_application
from packstation.ui.bridge import Bridge

EVERY_MS = 5
SCHEDSTAT = Path("/proc/thread-self/schedstat")


class Pulse(QObject):
    """Beats every few milliseconds; ``longest_ms`` is the longest time between two beats.

    ``own_ms`` is the longest without the time in which the system had no core for the thread,
    which is other programs' doing (0 where the system does not tell).
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self._waited = 0.0
        self.longest_ms = self.own_ms = 0.0
        self._timer.start(EVERY_MS)

    def forget(self) -> None:
        """Begin anew; from any thread."""
        self.longest_ms = self.own_ms = 0.0

    @Slot()
    def _beat(self) -> None:
        now, waited = time.perf_counter() * 1000, waited_ms()
        if self._last:
            gap = now - self._last
            self.longest_ms = max(self.longest_ms, gap)
            self.own_ms = max(self.own_ms, gap - (waited - self._waited))
        self._last, self._waited = now, waited


def waited_ms() -> float:
    """How long this thread has waited for a core so far (Linux: schedstat, its second number)."""
    try:
        return int(SCHEDSTAT.read_text("ascii").split()[1]) / 1e6
    except OSError:
        return 0.0


def run_pulse(ready: Callable[[Pulse, Post], None], handle: Callable[[Happening], None]) -> None:
    """Run until the application is ended; what is posted from any thread comes to ``handle``."""
    app = make_application()
    bridge = Bridge()
    bridge.connect_to(handle)
    pulse = Pulse()
    ready(pulse, bridge.post)
    app.exec()
