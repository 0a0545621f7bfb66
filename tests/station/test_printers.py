"""Several printers on one bench: who gets what, moves, test labels, rolls."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.packing import facts as f
from packstation.domain.packing.session import Paper
from packstation.domain.printers import BenchPrinter
from packstation.station import ports as p
from packstation.station.desk import DeviceInfo, DeviceRecord
from packstation.station.views import DeviceView, StationView
from tests.station.desk import LABELS, PRINTERS, SHEETS, Bench, Tray, order, to_weighing

LABEL, PAPERS = PRINTERS
SECOND = BenchPrinter(
    "label-2", "label", "tspl", "tcp://127.0.0.1:2", replace(LABELS, language="tspl"), trusted=True
)


class TwoPrinters(Bench):
    """A bench with a second label printer, and a tray under each."""

    def __init__(self, **more: object) -> None:
        self.first, self.second, self.sheets = Tray(), Tray(), Tray()
        trays: dict[str, p.Printer] = {
            "label": self.first,
            "label-2": self.second,
            "papers": self.sheets,
        }
        known: dict[str, object] = {"printers": trays, "rows": (LABEL, SECOND, PAPERS)}
        super().__init__(**(known | more))  # type: ignore[arg-type]
        info = DeviceInfo("label-2", "label", "label-2")
        well = p.DeviceState.OK
        self.desk.devices["label-2"] = DeviceRecord(info, well, recorded=(well, ""))

    def to_printing(self) -> StationView:
        """Pack the sample order until its label goes to a printer."""
        self.cache.add(p.OrderRow(order(), 1))
        self.start()
        self.lease()
        self.scan("%PB:PK-1")
        to_weighing(self)
        return self.weigh(780)

    def told(self, tray: Tray, outcome: str, cause: str = "") -> StationView:
        """What a printer says of the job it got last."""
        job = tray.jobs[-1]
        name = next(name for name, one in self.printers.items() if one is tray)
        return self.say(p.PrintProgress(job.job, job.document, outcome, name, cause))

    def health(self, device: str, state: str, cause: str = "") -> StationView:
        return self.say(p.DeviceHealth(device, p.DeviceState(state), cause))

    @property
    def paper(self) -> Paper:
        """The label's paper."""
        parcels = self.core.session.parcels
        return parcels[-1].papers[0] if parcels else Paper(document="")

    def device(self, name: str) -> DeviceView:
        return next(device for device in self.view.devices if device.id == name)

    def facts(self, kind: str) -> list[dict[str, object]]:
        return [r.event.body for r in self.store.records if r.event.kind == kind]


@pytest.fixture
def bench() -> TwoPrinters:
    made = TwoPrinters()
    made.to_printing()
    return made


# --- who gets what -------------------------------------------------------------------------


def test_each_document_is_drawn_for_its_own_printer(bench: TwoPrinters) -> None:
    bench.told(bench.first, "printed")
    assert bench.documents.stocks == [LABELS, SHEETS]
    assert [job.media for job in (*bench.first.jobs, *bench.sheets.jobs)] == ["zpl", "pdf"]
    (started, paper) = bench.facts("PrintStarted")
    assert (started["printer"], started["language"], started["stock"]) == (
        "label",
        "zpl",
        "100x150",
    )
    assert (paper["printer"], paper["stock"]) == ("papers", "a4")


@pytest.mark.parametrize(
    ("size", "media", "cause"),
    [((105.0, 148.0), "", "print.wrong_stock"), (None, "tspl", "print.wrong_language")],
)
def test_a_label_for_another_paper_is_refused_before_a_byte_is_sent(
    size: tuple[float, float] | None, media: str, cause: str
) -> None:
    bench = TwoPrinters()
    bench.documents.size, bench.documents.media = size, media
    view = bench.to_printing()
    assert bench.first.jobs == []
    assert view.alert is not None
    assert view.alert.todo is not None
    assert view.alert.todo.key == cause
    assert bench.facts("PrintFailed")[0]["cause"] == cause


