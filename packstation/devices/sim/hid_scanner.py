"""A simulated HID-POS scanner: codes as reports of its layout, and commands that it obeys."""

from __future__ import annotations

import random
from typing import Final

from packstation.devices.hid_scanner import (
    HONEYWELL_LAYOUT,
    NEWLAND_LAYOUT,
    PAGE,
    SCANNER_USAGE,
    ScanLayout,
)
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faults import HID_SCANNER_FAULTS, FaultTiming
from packstation.devices.sim.hid import HidFace, HidIdentity

# Written after the usage tables, in the two layouts that were seen; no maker's own bytes.
HONEYWELL_DESCRIPTOR: Final = bytes.fromhex(
    "05 8C 09 02 A1 01 09 12 A1 02 85 02 15 00 26 FF 00 75 08"
    "95 01 05 01 09 3B 81 02"  # how many bytes
    "05 8C 95 01 09 FB 81 02 09 FC 81 02 09 FD 81 02"  # AIM identifier
    "95 38 09 FE 82 02 01"  # 56 bytes of data
    "95 02 06 66 FF 09 04 81 02"  # the maker's own
    "75 01 95 01 05 8C 09 FF 81 02 75 07 81 03 C0"  # one bit: more follows
    "09 14 A1 02 85 FD 75 08 95 3F 06 66 FF 09 05 91 02 C0 C0"  # commands
)
NEWLAND_DESCRIPTOR: Final = bytes.fromhex(
    "05 8C 09 02 A1 01 85 02 15 00 26 FF 00 75 08"
    "95 01 06 00 FF 09 01 81 02"
    "05 8C 95 38 09 FE 82 02 01"
    "95 05 06 00 FF 09 02 81 02"
    "75 01 95 01 05 8C 09 FF 81 02 75 07 81 03 C0"
)
HONEYWELL: Final = HidIdentity(
    0x0C2E, 0x0B6A, PAGE, SCANNER_USAGE, "SIM1", "HID-POS scanner", HONEYWELL_DESCRIPTOR
)
NEWLAND: Final = HidIdentity(
    0x1EAB, 0x0010, PAGE, SCANNER_USAGE, "", "HID-POS scanner", NEWLAND_DESCRIPTOR
)
LAYOUTS: Final = {HONEYWELL.vid: HONEYWELL_LAYOUT, NEWLAND.vid: NEWLAND_LAYOUT}


def scan_reports(layout: ScanLayout, data: bytes, aim: str = "") -> list[bytes]:
    """The reports of one code, the id of each first."""
    size = layout.data_size
    parts = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
    return [_report(layout, part, aim, more=part is not parts[-1]) for part in parts]


def _report(layout: ScanLayout, part: bytes, aim: str, *, more: bool) -> bytes:
    payload = bytearray(layout.size)
    payload[layout.data_at : layout.data_at + len(part)] = part
    if layout.count_at >= 0:
        payload[layout.count_at] = len(part)
    if layout.aim_at >= 0 and aim:
        payload[layout.aim_at : layout.aim_at + 3] = aim.encode("ascii")
    if more and layout.more_at >= 0:
        payload[layout.more_at] |= layout.more_mask
    return bytes((layout.report,)) + bytes(payload)


class HidScannerSim(SimDevice):
    """Faults: unplug, delay; lose (the last report of a code), stripped (reports without id)."""

    def __init__(
        self,
        identity: HidIdentity,
        chance: random.Random,
        timing: FaultTiming | None = None,
    ) -> None:
        self.face = HidFace(identity)
        self.heard: list[bytes] = []
        self._layout = LAYOUTS.get(identity.vid, HONEYWELL_LAYOUT)
        super().__init__(self.face, HID_SCANNER_FAULTS, chance, timing)

    def scan(self, text: str, aim: str = "") -> None:
        """Pull the trigger on a code."""
        self.send(scan_reports(self._layout, text.encode(), aim))

    def send(self, reports: list[bytes]) -> None:
        """Send reports as they are, but for the faults."""
        if self.faults.has("lose"):
            reports = reports[:-1]
        for report in reports:
            self.say(report[1:] if self.faults.has("stripped") else report)

    def hear(self, data: bytes) -> None:
        """Keep what the host commands."""
        self.heard.append(data)
