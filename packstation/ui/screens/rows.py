"""A page of rows over the queue: choices, tasks, a shift's start and end, an order's history."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QWheelEvent

from packstation.station.ports import ChoiceMade, CommandGiven
from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.row_page import RowPage
from packstation.ui.widgets.touch_area import TouchArea


class RowsScreen(BenchScreen):
    """ROWS: one card over the whole stage; a finger picks a row."""

    def build(self) -> tuple[RowPage]:
        """The page."""
        self.page = RowPage(self.kit, self)
        self.areas: list[TouchArea] = []
        self.turns = (self._turn("previous-row"), self._turn("next-row"))
        return (self.page,)

    def arrange(self, area: QRectF) -> None:
        """All of the stage."""
        place(self.page, area)
        self._place_areas()

    def show_view(self, view: StationView) -> None:
        """The tone is the page's own."""
        super().show_view(view)
        self.banner_role = view.page_rows.tone if view.page_rows else "now"
        self._place_areas()

    def _place_areas(self) -> None:
        own = QRectF(self.page.geometry())
        body = self.page.body(QRectF(0, 0, own.width(), own.height()))
        rows = [(row, where) for row, where in self.page.places(body) if row.id]
        while len(self.areas) < len(rows):
            area = TouchArea(self)
            area.clicked.connect(self._touched)
            self.areas.append(area)
        for index, area in enumerate(self.areas):
            area.setVisible(index < len(rows))
            if index < len(rows):
                row, where = rows[index]
                area.setObjectName(row.id)
                area.setAccessibleName(self.speaker.of(row.words) or row.text)
                place(area, where.translated(own.left(), own.top()))

        halves = self.page.halves(QRectF(0, 0, own.width(), own.height()))
        for index, turn in enumerate(self.turns):
            turn.setVisible(halves is not None)
            if halves is not None:
                place(turn, halves[index].translated(own.left(), own.top()))

    def _turn(self, command: str) -> TouchArea:
        """Half of a timeline that turns it, as an arrow key does."""
        area = TouchArea(self)
        area.setObjectName(command)
        area.setAccessibleName(command)
        area.hide()
        area.clicked.connect(lambda: self.happened.emit(CommandGiven(command, source="touch")))
        return area

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel turns a timeline too."""
        down = event.angleDelta().y() < 0
        if self.turns[0].isVisible():
            self.happened.emit(CommandGiven("next-row" if down else "previous-row"))

    def _touched(self) -> None:
        name = self.sender().objectName()
        shown = self.page.shown
        ids = [row.id for row in shown.rows if row.id] if shown else []
        if name in ids:
            self.happened.emit(ChoiceMade(ids.index(name), name, "touch"))

    def says(self, view: StationView) -> tuple[str, str]:
        """What to do, else the title; nothing giant on a list."""
        shown = view.page_rows
        if shown is None:
            return self.speaker.say("screen.rows.title"), ""
        return self.speaker.of(shown.todo or shown.title), ""
