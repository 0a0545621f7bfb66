"""A simulated TSPL printer (reference/devices.md section 3.4)."""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.printers.tspl import STATUS
from packstation.devices.sim.printers.dialect import Asked, Item, Plain, PressState, Sheet
from packstation.devices.sim.printers.lines import Immediate, Line, cut_line

PICTURE: Final = re.compile(
    rb"BITMAP\s+(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,4})\s*,\s*(\d{1,5})\s*,\s*\d\s*,"
)
SIDES: Final = (3, 4)
_PRINT: Final = re.compile(rb"PRINT\s+(\d{1,4})(?:\s*,\s*(\d{1,2}))?\s*")
_LONG: Final = b"\x1b!S"
_QUESTION: Final = re.compile(rb"~!([T@])")
_BITS: Final = {
    "head_open": 0x01,
    "paper_out": 0x04,
    "ribbon_out": 0x08,
    "pause": 0x10,
    "cutter": 0x80,
    "overheat": 0x80,
}
_FIRST: Final = {"overheat": 0x01, "cutter": 0x08}
_SECOND: Final = {"paper_out": 0x01, "ribbon_out": 0x04, "head_open": 0x20}
_LABEL_MM: Final = 150


class TsplDialect(Plain):
    """``long``: it knows ``<ESC>!S``; ``unit_mm``: what one of its mileage is."""

    suffix = "tspl"

    def __init__(self, *, long: bool = True, unit_mm: int = 1000) -> None:
        self._long = long
        self._unit_mm = unit_mm
        self._immediate = Immediate(STATUS, _LONG)
        self._held = self._label = b""

    @property
    def partial(self) -> bool:
        """Whether a label has begun."""
        return bool(self._held.strip() or self._label)

    def feed(self, data: bytes) -> list[Item]:
        """Questions that begin with ESC at once, the others and labels in their order."""
        rest, asked = self._immediate.feed(data)
        self._held += rest
        items: list[Item] = [Asked(one) for one in asked]
        line, self._held = cut_line(self._held, PICTURE, SIDES)
        while line is not None:
            items += self._read(line)
            line, self._held = cut_line(self._held, PICTURE, SIDES)
        return items

    def reset(self) -> None:
        """What was half read is lost."""
        self._immediate.reset()
        self._held = self._label = b""

    def answer(self, question: bytes, state: PressState) -> bytes:
        """Both statuses, model and mileage."""
        if question == _LONG:
            return _long_status(state) if self._long else b""
        if question == b"~!T":
            return b"SIM-TT245\r\n"
        if question == b"~!@":
            return b"%d\r" % (state.printed * _LABEL_MM // self._unit_mm)
        busy = 0x20 if state.waiting and not state.sticking else 0
        return bytes((_bits(_BITS, state) or busy,))

    def _read(self, line: Line) -> list[Item]:
        if question := _QUESTION.match(line.text):
            return [Asked(question[0], in_turn=True, ready=True)]
        if self._label or line.text:
            self._label += line.raw
        printing = _PRINT.fullmatch(line.text)
        if printing is None:
            return []
        sheet = Sheet(self._label, int(printing[1]) * int(printing[2] or 1))
        self._label = b""
        return [sheet]


def _bits(table: dict[str, int], state: PressState) -> int:
    value = 0
    for name, bit in table.items():
        value |= bit if state.has(name) else 0
    return value


def _long_status(state: PressState) -> bytes:
    first, second = _bits(_FIRST, state), _bits(_SECOND, state)
    message = 0x40
    if first or second:
        message = 0x45
    elif state.has("pause"):
        message = 0x60
    elif state.sticking:
        message = 0x4C
    elif state.waiting:
        message = 0x50
    return bytes((0x02, message, 0x40, 0x40 | first, 0x40 | second)) + b"\x03\r\n"
