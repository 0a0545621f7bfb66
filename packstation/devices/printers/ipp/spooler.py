"""A queue behind IPP: CUPS's own, one of another machine, or a printer that speaks IPP itself."""

from __future__ import annotations

import getpass
import hashlib
import logging
from typing import Final

from packstation.devices.printers.ipp.answers import (
    check,
    queue_facts,
    queue_row,
    spool_job,
)
from packstation.devices.printers.ipp.messages import Message, Tag
from packstation.devices.printers.ipp.requests import Paper, Requests
from packstation.devices.printers.ipp.wire import Endpoint, WireTiming, exchange, scheduler
from packstation.devices.printers.spooling import (
    QueueFacts,
    QueueRefused,
    QueueState,
    QueueUnreachable,
    Sent,
    SpoolJob,
    Submission,
)
from packstation.domain.errors import PackstationError

_LOG = logging.getLogger(__name__)
_LONGEST_NAME: Final = 200
_MISSING: Final = "printer.queue_missing"


class IppSpooler:
    """`packstation.devices.printers.spooling.Spooler` over IPP."""

    def __init__(self, place: Endpoint, timing: WireTiming | None = None) -> None:
        """Nothing is sent yet."""
        self._place = place
        self._timing = timing or WireTiming()
        self._requests = Requests(place.uri, user_name())

    def facts(self) -> QueueFacts:
        """Get-Printer-Attributes."""
        for group in self._ask(self._requests.printer()).groups_of(Tag.PRINTER):
            return queue_facts(group)
        return QueueFacts(QueueState.STOPPED)

    def submit(self, job: Submission, facts: QueueFacts) -> int:
        """Print-Job; its number. A PDF is asked about first: a refusal then costs no bytes."""
        paper = Paper(job.size if facts.sizes else None, tray_of(job, facts))
        name, kind = job_name(job.name), facts.format_of(job.media)
        if job.media == "pdf":
            self._ask(self._requests.validate(name, kind, paper))
        request = self._requests.print_job(name, kind, job.payload, paper)
        for group in self._ask(request).groups_of(Tag.JOB):
            number = spool_job(group).number
            if number > 0:
                return number
        # It was taken, and nothing tells how it is called: its name will.
        raise QueueUnreachable("printer.queue_garbled", sent=Sent.WHOLE)

    def job(self, number: int) -> SpoolJob | None:
        """Get-Job-Attributes."""
        try:
            answer = self._ask(self._requests.job(number))
        except QueueRefused as refused:
            if refused.cause != _MISSING:
                raise
            return None
        return next((spool_job(group) for group in answer.groups_of(Tag.JOB)), None)

    def find(self, name: str) -> SpoolJob | None:
        """Get-Jobs, first those that are not done."""
        for which in ("not-completed", "completed"):
            answer = self._ask(self._requests.jobs(which))
            jobs = [spool_job(group) for group in answer.groups_of(Tag.JOB)]
            named = [one for one in jobs if one.name == job_name(name)]
            if named:
                return max(named, key=lambda one: one.number)
        return None

    def cancel(self, number: int) -> None:
        """Cancel-Job; one that is done already stays as it is."""
        try:
            self._ask(self._requests.cancel(number))
        except QueueRefused as refused:
            _LOG.info("job %d is not cancelled: %s", number, refused.detail)

    def _ask(self, request: Message) -> Message:
        return check(exchange(self._place, request, self._timing))


def tray_of(job: Submission, facts: QueueFacts) -> str:
    """The tray that a job asks for where the queue has it, else "": the queue's usual one."""
    return job.tray if job.tray in facts.sources else ""


def job_name(job: str) -> str:
    """The job's id as a name in the queue: plain and short, or a digest that is."""
    if len(job) <= _LONGEST_NAME and job.isascii() and job.isprintable():
        return job
    return hashlib.sha256(job.encode("utf-8", "surrogatepass")).hexdigest()


def user_name() -> str:
    """Who prints; a service without a name of its own is called after the program."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "packstation"


def list_queues(timing: WireTiming | None = None) -> list[dict[str, object]]:
    """The queues of this machine's CUPS as rows of ``devices list``; none where it has none."""
    try:
        place = scheduler("/")
        answer = exchange(place, Requests(place.uri, user_name()).printers(), timing or _QUICK)
        return [queue_row(group) for group in check(answer).groups_of(Tag.PRINTER)]
    except PackstationError as failure:
        _LOG.info("no queues: %s", failure)
        return []


_QUICK: Final = WireTiming(connect_s=1.0, answer_s=3.0)
