"""A main line by itself, for pages without a hero."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from packstation.station.views import StationView
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import Kit, Painted


class MainLine(Painted[str]):
    """One line of words in `head`, smaller where it does not fit."""

    def __init__(
        self, kit: Kit, says: Callable[[StationView], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, parent)
        self._says = says

    def share(self, view: StationView) -> str:
        """The words."""
        return self._says(view)

    def draw(self, canvas: Canvas, area: QRectF, shown: str) -> None:
        """In the middle of its height."""
        fitted = canvas.fit_name((area.width(), area.height()), shown)
        canvas.fitted(area, fitted, "ink", MIDDLE_LEFT)

    def spoken(self) -> str:
        """The line itself."""
        return self.shown or ""
