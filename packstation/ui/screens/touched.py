"""Places on a painted part that a finger may take: one `TouchArea` each, kept in step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast
from weakref import WeakMethod

from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QWidget

from packstation.ui.widgets.touch_area import TouchArea


class Touched(QObject):
    """Areas over a screen, each with the value that it gives."""

    def __init__(self, screen: QWidget, take: Callable[[str], None]) -> None:
        """``take`` is a method of the screen, held weakly: the two must not keep each other."""
        super().__init__(screen)
        self._take = WeakMethod(take)
        self._areas: list[TouchArea] = []

    def place(self, places: Sequence[tuple[str, str, QRectF]]) -> None:
        """Value, name for a screen reader, and rectangle of each."""
        while len(self._areas) < len(places):
            area = TouchArea(cast("QWidget", self.parent()))
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
        if (take := self._take()) is not None:
            take(self.sender().objectName())
