"""Bytes into frames, without input or output; how they were chopped must not matter."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Frame(Struct, frozen=True):
    """One frame as cut; ``error`` is "too_long" for the head of one that never ended in time."""

    data: bytes
    error: str = ""


class Framer(Protocol):
    """Cuts a stream of bytes into frames."""

    @property
    def pending(self) -> bool:
        """Whether a frame has begun and not ended."""

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that ``chunk`` completes."""

    def flush(self) -> Frame | None:
        """The begun frame, if any; the framer is as new afterwards."""


class EndFramer:
    """Frames that end in any of some bytes.

    With ``keep`` the end byte stays in the frame; without, ends are dropped and any
    run of them counts as one, so that CR, LF, CRLF, and STX ... ETX all do. Never
    holds more than ``limit`` bytes: of a longer frame the first ``limit`` are handed
    out as "too_long" at once and the rest is skipped up to the next end.
    """

    def __init__(self, ends: bytes, *, limit: int, keep: bool = False) -> None:
        self._ends = frozenset(ends)
        self._limit = limit
        self._keep = keep
        self._held = bytearray()
        self._skipping = False
        self.ended = False

    @property
    def pending(self) -> bool:
        """Whether a frame has begun, or the rest of a long one is being skipped."""
        return bool(self._held) or self._skipping

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that ``chunk`` completes, oldest first."""
        frames = []
        for byte in chunk:
            frame = self._end(byte) if byte in self._ends else self._take(byte)
            if frame is not None:
                frames.append(frame)
        return frames

    def flush(self) -> Frame | None:
        """The begun frame as it stands; also ends the skipping of a long one."""
        self._skipping = False
        if not self._held:
            return None
        frame = Frame(bytes(self._held))
        self._held.clear()
        return frame

    def _end(self, byte: int) -> Frame | None:
        self.ended = True
        skipped, self._skipping = self._skipping, False
        if skipped or (not self._held and not self._keep):
            return None
        if self._keep:
            self._held.append(byte)
        return self.flush()

    def _take(self, byte: int) -> Frame | None:
        if self._skipping:
            return None
        if len(self._held) < self._limit:
            self._held.append(byte)
            return None
        frame = Frame(bytes(self._held), "too_long")
        self._held.clear()
        self._skipping = True
        return frame


def line_framer(limit: int) -> EndFramer:
    """Lines ended by any run of CR and LF, or between STX and ETX; at most ``limit`` bytes."""
    return EndFramer(b"\r\n\x02\x03", limit=limit)
