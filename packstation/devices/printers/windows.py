"""The Windows spooler through win32print (pywin32): RAW labels, and PDF papers as pictures.

Never run on Windows so far: written after the documentation of the print spooler API
(OpenPrinter, StartDocPrinter, WritePrinter, JOB_INFO_1, PRINTER_INFO_2) and pywin32's own.
JOB_STATUS_PRINTED means that the bytes were handed to the port (reference/devices.md 3.6), so
this queue never proves that the printer is idle.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from msgspec.structs import replace

from packstation.devices.printers.spooling import (
    JobState,
    QueueFacts,
    QueueRefused,
    QueueState,
    QueueUnreachable,
    Sent,
    SpoolJob,
    Submission,
)

_RAW: Final = "RAW"
_JOBS: Final = 500
_CANCEL: Final = 3  # JOB_CONTROL_CANCEL; DELETE (5) would lose the job's end
# JOB_INFO_1.Status
_JOB_DELETED: Final = 0x0004 | 0x0100  # DELETING, DELETED
_JOB_DONE: Final = 0x0080 | 0x1000  # PRINTED, COMPLETE
_JOB_AT_WORK: Final = 0x0010  # PRINTING
# PRINTER_INFO_2.Status, and the words that IPP has for the same.
_STATUS: Final = (
    (0x00000001, "paused"),
    (0x00000002, "other"),
    (0x00000008, "media-jam"),
    (0x00000010, "media-empty"),
    (0x00000040, "media-empty"),
    (0x00000080, "offline"),
    (0x00000800, "output-area-full"),
    (0x00001000, "offline"),
    (0x00040000, "toner-empty"),
    (0x00100000, "other"),
    (0x00400000, "cover-open"),
)
_AT_WORK: Final = 0x00000400 | 0x00004000  # PRINTING, PROCESSING
_WORKS_OFFLINE: Final = 0x0400  # PRINTER_ATTRIBUTE_WORK_OFFLINE
_LOCAL: Final = 2 | 4  # PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
# System error codes: ERROR_ACCESS_DENIED, ERROR_INVALID_PRINTER_NAME, RPC_S_SERVER_UNAVAILABLE.
_CAUSES: Final[Mapping[int, str]] = {
    5: "printer.queue_denied",
    1801: "printer.queue_missing",
    1722: "printer.spooler_missing",
}

Info = Mapping[str, Any]


class Api(Protocol):
    """The part of win32print that is used."""

    def OpenPrinter(self, name: str) -> Any: ...  # noqa: ANN401, N802 - win32print's own
    def ClosePrinter(self, handle: Any) -> None: ...  # noqa: ANN401, N802 - as above
    def GetPrinter(self, handle: Any, level: int) -> Info: ...  # noqa: ANN401, N802 - as above
    def StartDocPrinter(self, handle: Any, level: int, job: tuple[str, None, str]) -> int: ...  # noqa: ANN401, N802 - as above
    def WritePrinter(self, handle: Any, data: bytes) -> int: ...  # noqa: ANN401, N802 - as above
    def EndDocPrinter(self, handle: Any) -> None: ...  # noqa: ANN401, N802 - as above
    def EnumJobs(self, handle: Any, first: int, count: int, level: int) -> Sequence[Info]: ...  # noqa: ANN401, N802 - as above
    def SetJob(self, handle: Any, job: int, level: int, info: None, command: int) -> None: ...  # noqa: ANN401, N802 - as above
    def EnumPrinters(self, flags: int, name: None, level: int) -> Sequence[Info]: ...  # noqa: N802 - as above


PrintPages = Callable[[str, str, bytes], int]
"""Prints a PDF: queue, job's name, the PDF; the number of the job."""


def system_api() -> Api:
    """win32print, where it is."""
    api: Api = importlib.import_module("win32print")
    return api


def _pages(queue: str, name: str, pdf: bytes) -> int:
    from packstation.devices.printers.windows_pages import print_pages

    return print_pages(queue, name, pdf)


