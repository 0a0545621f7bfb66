"""A label printer over serial, USB or TCP: one worker, one job at a time, one honest ladder.

spooled -> accepted (all bytes taken) -> idle (what proves it is the family's, `watching`) ->
counted or fed (odometer, where there is one) -> taken (peeler, where there is one) -> printed.
A job of which a byte has left is never sent again: when its end is unknown it is ``uncertain``
and a person decides. A job of which none has left waits, for paper, for a hand, or for the
cable (reference/devices.md sections 0, 3.6 and 3.7).
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
from packstation.devices.printers.asking import Asker
from packstation.devices.printers.talk import Odometer, PrinterLook, PrinterTalk
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.printers.watching import watch_of
from packstation.station.ports import DeviceState, PrintJob, PrintProgress

_CHUNK: Final = 4096
# Looks that must find the printer well before a job's first byte.
_LOOKS: Final = 2
_PRINTED: Final = ("printed", "")
_CLOSED: Final = ("uncertain", "printer.closed")
_UNPROVEN: Final = ("", "")

Counted = tuple[Odometer, int] | None


class _Run(Struct):
    """A job under way: how many of its bytes the line took, and how far it is known to be."""

    job: PrintJob
    sent: int = 0
    idle: bool = False
    at_peeler: bool = False


class PrinterWorker:
    """`packstation.station.ports.Printer` for every family that has a `PrinterTalk`."""

    def __init__(
        self,
        reporter: Reporter,
        opener: Opener,
        talk: PrinterTalk,
        timing: PrinterTiming | None = None,
        link: LinkTiming | None = None,
    ) -> None:
        self._reporter = reporter
        self._talk = talk
        self._timing = timing or PrinterTiming()
        self._guard = threading.Lock()
        self._queue: deque[PrintJob] = deque()
        # An odometer that has never moved for a finished job proves nothing.
        self._odometer_moves = False
        # The job for whose sake the printer was last told to forget what it holds.
        self._purged = ""
        # Jobs under way for which another copy waits elsewhere (`shared`).
        self._given_up: set[str] = set()
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

    def abandon(self, job: str) -> None:
        """A person gave a job up that is under way: it is not waited for any longer.

        Only where the printer can be made to forget it, else it still comes out first.
        """
        if self._talk.purge:
            with self._guard:
                self._given_up.add(job)

    def came_out(self, job: str) -> bool | None:  # noqa: ARG002 - a label printer keeps no names
        """A label printer knows nothing of jobs by name."""
        return None

    def retry_now(self) -> None:
        """The port may be back."""
        self._link.retry_now()

    def end(self) -> None:
        """Let it end; a job under way becomes uncertain, which is told yet."""
        self._link.end()

    def join(self, timeout: float) -> bool:
        """Wait until the port is given back, seconds."""
        return self._link.join(timeout)

    def close(self) -> None:
        self._link.close()

    def _converse(self, line: Line) -> None:
        asker = Asker(line, self._talk, self._timing)
        looks = 0
        self._owes(line)
        while line.alive():
            looks = looks + 1 if self._is_ready(asker) else 0
            job = self._take() if looks >= _LOOKS else None
            if job is not None:
                self._print(line, asker, _Run(job))
            else:
                asker.rest(self._timing.settle_s if looks == 1 else self._timing.watch_s)

    def _owes(self, line: Line) -> None:
        """Between two jobs a printer that answers is expected to."""
        line.expect(self._timing.reopen_s if self._talk.ask else None)

    def _is_ready(self, asker: Asker) -> bool:
        if not self._talk.ask:
            asker.one_way()
            return not self._purge(asker)
        look = asker.look()
        # With an open lid, or silent, it still holds what it was sent: that goes before it is
        # well again, and prints it.
        if self._reporter.strange or self._purge(asker) or look is None:
            return False
        held = look.busy and self._doubtful() is not None
        return not (look.blocked or held)

    def _doubtful(self) -> PrintJob | None:
        """The next job, where the printer may still hold an earlier copy of it."""
        with self._guard:
            head = self._queue[0] if self._queue else None
            return head if head is not None and head.doubtful else None

    def _purge(self, asker: Asker) -> bool:
        """Once a doubtful job: make the printer forget; whether it was just told to."""
        job = self._doubtful()
        if job is None or not self._talk.purge or self._purged == job.job:
            return False
        if asker.order(self._talk.purge):
            self._purged = job.job
        return True

    def _is_given_up(self, job: str) -> bool:
        with self._guard:
            return job in self._given_up

    def _take(self) -> PrintJob | None:
        with self._guard:
            return self._queue.popleft() if self._queue else None

    def _print(self, line: Line, asker: Asker, run: _Run) -> None:
        outcome = ("uncertain", "printer.lost")
        line.expect(None)
        try:
            before = asker.count()
            outcome = self._push(line, run) or self._follow(line, asker, run, before)
        except LINK_ERRORS:
            if run.idle:
                outcome = _PRINTED
            raise
        finally:
            self._settle(run, *outcome)
            self._owes(line)

    def _settle(self, run: _Run, outcome: str, cause: str) -> None:
        """The end of a job; one of which no byte has left goes back to the head of the queue."""
        if not run.sent and run.job.payload:
            with self._guard:
                self._queue.appendleft(run.job)
        elif outcome:
            self._progress(run.job, outcome, cause)
        with self._guard:
            self._given_up.discard(run.job.job)

    def _push(self, line: Line, run: _Run) -> tuple[str, str] | None:
        """Hand the bytes over; an outcome only where that did not come to its end."""
        payload, timing = run.job.payload, self._timing
        moved = time.monotonic()
        while run.sent < len(payload):
            if not line.alive():
                return _CLOSED
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

    def _follow(self, line: Line, asker: Asker, run: _Run, before: Counted) -> tuple[str, str]:
        """Watch until the job is done, then count, then wait until the label is taken."""
        if not self._talk.ask:
            return self._unproven(run.job)
        watch = watch_of(asker, self._talk.labels(run.job.payload))
        since = time.monotonic()
        while line.alive():
            if self._purge(asker):
                return _UNPROVEN  # a person gave it up, and now so does the printer
            if self._is_given_up(run.job.job) and asker.order(self._talk.purge):
                return "uncertain", "printer.lost"
            step = watch.step()
            run.at_peeler |= step.look is not None and step.look.label_waiting
            if step.doubt:
                return "uncertain", step.doubt
            if step.done:
                run.idle = True
                self._progress(run.job, "idle")
                return self._count(line, asker, run, before) or self._taken(
                    line, asker, run, step.look
                )
            if step.look and (step.look.blocked or step.look.label_waiting):
                since = time.monotonic()
            elif doubt := self._doubt(step.look, time.monotonic() - since):
                return "uncertain", doubt
            asker.pause(self._timing.settle_s)
        return _CLOSED

    def _unproven(self, job: PrintJob) -> tuple[str, str]:
        """A label proves itself when it is scanned on the box; of a paper a person is asked."""
        return _UNPROVEN if job.document == "label" else ("uncertain", "printer.one_way")

    def _doubt(self, look: PrinterLook | None, waited: float) -> str:
        """Why waiting longer would teach nothing; a printer that wants a hand is waited for."""
        if look is None:
            return "printer.silent" if waited >= self._timing.give_up_s else ""
        return "printer.stuck" if waited >= self._timing.busy_s else ""

    def _count(
        self, line: Line, asker: Asker, run: _Run, before: Counted
    ) -> tuple[str, str] | None:
        """The odometer's word, where it is known to be worth something; None for no doubt."""
        wanted = self._talk.labels(run.job.payload)
        if before is None or not wanted:
            return None
        odometer, was = before
        exact = odometer.rung == "counted"
        until = time.monotonic() + self._timing.count_s
        while True:
            after = asker.count()
            if after is not None and after[1] - was >= (wanted if exact else 1):
                self._odometer_moves = exact
                self._progress(run.job, odometer.rung)
                return None
            if not self._odometer_moves:
                return None
            if not line.alive() or time.monotonic() >= until:
                return "uncertain", "printer.not_counted"
            asker.pause(self._timing.settle_s)

    def _taken(
        self, line: Line, asker: Asker, run: _Run, look: PrinterLook | None
    ) -> tuple[str, str]:
        """At a peeler: the label sticks out until somebody takes it."""
        until = time.monotonic() + self._timing.take_s
        waits = run.at_peeler
        while waits and line.alive() and time.monotonic() < until:
            if look is not None and not look.label_waiting:
                waits = False
                self._progress(run.job, "taken")
            else:
                asker.pause(self._timing.settle_s)
                look = asker.look()
        return _PRINTED

    def _progress(self, job: PrintJob, outcome: str, cause: str = "") -> None:
        self._reporter.post(
            PrintProgress(job.job, job.document, outcome, self._reporter.device, cause)
        )
