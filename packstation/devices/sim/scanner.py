"""A simulated serial barcode scanner."""

from __future__ import annotations

from typing import Final

from packstation.devices.sim.device import SimDevice

SUFFIX: Final = b"\r"


class SerialScannerSim(SimDevice):
    """Sends AIM identifier, code and CR, as a scanner set to its factory suffix does."""

    def scan(self, text: str, aim: str = "", *, suffix: bytes = SUFFIX) -> None:
        """Pull the trigger on a code."""
        self.say((aim + text).encode() + suffix)

    def send(self, raw: bytes) -> None:
        """Send bytes as they are, for codes in another encoding or hostile ones."""
        self.say(raw)
