"""What a ZPL printer says of itself, from its bytes (reference/devices.md sections 3.2, 3.7)."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from packstation.domain.errors import FrameMalformed

HOST_STATUS: Final = b"~HS"
HOST_IDENTITY: Final = b"~HI"
ODOMETER: Final = b'! U1 getvar "odometer.total_label_count"\r\n'

_LINE: Final = re.compile(rb"\x02([^\x02\x03]*)\x03")
_NUMBERS: Final = re.compile(r"\d+(?:,\d+)*")
_WIDTHS: Final = (12, 11, 2)
_QUOTED: Final = re.compile(rb'"([^"\r\n]*)"')
_FORMAT: Final = re.compile(rb"\^XA.*?\^XZ", re.IGNORECASE | re.DOTALL)
_QUANTITY: Final = re.compile(rb"\^PQ\s*(\d{1,9})", re.IGNORECASE)


class HostStatus(Struct, frozen=True):
    """The answer to ``~HS``; counts are formats and labels that still have to come out.

    ``label_dots`` is the length of a label as the printer measured it.
    """

    paper_out: bool
    paused: bool
    head_open: bool
    ribbon_out: bool
    formats: int
    labels_left: int
    partial: bool
    buffer_full: bool
    ram_lost: bool
    too_cold: bool
    too_hot: bool
    label_waiting: bool
    label_dots: int = 0

    @property
    def blocked(self) -> str:
        """The message key of what wants a hand; empty where nothing does."""
        causes = (
            (self.head_open, "printer.head_open"),
            (self.paper_out, "printer.paper_out"),
            (self.ribbon_out, "printer.ribbon_out"),
            (self.paused, "printer.paused"),
            (self.too_hot, "printer.too_hot"),
            (self.too_cold, "printer.too_cold"),
            (self.ram_lost, "printer.ram_lost"),
        )
        return next((cause for on, cause in causes if on), "")

    @property
    def idle(self) -> bool:
        """Nothing in the buffer, nothing half received, nothing in the way."""
        return not (self.formats or self.labels_left or self.partial or self.blocked)


def status_lines(data: bytes) -> list[bytes]:
    """The complete ``STX ... ETX`` lines in ``data``."""
    return _LINE.findall(data)


def parse_hs(data: bytes) -> HostStatus:
    """Read the three lines of ``~HS``; `FrameMalformed` names what is wrong otherwise."""
    lines = status_lines(data)
    if len(lines) != len(_WIDTHS):
        raise FrameMalformed(error="lines", raw=data.hex(" "))
    first, second, _third = (
        _fields(line, width, data) for line, width in zip(lines, _WIDTHS, strict=True)
    )
    return HostStatus(
        paper_out=first[1] == 1,
        paused=first[2] == 1,
        formats=first[4],
        buffer_full=first[5] == 1,
        partial=first[7] == 1,
        ram_lost=first[9] == 1,
        too_cold=first[10] == 1,
        too_hot=first[11] == 1,
        head_open=second[2] == 1,
        ribbon_out=second[3] == 1,
        label_waiting=second[7] == 1,
        labels_left=second[8],
        label_dots=first[3],
    )


def parse_odometer(data: bytes) -> int | None:
    """The label count in the answer to `ODOMETER`; None where the printer knows none ("?")."""
    found = _QUOTED.search(data)
    return int(found[1]) if found and found[1].isdigit() else None


def labels_in(payload: bytes) -> int:
    """How many labels a job makes: its ``^XA`` ... ``^XZ`` formats times their ``^PQ``."""
    total = 0
    for found in _FORMAT.finditer(payload):
        quantity = _QUANTITY.search(found[0])
        total += int(quantity[1]) if quantity else 1
    return total


def _fields(line: bytes, width: int, data: bytes) -> list[int]:
    text = line.decode("latin-1").strip()
    if not _NUMBERS.fullmatch(text):
        raise FrameMalformed(error="digits", raw=data.hex(" "))
    fields = [int(one) for one in text.split(",")]
    if len(fields) != width:
        raise FrameMalformed(error="fields", raw=data.hex(" "))
    return fields
