"""A queue that somebody else keeps - CUPS, an IPP printer, the Windows spooler - and its words.

A queue takes a whole job and prints it when it can. There is no line back to the printer: what
is known is what the queue tells of the job and of itself. ``Spooler`` is all that the worker
(`spooled`) needs; ``ipp.spooler`` and ``windows`` implement it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from msgspec import Struct

from packstation.domain.errors import DeviceFaulty, DeviceOffline


class Sent(StrEnum):
    """How much of a request had left when the connection failed."""

    NOTHING = "nothing"
    PART = "part"
    WHOLE = "whole"


class QueueUnreachable(DeviceOffline):
    """The queue does not answer; ``cause`` is a message key."""

    def __init__(self, cause: str, detail: str = "", sent: Sent = Sent.NOTHING) -> None:
        """Keep how much had left: after the last byte the job may be in the queue."""
        super().__init__(device="", cause=cause, detail=detail)
        self.cause, self.detail, self.sent = cause, detail, sent


class QueueRefused(DeviceFaulty):
    """The queue answered no: nothing was queued.

    ``waits``: a hand can cure it, and the job waits for that; otherwise it fails.
    """

    def __init__(self, cause: str, detail: str = "", *, waits: bool = True) -> None:
        """Keep the message key and whether waiting helps."""
        super().__init__(device="", fault=cause, detail=detail)
        self.cause, self.detail, self.waits = cause, detail, waits


class JobState(StrEnum):
    """Where a job of the queue stands."""

    WAITING = "waiting"
    PRINTING = "printing"
    DONE = "done"
    CANCELLED = "cancelled"
    ABORTED = "aborted"

    @property
    def ended(self) -> bool:
        """Whether it will change no more."""
        return self in {JobState.DONE, JobState.CANCELLED, JobState.ABORTED}


class SpoolJob(Struct, frozen=True):
    """A job as the queue tells it; ``message`` is the queue's own text.

    ``begun``: the queue has worked on it at some time, as far as it tells.
    """

    number: int
    name: str
    state: JobState
    message: str = ""
    begun: bool = False

    @property
    def given_up(self) -> bool:
        """Whether it is called done though it was not handed on.

        CUPS 2.4.2 does so when its printer takes the job but not the document; only the message
        tells ("Unable to add document to print job.").
        """
        return self.state is JobState.DONE and self.message.lower().startswith("unable to")

    @property
    def on_its_way(self) -> bool:
        """Whether bytes of it may be with the printer: a queue says printing while it dials too."""
        return self.state is JobState.PRINTING and not _unreached(self.message)


class QueueState(StrEnum):
    """What the queue does."""

    IDLE = "idle"
    PRINTING = "printing"
    STOPPED = "stopped"


class PaperSize(Struct, frozen=True):
    """Paper that a queue takes, in hundredths of a millimetre: from ``low`` to ``high``."""

    low: tuple[int, int]
    high: tuple[int, int]

    def takes(self, size: tuple[int, int]) -> bool:
        """Whether paper of this size is meant, either way round, within a millimetre."""
        return self._fits(size) or self._fits((size[1], size[0]))

    def _fits(self, size: tuple[int, int]) -> bool:
        ends = zip(size, self.low, self.high, strict=True)
        return all(low - _SLACK <= side <= high + _SLACK for side, low, high in ends)


_SLACK: Final = 100


class QueueFacts(Struct, frozen=True):
    """What a queue says of itself.

    ``formats`` by media of print jobs (a language's id, "pdf"): what the queue is told the bytes
    are; media that are missing it does not take. ``sizes`` empty: it does not say which paper it
    has; ``sources`` are the trays that it can be told. ``first_hand``: the answer comes from the
    printer, not from a queue before it, so that idle means that the printer is idle. ``raw``: a
    queue of CUPS that converts nothing.
    """

    state: QueueState
    accepting: bool = True
    reasons: tuple[str, ...] = ()
    message: str = ""
    model: str = ""
    formats: Mapping[str, str] = {}
    raw_format: str = ""
    sizes: tuple[PaperSize, ...] = ()
    sources: tuple[str, ...] = ()
    first_hand: bool = False
    device: str = ""
    raw: bool = False

    @property
    def idle(self) -> bool:
        """Nothing to do and nothing in the way, where the queue can know that."""
        return self.first_hand and self.state is QueueState.IDLE and not self.trouble

    @property
    def trouble(self) -> str:
        """The message key of what wants a hand; "" where nothing does."""
        return self.cause()

    def cause(self, *, overdue: bool = False) -> str:
        """The same; once a job is ``overdue``, mere warnings count too."""
        if not self.accepting:
            return "printer.queue_rejects"
        # A queue before the printer keeps what it heard last, until the next job is tried.
        if self.state is QueueState.IDLE and not self.first_hand:
            return ""
        found = _cause(self.state, self.reasons, self.message, strict=overdue)
        return found or ("printer.queue_stuck" if overdue else "")

    def format_of(self, media: str) -> str:
        """What to call the bytes of a job; "" where the queue does not take them."""
        return self.formats.get("pdf", "") if media == "pdf" else self.raw_format

    def takes_paper(self, size: tuple[int, int]) -> bool | None:
        """Whether the queue has paper of this size (hundredths of a mm); None: it does not say."""
        return any(one.takes(size) for one in self.sizes) if self.sizes else None

    def sheet_for(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """The upright sheet that a page across is half of, such as A4 for A5 across.

        An upright page is none: an envelope is as wide as A6 and longer.
        """
        wide, high = size
        if wide <= high:
            return None
        sheets = (sorted(one.low) for one in self.sizes if one.low == one.high)
        fits = (
            (short, long)
            for short, long in sheets
            if abs(short - wide) <= _SLACK and high <= long <= 2 * (high + _SLACK)
        )
        return min(fits, default=None)


class Submission(Struct, frozen=True):
    """A job for a queue: ``name`` finds it again, ``size`` is the paper's where it is known.

    ``tray``: the keyword of the tray it is to come from; a queue without it takes its usual one.
    """

    name: str
    media: str
    payload: bytes
    size: tuple[int, int] | None = None
    tray: str = ""


class Spooler(Protocol):
    """A queue; calls block for some seconds at most, and raise the two errors above."""

    def facts(self) -> QueueFacts:
        """How the queue is."""

    def submit(self, job: Submission, facts: QueueFacts) -> int:
        """Hand a job over; its number in the queue."""

    def job(self, number: int) -> SpoolJob | None:
        """How a job is; None where the queue has forgotten it."""

    def find(self, name: str) -> SpoolJob | None:
        """The newest job of that name; None where the queue has none."""

    def cancel(self, number: int) -> None:
        """Take a job out of the queue, if it is not done."""


# --- what wants a hand ------------------------------------------------------------------------

# Keywords of printer-state-reasons (RFC 8011 section 5.4.12; PWG 5100.9 section 6; CUPS's own).
_REASONS: Final[Mapping[str, str]] = {
    "cover-open": "printer.cover_open",
    "door-open": "printer.cover_open",
    "interlock-open": "printer.cover_open",
    "media-jam": "printer.jam",
    "media-empty": "printer.media_empty",
    "media-needed": "printer.media_empty",
    "input-tray-missing": "printer.media_empty",
    "toner-empty": "printer.toner_out",
    "marker-supply-empty": "printer.toner_out",
    "developer-empty": "printer.toner_out",
    "opc-life-over": "printer.toner_out",
    "marker-waste-full": "printer.waste_full",
    "output-area-full": "printer.output_full",
    "output-tray-missing": "printer.output_full",
    "fuser-over-temp": "printer.too_hot",
    "fuser-under-temp": "printer.too_cold",
    "spool-area-full": "printer.spool_full",
    "shutdown": "printer.offline",
    "timed-out": "printer.queue_offline",
    "offline": "printer.queue_offline",
    "paused": "printer.queue_paused",
    "moving-to-paused": "printer.queue_paused",
    "hold-new-jobs": "printer.queue_paused",
    "cups-missing-filter": "printer.queue_filter",
    "cups-insecure-filter": "printer.queue_filter",
    "other": "printer.error",
}
# CUPS 2.4 says of a dead host that nothing is wrong (printer-state-reasons "none"), and this in
# printer-state-message only (reference/devices.md section 3.6).
_MESSAGES: Final = (
    "may not exist",
    "unavailable",
    "unreachable",
    "not responding",
    "unable to locate",
    "unable to connect",
)
_ALWAYS: Final = frozenset(("offline", "paused", "timed-out"))


def _cause(state: QueueState, reasons: tuple[str, ...], message: str, *, strict: bool) -> str:
    """The gravest cause: the order of the table, as the printer may give several."""
    stopped = state is QueueState.STOPPED
    told = {base for reason in reasons if (base := _base(reason, strict=strict or stopped))}
    found = next((cause for base, cause in _REASONS.items() if base in told), "")
    if found and found != "printer.error":
        return found
    if state is not QueueState.IDLE and _unreached(message):
        return "printer.queue_offline"
    return found or ("printer.queue_stopped" if stopped else "")


def _unreached(message: str) -> bool:
    return any(word in message.lower() for word in _MESSAGES)


def _base(reason: str, *, strict: bool) -> str:
    """A reason without its severity; "" for a mere warning while the printer goes on."""
    base, dash, severity = reason.rpartition("-")
    if not dash or severity not in {"error", "warning", "report"}:
        return reason
    counts = severity == "error" or (severity == "warning" and strict) or base in _ALWAYS
    return base if counts else ""
