"""What only a printer on a real line can go through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.station.ports import DeviceHealth, DeviceState, PrintProgress
from tests.contracts.test_printer import LABEL, Real, ended, job, outcomes, real_rig


@pytest.fixture(params=["pty", "tcp"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Real]:
    with real_rig(request.param, tmp_path) as real:
        real.heard.healthy()
        yield real


def test_the_odometer_is_a_rung_where_there_is_one(rig: Real) -> None:
    rig.printer.submit(job())
    ended(rig.heard)
    rungs = [one.outcome for one in rig.heard.of(PrintProgress)]
    assert rungs == ["spooled", "accepted", "idle", "counted", "printed"]


def test_each_label_that_came_out_is_a_file_of_its_own(rig: Real) -> None:
    rig.printer.submit(job("j1", b"^XA^FDa^FS^PQ2^XZ"))
    rig.printer.submit(job("j2", LABEL))
    ended(rig.heard, "j2")
    names = sorted(path.name for path in rig.sim.folder.iterdir())
    assert names == ["000001.zpl", "000002.zpl", "000003.zpl"]


def test_paper_that_runs_out_under_a_job_makes_it_wait_not_fail(rig: Real) -> None:
    # The paper ends between the last look and the label.
    rig.printer.submit(job("j1", b"^XA^FDa^FS^PQ30^XZ"))
    rig.heard.next(PrintProgress, lambda one: one.outcome == "accepted")
    mark = rig.heard.mark
    rig.block("paper_out", on=True)
    rig.heard.next(DeviceHealth, lambda one: one.cause == "printer.paper_out", after=mark)
    assert outcomes(rig.heard, "j1") == ["spooled", "accepted"]
    rig.block("paper_out", on=False)
    assert ended(rig.heard, "j1").outcome == "printed"
    assert rig.sim.printed == 30


def test_silence_on_an_open_line_wants_attention_and_sends_nothing(rig: Real) -> None:
    mark = rig.heard.mark
    rig.block("silent", on=True)
    health = rig.heard.next(DeviceHealth, after=mark)
    assert (health.state, health.cause) == (DeviceState.FAULT, "printer.silent")
    rig.printer.submit(job())
    rig.block("silent", on=False)
    assert ended(rig.heard).outcome == "printed"
    assert rig.papers() == [LABEL]


def test_a_cable_pulled_before_the_first_byte_only_delays(rig: Real) -> None:
    mark = rig.heard.mark
    rig.block("unplug", on=True)
    rig.heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    rig.printer.submit(job())
    rig.block("unplug", on=False)
    assert ended(rig.heard).outcome == "printed"
    assert rig.papers() == [LABEL]


def test_a_cable_pulled_after_the_first_byte_leaves_the_job_uncertain(rig: Real) -> None:
    rig.printer.submit(job("j1", b"^XA^FDa^FS^PQ50^XZ"))
    rig.heard.next(PrintProgress, lambda one: one.outcome == "accepted")
    rig.block("unplug", on=True)
    end = ended(rig.heard, "j1")
    assert (end.outcome, end.cause) == ("uncertain", "printer.lost")
    rig.block("unplug", on=False)
    rig.printer.submit(job("j2"))
    ended(rig.heard, "j2")
    assert outcomes(rig.heard, "j1") == ["spooled", "accepted", "uncertain"]


def test_a_job_under_way_is_uncertain_when_the_worker_closes(rig: Real) -> None:
    rig.printer.submit(job("j1", b"^XA^FDa^FS^PQ50^XZ"))
    rig.heard.next(PrintProgress, lambda one: one.outcome == "accepted")
    rig.printer.close()
    end = ended(rig.heard, "j1")
    assert (end.outcome, end.cause) == ("uncertain", "printer.closed")


def test_a_printer_that_never_gets_idle_is_stuck(rig: Real) -> None:
    rig.printer.submit(job("j1", b"^XA^FDa^FS^XZ^XA^FDhalf"))
    end = ended(rig.heard, "j1")
    assert (end.outcome, end.cause) == ("uncertain", "printer.stuck")


def test_a_printer_that_falls_silent_for_long_leaves_the_job_uncertain(rig: Real) -> None:
    rig.printer.submit(job("j1", b"^XA^FDa^FS^PQ50^XZ"))
    rig.heard.next(PrintProgress, lambda one: one.outcome == "accepted")
    rig.block("silent", on=True)
    end = ended(rig.heard, "j1")
    assert (end.outcome, end.cause) == ("uncertain", "printer.silent")


@pytest.mark.parametrize("fault", ["split", "delay", "merge"])
def test_chopped_and_late_answers_are_understood(rig: Real, fault: str) -> None:
    rig.block(fault, on=True)
    rig.printer.submit(job())
    assert ended(rig.heard).outcome == "printed"
    assert rig.papers() == [LABEL]


def test_a_large_job_arrives_whole(rig: Real) -> None:
    payload = b"^XA^GFA," + b"0123456789ABCDEF" * 8000 + b"^FS^XZ"
    rig.printer.submit(job("j1", payload))
    ended(rig.heard, "j1")
    assert rig.papers() == [payload]
