"""A printer behind a queue: one worker, one job at a time, and only what the queue can prove.

spooled (the queue took it) -> accepted (the queue has done it: all bytes handed on) -> idle
(only where the answer comes from the printer itself) -> printed. Never counted: no queue counts.
A queue before the printer proves no more than "accepted": a label then proves itself when it is
scanned on the box; a queue of papers is believed, unless its settings have a person asked.

A job is handed over once. Until the queue can take one it waits here and can be taken back.
When the connection breaks after the last byte, the queue is asked for the job by its name,
which is our job's id; so it is after a restart (`came_out`). Where the queue knows of none, a
person decides. A job that the queue keeps for long is no failure and no doubt: it is waited
for, and the lamp says what keeps it (reference/devices.md sections 0 and 3.6; RFC 8011).
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from typing import Final

from msgspec import Struct

from packstation.devices.health import Reporter
from packstation.devices.leaving import joined
from packstation.devices.printers.half_sheets import on_sheet
from packstation.devices.printers.pdf_size import page_size
from packstation.devices.printers.spooling import (
    JobState,
    QueueFacts,
    QueueRefused,
    QueueUnreachable,
    Sent,
    Spooler,
    SpoolJob,
    Submission,
)
from packstation.station.ports import DeviceState, PrintJob, PrintProgress

_LOG = logging.getLogger(__name__)
_BUSY: Final = "printer.queue_busy"  # printers that take one job at a time say so: no fault
_Outcome = tuple[str, str]
_ENDS: Final = {
    JobState.CANCELLED: ("failed", "printer.job_cancelled"),
    JobState.ABORTED: ("failed", "printer.job_aborted"),
}


class SpoolTiming(Struct, frozen=True):
    """Seconds, but for ``looks``.

    ``watch_s`` between looks while there is nothing to print, ``poll_s`` while a job is
    followed; a job not done after ``attention_s`` wants somebody's. After a broken connection
    the job is looked for ``looks`` times, ``look_s`` apart, once the queue answers again, for
    ``give_up_s`` at most. ``ask_s`` is what `came_out` may cost its caller.
    """

    watch_s: float = 5.0
    poll_s: float = 0.5
    attention_s: float = 30.0
    look_s: float = 1.0
    looks: int = 3
    give_up_s: float = 120.0
    ask_s: float = 0.012
    join_s: float = 3.0


class _Question:
    """A job from before a restart that somebody asks about."""

    def __init__(self, job: str) -> None:
        self.job = job
        self.answered = threading.Event()
        self.answer: bool | None = None

    def settle(self, found: SpoolJob | None, *, proves: bool) -> None:
        """``proves``: what is done did come out.

        What was cancelled or aborted in between may have been under way: nobody knows.
        """
        done = found is not None and found.state is JobState.DONE and not found.given_up
        self.answer = True if done and proves else None
        self.answered.set()


class SpooledPrinter:
    """`packstation.station.ports.Printer` over a queue."""

    def __init__(
        self,
        reporter: Reporter,
        spooler: Spooler,
        timing: SpoolTiming | None = None,
        *,
        believed: bool = False,
    ) -> None:
        """Begin to watch the queue; ``believed``: what it has handed on counts as printed."""
        self._reporter = reporter
        self._spooler = spooler
        self._believed = believed
        self._timing = timing or SpoolTiming()
        self._change = threading.Condition()
        self._queue: deque[PrintJob] = deque()
        self._questions: deque[_Question] = deque()
        self._unwanted: set[str] = set()
        self._current = ""
        self._closing = False
        self._facts: QueueFacts | None = None
        # Why the queue did not take the job that waits at the head of the line.
        self._refusal = ("", "")
        self._thread = threading.Thread(
            target=self._run, name=f"printer-{reporter.device}", daemon=True
        )
        self._thread.start()

    # --- from any thread ----------------------------------------------------------------------

    def submit(self, job: PrintJob) -> None:
        with self._change:
            self._queue.append(job)
            self._change.notify_all()

    def withdraw(self, job: str) -> bool:
        """Take a job back that is not in the queue yet; one that is, is cancelled there.

        False then: whether that came in time is told as the job's own end.
        """
        with self._change:
            waiting = [one for one in self._queue if one.job != job]
            found = len(waiting) < len(self._queue)
            self._queue = deque(waiting)
            if self._current == job:
                self._unwanted.add(job)
                self._change.notify_all()
            return found

    def came_out(self, job: str) -> bool | None:
        """What the queue knows of a job of before a restart.

        It is asked by the worker, for a frame of the window's thread at most; an answer that
        comes later, or a job still in the queue, is reported when it ends.
        """
        question = _Question(job)
        with self._change:
            self._questions.append(question)
            self._change.notify_all()
        question.answered.wait(self._timing.ask_s)
        return question.answer

    def takes_paper(self, size: tuple[int, int]) -> bool | None:
        """Whether the queue has paper of this size (1/100 mm), as far as it was last heard."""
        facts = self._facts
        return facts.takes_paper(size) if facts is not None else None

    def end(self) -> None:
        """Let the watch end; what the queue has, it prints, and `came_out` tells of it later."""
        self._reporter.mute()
        with self._change:
            self._closing = True
            self._change.notify_all()

    def join(self, timeout: float) -> bool:
        """Wait for the thread, seconds."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        """Stop watching, as `end` says."""
        self.end()
        self.join(self._timing.join_s)

    # --- the worker ---------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closing:
            try:
                self._turn()
            except Exception as raised:  # noqa: BLE001 - a bug must not end the printer
                _LOG.exception("device %s: worker failed", self._reporter.device)
                self._reporter.health(DeviceState.FAULT, "device.internal", repr(raised))
                self._pause(self._timing.watch_s)

    def _turn(self) -> None:
        """Old questions first, then the next job, else a look at the queue now and then."""
        while question := self._take_question():
            self._recall(question)
        facts = self._look()
        ready = facts if facts is not None and not facts.trouble else None
        job = self._take_job() if ready is not None else None
        if ready is not None and job is not None:
            self._print(job, ready)
        else:
            self._rest(ready=ready is not None)

    def _rest(self, *, ready: bool) -> None:
        with self._change:
            if self._closing or self._questions or (ready and self._queue):
                return
            self._change.wait(self._timing.look_s if self._queue else self._timing.watch_s)

    def _take_question(self) -> _Question | None:
        with self._change:
            return self._questions.popleft() if self._questions and not self._closing else None

    def _take_job(self) -> PrintJob | None:
        with self._change:
            job = self._queue.popleft() if self._queue else None
            self._current = job.job if job else ""
            return job

    def _look(self, *, overdue: bool = False) -> QueueFacts | None:
        """How the queue is, and say so; None where it does not answer."""
        try:
            facts = self._spooler.facts()
        except (QueueUnreachable, QueueRefused) as failure:
            self._reporter.health(DeviceState.FAULT, failure.cause, failure.detail)
            return None
        self._facts = facts
        cause, detail = facts.cause(overdue=overdue), facts.message
        if not cause and self._queue:
            cause, detail = self._refusal
        if cause:
            self._reporter.health(DeviceState.FAULT, cause, detail)
        else:
            self._reporter.well()
        words = (str(facts.state), ",".join(facts.reasons) or "none", facts.message)
        self._reporter.seen(" ".join(word for word in words if word).encode())
        return facts

    def _print(self, job: PrintJob, facts: QueueFacts) -> None:
        try:
            outcome = self._hand_over(job, facts)
        finally:
            with self._change:
                self._current = ""
                self._unwanted.discard(job.job)
        if outcome is not None:
            self._progress(job.job, job.document, *outcome)

    def _hand_over(self, job: PrintJob, facts: QueueFacts) -> _Outcome | None:
        """The job's end; None where it went back to wait, or the program ends first."""
        size = page_size(job.payload) if job.media == "pdf" else None
        payload, size = on_sheet(job.payload, size, facts) if size else (job.payload, size)
        if refusal := refusal_of(facts, job.media, size):
            return "failed", refusal
        try:
            asked = Submission(job.job, job.media, payload, size, job.tray)
            number = self._spooler.submit(asked, facts)
        except QueueRefused as refused:
            return self._refused(job, refused)
        except QueueUnreachable as failure:
            self._refusal = (failure.cause, failure.detail)
            self._reporter.health(DeviceState.FAULT, *self._refusal)
            return self._interrupted(job, failure.sent)
        return self._follow(job.job, job.document, number)

    def _interrupted(self, job: PrintJob, sent: Sent) -> _Outcome | None:
        """The connection broke: only the queue knows whether it has the job."""
        found = "printer.job_unknown" if sent is Sent.NOTHING else self._search(job.job)
        if isinstance(found, SpoolJob):
            return self._follow(job.job, job.document, found.number)
        # Half a request is no job to any queue; a whole one may have been printed.
        if sent is not Sent.WHOLE and found == "printer.job_unknown":
            self._back(job)
            self._pause(self._timing.look_s)
            return None
        return ("uncertain", found) if found else None

    def _refused(self, job: PrintJob, refused: QueueRefused) -> _Outcome | None:
        if not refused.waits:
            _LOG.warning("device %s: job refused: %s", self._reporter.device, refused.detail)
            return "failed", refused.cause
        if refused.cause != _BUSY:
            self._refusal = (refused.cause, refused.detail)
            self._reporter.health(DeviceState.FAULT, *self._refusal)
        self._back(job)
        self._pause(self._timing.look_s)
        return None

    def _back(self, job: PrintJob) -> None:
        """To the head of the line, unless nobody wants it any more."""
        with self._change:
            unwanted = job.job in self._unwanted
            if not unwanted:
                self._queue.appendleft(job)
        if unwanted:
            self._progress(job.job, job.document, "failed", "printer.job_cancelled")

    def _search(self, job: str, looks: int = 0) -> SpoolJob | str:
        """The job of that name in the queue; else why that is not known, "" when closing."""
        until = time.monotonic() + self._timing.give_up_s
        left = looks or self._timing.looks
        while True:
            try:
                found = self._spooler.find(job)
            except (QueueUnreachable, QueueRefused) as failure:
                self._reporter.health(DeviceState.FAULT, failure.cause, failure.detail)
                if time.monotonic() >= until:
                    return "printer.queue_lost"
            else:
                left -= 1
                if found is not None or left == 0:
                    return found or "printer.job_unknown"
            if not self._pause(self._timing.look_s):
                return ""

    def _follow(self, job: str, document: str, number: int) -> _Outcome | None:
        """Watch a job in the queue to its end; None where the program ends first."""
        self._refusal = ("", "")
        _LOG.info("device %s: job %s is number %d", self._reporter.device, job, number)
        self._progress(job, document, "spooled")
        since, under_way, dialled = time.monotonic(), False, False
        while not self._closing:
            overdue = time.monotonic() - since >= self._timing.attention_s
            now = self._job(number)
            if now is None:
                return "uncertain", "printer.job_unknown"
            if isinstance(now, SpoolJob):
                if now.state.ended:
                    # Between two looks it may have been begun and stopped.
                    under_way = under_way or (now.begun and not dialled)
                    return _ending(now, under_way=under_way) or self._done(job, document)
                under_way = now.on_its_way
                dialled = now.begun and not under_way
            self._look(overdue=overdue)
            self._cancel(job, number)
            self._pause(self._timing.poll_s, quick=True)
        return None

    def _job(self, number: int) -> SpoolJob | QueueUnreachable | QueueRefused | None:
        """The job as it is now; an error where the queue does not say: it goes on without us."""
        try:
            return self._spooler.job(number)
        except (QueueUnreachable, QueueRefused) as failure:
            return failure

    def _cancel(self, job: str, number: int) -> None:
        """What nobody wants any more leaves the queue, if that is still in time."""
        with self._change:
            wanted = job not in self._unwanted
            self._unwanted.discard(job)
        if not wanted:
            with contextlib.suppress(QueueUnreachable, QueueRefused):
                self._spooler.cancel(number)

    def _done(self, job: str, document: str) -> _Outcome | None:
        """The queue has done it. Only a printer that answers itself has paper to show for it."""
        self._progress(job, document, "accepted")
        facts = self._look()
        if facts is not None and facts.first_hand:
            if not facts.idle and self._pause(self._timing.poll_s):
                facts = self._look()
            if facts is not None and facts.idle:
                self._progress(job, document, "idle")
            return "printed", ""
        if self._believed:
            return "printed", ""
        return None if document == "label" else ("uncertain", "printer.one_way")

    def _recall(self, question: _Question) -> None:
        """Answer for a job of before a restart, and follow it where it is still on its way."""
        document = document_of(question.job)
        found = self._search(question.job, looks=1)
        job = found if isinstance(found, SpoolJob) else None
        facts = self._look() if job is not None else None
        proves = self._believed or (facts is not None and facts.first_hand)
        question.settle(job, proves=proves)
        if job is None:
            return
        with self._change:
            self._current = question.job
        outcome = self._follow(question.job, document, job.number)
        if outcome is not None:
            self._progress(question.job, document, *outcome)

    def _pause(self, seconds: float, *, quick: bool = False) -> bool:
        """Wait; cut short by the end, and ``quick`` when the job is unwanted. False at the end."""
        until = time.monotonic() + seconds
        with self._change:
            while not self._closing and (left := until - time.monotonic()) > 0:
                self._change.wait(left)
                if quick and self._current in self._unwanted:
                    break
            return not self._closing

    def _progress(self, job: str, document: str, outcome: str, cause: str = "") -> None:
        self._reporter.post(PrintProgress(job, document, outcome, self._reporter.device, cause))


def _ending(job: SpoolJob, *, under_way: bool) -> _Outcome | None:
    """How a job ended that is not done; one that was ``under_way`` may be on paper all the same."""
    if job.given_up:
        return "uncertain", "printer.job_aborted"
    if under_way and job.state in _ENDS:
        return "uncertain", "printer.job_stopped"
    return _ENDS.get(job.state)


def refusal_of(facts: QueueFacts, media: str, size: tuple[int, int] | None) -> str:
    """Why a queue cannot print this at all, as a message key; "" where it can."""
    if not facts.format_of(media):
        return "printer.queue_format"
    if size is not None and facts.takes_paper(size) is False:
        return "printer.media_missing"
    return ""


def document_of(job: str) -> str:
    """The document in a job's id: parcel id/attempt/document/copy number."""
    parts = job.split("/")
    return parts[-2] if len(parts) >= 2 else ""
