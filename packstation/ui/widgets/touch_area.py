"""Where a finger may press: an unpainted button over a drawn part, never reached by a key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget


class TouchArea(QAbstractButton):
    """``clicked`` as of any button; NoFocus, so that neither Enter nor a scan presses it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What is pressed is drawn by the part beneath."""
