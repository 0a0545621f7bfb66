"""Papers that nobody wants any more, at an IPP printer: what may still have come out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from packstation.devices.printers.ipp.answers import spool_job
from packstation.devices.printers.ipp.requests import Requests
from packstation.devices.printers.ipp.spooler import job_name
from packstation.devices.printers.ipp.wire import WireTiming, endpoint, exchange
from packstation.devices.printers.spooling import JobState
from packstation.station.ports import PrintProgress
from tests.devices.printers.queues.peers import IppPrinter, wait_for
from tests.devices.printers.queues.test_spooled import bench, outcome, paper


@pytest.fixture
def paper_printer() -> Iterator[IppPrinter]:
    made = IppPrinter()
    yield made
    made.close()


def at_printer(printer: IppPrinter, name: str) -> tuple[JobState, bool]:
    """What the printer says of a job: its state, and whether somebody wants it stopped."""
    place = endpoint(printer.address)
    asked = Requests(place.uri, "test")
    for group in exchange(place, asked.jobs("not-completed"), WireTiming()).groups:
        told = {one.name: [value.content for value in one.values] for one in group.attributes}
        if told.get("job-name") == [name]:
            reasons = told["job-state-reasons"]
            return spool_job(group).state, "processing-to-stop-point" in reasons
    return JobState.WAITING, False


def test_a_paper_waits_at_the_bench_while_the_printer_takes_no_second_job(
    paper_printer: IppPrinter,
) -> None:
    before = len(paper_printer.printed)
    with (
        bench(paper_printer.address, "papers") as (first, heard_first),
        bench(paper_printer.address, "papers") as (second, heard_second),
    ):
        paper_printer.switch("hold", on=True)
        first.submit(paper("p5/1/cn22/1"))
        name = job_name("p5/1/cn22/1")
        wait_for(lambda: at_printer(paper_printer, name)[0] is JobState.PRINTING, "it is not begun")
        second.submit(paper("p6/1/cn22/1"))
        second.submit(paper("p8/1/cn22/1"))
        second.withdraw("p6/1/cn22/1")
        paper_printer.switch("hold", on=False)
        outcome(heard_first, "printed")
        heard_second.next(
            PrintProgress,
            lambda one: (one.job, one.outcome) == ("p8/1/cn22/1", "printed"),
            timeout=30,
        )
        assert [
            one
            for one in heard_second.of(PrintProgress)
            if one.job == "p6/1/cn22/1" and one.outcome != "failed"
        ] == []
    assert len(paper_printer.printed) == before + 2


def test_of_a_paper_that_is_stopped_in_the_middle_nobody_is_sure(paper_printer: IppPrinter) -> None:
    with bench(paper_printer.address, "papers") as (printer, heard):
        paper_printer.switch("hold", on=True)
        printer.submit(paper("p7/1/cn22/1"))
        name = job_name("p7/1/cn22/1")
        wait_for(lambda: at_printer(paper_printer, name)[0] is JobState.PRINTING, "it is not begun")
        assert not printer.withdraw("p7/1/cn22/1")
        wait_for(lambda: at_printer(paper_printer, name)[1], "nobody stopped it")
        paper_printer.switch("hold", on=False)
        ended = outcome(heard, "uncertain", "failed", "printed")
        assert (ended.outcome, ended.cause) == ("uncertain", "printer.job_stopped")
