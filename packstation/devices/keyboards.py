"""Devices that pose as keyboards: their keys come through the window, not through a port.

Scanners and badge readers of the model "keyboard" and foot pedals have rows like all others,
so that they have lamps and names; whether one is plugged in, nobody can tell from here.
"""

from __future__ import annotations

from packstation.devices.health import Reporter


class KeyboardDevice:
    """Says that all is well, and has nothing to close."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        reporter.well()

    def end(self) -> None:
        """Say nothing more."""
        self._reporter.mute()

    def join(self, timeout: float) -> bool:
        """There is nothing to wait for."""
        del timeout
        return True

    def close(self) -> None:
        """Say nothing more."""
        self.end()
