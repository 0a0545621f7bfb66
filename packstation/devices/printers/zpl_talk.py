"""Questions to a ZPL printer over an open line, and their answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from packstation.devices.link import Line
from packstation.devices.printers.status import (
    HOST_STATUS,
    ODOMETER,
    HostStatus,
    odometer_answered,
    parse_hs,
    parse_odometer,
    status_lines,
)
from packstation.devices.printers.timing import PrinterTiming
from packstation.domain.errors import FrameMalformed
from packstation.station.ports import DeviceState

# The three lines have 82 bytes; more than this is not an answer.
_MOST: Final = 1024


def _is_whole(answer: bytes) -> bool:
    return len(status_lines(answer)) >= 3


class ZplTalk:
    """Asks, waits for the whole answer, and knows when the printer has fallen silent.

    Answers carry no number, so bytes that came before a question are thrown away: the
    answer to an old ``~HS`` must not vouch for a newer job.
    """

    def __init__(self, line: Line, timing: PrinterTiming) -> None:
        self._line = line
        self._timing = timing
        self._missed = 0
        # None until the printer was asked for the first time on this line.
        self._counts: bool | None = None

    def status(self) -> HostStatus | None:
        """The host status, or None without an answer in time; says how the printer is."""
        if self._missed:
            self._until_quiet()
        data = self._ask(HOST_STATUS, _is_whole, self._timing.answer_s)
        try:
            status = parse_hs(data)
        except FrameMalformed:
            self._miss(data)
            return None
        self._missed = 0
        if status.blocked:
            self._line.reporter.health(DeviceState.FAULT, status.blocked)
        else:
            self._line.reporter.well()
        return status

    def odometer(self) -> int | None:
        """How many labels came out so far, from printers that count."""
        if self._counts is False:
            return None
        data = self._ask(ODOMETER, odometer_answered, self._timing.odometer_s)
        count = parse_odometer(data)
        if self._counts is None:
            self._counts = count is not None
        return count

    def rest(self, seconds: float) -> None:
        """Wait; a new job or the end cuts it short. What the printer says unasked is seen."""
        self._line.receive(seconds)

    def pause(self, seconds: float) -> None:
        """Wait the whole time, unless the line is being closed."""
        until = time.monotonic() + seconds
        while self._line.alive() and (left := until - time.monotonic()) > 0:
            self._line.receive(left)

    def _ask(self, question: bytes, whole: Callable[[bytes], bool], patience: float) -> bytes:
        while self._line.receive(0):
            pass
        self._line.command(question, self._timing.answer_s)
        until = time.monotonic() + patience
        data = b""
        while not whole(data) and len(data) < _MOST and self._line.alive():
            left = until - time.monotonic()
            if left <= 0:
                break
            data += self._line.receive(left)
        return data

    def _until_quiet(self) -> None:
        """Late answers to questions given up come in here."""
        until = time.monotonic() + self._timing.answer_s
        while self._line.receive(self._timing.settle_s) and time.monotonic() < until:
            pass

    def _miss(self, data: bytes) -> None:
        self._missed += 1
        if self._missed >= self._timing.misses:
            # Some printers give no answer at all while the head is open or paper is out.
            cause = "printer.garbled" if data else "printer.silent"
            self._line.reporter.health(DeviceState.FAULT, cause)
