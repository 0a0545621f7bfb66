"""Tells when a window has been painted: what the robot and the benchmarks time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class PaintWatch(QObject):
    """Calls ``painted`` each time that changes of a shown window are on its surface.

    Qt paints all changed parts of a window in one UpdateRequest and flushes them; the request
    is handed on from here, so that the call comes right after it.
    """

    def __init__(self, window: QWidget, painted: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._painted = painted
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Paints, then tells."""
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        self._window.event(event)
        self._painted()
        return True


class FirstPaint(QObject):
    """Calls ``painted`` once, after the window's first painting."""

    def __init__(self, window: QWidget, painted: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._painted = painted
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The window paints first, its parts follow at once; the loop is idle after them."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._painted)
        return False
