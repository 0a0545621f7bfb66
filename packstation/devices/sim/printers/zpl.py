"""A simulated ZPL printer (reference/devices.md sections 3.1 and 3.2)."""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.printers.status import HOST_IDENTITY, HOST_STATUS, ODOMETER
from packstation.devices.printers.zpl import (
    CANCEL_ALL,
    HOST_ERRORS,
    HOST_ODOMETER,
    SERIAL_NUMBER,
    USER_LABELS,
)
from packstation.devices.sim.printers.dialect import (
    MOST,
    Asked,
    Forget,
    Item,
    Plain,
    PressState,
    Sheet,
)

_COMMANDS: Final = (
    HOST_STATUS,
    HOST_IDENTITY,
    ODOMETER,
    USER_LABELS,
    HOST_ERRORS,
    HOST_ODOMETER,
    SERIAL_NUMBER,
    CANCEL_ALL,
)
_COMMAND: Final = re.compile(b"|".join(re.escape(one) for one in _COMMANDS))
_FORMAT: Final = re.compile(rb"\^XA(?:(?!\^XA).)*?\^XZ", re.DOTALL)
_QUANTITY: Final = re.compile(rb"\^PQ\s*(\d{1,6})")
# What keeps ~HS silent by the maker's present pages (docs.zebra.com, ~HS).
QUIET: Final = frozenset({"paper_out", "ribbon_out", "head_open", "overheat"})
# The digits of ~HQES, from the right: place and value.
_ERRORS: Final = {
    "paper_out": (0, 1),
    "ribbon_out": (0, 2),
    "head_open": (0, 4),
    "cutter": (0, 8),
    "overheat": (1, 1),
}
_LABEL_IN: Final = 6


class ZplDialect(Plain):
    """``quiet``: faults that keep ``~HS`` unanswered; older firmware answers in all of them."""

    suffix = "zpl"

    def __init__(self, *, quiet: frozenset[str] = frozenset(), counts: bool = True) -> None:
        self._quiet = quiet
        self._counts = counts
        self._input = bytearray()

    @property
    def partial(self) -> bool:
        """Whether a format has begun."""
        return b"^XA" in self._input

    def feed(self, data: bytes) -> list[Item]:
        """Whole formats and commands, in the order in which they were completed.

        A command is obeyed at once, also in the middle of a format that still comes in.
        """
        self._input += data
        items = []
        while (item := self._next_item()) is not None:
            items.append(item)
        return items

    def reset(self) -> None:
        """The half format is lost."""
        self._input.clear()

    def answer(self, question: bytes, state: PressState) -> bytes:
        """~HS, ~HQES, ~HI, ~HQSN, ~HQOD and the SGD odometers."""
        if question == HOST_STATUS:
            return b"" if self._quiet & state.faults else _status(state)
        count = f'"{state.printed}"\r\n' if self._counts else '"?"\r\n'
        inches = _LABEL_IN * state.printed
        meters = f'PRINT METERS\r\n  TOTAL NONRESETTABLE: {inches} "\r\n'
        return {
            HOST_IDENTITY: b"\x02SIM-203,V1.0,8,8192KB\x03\r\n",
            SERIAL_NUMBER: b"\x02\r\nPRINTER SERIAL NUMBER\r\nSIM0000001\r\n\x03\r\n",
            ODOMETER: count.encode(),
            USER_LABELS: count.encode(),
            HOST_ODOMETER: f"\x02\r\n{meters}\x03\r\n".encode(),
            HOST_ERRORS: _errors(state),
        }[question]

    def _next_item(self) -> Item | None:
        text = bytes(self._input)
        found = [one for one in (_FORMAT.search(text), _COMMAND.search(text)) if one]
        if not found:
            whole = b"^XA" in text and len(text) <= MOST
            del self._input[: 0 if whole else max(0, len(text) - len(USER_LABELS))]
            return None
        first = min(found, key=lambda one: one.end())
        del self._input[slice(*first.span())]
        if first[0] == CANCEL_ALL:
            self._input.clear()
            return Forget()
        if first[0] in _COMMANDS:
            return Asked(first[0])
        quantity = _QUANTITY.search(first[0])
        return Sheet(first[0], int(quantity[1]) if quantity else 1)


def _status(state: PressState) -> bytes:
    paper, head, pause, ribbon, hot = (
        int(state.has(one)) for one in ("paper_out", "head_open", "pause", "ribbon_out", "overheat")
    )
    mode = 1 if state.has("label_waiting") else 2
    partial, waits = int(state.partial), int(state.sticking)
    first = f"030,{paper},{pause},1218,{state.waiting:03d},0,0,{partial},000,0,0,{hot}"
    second = f"000,0,{head},{ribbon},0,{mode},4,{waits},00000000,1,000"
    return "".join(f"\x02{line}\x03\r\n" for line in (first, second, "1234,0")).encode()


def _errors(state: PressState) -> bytes:
    value = sum(bit << 4 * place for name, (place, bit) in _ERRORS.items() if state.has(name))
    errors = f"  ERRORS:         {int(bool(value))} 00000000 {value:08X}\r\n"
    warnings = "  WARNINGS:       0 00000000 00000000\r\n"
    return f"\x02\r\n\r\n  PRINTER STATUS\r\n{errors}{warnings}\x03\r\n".encode()
