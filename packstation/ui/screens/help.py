"""All commands and their keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import Screen, StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.help_board import HelpBoard


class HelpScreen(BenchScreen):
    """HELP."""

    def build(self) -> tuple[HelpBoard]:
        """The board."""
        self.board = HelpBoard(self.kit, self)
        return (self.board,)

    def arrange(self, area: QRectF) -> None:
        """All of the stage."""
        place(self.board, area)

    def says(self, view: StationView) -> tuple[str, str]:
        """The title; nothing giant on a list."""
        title = self.speaker.say("screen.help.title")
        return title, title if view.screen != Screen.HELP else ""
