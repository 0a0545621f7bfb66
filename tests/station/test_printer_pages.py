"""A printer's page: the label it got last, the ladder of its job, its paper."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.printers import PrintTable
from packstation.i18n import load
from packstation.station import ports as p
from packstation.station.desk import DeviceInfo
from packstation.station.printer_pages import Preview, PreviewMade
from packstation.station.views import PrinterPageView, Words
from tests.station.desk import PRINTERS, SHEETS
from tests.station.test_printers import TwoPrinters


@pytest.fixture
def bench() -> TwoPrinters:
    made = TwoPrinters()
    made.to_printing()
    return made


def opened(bench: TwoPrinters, device: str) -> PrinterPageView:
    page = bench.say(p.CommandGiven("devices", device, "touch")).page
    assert page is not None
    assert page.printer is not None
    return page.printer


def rungs(page: PrinterPageView) -> list[tuple[str, str, str]]:
    return [(row.words.key.removeprefix("rung."), row.state, said(row.note)) for row in page.rungs]


def said(note: str | Words) -> str:
    words = load("ru")
    return note if isinstance(note, str) else words.say(note.key, note.n, **dict(note.args))


def shown(page: PrinterPageView) -> str:
    return page.shown.key if page.shown else ""


def test_the_label_printed_last_is_shown_else_the_test_label(bench: TwoPrinters) -> None:
    page = opened(bench, "label")
    assert shown(page) == "dev.preview.label"
    assert page.preview.startswith(b"picture label LP")
    page = opened(bench, "label-2")
    assert (shown(page), page.preview[:12]) == ("dev.preview.test", b"picture test")
    assert b"%PS:tested:label-2:" in page.preview


def test_a_paper_printer_without_a_paper_shows_none(bench: TwoPrinters) -> None:
    page = opened(bench, "papers")
    assert (page.shown, page.preview, page.job, page.rungs) == (None, b"", None, ())


def test_a_picture_is_drawn_once_and_again_after_the_next_label(bench: TwoPrinters) -> None:
    opened(bench, "papers")
    bench.told(bench.first, "printed")
    bench.say(p.Ticked(), p.Ticked())
    page = bench.view.page
    assert page is not None
    assert page.printer is not None
    assert (shown(page.printer), page.printer.preview[:12]) == (
        "dev.preview.cn22",
        b"picture cn22",
    )
    assert bench.documents.pictures == ["cn22"]
    bench.command("back")
    bench.say(p.Ticked())


def test_a_label_that_cannot_be_shown_says_so(bench: TwoPrinters) -> None:
    bench.documents.broken = "preview"
    page = opened(bench, "label")
    assert (shown(page), page.preview) == ("dev.preview.label", b"")


def test_a_picture_that_comes_too_late_is_let_pass(bench: TwoPrinters) -> None:
    opened(bench, "label")
    bench.say(PreviewMade("label", ("older",), Preview("test", b"old")))
    assert opened(bench, "label").preview != b"old"


def test_a_scale_has_no_such_page(bench: TwoPrinters) -> None:
    page = bench.say(p.CommandGiven("devices", "scale", "touch")).page
    assert page is not None
    assert page.printer is None


def test_the_ladder_is_that_of_the_running_job_with_its_seconds(bench: TwoPrinters) -> None:
    assert rungs(opened(bench, "label")) == []
    bench.told(bench.first, "spooled")
    bench.clock.advance(0.2)
    bench.told(bench.first, "accepted")
    bench.told(bench.first, "accepted")
    page = opened(bench, "label")
    assert (page.job and page.job.key, page.waybill[:2]) == ("paper.label", "LP")
    assert rungs(page) == [
        ("spooled", "done", ""),
        ("accepted", "done", "+0,2 с"),
        ("idle", "running", ""),
        ("printed", "waiting", ""),
    ]
    bench.told(bench.first, "idle")
    bench.told(bench.first, "counted")
    bench.told(bench.first, "printed")
    done = rungs(opened(bench, "label"))
    assert [name for name, _, _ in done] == ["spooled", "accepted", "idle", "counted", "printed"]
    assert {state for _, state, _ in done} == {"done"}


@pytest.mark.parametrize(("end", "state"), [("uncertain", "unsure"), ("failed", "failed")])
def test_a_job_that_went_wrong_says_where(bench: TwoPrinters, end: str, state: str) -> None:
    bench.told(bench.first, "spooled")
    bench.told(bench.first, "accepted")
    bench.told(bench.first, end, "printer.lost")
    assert rungs(opened(bench, "label"))[2:] == [("idle", state, ""), ("printed", "waiting", "")]


@pytest.mark.parametrize(
    "more", [{"options": {"status": False}}, {"address": "cups:labels"}, {"address": "spool:X"}]
)
def test_a_line_without_a_way_back_ends_at_accepted(
    bench: TwoPrinters, more: dict[str, object]
) -> None:
    record = bench.desk.devices["label"]
    record.info = DeviceInfo("label", "label", "label", **more)  # type: ignore[arg-type]
    bench.told(bench.first, "spooled")
    bench.told(bench.first, "accepted")
    assert [name for name, _, _ in rungs(opened(bench, "label"))] == ["spooled", "accepted"]


def test_a_test_label_has_a_ladder_too(bench: TwoPrinters) -> None:
    bench.say(p.CommandGiven("devices", "label-2", "touch"), p.CommandGiven("test-label"))
    jobs = (*bench.first.jobs, *bench.second.jobs)
    job = next(job for job in jobs if job.job.startswith("test/"))
    bench.say(p.PrintProgress(job.job, "label", "spooled", "label-2"))
    page = opened(bench, "label-2")
    assert page.job is not None
    assert (page.job.key, page.waybill) == ("dev.preview.test", "")


def test_paper_and_what_comes_here_are_said(bench: TwoPrinters) -> None:
    bench.say(p.PrinterQueue("label", (("bench 8", 2), ("bench 9", 0))))
    page = bench.say(p.CommandGiven("devices", "label", "touch")).page
    assert page is not None
    facts = {name.key.removeprefix("dev.fact."): value for name, value in page.facts}
    assert facts["stock"] == "100x150"
    assert (facts["language"], facts["dpi"], facts["queue"]) == ("ZPL", "203", "bench 8: 2")
    assert page.printer is not None
    assert [note.key for note in page.printer.notes] == ["dev.printer.gets.label", "printer.queue"]


def test_a_printer_that_has_to_prove_itself_says_so() -> None:
    new = replace(PRINTERS[0], trusted=False)
    papers = replace(PRINTERS[1], stock=SHEETS)
    bench = TwoPrinters(rows=(new, papers))
    bench.start()
    bench.scan("%PB:PK-1")
    assert [note.key for note in opened(bench, "label").notes] == ["dev.printer.unproven"]


def test_sheets_come_off_no_roll(bench: TwoPrinters) -> None:
    page = bench.say(p.CommandGiven("devices", "papers", "touch")).page
    assert page is not None
    facts = {name.key.removeprefix("dev.fact."): value for name, value in page.facts}
    assert (facts["sheet"], facts["language"], facts["dpi"]) == ("a4", "PDF", "300")
    assert not {"stock", "printed", "left"} & facts.keys()


def test_a_sheet_of_all_printers_codes_comes_out_of_the_paper_printer(bench: TwoPrinters) -> None:
    page = bench.say(p.CommandGiven("devices", "papers", "touch")).page
    assert page is not None
    assert [row.id for row in page.tests] == ["codes"]
    bench.say(p.CommandGiven("device-test", "codes", "touch"))
    (job,) = bench.sheets.jobs
    assert (job.document, job.media, job.job.split("/")[:2]) == (
        "codes",
        "pdf",
        ["codes", "papers"],
    )
    assert b"label-2" in job.payload
    bench.told(bench.sheets, "printed")
    printer = bench.view.page.printer if bench.view.page else None
    assert printer is not None
    assert printer.job == Words("paper.codes")
    bench.documents.broken = "codes"
    bench.say(p.CommandGiven("device-test", "codes", "touch"))
    assert len(bench.sheets.jobs) == 1
    bench.core.desk.printing.table = PrintTable()
    bench.say(p.CommandGiven("device-test", "codes", "touch"))
    assert bench.view.alert is not None