# --- a printer that holds its label out -----------------------------------------------------


def test_a_label_that_waits_at_the_peeler_is_to_be_taken_until_it_is(bench: TwoPrinters) -> None:
    def said() -> tuple[str, dict[str, object]] | None:
        label = bench.view.label
        take = label.take if label else None
        return (take.key, dict(take.args)) if take else None

    assert said() is None
    bench.health("label-2", "ok", "printer.label_waiting")
    assert said() is None
    record = bench.desk.devices["label"]
    record.info = replace(record.info, name="")
    bench.health("label", "ok", "printer.label_waiting")
    assert said() == ("print.take.here", {})
    record.info = replace(record.info, name="ZD421")
    bench.say(p.Ticked())
    assert said() == ("print.take", {"printer": "ZD421"})
    bench.told(bench.first, "printed")
    bench.told(bench.sheets, "printed")
    assert said() is not None
    bench.health("label", "ok")
    assert said() is None


# --- another copy on the same printer ---------------------------------------------------------


def test_a_copy_of_what_may_still_come_out_is_marked_and_the_packer_warned(
    bench: TwoPrinters,
) -> None:
    bench.told(bench.first, "uncertain", "printer.stuck")
    bench.command("no")
    view = bench.command("reprint")
    assert view.alert is not None
    assert view.alert.todo is not None
    assert view.alert.todo.key == "print.first.label"
    assert [job.doubtful for job in bench.first.jobs] == [False, True]
    bench.command("accept")
    bench.told(bench.first, "printed")
    bench.told(bench.sheets, "uncertain", "printer.one_way")
    bench.command("no")
    view = bench.command("reprint")
    assert view.alert is not None
    assert view.alert.todo is not None
    assert view.alert.todo.key == "print.first.paper"
    assert [job.doubtful for job in bench.sheets.jobs] == [False, True]


def test_a_copy_of_what_came_out_is_only_a_copy(bench: TwoPrinters) -> None:
    bench.told(bench.first, "uncertain", "printer.stuck")
    bench.command("yes")
    bench.told(bench.sheets, "printed")
    view = bench.command("reprint")
    assert view.alert is None
    assert [job.doubtful for job in bench.first.jobs] == [False, False]


# --- another printer -----------------------------------------------------------------------


def test_one_scan_moves_what_waits_and_draws_it_anew(bench: TwoPrinters) -> None:
    bench.first.waits = True
    bench.scan("%PS:printer:label-2")
    assert len(bench.first.jobs) == len(bench.second.jobs) == 1
    assert bench.first.withdrawn == [bench.first.jobs[0].job]
    assert bench.second.jobs[0].media == "tspl"
    assert bench.second.jobs[0].job == f"{bench.first.jobs[0].job}/1"
    assert bench.facts("PrintMoved")[0]["proof"] == "withdrawn"
    shas = [fact["sha256"] for fact in bench.facts("PrintStarted")]
    assert len(shas) == 2
    waybills = {papers.waybill for papers in bench.documents.seen}
    assert len(waybills) == 1
    bench.told(bench.second, "printed")
    assert bench.facts("DocumentPrinted")[0]["printer"] == "label-2"


def test_the_choice_lasts_until_another_is_made_and_over_a_restart(bench: TwoPrinters) -> None:
    bench.first.waits = True
    bench.scan("%PS:printer:label-2")
    assert bench.device("label-2").chosen == ("label",)
    again = TwoPrinters(store=bench.store, cache=bench.cache)
    again.start()
    assert again.core.desk.printing.switched == {"label": "label-2"}
    target = again.core.desk.printing.target("label")
    assert target is not None
    assert target.id == "label-2"
    again.scan("%PB:PK-1", "%PS:printer:label")
    back = again.core.desk.printing.target("label")
    assert back is not None
    assert back.id == "label"


