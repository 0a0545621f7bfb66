"""A simulated Brother QL printer (reference/devices.md section 3.5; raster command reference).

It speaks by itself: printing begins, printing is done, something is wrong. It must not be asked
while it prints; being asked then is counted in ``asked_at_work``.
"""

from __future__ import annotations

from typing import Final

from packstation.devices.printers.brother_ql import Token, tokens
from packstation.devices.sim.printers.dialect import Asked, Item, Plain, PressState, Sheet

_REPLY, _COMPLETED, _ERROR, _NOTIFIED, _PHASE = 0x00, 0x01, 0x02, 0x05, 0x06
_FIRST: Final = {"paper_out": 0x02, "cutter": 0x04}
_SECOND: Final = {"head_open": 0x10, "overheat": 0x80, "ribbon_out": 0x01, "pause": 0x80}


class BrotherDialect(Plain):
    """Raster pages; statuses of 32 bytes, asked for and of its own."""

    suffix = "brother-ql"

    def __init__(self) -> None:
        self.asked_at_work = 0
        self._held = b""
        self._label = self._zeros = b""
        self._inked = False

    @property
    def partial(self) -> bool:
        """Whether a page has begun."""
        return self._inked

    def feed(self, data: bytes) -> list[Item]:
        """Pages and questions in their order."""
        self._held += data
        found, self._held = tokens(self._held)
        items: list[Item] = []
        for token in found:
            items += self._read(token)
        return items

    def reset(self) -> None:
        """What was half read is lost."""
        self._held = self._label = self._zeros = b""
        self._inked = False

    def answer(self, question: bytes, state: PressState) -> bytes:
        """The reply to a status request."""
        del question
        self.asked_at_work += state.working and not state.faults
        return _status(state, _REPLY)

    def began(self, state: PressState) -> bytes:
        """Phase: printing."""
        return _status(state, _PHASE)

    def ended(self, state: PressState) -> bytes:
        """Printing completed, then waiting for more."""
        return _status(state, _COMPLETED) + _status(state, _PHASE)

    def troubled(self, state: PressState) -> bytes:
        """An error, or that it is over."""
        wrong = any(state.has(one) for one in (*_FIRST, *_SECOND))
        return _status(state, _ERROR if wrong else _NOTIFIED)

    def _read(self, token: Token) -> list[Item]:
        if token.kind == "status":
            return [Asked(token.raw)]
        if token.kind == "nothing":
            self._zeros += token.raw
            return []
        if token.kind == "init":
            self._label, self._inked = self._zeros, False
        self._zeros = b""
        self._label += token.raw
        self._inked = self._inked or token.kind == "row"
        if token.kind != "page":
            return []
        sheet, self._label, self._inked = Sheet(self._label), b"", False
        return [sheet]


def _status(state: PressState, kind: int) -> bytes:
    first = second = 0
    for name, bit in _FIRST.items():
        first |= bit if state.has(name) else 0
    for name, bit in _SECOND.items():
        second |= bit if state.has(name) else 0
    phase = int(state.working)
    head = bytes((0x80, 0x20, 0x42, 0x34, 0x38, 0x30, 0x00, 0x00, first, second, 102, 0x0B))
    return head + bytes((0, 0, 0, 0, 0, 152, kind, phase)) + bytes(12)
