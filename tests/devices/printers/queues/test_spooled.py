"""Labels and papers through real queues: CUPS with raw queues, an IPP Everywhere printer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.discovery import identify, list_ports
from packstation.devices.printers.queues import spooler_of
from packstation.devices.printers.spooled import SpooledPrinter, SpoolTiming
from packstation.station.ports import DeviceHealth, DeviceState, PrintJob, PrintProgress
from tests.devices.printers.queues.cups import PrivateCups, free_port
from tests.devices.printers.queues.peers import (
    Holding,
    IppPrinter,
    Listener,
    P910nd,
    Proxy,
    wait_for,
)
from tests.devices.rigs import Recorder

QUICK = SpoolTiming(
    watch_s=0.2, poll_s=0.05, attention_s=1.0, look_s=0.1, looks=3, give_up_s=20.0, ask_s=2.0
)
LABEL = b"^XA" + b"^FO50,50^FDM\xc3\xbcller \x00\xff^FS" * 300 + b"^XZ\r\n"


def pdf(width: float, height: float) -> bytes:
    """A page of that many points, big enough to be told from a question."""
    page = f"/Type /Page /MediaBox [0 0 {width} {height}] /Parent 2 0 R"
    return f"%PDF-1.4\n3 0 obj\n<< {page} >>\nendobj\n%{'x' * 6000}\n%%EOF\n".encode()


A4 = pdf(595.28, 841.89)

Bench = Callable[..., AbstractContextManager[tuple[SpooledPrinter, Recorder]]]


@pytest.fixture(scope="module")
def cups() -> Iterator[PrivateCups]:
    server = PrivateCups()
    yield server
    server.close()


@pytest.fixture
def at_cups(cups: PrivateCups, monkeypatch: pytest.MonkeyPatch) -> PrivateCups:
    monkeypatch.setenv("CUPS_SERVER", cups.socket)
    return cups


@pytest.fixture(scope="module")
def one_printer() -> Iterator[IppPrinter]:
    printer = IppPrinter()
    yield printer
    printer.close()


@pytest.fixture
def paper_printer(one_printer: IppPrinter) -> Iterator[IppPrinter]:
    yield one_printer
    one_printer.rest()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@contextmanager
def bench(
    address: str, kind: str = "label", timing: SpoolTiming = QUICK, **settings: object
) -> Iterator[tuple[SpooledPrinter, Recorder]]:
    """A bench with one printer behind a queue."""
    heard = Recorder()
    model = "zpl" if kind == "label" else "spool"
    config = DeviceConfig(kind, model, address, settings=settings)
    opened = open_devices([config], heard, timings=DeviceTimings(spool=timing))
    printer = opened.printers[kind]
    assert isinstance(printer, SpooledPrinter)
    try:
        yield printer, heard
    finally:
        opened.close()


def label(name: str = "p1/1/label/1", payload: bytes = LABEL) -> PrintJob:
    return PrintJob(name, "label", payload, "zpl")


def paper(name: str = "p1/1/cn22/1", payload: bytes = A4) -> PrintJob:
    return PrintJob(name, "cn22", payload, "pdf")


def outcome(heard: Recorder, *wanted: str, after: int = 0) -> PrintProgress:
    return heard.next(PrintProgress, lambda one: one.outcome in wanted, after=after, timeout=30)


def trouble(heard: Recorder, cause: str, after: int = 0) -> DeviceHealth:
    return heard.next(DeviceHealth, lambda one: one.cause == cause, after=after, timeout=30)


def rungs(heard: Recorder) -> list[str]:
    return [one.outcome for one in heard.of(PrintProgress)]


# --- labels through a raw queue ---------------------------------------------------------------


def test_a_label_arrives_byte_for_byte_and_proves_itself_later(
    at_cups: PrivateCups, listener: Listener
) -> None:
    with bench(at_cups.raw_queue("plain", listener.device)) as (printer, heard):
        heard.healthy()
        printer.submit(label())
        outcome(heard, "accepted")
        wait_for(lambda: listener.jobs == [LABEL], "the label did not arrive")
        # The queue has handed it on; that it came out is for the scan on the box to say.
        assert rungs(heard) == ["spooled", "accepted"]
        mark = heard.mark
        printer.submit(label("p2/1/label/1"))
        outcome(heard, "accepted", after=mark)
        wait_for(lambda: len(listener.jobs) == 2, "the second label did not arrive")


def test_a_queue_that_is_believed_says_printed(at_cups: PrivateCups, listener: Listener) -> None:
    with bench(at_cups.raw_queue("believed", listener.device), believe_queue=True) as (
        printer,
        heard,
    ):
        printer.submit(label())
        outcome(heard, "printed")
        assert rungs(heard) == ["spooled", "accepted", "printed"]


def test_a_label_passes_p910nd(at_cups: PrivateCups, tmp_path: Path) -> None:
    server = P910nd(tmp_path)
    with bench(at_cups.raw_queue("p910nd", server.device)) as (printer, heard):
        printer.submit(label())
        outcome(heard, "accepted")
        wait_for(lambda: server.jobs == [LABEL], "the label did not pass")
    server.close()


def test_a_raw_queue_gets_no_paper(at_cups: PrivateCups, listener: Listener) -> None:
    with bench(at_cups.raw_queue("nopdf", listener.device), "papers") as (printer, heard):
        printer.submit(paper())
        failed = outcome(heard, "failed")
        assert failed.cause == "printer.queue_format"
    assert listener.jobs == []


def test_a_dead_host_is_told_by_the_message_and_the_job_can_be_cancelled(
    at_cups: PrivateCups,
) -> None:
    address = at_cups.raw_queue("dead", f"ipp://127.0.0.1:{free_port()}/ipp/print")
    with bench(address) as (printer, heard):
        printer.submit(label())
        outcome(heard, "spooled")
        told = trouble(heard, "printer.queue_offline")
        assert told.state is DeviceState.FAULT
        assert "unavailable" in told.detail
        # It lies in the queue: to take it back is up to the queue, which says so at the end.
        assert printer.withdraw("p1/1/label/1") is False
        failed = outcome(heard, "failed", "uncertain", "printed")
        assert (failed.outcome, failed.cause) == ("failed", "printer.job_cancelled")


def test_a_host_that_comes_back_gets_the_job(at_cups: PrivateCups) -> None:
    port = free_port()
    with bench(at_cups.raw_queue("late", f"socket://127.0.0.1:{port}")) as (printer, heard):
        printer.submit(label())
        trouble(heard, "printer.queue_offline")
        mark = heard.mark
        listener = Listener(port)
        outcome(heard, "accepted")
        heard.healthy(after=mark)
        listener.close()
    assert listener.jobs == [LABEL]


def test_a_paused_queue_keeps_jobs_here_where_they_can_be_taken_back(
    at_cups: PrivateCups, listener: Listener
) -> None:
    address = at_cups.raw_queue("paused", listener.device)
    at_cups.run("cupsdisable", "paused")
    with bench(address) as (printer, heard):
        trouble(heard, "printer.queue_paused")
        printer.submit(label("p1/1/label/1"))
        printer.submit(label("p2/1/label/1"))
        assert printer.withdraw("p1/1/label/1") is True
        assert printer.withdraw("p1/1/label/1") is False
        mark = heard.mark
        at_cups.run("cupsenable", "paused")
        heard.healthy(after=mark)
        outcome(heard, "accepted")
        wait_for(lambda: len(listener.jobs) == 1, "the job did not go on")
        assert {one.job for one in heard.of(PrintProgress)} == {"p2/1/label/1"}


def test_a_queue_that_rejects_jobs_says_so(at_cups: PrivateCups, listener: Listener) -> None:
    address = at_cups.raw_queue("rejecting", listener.device)
    at_cups.run("cupsreject", "rejecting")
    with bench(address) as (printer, heard):
        trouble(heard, "printer.queue_rejects")
        printer.submit(label())
        at_cups.run("cupsaccept", "rejecting")
        outcome(heard, "accepted")
        assert rungs(heard) == ["spooled", "accepted"]


def test_a_queue_that_is_removed_and_comes_back(at_cups: PrivateCups, listener: Listener) -> None:
    address = at_cups.raw_queue("removed", listener.device)
    with bench(address) as (printer, heard):
        heard.healthy()
        at_cups.run("lpadmin", "-x", "removed")
        trouble(heard, "printer.queue_missing")
        printer.submit(label())
        mark = heard.mark
        at_cups.raw_queue("removed", listener.device)
        heard.healthy(after=mark)
        outcome(heard, "accepted")
        assert rungs(heard) == ["spooled", "accepted"]


def test_a_queue_removed_under_a_job_leaves_doubt(at_cups: PrivateCups) -> None:
    address = at_cups.raw_queue("gone", f"socket://127.0.0.1:{free_port()}")
    with bench(address) as (printer, heard):
        printer.submit(label())
        outcome(heard, "spooled")
        at_cups.run("lpadmin", "-x", "gone")
        doubt = outcome(heard, "uncertain", "failed")
        gone = {"printer.job_unknown", "printer.job_cancelled", "printer.job_stopped"}
        assert doubt.cause in gone


def test_a_job_taken_back_while_the_printer_has_its_bytes_never_counts_as_failed(
    at_cups: PrivateCups,
) -> None:
    listener = Holding()
    with bench(at_cups.raw_queue("held", listener.device)) as (printer, heard):
        printer.submit(label())
        outcome(heard, "spooled")
        assert listener.got.wait(10)
        assert printer.withdraw("p1/1/label/1") is False
        ended = outcome(heard, "uncertain", "failed", "accepted")
        # CUPS may call it completed while it is being cancelled: that is as good.
        stopped = ("uncertain", "printer.job_stopped")
        assert (ended.outcome, ended.cause) in {stopped, ("accepted", "")}
        listener.let_go.set()
        wait_for(lambda: listener.jobs == [LABEL], "the label did not come")
    listener.close()


def test_who_may_not_print_is_told(
    at_cups: PrivateCups, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "packer")  # root may print everywhere
    address = at_cups.raw_queue("closed", listener.device)
    at_cups.run("lpadmin", "-p", "closed", "-u", "deny:packer")
    with bench(address) as (printer, heard):
        printer.submit(label())
        trouble(heard, "printer.queue_denied")
        assert rungs(heard) == []
        at_cups.run("lpadmin", "-p", "closed", "-u", "allow:all")
        outcome(heard, "accepted")
    assert listener.jobs == [LABEL]


# --- connections that break -------------------------------------------------------------------


@pytest.fixture
def proxy(cups: PrivateCups, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    proxy = Proxy(cups.port)
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{proxy.port}")
    yield proxy
    proxy.close()


def test_an_answer_that_is_lost_is_made_good_by_the_name_of_the_job(
    cups: PrivateCups, proxy: Proxy, listener: Listener
) -> None:
    address = cups.raw_queue("lostanswer", listener.device)
    with bench(address) as (printer, heard):
        heard.healthy()
        proxy.cut = "answer"
        printer.submit(label())
        outcome(heard, "accepted")
        wait_for(lambda: listener.jobs == [LABEL], "the label did not arrive")
        assert len(cups.jobs("lostanswer")) == 1
        assert rungs(heard) == ["spooled", "accepted"]


def test_half_a_request_is_no_job_and_is_sent_again(
    cups: PrivateCups, proxy: Proxy, listener: Listener
) -> None:
    address = cups.raw_queue("half", listener.device)
    big = LABEL * 1000  # more than the sockets in between can hold
    with bench(address) as (printer, heard):
        heard.healthy()
        proxy.cut = "half"
        printer.submit(label(payload=big))
        outcome(heard, "accepted")
        wait_for(lambda: listener.jobs == [big], "the label did not arrive")
        assert len(cups.jobs("half")) == 1


def test_a_request_nobody_knows_of_is_uncertain_and_never_sent_again(
    cups: PrivateCups, proxy: Proxy, listener: Listener
) -> None:
    address = cups.raw_queue("swallowed", listener.device)
    with bench(address) as (printer, heard):
        heard.healthy()
        proxy.cut = "swallow"
        printer.submit(label())
        doubt = outcome(heard, "uncertain", "accepted")
        assert (doubt.outcome, doubt.cause) == ("uncertain", "printer.job_unknown")
        assert cups.jobs("swallowed") == []
        printer.submit(label("p2/1/label/1"))  # the next one goes its way
        wait_for(lambda: listener.jobs == [LABEL], "the next label did not arrive")


def test_a_spooler_killed_before_its_answer(
    cups: PrivateCups, proxy: Proxy, listener: Listener
) -> None:
    """The job was taken and lies on the disk: it is found when the service runs again."""
    cups.raw_queue("killed", f"socket://127.0.0.1:{free_port()}")  # so that it is not done at once
    with bench("cups:killed") as (printer, heard):
        heard.healthy()
        proxy.on_cut = cups.kill
        proxy.cut = "answer"
        printer.submit(label())
        trouble(heard, "port.lost")
        cups.start()
        told = outcome(heard, "spooled", "uncertain")
        if told.outcome == "spooled":
            cups.run("lpadmin", "-p", "killed", "-v", listener.device)
            cups.run("cupsdisable", "killed")
            cups.run("cupsenable", "killed")
            outcome(heard, "accepted")
            wait_for(lambda: listener.jobs == [LABEL], "the label did not arrive")
        assert len(cups.jobs("killed")) <= 1


def test_without_a_print_service_jobs_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none.sock"))
    with bench("cups:any") as (printer, heard):
        trouble(heard, "printer.spooler_missing")
        printer.submit(label())
        assert printer.withdraw("p1/1/label/1") is True
        assert printer.came_out("p0/1/label/1") is None
    assert rungs(heard) == []


# --- after a restart --------------------------------------------------------------------------


def test_after_a_restart_the_queue_tells(at_cups: PrivateCups, listener: Listener) -> None:
    address = at_cups.raw_queue("restart", f"socket://127.0.0.1:{free_port()}")
    with bench(address) as (printer, heard):
        printer.submit(label())
        outcome(heard, "spooled")
    assert rungs(heard) == ["spooled"]  # closing says nothing: the queue goes on
    with bench(address) as (printer, heard):
        assert printer.came_out("p1/1/label/1") is None  # still on its way
        assert printer.came_out("p9/9/label/9") is None  # never heard of
        at_cups.run("lpadmin", "-p", "restart", "-v", listener.device)
        at_cups.run("cupsdisable", "restart")
        at_cups.run("cupsenable", "restart")
        told = outcome(heard, "accepted")
        assert (told.job, told.document) == ("p1/1/label/1", "label")
    assert listener.jobs == [LABEL]
    with bench(address, believe_queue=True) as (printer, _):
        assert printer.came_out("p1/1/label/1") is True


def test_a_job_cancelled_in_between_is_in_doubt(at_cups: PrivateCups) -> None:
    address = at_cups.raw_queue("cancelled", f"socket://127.0.0.1:{free_port()}")
    with bench(address) as (printer, heard):
        printer.submit(label())
        outcome(heard, "spooled")
    at_cups.run("cancel", "-a", "cancelled")
    with bench(address) as (printer, heard):
        assert printer.came_out("p1/1/label/1") is None


# --- papers at an IPP Everywhere printer ------------------------------------------------------


def test_a_paper_arrives_byte_for_byte_and_the_printer_says_idle(paper_printer: IppPrinter) -> None:
    before = len(paper_printer.printed)
    with bench(paper_printer.address, "papers") as (printer, heard):
        heard.healthy()
        printer.submit(paper())
        outcome(heard, "printed")
        assert rungs(heard) == ["spooled", "accepted", "idle", "printed"]
        assert paper_printer.printed[before:] == [A4]
    with bench(paper_printer.address, "papers") as (printer, heard):
        assert printer.came_out("p1/1/cn22/1") is True


def test_a_tray_the_printer_has_is_asked_for_and_another_one_stops_nothing(
    paper_printer: IppPrinter,
) -> None:
    facts = spooler_of(paper_printer.address).facts()
    assert facts.sources
    for tray in (facts.sources[-1], "no-such-tray"):
        before = len(paper_printer.printed)
        with bench(paper_printer.address, "papers") as (printer, heard):
            heard.healthy()
            printer.submit(replace(paper(f"p1/1/cn23/{before}"), tray=tray))
            assert outcome(heard, "printed", "failed").outcome == "printed"
        assert paper_printer.printed[before:] == [A4]


def test_paper_the_printer_does_not_have_is_refused_in_words(paper_printer: IppPrinter) -> None:
    before = len(paper_printer.printed)
    with bench(paper_printer.address, "papers") as (printer, heard):
        heard.healthy()
        assert printer.takes_paper((21000, 29700)) is True
        assert printer.takes_paper((10500, 14800)) is False
        printer.submit(paper(payload=pdf(297.6, 419.5)))
        failed = outcome(heard, "failed", "printed")
        assert (failed.outcome, failed.cause) == ("failed", "printer.media_missing")
    assert len(paper_printer.printed) == before


def test_a_printer_out_of_paper_is_waited_for(paper_printer: IppPrinter) -> None:
    before = len(paper_printer.printed)
    with bench(paper_printer.address, "papers") as (printer, heard):
        heard.healthy()
        paper_printer.switch("empty", on=True)
        printer.submit(paper("p3/1/cn22/1"))
        # This printer calls it a warning, so it counts once the job is late.
        assert trouble(heard, "printer.media_empty").state is DeviceState.FAULT
        mark = heard.mark
        paper_printer.switch("empty", on=False)
        outcome(heard, "printed")
        heard.healthy(after=mark)
    assert len(paper_printer.printed) == before + 1


def test_a_job_that_takes_long_wants_attention_and_goes_on(paper_printer: IppPrinter) -> None:
    with bench(paper_printer.address, "papers") as (printer, heard):
        heard.healthy()
        paper_printer.switch("hold", on=True)
        printer.submit(paper("p4/1/cn22/1"))
        assert trouble(heard, "printer.queue_stuck").state is DeviceState.FAULT
        paper_printer.switch("hold", on=False)
        outcome(heard, "printed")


def test_a_job_that_cups_calls_completed_and_never_handed_on_leaves_doubt(
    at_cups: PrivateCups, paper_printer: IppPrinter
) -> None:
    """The printer takes the job and refuses its document: CUPS 2.4.2 says completed."""
    before = len(paper_printer.printed)
    address = at_cups.raw_queue("ipplabel", paper_printer.address)
    with bench(address, believe_queue=True) as (printer, heard):
        printer.submit(label())
        ended = outcome(heard, "printed", "uncertain")
        came = len(paper_printer.printed) - before
        wanted = ("uncertain", "printer.job_aborted") if came == 0 else ("printed", "")
        assert (ended.outcome, ended.cause) == wanted


# --- what there is ----------------------------------------------------------------------------


def test_queues_are_listed_and_identified(at_cups: PrivateCups, listener: Listener) -> None:
    address = at_cups.raw_queue("listed", listener.device)
    rows = {row["address"]: row for row in list_ports()}
    assert rows[address]["kind"] == "queue"
    assert rows[address]["state"] == "idle"
    found = identify(address)
    assert found["found"] is True
    assert (found["kind"], found["identity"]) == ("label", "Local Raw Printer")
    assert (found["proves"], found["cause"]) == ("accepted", "")
    assert identify("cups:nowhere") == {
        "port": "cups:nowhere",
        "found": False,
        "cause": "printer.queue_missing",
    }


def test_an_ipp_printer_is_identified(paper_printer: IppPrinter) -> None:
    found = identify(paper_printer.address)
    assert (found["kind"], found["model"], found["state"]) == ("papers", "spool", "idle")
    assert found["proves"] == "idle"
    assert "Printer" in str(found["identity"])
