"""The Windows spooler's side against a stand-in of win32print: no Windows was at hand.

The stand-in keeps documents as the spooler does: a job appears with StartDocPrinter, and leaves
the list by itself when it was handed to its port.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from packstation.devices.health import Reporter
from packstation.devices.printers.spooled import SpooledPrinter, SpoolTiming
from packstation.devices.printers.spooling import (
    JobState,
    QueueFacts,
    QueueState,
    QueueUnreachable,
    Sent,
    Submission,
)
from packstation.devices.printers.windows import (
    Info,
    WindowsSpooler,
    list_printers,
    queue_facts,
    spool_job,
)
from packstation.station.ports import DeviceHealth, PrintJob, PrintProgress
from tests.devices.rigs import Recorder


class ApiError(Exception):
    """As pywintypes.error: code, function, text."""


class Spool:
    """win32print as far as it is used, over one queue."""

    def __init__(self) -> None:
        self.status = 0
        self.jobs: dict[int, dict[str, Any]] = {}
        self.documents: list[bytes] = []
        self.broken = ""
        self.keeps = False
        self.begins = 0x10
        self._open = b""

    def OpenPrinter(self, name: str) -> str:  # noqa: N802 - win32print's own
        if name != "Zebra":
            raise ApiError(1801, "OpenPrinter", "The printer name is invalid.")
        return name

    def ClosePrinter(self, handle: str) -> None:  # noqa: N802 - as above
        assert handle == "Zebra"

    def GetPrinter(self, handle: str, level: int) -> Info:  # noqa: N802 - as above
        assert (handle, level) == ("Zebra", 2)
        return {"Status": self.status, "Attributes": 0, "pDriverName": "ZDesigner"}

    def StartDocPrinter(self, handle: str, level: int, job: tuple[str, None, str]) -> int:  # noqa: N802 - as above
        assert (handle, level, job[2]) == ("Zebra", 1, "RAW")
        if self.broken == "start":
            raise ApiError(5, "StartDocPrinter", "Access is denied.")
        number = len(self.documents) + 1
        self.jobs[number] = {"JobId": number, "pDocument": job[0], "Status": self.begins}
        self._open = b""
        return number

    def WritePrinter(self, handle: str, data: bytes) -> int:  # noqa: N802 - as above
        assert handle == "Zebra"
        if self.broken == "write":
            return 0
        self._open += data[:100]
        return len(data[:100])

    def EndDocPrinter(self, handle: str) -> None:  # noqa: N802 - as above
        assert handle == "Zebra"
        self.documents.append(self._open)
        if not self.keeps:
            del self.jobs[len(self.documents)]

    def EnumJobs(self, handle: str, first: int, count: int, level: int) -> Sequence[Info]:  # noqa: N802 - as above
        assert (handle, first, level) == ("Zebra", 0, 1)
        return list(self.jobs.values())[:count]

    def SetJob(self, handle: str, job: int, level: int, info: None, command: int) -> None:  # noqa: N802 - as above
        assert (handle, level, info, command) == ("Zebra", 0, None, 3)
        self.jobs[job]["Status"] = 0x0004

    def EnumPrinters(self, flags: int, name: None, level: int) -> Sequence[Info]:  # noqa: N802 - as above
        assert (flags, name, level) == (6, None, 2)
        return [{"pPrinterName": "Zebra", "pDriverName": "ZDesigner", "pPortName": "USB001"}]


QUICK = SpoolTiming(watch_s=0.05, poll_s=0.02, look_s=0.02, looks=2, give_up_s=2.0)
LABEL = b"^XA" + b"x" * 500 + b"^XZ"


@pytest.fixture
def spool() -> Spool:
    return Spool()


@pytest.fixture
def heard() -> Recorder:
    return Recorder()


@pytest.fixture
def printer(spool: Spool, heard: Recorder) -> Iterator[SpooledPrinter]:
    spooler = WindowsSpooler("Zebra", lambda: spool, lambda *_: 7)
    printer = SpooledPrinter(Reporter("label", heard), spooler, QUICK)
    yield printer
    printer.close()


def outcome(heard: Recorder, *wanted: str) -> PrintProgress:
    return heard.next(PrintProgress, lambda one: one.outcome in wanted)


def test_a_label_goes_raw_and_is_accepted(
    printer: SpooledPrinter, spool: Spool, heard: Recorder
) -> None:
    printer.submit(PrintJob("p1/1/label/1", "label", LABEL, "zpl"))
    outcome(heard, "accepted")
    assert spool.documents == [LABEL]
    assert [one.outcome for one in heard.of(PrintProgress)] == ["spooled", "accepted"]


def test_a_paper_is_drawn_and_asked_about(printer: SpooledPrinter, heard: Recorder) -> None:
    printer.submit(PrintJob("p1/1/cn22/1", "cn22", b"%PDF", "pdf"))
    doubt = outcome(heard, "uncertain", "printed")
    assert (doubt.outcome, doubt.cause) == ("uncertain", "printer.one_way")


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(0, ("failed", "printer.job_cancelled")), (0x10, ("uncertain", "printer.job_stopped"))],
)
def test_a_job_that_is_kept_can_be_cancelled(
    printer: SpooledPrinter,
    spool: Spool,
    heard: Recorder,
    status: int,
    wanted: tuple[str, str],
) -> None:
    """In the middle of its printing that is too late to be sure of anything."""
    spool.keeps, spool.begins = True, status
    printer.submit(PrintJob("p1/1/label/1", "label", LABEL, "zpl"))
    outcome(heard, "spooled")
    printer.withdraw("p1/1/label/1")
    ended = outcome(heard, "failed", "uncertain")
    assert (ended.outcome, ended.cause) == wanted


def test_a_write_that_breaks_leaves_doubt(
    printer: SpooledPrinter, spool: Spool, heard: Recorder
) -> None:
    spool.broken = "write"
    printer.submit(PrintJob("p1/1/label/1", "label", LABEL, "zpl"))
    # The spooler still has the job: it is found by its name, and what becomes of it is told.
    outcome(heard, "spooled")
    spool.jobs.clear()
    outcome(heard, "accepted", "uncertain")
    assert spool.documents == []


def test_who_may_not_print_waits(printer: SpooledPrinter, spool: Spool, heard: Recorder) -> None:
    spool.broken = "start"
    printer.submit(PrintJob("p1/1/label/1", "label", LABEL, "zpl"))
    heard.next(DeviceHealth, lambda one: one.cause == "printer.queue_denied")
    # In the middle of an attempt it cannot be taken back, and then fails instead.
    taken = printer.withdraw("p1/1/label/1")
    assert taken or outcome(heard, "failed").cause == "printer.job_cancelled"


def test_a_queue_that_is_not_there(spool: Spool) -> None:
    with pytest.raises(QueueUnreachable) as failed:
        WindowsSpooler("Other", lambda: spool).facts()
    assert (failed.value.cause, failed.value.sent) == ("printer.queue_missing", Sent.NOTHING)


def test_pages_that_fail_leave_doubt(spool: Spool) -> None:
    def fail(*_: object) -> int:
        raise ApiError(1722, "StartDoc", "The RPC server is unavailable.")

    spooler = WindowsSpooler("Zebra", lambda: spool, fail)
    with pytest.raises(QueueUnreachable) as failed:
        spooler.submit(Submission("a", "pdf", b"%PDF"), QueueFacts(QueueState.IDLE))
    assert (failed.value.cause, failed.value.sent) == ("printer.spooler_missing", Sent.WHOLE)


@pytest.mark.parametrize(
    ("status", "attributes", "cause"),
    [
        (0, 0, ""),
        (0x400, 0, ""),
        (0x10, 0, "printer.media_empty"),
        (0x400000, 0, "printer.cover_open"),
        (0x8, 0, "printer.jam"),
        (0x1, 0, "printer.queue_paused"),
        (0, 0x400, "printer.queue_offline"),
    ],
)
def test_states_of_a_queue(status: int, attributes: int, cause: str) -> None:
    facts = queue_facts({"Status": status, "Attributes": attributes})
    assert facts.trouble == cause
    assert not facts.first_hand


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, JobState.WAITING),
        (0x10, JobState.PRINTING),
        (0x80, JobState.DONE),
        (0x1000, JobState.DONE),
        (0x104, JobState.CANCELLED),
        (0x180, JobState.DONE),
        (0x1084, JobState.DONE),
    ],
)
def test_states_of_a_job(status: int, state: JobState) -> None:
    assert spool_job({"JobId": 1, "Status": status}).state is state


def test_printers_are_listed(spool: Spool) -> None:
    (row,) = list_printers(lambda: spool)
    assert (row["address"], row["port"], row["kind"]) == ("spool:Zebra", "USB001", "queue")

    def missing() -> Spool:
        raise ImportError

    assert list_printers(missing) == []
