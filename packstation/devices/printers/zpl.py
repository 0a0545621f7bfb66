"""A ZPL printer over serial or TCP: one worker, one job at a time, one honest ladder.

spooled -> accepted (all bytes taken) -> idle (twice, ``~HS``) -> counted (odometer, where
there is one) -> printed. A job of which a byte has left is never sent again: when its end
is unknown it is ``uncertain`` and a person decides. A job of which none has left waits, for
paper, for a hand, or for the cable (reference/devices.md sections 0, 3.6 and 3.7).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

from msgspec import Struct

from packstation.devices.health import Reporter
from packstation.devices.link import Line, Link, LinkTiming
from packstation.devices.opening import Opener
from packstation.devices.ports import LINK_ERRORS, PortLost
from packstation.devices.printers.status import HostStatus, labels_in
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.printers.zpl_talk import ZplTalk
from packstation.station.ports import DeviceState, PrintJob, PrintProgress

_CHUNK: Final = 4096
_PRINTED: Final = ("printed", "")


class _Run(Struct):
    """A job under way: how many of its bytes the line took, and the last rung."""

    job: PrintJob
    sent: int = 0
    idle: bool = False


class ZplPrinter:
    """`packstation.station.ports.Printer` for ZPL."""

    def __init__(
        self,
        reporter: Reporter,
        opener: Opener,
        timing: PrinterTiming | None = None,
        link: LinkTiming | None = None,
    ) -> None:
        self._reporter = reporter
        self._timing = timing or PrinterTiming()
        self._guard = threading.Lock()
        self._queue: deque[PrintJob] = deque()
        # An odometer that has never moved for a finished job proves nothing.
        self._odometer_moves = False
        self._link = Link(reporter, opener, self._converse, link)
        self._link.start()

    def submit(self, job: PrintJob) -> None:
        self._progress(job, "spooled")
        with self._guard:
            self._queue.append(job)
        self._link.wake()

    def withdraw(self, job: str) -> bool:
        """Take a job back of which no byte has left; False where it is too late."""
        with self._guard:
            waiting = [one for one in self._queue if one.job != job]
            found = len(waiting) < len(self._queue)
            self._queue = deque(waiting)
            return found

    def came_out(self, job: str) -> bool | None:  # noqa: ARG002 - a label printer keeps no names
        """A label printer knows nothing of jobs by name."""
        return None

    def close(self) -> None:
        self._link.close()

    def _converse(self, line: Line) -> None:
        talk = ZplTalk(line, self._timing)
        while line.alive():
            status = talk.status()
            job = self._take() if status and not status.blocked else None
            if job is None:
                talk.rest(self._timing.watch_s)
            else:
                self._print(line, talk, _Run(job))

    def _take(self) -> PrintJob | None:
        with self._guard:
            return self._queue.popleft() if self._queue else None

    def _print(self, line: Line, talk: ZplTalk, run: _Run) -> None:
        outcome = ("uncertain", "printer.lost")
        try:
            before = talk.odometer()
            outcome = self._push(line, run) or self._follow(line, talk, run, before)
        except LINK_ERRORS:
            if run.idle:
                outcome = _PRINTED
            raise
        finally:
            self._settle(run, *outcome)

    def _settle(self, run: _Run, outcome: str, cause: str) -> None:
        """The end of a job; one of which no byte has left goes back to the head of the queue."""
        if run.sent or not run.job.payload:
            self._progress(run.job, outcome, cause)
            return
        with self._guard:
            self._queue.appendleft(run.job)

    def _push(self, line: Line, run: _Run) -> tuple[str, str] | None:
        """Hand the bytes over; an outcome only where that did not come to its end."""
        payload, timing = run.job.payload, self._timing
        moved = time.monotonic()
        while run.sent < len(payload):
            if not line.alive():
                return "uncertain", "printer.closed"
            taken = line.send(payload[run.sent : run.sent + _CHUNK], timing.write_s)
            run.sent += taken
            still = 0.0 if taken else time.monotonic() - moved
            moved = time.monotonic() if taken else moved
            if still >= timing.write_s:
                # A printer that wants paper stops reading; it goes on once it has some.
                line.reporter.health(DeviceState.FAULT, "printer.stalled")
            if still >= timing.give_up_s and run.sent:
                raise PortLost(polite=True)
        self._progress(run.job, "accepted")
        return None

    def _follow(self, line: Line, talk: ZplTalk, run: _Run, before: int | None) -> tuple[str, str]:
        """Watch until the printer is idle again, then count."""
        looks, since = 0, time.monotonic()
        while line.alive():
            status = talk.status()
            looks = looks + 1 if status and status.idle else 0
            if looks == 2:
                run.idle = True
                self._progress(run.job, "idle")
                return self._count(line, talk, run, before)
            if status and status.blocked:
                since = time.monotonic()
            elif doubt := self._doubt(status, time.monotonic() - since):
                return "uncertain", doubt
            talk.pause(self._timing.settle_s)
        return "uncertain", "printer.closed"

    def _doubt(self, status: HostStatus | None, waited: float) -> str:
        """Why waiting longer would teach nothing; a printer that wants a hand is waited for."""
        if status is None:
            return "printer.silent" if waited >= self._timing.give_up_s else ""
        return "printer.stuck" if waited >= self._timing.busy_s else ""

    def _count(self, line: Line, talk: ZplTalk, run: _Run, before: int | None) -> tuple[str, str]:
        """The odometer's word, where it is known to be worth something."""
        wanted = labels_in(run.job.payload)
        if before is None or not wanted:
            return _PRINTED
        until = time.monotonic() + self._timing.count_s
        while True:
            after = talk.odometer()
            if after is not None and after - before >= wanted:
                self._odometer_moves = True
                self._progress(run.job, "counted")
                return _PRINTED
            if not self._odometer_moves:
                return _PRINTED
            if not line.alive() or time.monotonic() >= until:
                return "uncertain", "printer.not_counted"
            talk.pause(self._timing.settle_s)

    def _progress(self, job: PrintJob, outcome: str, cause: str = "") -> None:
        self._reporter.post(
            PrintProgress(job.job, job.document, outcome, self._reporter.device, cause)
        )
