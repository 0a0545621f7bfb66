"""What the window asks of a stage: show a view, say what the person did."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from packstation.station.views import StationView
from packstation.ui.theme import Theme
from packstation.ui.words import Speaker


class StageScreen(QWidget):
    """Base of all screens and overlays; made anew when theme or language change.

    ``shows_entry``: the screen shows ``view.entry`` itself, so the window opens no keypad.
    ``banner_role`` (now, ok, warn, stop, hold or ""), ``main_line`` and ``giant`` tell tests
    what a person reads.
    """

    happened = Signal(object)
    shows_entry = False

    def __init__(self, theme: Theme, speaker: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.speaker = speaker
        self.banner_role = ""
        self.main_line = ""
        self.giant = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_view(self, view: StationView) -> None:
        """Shows the snapshot; everything needed is in it."""
        raise NotImplementedError

    def show_first(self, view: StationView) -> None:
        """Shows what a person waits for, ahead of all other regions of the window."""