class WindowsSpooler:
    """`packstation.devices.printers.spooling.Spooler` over a queue of Windows."""

    def __init__(
        self, queue: str, api: Callable[[], Api] = system_api, pages: PrintPages = _pages
    ) -> None:
        """Nothing is opened yet."""
        self._queue = queue
        self._api = api
        self._print_pages = pages
        self._seen: dict[int, SpoolJob] = {}

    def facts(self) -> QueueFacts:
        """PRINTER_INFO_2."""
        return queue_facts(self._with(lambda api, handle: api.GetPrinter(handle, 2)))

    def submit(self, job: Submission, facts: QueueFacts) -> int:
        """A RAW document, or pages drawn through the printer's driver."""
        del facts  # Windows queues take both
        if job.media == "pdf":
            number = self._sent(lambda: self._print_pages(self._queue, job.name, job.payload))
        else:
            number = self._raw(job)
        self._seen = {number: SpoolJob(number, job.name, JobState.WAITING)}
        return number

    def job(self, number: int) -> SpoolJob | None:
        """JOB_INFO_1. A job that leaves the list without a word was handed to its port."""
        found = next((one for one in self._jobs() if one.number == number), None)
        last = found or self._seen.get(number)
        if found is not None:
            self._seen[number] = found
        elif last is not None and not last.state.ended:
            last = replace(last, state=JobState.DONE)
        return last

    def find(self, name: str) -> SpoolJob | None:
        """The newest job of that document name."""
        named = [one for one in self._jobs() if one.name == name]
        return max(named, key=lambda one: one.number, default=None)

    def cancel(self, number: int) -> None:
        """JOB_CONTROL_CANCEL."""
        self._with(lambda api, handle: api.SetJob(handle, number, 0, None, _CANCEL))

    def _jobs(self) -> list[SpoolJob]:
        rows = self._with(lambda api, handle: api.EnumJobs(handle, 0, _JOBS, 1))
        return [spool_job(row) for row in rows]

    def _raw(self, job: Submission) -> int:
        sent = Sent.NOTHING

        def write(api: Api, handle: Any) -> int:  # noqa: ANN401 - a handle of pywin32
            nonlocal sent
            number = api.StartDocPrinter(handle, 1, (job.name, None, _RAW))
            # The job is in the list from here on: its name finds it.
            sent = Sent.WHOLE
            left = job.payload
            while left:
                taken = api.WritePrinter(handle, left)
                if taken <= 0:
                    raise OSError("WritePrinter took nothing")
                left = left[taken:]
            api.EndDocPrinter(handle)
            return number

        try:
            return int(self._with(write))
        except (QueueUnreachable, QueueRefused) as failure:
            if sent is Sent.NOTHING:
                raise
            raise QueueUnreachable(failure.cause, failure.detail, sent) from failure

    def _sent(self, work: Callable[[], int]) -> int:
        """Pages begin a job at an unknown moment, so a failure leaves doubt."""
        try:
            return work()
        except Exception as failure:  # pywintypes.error is no OSError
            cause, detail = _why(failure)
            raise QueueUnreachable(cause, detail, Sent.WHOLE) from failure

    def _with(self, work: Callable[[Api, Any], Any]) -> Any:  # noqa: ANN401 - what the call answers
        try:
            api = self._api()
            handle = api.OpenPrinter(self._queue)
            try:
                return work(api, handle)
            finally:
                api.ClosePrinter(handle)
        except Exception as failure:  # pywintypes.error is no OSError
            cause, detail = _why(failure)
            raise QueueUnreachable(cause, detail) from failure


def queue_facts(info: Info) -> QueueFacts:
    """A queue by its PRINTER_INFO_2."""
    status = int(info.get("Status", 0))
    reasons = [word for bit, word in _STATUS if status & bit]
    if int(info.get("Attributes", 0)) & _WORKS_OFFLINE:
        reasons.append("offline")
    state = QueueState.PRINTING if status & _AT_WORK else QueueState.IDLE
    return QueueFacts(
        # Without a way to tell a warning from a stop, what wants a hand stops.
        state=QueueState.STOPPED if reasons else state,
        reasons=tuple(dict.fromkeys(reasons)),
        model=str(info.get("pDriverName") or ""),
        formats={"pdf": "pages"},
        raw_format=_RAW,
        device=str(info.get("pPortName") or ""),
    )


def spool_job(info: Info) -> SpoolJob:
    """A job by its JOB_INFO_1."""
    status = int(info.get("Status", 0))
    state = JobState.PRINTING if status & _JOB_AT_WORK else JobState.WAITING
    # A job that was handed on is deleted too, on its way out of the list: that is no cancelling.
    if status & _JOB_DONE:
        state = JobState.DONE
    elif status & _JOB_DELETED:
        state = JobState.CANCELLED
    return SpoolJob(
        number=int(info.get("JobId", 0)),
        name=str(info.get("pDocument") or ""),
        state=state,
        message=str(info.get("pStatus") or ""),
    )


def list_printers(api: Callable[[], Api] = system_api) -> list[dict[str, object]]:
    """Queues of this machine as rows of ``devices list``; none where the system cannot tell."""
    try:
        rows = api().EnumPrinters(_LOCAL, None, 2)
    except Exception:  # noqa: BLE001 - pywintypes.error is no OSError
        return []
    return [_row(row) for row in rows]


def _row(info: Info) -> dict[str, object]:
    facts = queue_facts(info)
    name = str(info.get("pPrinterName") or "")
    return {
        "port": facts.device,
        "address": f"spool:{name}",
        "description": name,
        "manufacturer": facts.model,
        "vid": None,
        "pid": None,
        "serial": "",
        "location": str(info.get("pLocation") or ""),
        "kind": "queue",
        "model": "spool",
        "state": str(facts.state),
        "cause": facts.trouble,
    }


def _why(failure: Exception) -> tuple[str, str]:
    """pywintypes.error has (code, function, text) as its arguments."""
    code = failure.args[0] if failure.args and isinstance(failure.args[0], int) else 0
    return _CAUSES.get(code, "printer.queue_error"), str(failure)
