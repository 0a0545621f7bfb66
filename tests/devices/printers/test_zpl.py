"""Printers that behave oddly: they stall, count late or never, answer garbage, hang up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from packstation.devices.health import Reporter
from packstation.devices.opening import LineSettings, opener
from packstation.devices.ports import Port
from packstation.devices.printers.status import ODOMETER
from packstation.devices.printers.worker import PrinterWorker
from packstation.devices.printers.zpl import TALK
from packstation.devices.sim.faces import PtyFace
from packstation.station.ports import DeviceHealth, DeviceState, PrintProgress
from tests.contracts.test_printer import TIMING, ended, job, outcomes
from tests.devices.rigs import LINK, Recorder

IDLE = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n"
IDLE += b"\x021234,0\x03\r\n"
PAPER_OUT = IDLE.replace(b"030,0", b"030,1")


class OddPrinter:
    """Answers by attribute; blocks its ears while ``deaf`` from the first format on."""

    def __init__(self, folder: Path) -> None:
        self.face = PtyFace(folder / "printer")
        self.status = IDLE
        self.counts: list[bytes] = []
        self.hangs_up_after = 99
        self.deaf = False
        self.hears = threading.Event()
        self.formats = 0
        self.face.start(self.hear)

    def hear(self, data: bytes) -> None:
        self.formats += data.count(b"^XA")
        if b"^XA" in data and self.deaf:
            self.hears.wait(10)
        if data.count(b"~HS"):
            self.face.send(self.status)
        if ODOMETER in data:
            self.hangs_up_after -= 1
            if self.hangs_up_after < 0:
                self.face.hang_up()
            elif self.counts:
                self.face.send(self.counts.pop(0) if len(self.counts) > 1 else self.counts[0])

    def close(self) -> None:
        self.hears.set()
        self.face.close()


@contextmanager
def working(odd: OddPrinter) -> Iterator[tuple[PrinterWorker, Recorder]]:
    heard = Recorder()
    reporter = Reporter("label", heard)
    address = odd.face.address
    timing = replace(TIMING, write_s=0.05, give_up_s=0.3, busy_s=0.3, count_s=0.1, odometer_s=0.05)
    printer = PrinterWorker(reporter, opener(address, LineSettings()), TALK, timing, LINK)
    try:
        yield printer, heard
    finally:
        printer.close()
        odd.close()


def rungs(heard: Recorder, name: str) -> list[str]:
    return [one.outcome for one in heard.of(PrintProgress) if one.job == name]


def test_a_waiting_job_can_be_taken_back(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.status = PAPER_OUT
    with working(odd) as (printer, heard):
        heard.next(DeviceHealth, lambda one: one.cause == "printer.paper_out")
        printer.submit(job("j1"))
        printer.submit(job("j2"))
        assert printer.withdraw("j1")
        assert not printer.withdraw("j1")
        odd.status = IDLE
        assert ended(heard, "j2").outcome == "printed"
    assert rungs(heard, "j1") == ["spooled"]
    assert odd.formats == 1


def test_a_printer_that_stops_reading_is_stalled_and_goes_on(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.deaf = True
    with working(odd) as (printer, heard):
        heard.healthy()
        printer.submit(job("j1", b"^XA" + b"0" * 100_000 + b"^XZ"))
        stalled = heard.next(DeviceHealth, lambda one: one.cause == "printer.stalled")
        assert stalled.state is DeviceState.FAULT
        odd.hears.set()
        assert ended(heard, "j1").outcome == "printed"


def test_a_stall_without_end_leaves_the_job_uncertain(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.deaf = True
    with working(odd) as (printer, heard):
        heard.healthy()
        printer.submit(job("j1", b"^XA" + b"0" * 100_000 + b"^XZ"))
        end = ended(heard, "j1")
        assert (end.outcome, end.cause) == ("uncertain", "printer.lost")
        odd.hears.set()
    assert rungs(heard, "j1") == ["spooled", "uncertain"]


def test_closing_in_the_middle_of_the_bytes_leaves_the_job_uncertain(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.deaf = True
    with working(odd) as (printer, heard):
        heard.healthy()
        printer.submit(job("j1", b"^XA" + b"0" * 100_000 + b"^XZ"))
        heard.next(DeviceHealth, lambda one: one.cause == "printer.stalled")
        printer.close()
        assert ended(heard, "j1").cause == "printer.closed"


def test_a_count_that_moved_before_and_does_not_now_is_doubted(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.counts = [b'"7"\r\n', b'"8"\r\n', b'"8"\r\n']
    with working(odd) as (printer, heard):
        printer.submit(job("j1"))
        printer.submit(job("j2"))
        end = ended(heard, "j2")
    assert rungs(heard, "j1") == ["spooled", "accepted", "idle", "counted", "printed"]
    assert (end.outcome, end.cause) == ("uncertain", "printer.not_counted")


def test_a_count_that_comes_late_is_waited_for(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.counts = [b'"7"\r\n', b'"8"\r\n', b'"8"\r\n', b'"8"\r\n', b'"9"\r\n']
    with working(odd) as (printer, heard):
        printer.submit(job("j1"))
        printer.submit(job("j2"))
        assert ended(heard, "j2").outcome == "printed"
    assert rungs(heard, "j2") == ["spooled", "accepted", "idle", "counted", "printed"]


def test_a_count_that_never_moves_proves_nothing(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.counts = [b'"7"\r\n']
    with working(odd) as (printer, heard):
        printer.submit(job("j1"))
        assert ended(heard, "j1").outcome == "printed"
    assert rungs(heard, "j1") == ["spooled", "accepted", "idle", "printed"]


def test_a_printer_without_an_odometer_is_asked_once(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.counts = [b'"?"\r\n', b'"5"\r\n']
    with working(odd) as (printer, heard):
        printer.submit(job("j1"))
        printer.submit(job("j2"))
        ended(heard, "j2")
    assert outcomes(heard, "j2") == ["spooled", "accepted", "idle", "printed"]
    assert odd.counts == [b'"5"\r\n']


def test_a_line_lost_after_the_printer_was_idle_takes_nothing_back(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.counts = [b'"7"\r\n']
    odd.hangs_up_after = 1
    with working(odd) as (printer, heard):
        printer.submit(job("j1"))
        assert ended(heard, "j1").outcome == "printed"


def test_a_line_lost_before_the_first_byte_keeps_the_job(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.counts = [b'"7"\r\n']
    odd.hangs_up_after = 0
    with working(odd) as (printer, heard):
        printer.submit(job("j1"))
        heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
        odd.hangs_up_after = 99
        assert ended(heard, "j1").outcome == "printed"
    assert odd.formats == 1


def test_a_job_without_labels_has_nothing_to_count(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.counts = [b'"7"\r\n']
    with working(odd) as (printer, heard):
        printer.submit(job("j1", b"~JSB"))
        printer.submit(job("j2", b""))
        assert ended(heard, "j1").outcome == "printed"
        assert ended(heard, "j2").outcome == "printed"


def test_garbage_for_a_status_is_named(tmp_path: Path) -> None:
    odd = OddPrinter(tmp_path)
    odd.status = b"\xff" * 2000
    with working(odd) as (_printer, heard):
        assert heard.next(DeviceHealth).cause == "printer.garbled"
        odd.status = IDLE
        heard.healthy()


def test_a_silent_printer_is_opened_anew_between_two_jobs_but_never_inside_one(
    tmp_path: Path,
) -> None:
    odd, opened = OddPrinter(tmp_path), threading.Semaphore(0)
    open_port = opener(odd.face.address, LineSettings())

    def counted() -> Port:
        opened.release()
        return open_port()

    heard = Recorder()
    timing = replace(TIMING, answer_s=0.05, odometer_s=0.02, give_up_s=0.9, reopen_s=0.5)
    printer = PrinterWorker(Reporter("label", heard), counted, TALK, timing, LINK)
    heard.healthy()
    assert opened.acquire(timeout=5)
    printer.submit(job("j1"))
    heard.next(PrintProgress, lambda one: one.outcome == "accepted")
    odd.status = b""
    assert ended(heard, "j1").outcome in {"uncertain", "printed"}
    inside = opened.acquire(blocking=False)
    assert opened.acquire(timeout=5)
    assert not inside
    assert [one.cause for one in heard.of(DeviceHealth)][-1] == "printer.silent"
    odd.status = IDLE
    mark = heard.mark
    heard.healthy(after=mark - 1)
    printer.close()
    odd.close()
