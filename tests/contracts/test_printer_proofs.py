"""What a printer's word is worth: peelers, odometers, receipts, and printers that say little."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.devices.health import Reporter
from packstation.devices.opening import LineSettings, opener
from packstation.devices.printers.talk import one_way
from packstation.devices.printers.worker import PrinterWorker
from packstation.devices.sim.printers.brother_ql import BrotherDialect
from packstation.devices.sim.printers.dialect import Dialect, Item, PressState
from packstation.devices.sim.printers.epl2 import Epl2Dialect
from packstation.devices.sim.printers.escpos import EscposDialect
from packstation.devices.sim.printers.tspl import TsplDialect
from packstation.devices.sim.printers.zpl import QUIET, ZplDialect
from packstation.station.ports import DeviceHealth, DeviceState, PrintJob, PrintProgress
from tests.contracts.printers import FAMILIES, QUICK, Bench, Family, at_work
from tests.devices.rigs import LINK, Recorder

BY_ID = {family.id: family for family in FAMILIES}
KINDS = ("pty", "tcp")
# What each family can say of each trouble; what it cannot is an error, or silence.
TROUBLES = {
    "zpl": {
        "paper_out": "printer.paper_out",
        "head_open": "printer.head_open",
        "ribbon_out": "printer.ribbon_out",
        "pause": "printer.paused",
        "overheat": "printer.too_hot",
    },
    "tspl": {
        "paper_out": "printer.paper_out",
        "head_open": "printer.head_open",
        "ribbon_out": "printer.ribbon_out",
        "pause": "printer.paused",
        "overheat": "printer.too_hot",
        "cutter": "printer.cutter",
    },
    "epl2": {
        "paper_out": "printer.paper_out",
        "head_open": "printer.head_open",
        "pause": "printer.paused",
        "overheat": "printer.too_hot",
        "cutter": "printer.cutter",
    },
    "cpcl": {"paper_out": "printer.paper_out", "head_open": "printer.head_open"},
    "escpos": {
        "paper_out": "printer.paper_out",
        "head_open": "printer.head_open",
        "overheat": "printer.too_hot",
        "cutter": "printer.cutter",
        "pause": "printer.error",
    },
    "brother-ql": {
        "paper_out": "printer.paper_out",
        "head_open": "printer.head_open",
        "cutter": "printer.cutter",
        "ribbon_out": "printer.wrong_media",
    },
}
TOLD = [(name, fault, cause) for name, told in TROUBLES.items() for fault, cause in told.items()]


def waits(bench: Bench, cause: str, after: int = 0) -> DeviceHealth:
    return bench.heard.next(DeviceHealth, lambda one: one.cause == cause, after=after, timeout=15.0)


@pytest.mark.parametrize(("name", "fault", "cause"), TOLD)
def test_trouble_is_named_and_its_end_too(
    name: str, fault: str, cause: str, tmp_path: Path
) -> None:
    with at_work(BY_ID[name], "pty", tmp_path) as bench:
        bench.heard.healthy()
        mark = bench.heard.mark
        bench.sim.set_fault(fault, on=True)
        assert waits(bench, cause, mark).state is DeviceState.FAULT
        mark = bench.heard.mark
        bench.sim.set_fault(fault, on=False)
        bench.heard.healthy(after=mark)


@pytest.mark.parametrize("quiet", [frozenset(), QUIET], ids=["answers", "silent"])
@pytest.mark.parametrize("fault", sorted(QUIET))
def test_a_zebra_says_what_is_wrong_with_and_without_its_host_status(
    fault: str, quiet: frozenset[str], tmp_path: Path
) -> None:
    with at_work(BY_ID["zpl"], "tcp", tmp_path, dialect=ZplDialect(quiet=quiet)) as bench:
        bench.heard.healthy()
        mark = bench.heard.mark
        bench.sim.set_fault(fault, on=True)
        waits(bench, TROUBLES["zpl"][fault], mark)
        bench.printer.submit(bench.job())
        bench.sim.set_fault(fault, on=False)
        assert bench.ended().outcome == "printed"
        assert bench.sim.printed == 1


@pytest.mark.parametrize("name", ["zpl", "tspl"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_label_at_the_peeler_is_shown_and_its_taking_too(
    name: str, kind: str, tmp_path: Path
) -> None:
    with at_work(BY_ID[name], kind, tmp_path) as bench:
        bench.heard.healthy()
        bench.sim.set_fault("label_waiting", on=True)
        bench.printer.submit(bench.job())
        told = waits(bench, "printer.label_waiting")
        assert told.state is DeviceState.OK
        assert bench.rungs()[-1] != "printed"
        bench.sim.take_label()
        assert bench.ended().outcome == "printed"
        assert bench.rungs()[-2:] == ["taken", "printed"]
        bench.heard.healthy(after=bench.heard.happenings.index(told) + 1)


def test_a_label_that_nobody_takes_holds_no_job_up_for_ever(tmp_path: Path) -> None:
    with at_work(BY_ID["zpl"], "pty", tmp_path, timing=replace(QUICK, take_s=0.2)) as bench:
        bench.sim.set_fault("label_waiting", on=True)
        bench.printer.submit(bench.job())
        bench.printer.submit(bench.job("j2"))
        assert bench.ended().outcome == "printed"
        assert "taken" not in bench.rungs()
        bench.reached("accepted", "j2")
        bench.sim.take_label()
        waits(bench, "printer.label_waiting")
        assert bench.ended("j2").outcome == "printed"


@pytest.mark.parametrize("name", ["zpl", "tspl"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_cable_pulled_after_the_printer_was_done_takes_nothing_back(
    name: str, kind: str, tmp_path: Path
) -> None:
    with at_work(BY_ID[name], kind, tmp_path) as bench:
        bench.sim.set_fault("label_waiting", on=True)
        bench.printer.submit(bench.job())
        bench.reached("idle")
        bench.sim.set_fault("unplug", on=True)
        assert bench.ended().outcome == "printed"
        assert "taken" not in bench.rungs()


def test_a_program_that_ends_at_the_peeler_has_printed(tmp_path: Path) -> None:
    with at_work(BY_ID["tspl"], "pty", tmp_path) as bench:
        bench.sim.set_fault("label_waiting", on=True)
        bench.printer.submit(bench.job())
        waits(bench, "printer.label_waiting")
        bench.reached("idle")
        bench.printer.close()
        assert bench.ended().outcome == "printed"


@pytest.mark.parametrize(
    ("name", "dialect", "rung"),
    [
        ("zpl", ZplDialect(counts=False), "fed"),
        ("tspl", TsplDialect(unit_mm=50), "fed"),
        ("tspl", TsplDialect(unit_mm=1_000_000), ""),
        ("tspl", TsplDialect(long=False), ""),
    ],
)
def test_odometers_prove_what_they_can(
    name: str, dialect: Dialect, rung: str, tmp_path: Path
) -> None:
    with at_work(BY_ID[name], "tcp", tmp_path, dialect=dialect) as bench:
        bench.printer.submit(bench.job())
        bench.printer.submit(bench.job("j2"))
        assert bench.ended("j2").outcome == "printed"
        extra = [rung] if rung else []
        assert bench.rungs("j2") == ["spooled", "accepted", "idle", *extra, "printed"]


class NoReceipts(EscposDialect):
    """A clone that knows DLE EOT only."""

    def answer(self, question: bytes, state: PressState) -> bytes:
        return b"" if question.startswith(b"\x1d") else super().answer(question, state)


class Lost(BrotherDialect):
    """It prints, and its reports get lost."""

    def ended(self, state: PressState) -> bytes:
        del state
        return b""


class Puzzled(Epl2Dialect):
    """It does not understand a word."""

    def answer(self, question: bytes, state: PressState) -> bytes:
        return b"01\r\n" if state.printed else super().answer(question, state)


def test_without_receipts_a_printer_has_to_be_idle_for_a_while(tmp_path: Path) -> None:
    with at_work(BY_ID["escpos"], "pty", tmp_path, dialect=NoReceipts()) as bench:
        bench.printer.submit(bench.job())
        assert bench.ended().outcome == "printed"


def test_a_brother_is_never_asked_while_it_prints(tmp_path: Path) -> None:
    dialect = BrotherDialect()
    with at_work(BY_ID["brother-ql"], "tcp", tmp_path, dialect=dialect) as bench:
        for number in range(5):
            bench.printer.submit(bench.job(f"j{number}", copies=3))
        assert bench.ended("j4").outcome == "printed"
        assert dialect.asked_at_work == 0
        assert bench.sim.printed == 15


@pytest.mark.parametrize(
    ("name", "dialect", "cause"),
    [("brother-ql", Lost(), "printer.unproven"), ("epl2", Puzzled(), "printer.refused")],
)
def test_what_a_printer_does_not_vouch_for_a_person_decides(
    name: str, dialect: Dialect, cause: str, tmp_path: Path
) -> None:
    with at_work(BY_ID[name], "pty", tmp_path, dialect=dialect) as bench:
        bench.printer.submit(bench.job())
        end = bench.ended()
        assert (end.outcome, end.cause) == ("uncertain", cause)
        assert bench.sim.printed == 1


def test_a_brother_that_forgets_its_job_in_trouble_is_not_believed(tmp_path: Path) -> None:
    with at_work(BY_ID["brother-ql"], "pty", tmp_path, dialect=Lost(), print_s=0.2) as bench:
        bench.printer.submit(bench.job())
        bench.reached("accepted")
        bench.sim.set_fault("head_open", on=True)
        waits(bench, "printer.head_open")
        bench.sim.set_fault("head_open", on=False)
        assert bench.ended().cause == "printer.unproven"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_on_a_line_without_a_way_back_the_ladder_ends_at_accepted(
    family: Family, kind: str, tmp_path: Path
) -> None:
    with at_work(family, kind, tmp_path, talk=one_way(family.talk)) as bench:
        told = bench.heard.next(DeviceHealth)
        assert (told.state, told.cause) == (DeviceState.OK, "printer.one_way")
        bench.sim.set_fault("silent", on=True)
        bench.printer.submit(bench.job())
        bench.printer.submit(replace(bench.job("c1"), document="cn22"))
        # A label proves itself when it is scanned; of a paper a person is asked.
        end = bench.ended("c1")
        assert (end.outcome, end.cause) == ("uncertain", "printer.one_way")
        assert bench.rungs() == ["spooled", "accepted"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_a_printer_that_stops_reading_in_the_middle_is_waited_for(
    family: Family, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = family.dialect()
    feed = dialect.feed
    with at_work(family, kind, tmp_path, dialect=dialect) as bench:

        def stops(data: bytes) -> list[Item]:
            if len(data) > 1000 and "printer.stalled" not in causes(bench):
                bench.sim.set_fault("stalled", on=True)
            return feed(data)

        monkeypatch.setattr(dialect, "feed", stops)
        bench.printer.submit(replace(bench.job(), payload=family.large()))
        assert waits(bench, "printer.stalled").state is DeviceState.FAULT
        assert bench.rungs() == ["spooled"]
        bench.sim.set_fault("stalled", on=False)
        assert bench.ended().outcome == "printed"
        assert bench.papers() == [family.large()]


def causes(bench: Bench) -> list[str]:
    return [one.cause for one in bench.heard.of(DeviceHealth)]


def free(port: int) -> bool:
    """It serves the ports from 9100 on, one a digit, and no others."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """p910nd, the print server of small boxes, from a socket to a file."""
    program = shutil.which("p910nd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        pytest.skip("p910nd is not installed")
    out = tmp_path / "lp0"
    out.touch()
    locks = Path("/var/lock/p910nd")
    locks.mkdir(parents=True, exist_ok=True)
    digit = next(number for number in range(3, 10) if free(9100 + number))
    command = [program, "-d", "-b", "-f", str(out), "-i", "127.0.0.1", str(digit)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"tcp://127.0.0.1:{9100 + digit}", out
    finally:
        running.terminate()
        running.wait(10)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_a_print_server_hands_on_every_byte_and_proves_no_more(
    family: Family, bridge: tuple[str, Path]
) -> None:
    address, out = bridge
    heard, job = Recorder(), PrintJob("j1", "label", family.large(), family.id)
    printer = PrinterWorker(
        Reporter("label", heard),
        opener(address, LineSettings()),
        one_way(family.talk),
        QUICK,
        LINK,
    )
    try:
        printer.submit(job)
        heard.next(PrintProgress, lambda one: one.outcome == "accepted", timeout=15.0)
    finally:
        printer.close()
    until = time.monotonic() + 10
    while out.stat().st_size < len(job.payload) and time.monotonic() < until:
        time.sleep(0.02)
    assert out.read_bytes() == job.payload
    assert [one.outcome for one in heard.of(PrintProgress)] == ["spooled", "accepted"]
