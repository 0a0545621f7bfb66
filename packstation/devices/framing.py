"""Bytes into frames, without input or output; how they were chopped must not matter."""

from __future__ import annotations

from collections.abc import Callable
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

    def __init__(self, ends: bytes, *, limit: int, keep: bool = False, mask: int = 0xFF) -> None:
        """``mask`` takes the parity bit of seven-bit lines off before ends are looked for."""
        self._ends = frozenset(ends)
        self._mask = mask
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
            frame = self._end(byte) if byte & self._mask in self._ends else self._take(byte)
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


class StartFramer:
    """Frames that begin with a start byte; ``whole(held)`` tells when they are complete.

    With ``restart`` a start byte inside a frame begins the next one and the frame before it is
    "torn". ``limit`` bytes of which none begins or completes a frame are handed out as "noise"
    or "too_long", so that a line of garbage is not taken for silence.
    """

    def __init__(
        self,
        start: int,
        whole: Callable[[bytes], bool],
        *,
        limit: int,
        mask: int = 0xFF,
        restart: bool = False,
    ) -> None:
        self._start = start
        self._whole = whole
        self._limit = limit
        self._mask = mask
        self._restart = restart
        self._held = bytearray()
        self._noise = bytearray()

    @property
    def pending(self) -> bool:
        """Whether a frame has begun."""
        return bool(self._held)

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that ``chunk`` completes, oldest first."""
        frames = []
        for byte in chunk:
            begins = byte & self._mask == self._start
            if not self._held and not begins:
                frames += self._skip(byte)
                continue
            if begins and self._held and self._restart:
                frames.append(self._cut("torn"))
            self._held.append(byte)
            self._noise.clear()
            if self._whole(bytes(self._held)):
                frames.append(self._cut())
            elif len(self._held) >= self._limit:
                frames.append(self._cut("too_long"))
        return frames

    def flush(self) -> Frame | None:
        """The begun frame as it stands."""
        return self._cut() if self._held else None

    def _skip(self, byte: int) -> list[Frame]:
        self._noise.append(byte)
        if len(self._noise) < self._limit:
            return []
        noise = Frame(bytes(self._noise), "noise")
        self._noise.clear()
        return [noise]

    def _cut(self, error: str = "") -> Frame:
        frame = Frame(bytes(self._held), error)
        self._held.clear()
        return frame


class ReportFramer:
    """Every chunk is a frame, as USB HID hands reports on."""

    pending = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """The chunk."""
        return [Frame(chunk)] if chunk else []

    def flush(self) -> Frame | None:
        """Nothing is ever begun."""
        return None


def line_framer(limit: int) -> EndFramer:
    """Lines ended by any run of CR and LF, or between STX and ETX; at most ``limit`` bytes."""
    return EndFramer(b"\r\n\x02\x03", limit=limit)
