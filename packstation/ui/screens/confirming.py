"""Scan the label that was stuck on: it proves that paper came out and sits on the right box."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.confirm_card import ConfirmCard, confirm_line


class ConfirmingScreen(BenchScreen):
    """CONFIRMING (picture 06): one card over the whole stage."""

    def build(self) -> tuple[ConfirmCard]:
        """The card."""
        self.card = ConfirmCard(self.kit, self)
        return (self.card,)

    def arrange(self, area: QRectF) -> None:
        """All of it."""
        place(self.card, area)

    def says(self, view: StationView) -> tuple[str, str]:
        """The line itself is the giant; with no waybill there is nothing to scan."""
        line = confirm_line(self.speaker, view.label)
        return line, line if view.label is not None else ""
