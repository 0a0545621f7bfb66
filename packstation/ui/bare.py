"""The least that Qt can do with a scan: a label. The pack screen is measured beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel

from packstation.ui.app import make_application
from packstation.ui.watch import PaintWatch


class BareLabel(QLabel):
    """Shows a text that another thread gives; ``painted`` is called with what is on screen."""

    _came = Signal(str)

    def __init__(self, size: tuple[int, int], painted: Callable[[str], None]) -> None:
        super().__init__("-")
        self.resize(*size)
        self._came.connect(self.setText, Qt.ConnectionType.QueuedConnection)
        self._watch = PaintWatch(self, lambda: painted(self.text()))
        self.show()

    def give(self, text: str) -> None:
        """Safe from any thread."""
        self._came.emit(text)


def run_label(
    size: tuple[int, int],
    painted: Callable[[str], None],
    ready: Callable[[BareLabel], None],
) -> None:
    """A label until the application is ended."""
    app = make_application()
    ready(BareLabel(size, painted))
    app.exec()