def test_a_key_takes_the_next_printer_that_can(bench: TwoPrinters) -> None:
    assert "printer" in [command.command for command in bench.view.commands]
    bench.first.waits = True
    view = bench.command("printer")
    assert len(bench.second.jobs) == 1
    assert view.verdict is not None
    assert view.verdict.words.key == "printer.chosen"
    bench.second.waits = True
    bench.command("printer")
    assert [job.job[-2:] for job in bench.first.jobs] == ["/1", "/2"]


def test_a_job_that_failed_surely_moves(bench: TwoPrinters) -> None:
    bench.told(bench.first, "failed", "printer.refused")
    assert [c.command for c in bench.view.commands][:2] == ["reprint", "printer"]
    bench.scan("%PS:printer:label-2")
    assert bench.facts("PrintMoved")[0]["proof"] == "failed"
    assert len(bench.second.jobs) == 1


def test_a_job_that_prints_is_waited_for_and_follows_when_it_fails(bench: TwoPrinters) -> None:
    bench.told(bench.first, "accepted")
    bench.scan("%PS:printer:label-2")
    assert bench.second.jobs == []
    assert bench.paper.status == "started"
    bench.told(bench.first, "failed")
    assert len(bench.second.jobs) == 1


def test_a_job_that_prints_and_comes_out_is_not_printed_again(bench: TwoPrinters) -> None:
    bench.told(bench.first, "accepted")
    bench.scan("%PS:printer:label-2")
    bench.told(bench.first, "printed")
    assert bench.second.jobs == []
    assert bench.paper.status == "printed"


@pytest.mark.parametrize("insists", [False, True])
def test_of_a_job_in_a_printer_that_is_stuck_a_person_is_asked_first(insists: bool) -> None:
    bench = TwoPrinters()
    bench.to_printing()
    bench.told(bench.first, "accepted")
    if insists:
        bench.scan("%PS:printer:label-2")
    else:
        bench.health("label", "fault", "printer.paper_out")
    view = bench.scan("%PS:printer:label-2")
    assert bench.second.jobs == []
    assert [command.command for command in view.commands][:2] == ["yes", "no"]
    assert bench.facts("PrintUncertain")[0]["cause"] == "printer.moving"
    view = bench.command("no")
    assert view.alert is not None
    assert view.alert.headline.key == "print.clear"
    assert bench.second.jobs == []
    bench.command("yes")
    assert len(bench.second.jobs) == 1
    assert bench.facts("PrintMoved")[0]["proof"] == "cleared"


def test_yes_it_came_out_ends_it(bench: TwoPrinters) -> None:
    bench.health("label", "fault", "printer.paper_out")
    bench.scan("%PS:printer:label-2")
    bench.command("yes")
    assert bench.paper.status == "printed"
    assert bench.second.jobs == []


def test_a_printer_that_is_not_emptied_keeps_its_job(bench: TwoPrinters) -> None:
    bench.told(bench.first, "uncertain", "printer.lost")
    bench.scan("%PS:printer:label-2")
    bench.command("no")
    view = bench.command("no")
    assert view.alert is None
    assert bench.second.jobs == []
    assert bench.paper.status == "failed"
    # A copy is no way round the question.
    view = bench.command("reprint")
    assert view.alert is not None
    assert view.alert.headline.key == "print.clear"
    bench.command("yes")
    assert len(bench.second.jobs) == 1


def test_after_a_restart_the_question_is_asked_again(bench: TwoPrinters) -> None:
    bench.told(bench.first, "uncertain")
    bench.scan("%PS:printer:label-2")
    bench.command("no")
    again = TwoPrinters(store=bench.store, cache=bench.cache)
    again.start()
    view = again.scan("%PB:PK-1")
    assert view.alert is not None
    assert view.alert.headline.key == "print.clear"
    again.command("yes")
    assert len(again.second.jobs) == 1


