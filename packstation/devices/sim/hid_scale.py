"""A simulated USB HID scale: reports of six bytes over hidapi's shape (reference section 1.8)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from packstation.devices.framing import EndFramer
from packstation.devices.sim.faults import HID_SCALE_FAULTS, FaultTiming
from packstation.devices.sim.hid import HidFace, HidIdentity
from packstation.devices.sim.pan import Pan, ScaleFacts
from packstation.devices.sim.scale import ScaleSim, Speech

_UNITS: Final[Mapping[str, int]] = {"mg": 1, "g": 2, "kg": 3, "t": 8, "ozt": 10, "oz": 11, "lb": 12}
# One input report: id 3, status, unit, exponent, two bytes of weight (HID POS 1.02, section 4).
DESCRIPTOR: Final = bytes.fromhex(
    "05 8D 09 20 A1 01 85 03 15 00 26 FF 00 75 08 95 05 09 40 82 02 01 C0"
)
DYMO: Final = HidIdentity(0x0922, 0x8003, 0x8D, 0x20, "SIM1", "M10", DESCRIPTOR)


def report(pan: Pan) -> bytes:
    """What it says now; below zero the magnitude is sent."""
    shown = pan.shown()
    places = pan.facts.decimals
    size = min(0xFFFF, abs(int(shown.value.scaleb(places))))
    state = 6 if shown.beyond == "+" else 5 if shown.value < 0 else 3 if shown.moving else 4
    state = 2 if shown.zero else state
    return bytes((3, state, _UNITS[pan.facts.unit], -places & 0xFF, size & 0xFF, size >> 8))


SPEECH: Final = Speech(
    "hid-pos",
    heard=lambda: EndFramer(b"\n", limit=64),
    frame=report,
    facts=ScaleFacts(capacity_g=10_000, unit="g", decimals=0, division_g=2),
)


class HidScaleSim(ScaleSim):
    """Faults: unplug, delay, unstable, stale; a USB transfer comes whole or not at all."""

    known = HID_SCALE_FAULTS

    def __init__(
        self,
        chance: random.Random,
        facts: ScaleFacts | None = None,
        timing: FaultTiming | None = None,
        identity: HidIdentity = DYMO,
    ) -> None:
        self.face = HidFace(identity)
        super().__init__(self.face, chance, SPEECH, facts, timing)
