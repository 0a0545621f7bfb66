r"""Scan reports of HID-POS scanners: bytes in, whole codes out, without input or output.

Where in a report the length, the AIM identifier, the data and the mark "more follows" lie is
read from the device's own descriptor (HID Point of Sale usage tables 1.02 section 3: page 8C,
usages FB to FF); a maker's row stands in only where there is no descriptor, or one that does
not say. Source of the rows: reference/devices.md section 2.3.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.hid_descriptor import Descriptor, ReportField, parse_descriptor
from packstation.station.scantext import LONGEST

PAGE: Final = 0x8C
SCANNER_USAGE: Final = 0x02
_SCANNER: Final = PAGE << 16 | SCANNER_USAGE
_AIM_1: Final = PAGE << 16 | 0xFB
_DATA: Final = PAGE << 16 | 0xFE
_MORE: Final = PAGE << 16 | 0xFF
_BYTE_COUNT: Final = 0x01 << 16 | 0x3B  # generic desktop page, "byte count"
_AIM: Final = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
_REPLY: Final = 0x3F
_REPLY_AIM: Final = "]Z6"


class ScanLayout(Struct, frozen=True):
    """Places in a scan report, in bytes; the id of the report is not counted.

    ``count_at`` is the byte that says how many of ``data_size`` bytes count, -1 for none;
    ``aim_at`` where the three bytes of the AIM identifier begin, -1 for none; ``more_at`` and
    ``more_mask`` the bit that says that the code goes on, -1 for none; ``kind_at`` a maker's own
    code id, of which "?" marks an answer to a command. ``report`` 0: reports have no id.
    """

    report: int
    size: int
    data_at: int
    data_size: int
    count_at: int = -1
    aim_at: int = -1
    more_at: int = -1
    more_mask: int = 0x01
    kind_at: int = -1


class ScannerMaker(Struct, frozen=True):
    """What a maker's scanners do beyond the standard.

    ``begin`` is a feature report sent after opening, ``wrap`` the id of the output report that
    carries a serial command: id, length, command, zeros to ``wrap_size`` bytes.
    """

    vid: int
    layout: ScanLayout
    begin: bytes = b""
    wrap: int = 0
    wrap_size: int = 0


# Captures of a Honeywell, agreeing with the report of the Access-IS LSR118 (product manual,
# appendix B.1): two makers, one layout.
HONEYWELL_LAYOUT: Final = ScanLayout(
    report=2,
    size=63,
    count_at=0,
    aim_at=1,
    data_at=4,
    data_size=56,
    kind_at=60,
    more_at=62,
)
# No AIM in front; of the six bytes behind the data nobody says what they are. Taken to end like
# Honeywell's, which has not been seen on a real one.
NEWLAND_LAYOUT: Final = ScanLayout(
    report=2, size=63, count_at=0, data_at=1, data_size=56, more_at=62
)
MAKERS: Final = (
    ScannerMaker(0x0C2E, HONEYWELL_LAYOUT, begin=b"\xfe\x01", wrap=0xFD, wrap_size=64),
    ScannerMaker(0x1EAB, NEWLAND_LAYOUT),
)


def maker_of(vid: int) -> ScannerMaker | None:
    """The row of a USB vendor, if it has one."""
    return next((maker for maker in MAKERS if maker.vid == vid), None)


def is_scanner(descriptor: bytes) -> bool:
    """Whether a descriptor is a scanner's.

    The page alone is not enough: keyboards and game pads use it for settings of their own.
    """
    return _SCANNER in parse_descriptor(descriptor).applications


def layout_for(descriptor: bytes, vid: int) -> ScanLayout | None:
    """The layout that the device itself tells, else its maker's; None where nobody knows.

    None too for a device whose descriptor is there and is no scanner's, whoever made it.
    """
    maker = maker_of(vid)
    if descriptor and not is_scanner(descriptor):
        return None
    told = layout_of(parse_descriptor(descriptor))
    if told is None or maker is None:
        return told or (maker.layout if maker else None)
    same = (told.report, told.size) == (maker.layout.report, maker.layout.size)
    return replace(told, kind_at=maker.layout.kind_at) if same else told


def layout_of(descriptor: Descriptor) -> ScanLayout | None:
    """Where the scanned data lies by the usages of a descriptor; None where it has none."""
    for one in descriptor.fields:
        place = one.place(_DATA) if one.kind == "input" and one.bits == 8 else None
        if place is not None and place[0] % 8 == 0:
            return _layout(descriptor, one.report, place[0] // 8, place[1] // 8)
    return None


def _layout(descriptor: Descriptor, report: int, data_at: int, data_size: int) -> ScanLayout:
    fields = descriptor.of("input", report)
    more = _found(fields, _MORE)
    return ScanLayout(
        report=report,
        size=descriptor.size("input", report),
        data_at=data_at,
        data_size=data_size,
        count_at=_count_at(fields, data_at),
        aim_at=_byte(_found(fields, _AIM_1)),
        more_at=-1 if more is None else more[0] // 8,
        more_mask=_mask(more),
    )


def _found(fields: tuple[ReportField, ...], usage: int) -> tuple[int, int] | None:
    return next((place for one in fields if (place := one.place(usage)) is not None), None)


def _byte(place: tuple[int, int] | None) -> int:
    return -1 if place is None or place[0] % 8 else place[0] // 8


def _mask(place: tuple[int, int] | None) -> int:
    """The bits of a flag inside its first byte."""
    if place is None:
        return 0x01
    at, bits = place
    return (((1 << bits) - 1) << (at % 8)) & 0xFF


def _count_at(fields: tuple[ReportField, ...], data_at: int) -> int:
    """By its usage, else the first byte of the report where nothing else is said to lie."""
    told = _byte(_found(fields, _BYTE_COUNT))
    if told >= 0:
        return told
    first = fields[0]
    scan = any(PAGE << 16 | 0xFB <= low <= _MORE for low, _ in first.usages)
    return 0 if first.bits == 8 and data_at > 0 and not scan else -1


class HidScan(Struct, frozen=True):
    """A whole code as sent; ``error`` "torn" or "too_long"; ``reply``: an answer, no code."""

    data: bytes
    aim: str = ""
    error: str = ""
    reply: bool = False


class HidScanReader:
    """Puts the reports of one scanner together to codes; garbage in gives no exception."""

    def __init__(self, layout: ScanLayout) -> None:
        self._layout = layout
        self._held = bytearray()
        self._aim = ""
        self._begun = False

    @property
    def pending(self) -> bool:
        """Whether a code has begun and its last report has not come."""
        return self._begun

    def feed(self, report: bytes) -> list[HidScan]:
        """The codes that a report completes: none, one, or one after a torn one."""
        payload = self._payload(report)
        if payload is None:
            return []
        layout, torn = self._layout, []
        aim = self._aim_of(payload)
        if self._begun and aim != self._aim:
            torn = self._cut("torn")
        self._aim, self._begun = aim, True
        data, whole = self._data(payload)
        self._held += data[: LONGEST + 1 - len(self._held)]
        if not whole:
            return torn + self._cut("torn")
        if self._goes_on(payload):
            return torn
        kind = payload[layout.kind_at] if 0 <= layout.kind_at < len(payload) else 0
        return torn + self._cut("", reply=kind == _REPLY or aim == _REPLY_AIM)

    def flush(self) -> list[HidScan]:
        """The begun code, torn, where there is one."""
        return self._cut("torn") if self._begun else []

    def _payload(self, report: bytes) -> bytes | None:
        """Without the id, which some back ends have taken off already; None for other reports."""
        layout = self._layout
        if not layout.report or len(report) == layout.size:
            return report
        return report[1:] if report[:1] == bytes((layout.report,)) else None

    def _aim_of(self, payload: bytes) -> str:
        at = self._layout.aim_at
        found = _AIM.fullmatch(payload[at : at + 3]) if at >= 0 else None
        return found[0].decode("ascii") if found else ""

    def _data(self, payload: bytes) -> tuple[bytes, bool]:
        """The data of a report, and whether all of it has come."""
        layout = self._layout
        room = payload[layout.data_at : layout.data_at + layout.data_size]
        if layout.count_at < 0:
            return room.rstrip(b"\x00"), bool(room)
        if layout.count_at >= len(payload):
            return b"", False
        count = payload[layout.count_at]
        return room[:count], count <= len(room)

    def _goes_on(self, payload: bytes) -> bool:
        at = self._layout.more_at
        return 0 <= at < len(payload) and bool(payload[at] & self._layout.more_mask)

    def _cut(self, error: str, *, reply: bool = False) -> list[HidScan]:
        data, aim = bytes(self._held), self._aim
        self._held.clear()
        self._begun, self._aim = False, ""
        if len(data) > LONGEST:
            data, error = data[:LONGEST], "too_long"
        return [HidScan(data, aim, error, reply)] if data or error else []


def wrapped(maker: ScannerMaker, command: bytes) -> bytes:
    """A serial command as an output report: ``FD 03 16 54 0D`` and zeros."""
    return (bytes((maker.wrap, len(command))) + command).ljust(maker.wrap_size, b"\x00")