def test_a_copy_that_comes_out_after_all_is_torn_up(bench: TwoPrinters) -> None:
    bench.told(bench.first, "uncertain")
    bench.scan("%PS:printer:label-2")
    bench.command("no", "yes")
    view = bench.told(bench.first, "printed")
    assert view.alert is not None
    assert view.alert.headline.key == "print.spare"
    assert bench.facts("SpareCopyOut")[0]["printer"] == "label"
    assert bench.command("accept").alert is None
    bench.told(bench.second, "printed")
    assert bench.paper.status == "printed"


def test_a_choice_while_a_label_is_drawn_draws_it_for_the_other(bench: TwoPrinters) -> None:
    bench.told(bench.first, "failed")
    bench.station.handle(p.CommandGiven("reprint"))  # it is being drawn now
    bench.station.handle(p.CommandGiven("printer", "label-2"))
    bench.later.drain()
    assert len(bench.first.jobs) == 1
    assert [job.media for job in bench.second.jobs] == ["tspl"]


def test_what_waits_while_its_label_is_taken_back_moves_nowhere(bench: TwoPrinters) -> None:
    bench.told(bench.first, "failed")
    bench.labels.mood = "vanish"
    bench.command("void")
    bench.scan("%PS:printer:label-2")
    assert bench.second.jobs == []


def test_papers_that_are_stuck_go_where_labels_do(bench: TwoPrinters) -> None:
    bench.told(bench.first, "printed")
    bench.sheets.waits = True
    bench.scan("%PS:printer:label-2")
    assert [job.document for job in bench.second.jobs] == ["cn22"]
    assert set(bench.facts("PrinterSwitched")[0]["documents"]) == {"label", "cn22"}  # type: ignore[call-overload]
    bench.scan("%PS:printer:papers")
    target = bench.core.desk.printing.target("cn22")
    assert target is not None
    assert target.id == "papers"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("%PS:printer:ghost", "printer.unknown"),
        ("%PS:roll:ghost", "printer.unknown"),
        ("%PS:printer:narrow", "printer.carries_nothing"),
        ("%PS:tested:label:00000000", "printer.other_test"),
        ("%PS:tested:ghost:00000000", "printer.other_test"),
        ("%PS:tested", "printer.other_test"),
    ],
)
def test_a_printer_that_is_none_is_refused(code: str, reason: str) -> None:
    narrow = replace(
        SECOND, id="narrow", stock=replace(LABELS, name="30x20", width_mm=30, height_mm=20)
    )
    bench = TwoPrinters(rows=(LABEL, narrow, PAPERS))
    bench.to_printing()
    bench.scan(code)
    assert bench.facts("InputRefused")[-1]["reason"] == reason


def test_without_another_printer_there_is_none_to_take() -> None:
    bench = TwoPrinters(rows=(LABEL,))
    view = bench.to_printing()
    assert "printer" not in [command.command for command in view.commands]
    bench.command("printer")
    assert bench.facts("InputRefused")[-1]["reason"] == "printer.no_other"


# --- the test label ------------------------------------------------------------------------


@pytest.fixture
def new() -> TwoPrinters:
    made = TwoPrinters(rows=(replace(LABEL, trusted=False), SECOND, PAPERS))
    made.to_printing()
    return made


def test_a_new_printer_shows_a_test_label_before_anything_ships(new: TwoPrinters) -> None:
    assert new.first.jobs == []
    assert new.view.alert is not None
    assert new.view.alert.headline.key == "print.test_first"
    view = new.command("test-label")
    (test,) = new.first.jobs
    assert view.alert is not None
    assert view.alert.todo is not None
    assert view.alert.todo.key == "print.test_first.scan"
    code = test.payload.decode().split()[-1]
    assert code == f"%PS:tested:label:{LABEL.identity}"
    view = new.scan(code)
    assert view.alert is None
    assert [job.document for job in new.first.jobs] == ["label", "label"]
    assert new.first.jobs[1].payload.startswith(b"label LP")


