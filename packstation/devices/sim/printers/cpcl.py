"""A simulated CPCL printer (reference/devices.md section 3.5).

``ESC h`` is answered only once the label before it is done (Zebra, CPCL manual, section 11).
"""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.sim.printers.dialect import Asked, Item, Plain, PressState, Sheet
from packstation.devices.sim.printers.lines import Line, cut_line

PICTURE: Final = re.compile(
    rb"(?:CG|COMPRESSED-GRAPHICS|VCG)\s+(\d{1,4})\s+(\d{1,5})\s+(\d{1,6})\s+(\d{1,6})\s"
)
SIDES: Final = (1, 2)
_BEGIN: Final = re.compile(rb"!\s+\d+\s+\d+\s+\d+\s+\d+\s+(\d{1,4})\s*")
# Control characters, all but ESC, between two labels.
_IGNORED: Final = bytes(byte for byte in range(0x20) if byte != 0x1B)
_BITS: Final = {
    "paper_out": 0x02,
    "ribbon_out": 0x02,
    "head_open": 0x04,
    "pause": 0x01,
    "cutter": 0x01,
    "overheat": 0x01,
}


class CpclDialect(Plain):
    """Sessions from ``!`` to ``PRINT``; between them questions of two bytes."""

    suffix = "cpcl"

    def __init__(self) -> None:
        self._held = self._label = b""
        self._copies = 1

    @property
    def partial(self) -> bool:
        """Whether a session has begun."""
        return bool(self._held or self._label)

    def feed(self, data: bytes) -> list[Item]:
        """Labels and questions in their order."""
        self._held += data
        items: list[Item] = []
        while (found := self._next()) is not None:
            items += found
        return items

    def reset(self) -> None:
        """What was half read is lost."""
        self._held = self._label = b""

    def answer(self, question: bytes, state: PressState) -> bytes:
        """The status byte, or model, firmware and serial number with a NUL behind."""
        if question == b"v":
            return b"SIM-QL420 V24 0000001\x00"
        if question != b"h":
            return b""
        value = 0
        for name, bit in _BITS.items():
            value |= bit if state.has(name) else 0
        return bytes((value,))

    def _next(self) -> list[Item] | None:
        """What the next question or line completes; None while it is not whole."""
        if not self._label:
            self._held = self._held.lstrip(_IGNORED)
        if not self._label and self._held[:1] == b"\x1b":
            question, self._held = self._held[1:2], self._held[2:] if self._held[1:] else self._held
            return [Asked(question, in_turn=True)] if question else None
        line, self._held = cut_line(self._held, PICTURE, SIDES)
        return None if line is None else self._read(line)

    def _read(self, line: Line) -> list[Item]:
        begins = None if self._label else _BEGIN.fullmatch(line.text)
        if begins:
            self._copies = int(begins[1])
        if begins or self._label:
            self._label += line.raw
        if not self._label and line.text[:1] not in {b"", b"!"}:
            return [Sheet(line.raw)]  # between labels it prints lines of text
        if not self._label or line.text != b"PRINT":
            return []
        sheet, self._label = Sheet(self._label, self._copies), b""
        return [sheet]
