"""Held: by an own trouble, or because the order itself was stopped."""

from __future__ import annotations

from packstation.ui.screens.alerts import AlertScreen
from packstation.ui.widgets.hold_plate import HoldBody
from packstation.ui.widgets.stop_steps import StopBody


class HoldScreen(AlertScreen):
    """HELD, own trouble (picture 15)."""

    tone = "hold"
    kind = "hold"

    def make_body(self) -> HoldBody:
        """Weight off, or what is missing."""
        return HoldBody(self.kit, self)


class StopScreen(AlertScreen):
    """HELD, order stopped (picture 07)."""

    tone = "hold"
    kind = "stop"

    def make_body(self) -> StopBody:
        """Steps to safety."""
        return StopBody(self.kit, self)