def test_the_test_label_of_a_proven_printer_chooses_it(bench: TwoPrinters) -> None:
    bench.first.waits = True
    bench.scan(f"%PS:tested:label-2:{SECOND.identity}")
    assert len(bench.second.jobs) == 1
    assert bench.facts("PrinterConfirmed") == []


def test_a_proof_is_for_ever_and_for_one_printer_with_one_stock(new: TwoPrinters) -> None:
    new.scan(f"%PS:tested:label:{LABEL.identity}")
    kept = {"store": new.store, "cache": new.cache}
    again = TwoPrinters(rows=(replace(LABEL, trusted=False), SECOND, PAPERS), **kept)
    again.start()
    first, *_ = again.core.desk.printing.table.printers
    assert again.core.desk.printing.is_proven(first)
    finer = replace(LABEL, trusted=False, stock=replace(LABELS, dpi=300))
    other = TwoPrinters(rows=(finer, SECOND, PAPERS), **kept)
    other.start()
    assert not other.core.desk.printing.is_proven(finer)


def test_enter_prints_the_test_label_too_and_another_printer_needs_none(new: TwoPrinters) -> None:
    new.command("accept")
    assert len(new.first.jobs) == 1
    view = new.scan("%PS:printer:label-2")
    assert view.alert is None
    assert len(new.second.jobs) == 1


def test_without_another_printer_the_plate_offers_none() -> None:
    bench = TwoPrinters(rows=(replace(LABEL, trusted=False),))
    view = bench.to_printing()
    assert view.alert is not None
    assert [command.command for command in view.alert.answers] == ["test-label"]


def test_a_test_label_that_cannot_be_drawn_is_said(new: TwoPrinters) -> None:
    new.documents.broken = "test"
    view = new.command("test-label")
    assert new.facts("InputRefused")[-1]["reason"] == "printer.no_test"
    assert view.alert is not None


def test_a_test_label_of_a_named_printer(bench: TwoPrinters) -> None:
    bench.say(p.CommandGiven("test-label", "label-2"))
    assert bench.second.jobs[0].media == "tspl"
    bench.printers.clear()
    bench.say(p.CommandGiven("test-label", "label-2"))
    assert bench.facts("InputRefused")[-1]["reason"] == "print.no_printer"


def test_a_bench_without_a_printer_says_so_and_moves_nothing() -> None:
    bench = TwoPrinters(rows=())
    view = bench.to_printing()
    assert view.alert is not None
    assert view.alert.todo is not None
    assert view.alert.todo.key == "print.no_printer"
    assert bench.core.desk.printing.next_of("label") is None
    bench.scan("%PS:roll")
    assert bench.facts("InputRefused")[-1]["reason"] == "printer.unknown"


def test_an_answer_that_nobody_waits_for_empties_no_printer(bench: TwoPrinters) -> None:
    station = bench.core.desk
    station.printing.stays = "kept"
    bench.told(bench.first, "uncertain")
    bench.command("no")
    assert bench.paper.status == "failed"
    bench.command("yes")
    assert bench.facts("PrintMoved") == []


@pytest.mark.parametrize("applied", [True, False])
def test_a_printer_whose_labels_were_read_before_anyone_asked_is_trusted(*, applied: bool) -> None:
    old = TwoPrinters(rows=(LABEL,))
    old.start()
    old.core.record(f.PrintStarted(job="P-0/1/label/1", document="label"))
    if applied:
        applied_once = p.Draft(f.LabelApplied(waybill="LP000000000CN"), "S-0", "PK-1")
        old.store.append([applied_once])
    new = TwoPrinters(rows=(replace(LABEL, trusted=False),), store=old.store, cache=old.cache)
    new.start()
    first, *_ = new.core.desk.printing.table.printers
    assert new.core.desk.printing.is_proven(first) is applied
    proofs = new.facts("PrinterConfirmed")
    assert [proof["by"] for proof in proofs] == ["used"] * applied
