"""Help of the state at hand; a search by typed letters; all commands and their keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.ports import ChoiceMade
from packstation.station.views import HelpView, StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.screens.touched import Touched
from packstation.ui.widgets.code_board import CodeBoard
from packstation.ui.widgets.help_board import HelpBoard
from packstation.ui.widgets.help_page import HelpPage, HelpSearch, HelpTopics


class HelpScreen(BenchScreen):
    """HELP."""

    def build(self) -> tuple[HelpSearch, HelpTopics, HelpPage, HelpBoard, CodeBoard]:
        """Search, topics, the page; the board of keys in its place."""
        self.search = HelpSearch(self.kit, self)
        self.topics = HelpTopics(self.kit, self)
        self.page = HelpPage(self.kit, self)
        self.board = HelpBoard(self.kit, self)
        self.codes = CodeBoard(self.kit, self)
        self.touched = Touched(self, self._take)
        return self.search, self.topics, self.page, self.board, self.codes

    def arrange(self, area: QRectF) -> None:
        """Topics at the left, the page at the right; the board takes both rows."""
        theme = self.theme
        gutter = theme.metrics.gutter
        wide = theme.pick(420, 300)
        high = theme.pick(72, 60)
        right, left = self._sides(area, wide)
        place(self.search, QRectF(left.left(), left.top(), left.width(), high))
        place(self.topics, left.adjusted(0, high + gutter, 0, 0))
        place(self.page, right)
        place(self.board, right)
        place(self.codes, right)
        self._fingers()

    def _sides(self, area: QRectF, wide: float) -> tuple[QRectF, QRectF]:
        """The page, and the narrow column; at the left for the right hand."""
        gutter = self.theme.metrics.gutter
        narrow = QRectF(area.left(), area.top(), wide, area.height())
        main = area.adjusted(wide + gutter, 0, 0, 0)
        if self.theme.mirrored:
            narrow.moveRight(area.right())
            main = area.adjusted(0, 0, -wide - gutter, 0)
        return main, narrow

    def show_view(self, view: StationView) -> None:
        """A topic, or the board."""
        super().show_view(view)
        board = view.help is None or view.help.board
        codes = bool(view.help and view.help.codes)
        self.board.setVisible(board)
        self.codes.setVisible(codes)
        self.page.setVisible(not board and not codes)
        self._fingers()

    def _fingers(self) -> None:
        shown = self.topics.shown or HelpView()
        corner = self.topics.geometry().topLeft()
        rows = self.topics.rows(QRectF(self.topics.rect())) if shown.hits else []
        self.touched.place(
            [
                (hit.id, hit.title or self._board_title(), row.translated(corner))
                for hit, row in zip(shown.hits, rows, strict=False)
            ]
        )

    def _board_title(self) -> str:
        return self.speaker.say("screen.help.title")

    def _take(self, topic: str) -> None:
        self.happened.emit(ChoiceMade(0, topic, "touch"))

    def says(self, view: StationView) -> tuple[str, str]:
        """The topic's title; nothing giant on a page of words."""
        if view.help and view.help.codes:
            return self.speaker.say("screen.codes.title"), ""
        if view.help is None or view.help.board:
            return self.speaker.say("screen.help.title"), ""
        return view.help.title, ""
