"""Every label printer, and the fake, climbs the same ladder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from packstation.devices.health import Reporter
from packstation.devices.opening import LineSettings, opener
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.printers.worker import PrinterWorker
from packstation.devices.printers.zpl import TALK
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.station.ports import DeviceHealth, DeviceState, Printer, PrintJob, PrintProgress
from tests.devices.rigs import FAULT, LINK, Recorder, chance, face_of
from tests.fakes import FakePrinter

TIMING = PrinterTiming(
    write_s=0.3,
    give_up_s=0.6,
    answer_s=0.3,
    odometer_s=0.2,
    settle_s=0.02,
    watch_s=0.03,
    busy_s=1.0,
    count_s=0.3,
)
LABEL = b"^XA^FO50,50^BCN,100^FDLP123456785CN^FS^XZ"


def job(name: str = "p1/1/label", payload: bytes = LABEL) -> PrintJob:
    return PrintJob(name, "label", payload, "zpl")


class Rig(Protocol):
    printer: Printer
    heard: Recorder

    def papers(self) -> list[bytes]: ...

    def block(self, fault: str, *, on: bool) -> None: ...

    def tear(self, *, on: bool) -> None: ...


class Real:
    def __init__(self, sim: ZplPrinterSim, printer: PrinterWorker, heard: Recorder) -> None:
        self.sim = sim
        self.printer: Printer = printer
        self.heard = heard

    def papers(self) -> list[bytes]:
        return [self.sim.label(number + 1) for number in range(self.sim.printed)]

    def block(self, fault: str, *, on: bool) -> None:
        self.sim.set_fault(fault, on=on)

    def tear(self, *, on: bool) -> None:
        self.sim.set_fault("half_label", on=on)


class Fake:
    def __init__(self) -> None:
        self.heard = Recorder()
        self.fake = FakePrinter(self.heard)
        self.printer: Printer = self.fake

    def papers(self) -> list[bytes]:
        return [one.payload for one in self.fake.jobs]

    def block(self, fault: str, *, on: bool) -> None:
        self.fake.blocked = f"printer.{fault}" if on else ""

    def tear(self, *, on: bool) -> None:
        self.fake.torn = on


@contextmanager
def real_rig(kind: str, folder: Path, timing: PrinterTiming = TIMING) -> Iterator[Real]:
    """A ZPL printer at work on a simulated one."""
    face = face_of(kind, folder)
    sim = ZplPrinterSim(face, chance(), folder / "printed", print_s=0.01, timing=FAULT)
    heard = Recorder()
    printer = PrinterWorker(
        Reporter("label", heard), opener(sim.address, LineSettings()), TALK, timing, LINK
    )
    try:
        yield Real(sim, printer, heard)
    finally:
        printer.close()
        sim.close()


@pytest.fixture(params=["pty", "tcp", "fake"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    if request.param == "fake":
        yield Fake()
        return
    with real_rig(request.param, tmp_path) as real:
        real.heard.healthy()
        yield real


def outcomes(heard: Recorder, name: str = "p1/1/label") -> list[str]:
    return [
        one.outcome
        for one in heard.of(PrintProgress)
        if one.job == name and one.outcome != "counted"
    ]


def ended(heard: Recorder, name: str = "p1/1/label") -> PrintProgress:
    final = {"printed", "failed", "uncertain"}
    return heard.next(PrintProgress, lambda one: one.job == name and one.outcome in final)


def test_a_label_climbs_the_ladder(rig: Rig) -> None:
    rig.printer.submit(job())
    assert ended(rig.heard).outcome == "printed"
    assert outcomes(rig.heard) == ["spooled", "accepted", "idle", "printed"]
    assert rig.papers() == [LABEL]


def test_jobs_come_out_in_order(rig: Rig) -> None:
    payloads = [b"^XA^FD%d^FS^XZ" % number for number in range(5)]
    for number, payload in enumerate(payloads):
        rig.printer.submit(job(f"j{number}", payload))
    ended(rig.heard, "j4")
    assert rig.papers() == payloads


@pytest.mark.parametrize("fault", ["paper_out", "head_open"])
def test_a_blocked_printer_keeps_the_job_and_prints_it_once_when_cured(
    rig: Rig, fault: str
) -> None:
    mark = rig.heard.mark
    rig.block(fault, on=True)
    health = rig.heard.next(DeviceHealth, after=mark)
    assert (health.state, health.cause) == (DeviceState.FAULT, f"printer.{fault}")
    rig.printer.submit(job())
    rig.heard.next(PrintProgress, lambda one: one.outcome == "spooled")
    assert outcomes(rig.heard) == ["spooled"]
    mark = rig.heard.mark
    rig.block(fault, on=False)
    rig.heard.healthy(after=mark)
    assert ended(rig.heard).outcome == "printed"
    assert rig.papers() == [LABEL]


def test_a_torn_label_is_uncertain_and_never_sent_again(rig: Rig) -> None:
    rig.tear(on=True)
    rig.printer.submit(job())
    end = ended(rig.heard)
    assert (end.outcome, end.cause) == ("uncertain", "printer.lost")
    rig.tear(on=False)
    rig.printer.submit(job("p2/1/label", b"^XA^FDsecond^FS^XZ"))
    assert ended(rig.heard, "p2/1/label").outcome == "printed"
    assert rig.papers() == [b"^XA^FDsecond^FS^XZ"]
