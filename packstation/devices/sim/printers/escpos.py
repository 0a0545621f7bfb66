"""A simulated ESC/POS printer (reference/devices.md section 3.5).

``DLE EOT n`` is obeyed at once wherever it stands, in the middle of a picture too, as Epson's
pages say; ``GS r`` and ``GS I`` are answered in turn, so not while it is off line.
"""

from __future__ import annotations

from typing import Final

from packstation.devices.sim.printers.dialect import Asked, Item, Plain, PressState, Sheet
from packstation.devices.sim.printers.lines import Immediate

# How many bytes follow the two of a command; what is not here has one.
_AFTER: Final = {
    b"\x1b@": 0,
    b"\x1b2": 0,
    b"\x1bL": 0,
    b"\x1bS": 0,
    b"\x1b\x0c": 0,
    b"\x1d\x0c": 0,
    b"\x1d:": 0,
    b"\x1b$": 2,
    b"\x1b\\": 2,
    b"\x1bp": 3,
    b"\x1bW": 8,
    b"\x1dL": 2,
    b"\x1dW": 2,
    b"\x1dP": 2,
}
_LONG_CODES: Final = 65  # GS k from here on has a length, below it ends with NUL
_STATUS: Final = (b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04")


class EscposDialect(Plain):
    """A label ends where it is cut, fed to the next one, begun anew or left for a while."""

    suffix = "escpos"

    def __init__(self) -> None:
        self._immediate = Immediate(*_STATUS)
        self._held = b""
        self._label = b""
        self._inked = self._fed = False

    @property
    def partial(self) -> bool:
        """Whether a label has begun."""
        return self._inked or bool(self._held)

    def feed(self, data: bytes) -> list[Item]:
        """Status questions at once, the others and labels in their order."""
        rest, asked = self._immediate.feed(data)
        self._held += rest
        items: list[Item] = [Asked(one) for one in asked]
        while self._held and (size := command_size(self._held)):
            command, self._held = self._held[:size], self._held[size:]
            items += self._obeyed(command)
        return items

    def rest(self) -> list[Item]:
        """What was printed sticks out of the printer, to be torn off."""
        return [] if self._held else self._out()

    def reset(self) -> None:
        """What was half read is lost."""
        self._immediate.reset()
        self._held = self._label = b""
        self._inked = self._fed = False

    def answer(self, question: bytes, state: PressState) -> bytes:
        """DLE EOT 1 to 4, GS r 1, GS I 67."""
        if question.startswith(b"\x1dr"):
            return b"\x00"
        if question.startswith(b"\x1dI"):
            return b"_SIM-TM90\x00"
        paper, cover = state.has("paper_out"), state.has("head_open")
        stopped = any(state.has(one) for one in ("pause", "ribbon_out"))
        errors = (0x08 if state.has("cutter") else 0) | (0x40 if state.has("overheat") else 0)
        off = 0x08 if paper or cover or stopped or errors else 0
        causes = (0x20 if paper else 0) | (0x04 if cover else 0) | (0x40 if errors else 0)
        values = (off, causes, errors, 0x6C if paper else 0)
        return bytes((0x12 | values[question[2] - 1],))

    def _obeyed(self, command: bytes) -> list[Item]:
        if command[:2] in {b"\x1dr", b"\x1dI"}:
            return [*self._out(), Asked(command, in_turn=True, ready=True)]
        cut = command[:2] == b"\x1dV"
        out = self._out() if command == b"\x1b@" or (self._fed and not cut) else []
        self._label += command
        self._inked = self._inked or command[:3] == b"\x1dv0" or command[0] > 0x20
        self._fed = command == b"\x1d\x0c"
        return out + (self._out() if cut else [])

    def _out(self) -> list[Item]:
        """The label so far; what follows without ink, such as a cut, belongs to no other."""
        sheet, inked = self._label, self._inked
        if inked:
            self._label, self._inked, self._fed = b"", False, False
        return [Sheet(sheet)] if inked else []


def command_size(data: bytes) -> int:
    """How long the first command is; 0 while it is not whole."""
    if data[0] not in b"\x1b\x1d\x1c":
        return 1
    if len(data) < 3:
        return len(data) if len(data) == 2 and _AFTER.get(data[:2]) == 0 else 0
    size = _sized(data)
    return size if len(data) >= size else 0


def _sized(data: bytes) -> int:
    head = data[:2]
    if data[:3] == b"\x1dv0":
        return 8 + _word(data, 4) * _word(data, 6) if len(data) >= 8 else len(data) + 1
    if head == b"\x1d(":
        return 5 + _word(data, 3) if len(data) >= 5 else len(data) + 1
    if head == b"\x1dV":
        return 4 if data[2] in {65, 66, 97, 98} else 3
    if head == b"\x1dk":
        return _bar_code(data)
    if head == b"\x1b*":
        wide = 3 if len(data) > 2 and data[2] >= 32 else 1
        return 5 + wide * _word(data, 3) if len(data) >= 5 else len(data) + 1
    return 2 + _AFTER.get(head, 1)


def _bar_code(data: bytes) -> int:
    if data[2] >= _LONG_CODES:
        return 4 + data[3] if len(data) >= 4 else len(data) + 1
    end = data.find(b"\x00", 3)
    return end + 1 if end >= 0 else len(data) + 1


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")
