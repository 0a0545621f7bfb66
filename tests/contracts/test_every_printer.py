"""The same behaviour from every family of label printers, over serial lines and sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.station.ports import DeviceHealth, DeviceState, PrintProgress
from tests.contracts.printers import FAMILIES, Bench, at_work

CASES = [(family, kind) for family in FAMILIES for kind in ("pty", "tcp")]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0].id}-{case[1]}")
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    family, kind = request.param
    with at_work(family, kind, tmp_path) as bench:
        bench.heard.healthy()
        yield bench


def trouble(bench: Bench, cause: str, after: int = 0) -> DeviceHealth:
    return bench.heard.next(DeviceHealth, lambda one: one.cause == cause, after=after, timeout=15.0)


def test_a_label_comes_out_once(bench: Bench) -> None:
    job = bench.job()
    bench.printer.submit(job)
    assert bench.ended().outcome == "printed"
    assert tuple(bench.rungs()) == bench.family.rungs
    assert bench.papers() == [job.payload]


def test_two_jobs_come_out_in_order(bench: Bench) -> None:
    jobs = [bench.job("j1", code="LP000000001CN"), bench.job("j2", code="LP000000002CN")]
    for job in jobs:
        bench.printer.submit(job)
    assert bench.ended("j2").outcome == "printed"
    assert bench.papers() == [job.payload for job in jobs]
    done = [one.job for one in bench.heard.of(PrintProgress) if one.outcome == "printed"]
    assert done == ["j1", "j2"]


def test_without_paper_a_job_waits_and_prints_once_the_roll_is_in(bench: Bench) -> None:
    mark = bench.heard.mark
    bench.sim.set_fault("paper_out", on=True)
    trouble(bench, "printer.paper_out", mark)
    bench.printer.submit(bench.job())
    bench.printer.submit(bench.job("j2"))
    assert bench.printer.withdraw("j2")
    assert not bench.printer.withdraw("j2")
    bench.sim.set_fault("paper_out", on=False)
    assert bench.ended().outcome == "printed"
    assert bench.rungs("j2") == ["spooled"]
    assert bench.sim.printed == 1


def test_a_lid_opened_in_the_middle_is_waited_for(bench: Bench) -> None:
    bench.printer.submit(bench.job(copies=20))
    bench.reached("accepted")
    mark = bench.heard.mark
    bench.sim.set_fault("head_open", on=True)
    told = trouble(bench, bench.family.opened, mark)
    assert told.state is DeviceState.FAULT
    assert bench.rungs() == ["spooled", "accepted"]
    bench.sim.set_fault("head_open", on=False)
    assert bench.ended().outcome == "printed"
    assert bench.sim.printed == 20


def test_a_cable_pulled_before_the_first_byte_only_delays(bench: Bench) -> None:
    mark = bench.heard.mark
    bench.sim.set_fault("unplug", on=True)
    bench.heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    bench.printer.submit(bench.job())
    bench.sim.set_fault("unplug", on=False)
    assert bench.ended().outcome == "printed"
    assert bench.sim.printed == 1


def test_a_cable_pulled_in_the_middle_leaves_the_job_uncertain(bench: Bench) -> None:
    bench.printer.submit(bench.job(copies=30))
    bench.reached("accepted")
    bench.sim.set_fault("unplug", on=True)
    end = bench.ended()
    assert (end.outcome, end.cause) == ("uncertain", "printer.lost")
    bench.sim.set_fault("unplug", on=False)
    bench.printer.submit(bench.job("j2"))
    assert bench.ended("j2").outcome == "printed"
    assert bench.rungs() == ["spooled", "accepted", "uncertain"]
    # What the printer had taken may come out; nothing is sent a second time.
    assert bench.sim.printed <= 31


def test_a_program_that_ends_in_the_middle_leaves_the_job_uncertain(bench: Bench) -> None:
    bench.printer.submit(bench.job(copies=30))
    bench.reached("accepted")
    bench.printer.close()
    end = bench.ended()
    assert (end.outcome, end.cause) == ("uncertain", "printer.closed")


def test_silence_wants_attention_and_sends_nothing(bench: Bench) -> None:
    mark = bench.heard.mark
    bench.sim.set_fault("silent", on=True)
    assert trouble(bench, "printer.silent", mark).state is DeviceState.FAULT
    bench.printer.submit(bench.job())
    assert bench.rungs() == ["spooled"]
    bench.sim.set_fault("silent", on=False)
    assert bench.ended().outcome == "printed"
    assert bench.sim.printed == 1


@pytest.mark.parametrize("fault", ["split", "delay", "merge"])
def test_chopped_and_late_answers_are_understood(bench: Bench, fault: str) -> None:
    bench.sim.set_fault(fault, on=True)
    job = bench.job()
    bench.printer.submit(job)
    assert bench.ended().outcome == "printed"
    assert bench.papers() == [job.payload]


@pytest.mark.parametrize("fault", ["garble", "drop"])
def test_damaged_answers_never_make_it_ready(bench: Bench, fault: str) -> None:
    mark = bench.heard.mark
    bench.sim.set_fault("paper_out", on=True)
    trouble(bench, "printer.paper_out", mark)
    bench.sim.set_fault(fault, on=True)
    mark = bench.heard.mark
    bench.printer.submit(bench.job())
    # Of an answer of one byte nothing is left where a byte is lost.
    bench.heard.next(
        DeviceHealth,
        lambda one: one.cause in {"printer.garbled", "printer.silent"},
        after=mark,
        timeout=15.0,
    )
    told = [one for one in bench.heard.happenings[mark:] if isinstance(one, DeviceHealth)]
    assert not [one for one in told if one.state is DeviceState.OK]
    assert bench.rungs() == ["spooled"]
    bench.sim.set_fault(fault, on=False)
    bench.sim.set_fault("paper_out", on=False)
    assert bench.ended().outcome == "printed"
    assert bench.sim.printed == 1


def test_a_printer_that_stops_reading_is_stalled_and_not_lost(bench: Bench) -> None:
    bench.sim.set_fault("stalled", on=True)
    bench.printer.submit(bench.job(copies=1, code="LP123456785CN"))
    mark = bench.heard.mark
    # Whether the job still went into a buffer or not: nobody says that it came out.
    bench.heard.next(
        DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark, timeout=15.0
    )
    assert "printed" not in bench.rungs()
    bench.sim.set_fault("stalled", on=False)
    assert bench.ended().outcome == "printed"
    assert bench.sim.printed == 1


def test_a_torn_label_is_uncertain_and_never_sent_again(bench: Bench) -> None:
    bench.sim.set_fault("half_label", on=True)
    bench.printer.submit(bench.job())
    assert bench.ended().outcome == "uncertain"
    bench.sim.set_fault("half_label", on=False)
    bench.printer.submit(bench.job("j2"))
    assert bench.ended("j2").outcome == "printed"
    assert bench.sim.printed == 1
