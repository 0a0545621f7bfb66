"""The conversation with a dimensioner: ask on request, take what its own button sends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from packstation.devices.framing import Framer
from packstation.devices.link import Line, Link, Linked
from packstation.devices.ports import PortLost
from packstation.domain.sizes import SizeReading, SizeState
from packstation.station.ports import DeviceState, SizeMeasured

ANSWER_S: Final = 5.0
_COMMAND_S: Final = 1.0
_REST_S: Final = 1.0
_MOST_MEASUREMENTS: Final = 5


class Agreement:
    """Which measurement of a box may be reported: the second alike, or the third.

    No dimensioner's frame has a checksum. One whose dimensional weight fits its sides is
    believed once another says the same, any other one once two others do.
    """

    def __init__(self) -> None:
        self._seen: list[tuple[int, int, int]] = []

    def agreed(self, reading: SizeReading) -> SizeReading | None:
        """The reading to report, and the next box begins; None to measure once more."""
        sides = reading.sides_mm
        if sides is None:
            return self._next(reading)
        self._seen.append(sides)
        if self._seen.count(sides) >= (2 if reading.proven else 3):
            return self._next(reading)
        if len(self._seen) < _MOST_MEASUREMENTS:
            return None
        return self._next(SizeReading(state=SizeState.UNSURE, error="disagree", raw=reading.raw))

    def _next(self, reading: SizeReading) -> SizeReading:
        self._seen = []
        return reading


class DimensionerConversation:
    """What is measured becomes a `SizeMeasured`; a request without an answer in ``answer_s`` too.

    A device that can be asked measures again until two or three agree, some times at most; then
    it is UNSURE, "disagree".
    """

    def __init__(
        self,
        framer: Callable[[], Framer],
        decode: Callable[[bytes], SizeReading],
        *,
        ask: bytes = b"",
        answer_s: float = ANSWER_S,
    ) -> None:
        """``ask`` is b"" for devices that only talk."""
        self._framer, self._decode = framer, decode
        self._ask, self._answer_s = ask, answer_s
        self._wanted = threading.Event()
        self._due: float | None = None
        self._agreement = Agreement()
        self._silent = False

    def request(self) -> None:
        """Measure at the next turn; from any thread. Nothing where it cannot be asked."""
        if self._ask:
            self._wanted.set()

    def converse(self, line: Line) -> None:
        """Report readings until the line is closed or lost."""
        framer = self._framer()
        self._due, self._agreement = None, Agreement()
        self._tell(line)
        while line.alive():
            if self._wanted.is_set():
                self._wanted.clear()
                line.command(self._ask, _COMMAND_S)
                self._due = time.monotonic() + self._answer_s
            for frame in framer.feed(line.receive(self._patience())):
                if frame.data.strip(b"\r\n"):
                    self._take(line, frame.data, frame.error)
            self._watch(line)

    def _patience(self) -> float:
        if self._wanted.is_set():
            return 0.0
        return _REST_S if self._due is None else max(0.0, self._due - time.monotonic())

    def _take(self, line: Line, data: bytes, error: str) -> None:
        reading = (
            SizeReading(state=SizeState.FAULT, error=error, raw=data)
            if error
            else self._decode(data)
        )
        self._due, self._silent = None, False
        self._tell(line)
        agreed = self._agreement.agreed(reading) if self._ask else reading
        if agreed is None:
            self._wanted.set()
        else:
            self._report(line, agreed)

    def _watch(self, line: Line) -> None:
        if self._due is not None and time.monotonic() >= self._due:
            self._due, self._agreement, self._silent = None, Agreement(), True
            self._report(line, SizeReading(state=SizeState.NOT_READY, error="silent"))
            self._tell(line)
            # Open and dead: a peer that was switched off, an adapter that hangs.
            raise PortLost(polite=True)

    def _tell(self, line: Line) -> None:
        """A port that opens again is no answer: one that was silent stays so until it speaks."""
        if self._silent:
            line.reporter.health(DeviceState.FAULT, "dimensioner.silent")
        else:
            line.reporter.well()

    @staticmethod
    def _report(line: Line, reading: SizeReading) -> None:
        line.reporter.post(SizeMeasured(line.reporter.device, reading, line.reporter.mono_ns()))


class Dimensioner(Linked):
    """An open dimensioner: the station asks it, and closes it once."""

    def __init__(self, link: Link, conversation: DimensionerConversation) -> None:
        super().__init__(link)
        self._conversation = conversation

    def measure(self) -> None:
        """Ask for the box that lies there now; the answer is a `SizeMeasured`."""
        self._conversation.request()
        self._link.wake()
