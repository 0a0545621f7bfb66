"""Scan your badge."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.badge_card import BadgeCard


class SignInScreen(BenchScreen):
    """SIGN_IN, and the idle lock over any state."""

    def build(self) -> tuple[BadgeCard]:
        """One card."""
        self.card = BadgeCard(self.kit, self)
        return (self.card,)

    def arrange(self, area: QRectF) -> None:
        """All of the stage."""
        place(self.card, area)

    def says(self, view: StationView) -> tuple[str, str]:
        """The line itself is the giant, unless a PIN is asked beside it."""
        line = self.speaker.say("screen.badge.scan")
        return line, line if view.entry is None else ""
