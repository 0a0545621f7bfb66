"""Places on a painted part that a finger may take: one `TouchArea` each, kept in step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QWidget

from packstation.ui.widgets.touch_area import TouchArea


class Touched(QObject):
    """Areas over a screen, each with the value that it gives."""

    def __init__(self, screen: QWidget, take: Callable[[str], None]) -> None:
        super().__init__(screen)
        self._screen, self._take = screen, take
        self._areas: list[TouchArea] = []

    def place(self, places: Sequence[tuple[str, str, QRectF]]) -> None:
        """Value, name for a screen reader, and rectangle of each."""
        while len(self._areas) < len(places):
            area = TouchArea(self._screen)
            area.clicked.connect(self._touched)
            self._areas.append(area)
        for index, area in enumerate(self._areas):
            area.setVisible(index < len(places))
            if index < len(places):
                value, name, rect = places[index]
                area.setObjectName(value)
                area.setAccessibleName(name)
                area.setGeometry(rect.toRect())
                area.raise_()

    def _touched(self) -> None:
        self._take(self.sender().objectName())
