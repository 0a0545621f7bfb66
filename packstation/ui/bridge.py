"""The one door into Qt: reports of any thread reach the main thread as one queued signal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from packstation.station.ports import Happening


class Bridge(QObject):
    """Made in the main thread, which must run an event loop.

    ``handle`` is called there with every happening, in the order of posting. A bound method of
    a QObject is connected, never a lambda: PySide6 runs a lambda in the thread that emits.
    """

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handle: Callable[[Happening], None] | None = None
        self._early: list[Happening] = []
        self._posted.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def post(self, happening: Happening) -> None:
        """Safe from any thread; returns at once."""
        self._posted.emit(happening)

    def connect_to(self, handle: Callable[[Happening], None]) -> None:
        """From now on ``handle`` gets what is posted; what came before is handed over first."""
        self._handle = handle
        early, self._early = self._early, []
        for happening in early:
            handle(happening)

    @Slot(object)
    def _take(self, happening: Happening) -> None:
        if self._handle is None:
            self._early.append(happening)
        else:
            self._handle(happening)
