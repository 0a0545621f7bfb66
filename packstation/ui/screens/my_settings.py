"""My settings: what travels with the badge, changed by digit or finger, seen at once."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.ports import ChoiceMade
from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.screens.touched import Touched
from packstation.ui.widgets.settings_board import SettingsBoard


class MySettingsScreen(BenchScreen):
    """MY_SETTINGS."""

    def build(self) -> tuple[SettingsBoard]:
        """The board, and fingers on its values."""
        self.board = SettingsBoard(self.kit, self)
        self.touched = Touched(self, self._take)
        return (self.board,)

    def arrange(self, area: QRectF) -> None:
        """All of the stage."""
        place(self.board, area)
        self._fingers()

    def show_view(self, view: StationView) -> None:
        """Values may have changed."""
        super().show_view(view)
        self._fingers()

    def _fingers(self) -> None:
        corner = self.board.geometry().topLeft()
        area = QRectF(self.board.rect())
        self.touched.place(
            [
                (value, value.partition("=")[2], rect.translated(corner))
                for value, rect in self.board.touches(area)
            ]
        )

    def _take(self, value: str) -> None:
        self.happened.emit(ChoiceMade(0, value, "touch"))

    def says(self, _view: StationView) -> tuple[str, str]:
        """The title; nothing giant."""
        return self.speaker.say("mine.title"), ""
