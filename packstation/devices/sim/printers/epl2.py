"""A simulated EPL2 printer in page mode (reference/devices.md section 3.5)."""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.sim.printers.dialect import Asked, Item, Plain, PressState, Sheet
from packstation.devices.sim.printers.lines import Line, cut_line

PICTURE: Final = re.compile(rb"GW(\d{1,6}),(\d{1,6}),(\d{1,4}),(\d{1,5}),")
SIDES: Final = (3, 4)
_PRINT: Final = re.compile(rb"P(\d{1,4})(?:,(\d{1,2}))?\s*")
_CODES: Final = {
    "head_open": b"11",
    "paper_out": b"07",
    "ribbon_out": b"07",
    "pause": b"12",
    "cutter": b"81",
    "overheat": b"62",
}


class Epl2Dialect(Plain):
    """Answers ``^ee`` with the codes that stand, several with commas."""

    suffix = "epl2"

    def __init__(self) -> None:
        self._held = self._label = b""

    @property
    def partial(self) -> bool:
        """Whether a label has begun."""
        return bool(self._held.strip() or self._label.strip())

    def feed(self, data: bytes) -> list[Item]:
        """Labels and questions in their order."""
        self._held += data
        items: list[Item] = []
        line, self._held = cut_line(self._held, PICTURE, SIDES)
        while line is not None:
            items += self._read(line)
            line, self._held = cut_line(self._held, PICTURE, SIDES)
        return items

    def reset(self) -> None:
        """What was half read is lost."""
        self._held = self._label = b""

    def answer(self, question: bytes, state: PressState) -> bytes:
        """The codes, or 00."""
        del question
        codes = dict.fromkeys(code for name, code in _CODES.items() if state.has(name))
        return (b",".join(codes) or b"00") + b"\r\n"

    def _read(self, line: Line) -> list[Item]:
        if line.text == b"^ee":
            # The empty line in front of the question is part of it.
            self._label = self._label if self._label.strip() else b""
            return [Asked(line.text)]
        self._label += line.raw
        printing = _PRINT.fullmatch(line.text)
        if printing is None:
            return []
        sheet = Sheet(self._label, int(printing[1]) * int(printing[2] or 1))
        self._label = b""
        return [sheet]
