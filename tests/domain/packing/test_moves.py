"""An unfinished print goes to another printer: only what surely comes out nowhere else."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.domain.packing import Session, decide
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from tests.domain.packing import scenes as s
from tests.domain.packing.test_rows import reason


def sent(printer: str = "label") -> Session:
    """The label is on its way to ``printer``."""
    return s.after(replace(s.begun("label"), printer=printer, labels=2), start=s.PRINTING)


def move(**more: bool) -> i.PrintMoveAsked:
    return i.PrintMoveAsked(document="label", printer="label-2", **more)


def test_what_was_given_back_untouched_goes_to_the_other_printer() -> None:
    (fact,) = decide(sent(), move(withdrawn=True))
    assert isinstance(fact, f.PrintMoved)
    assert (fact.source, fact.target, fact.move, fact.proof) == (
        "label",
        "label-2",
        1,
        "withdrawn",
    )
    paper = s.after(move(withdrawn=True), start=sent()).parcel.papers[0]
    assert (paper.status, paper.printer, paper.job, paper.copy) == ("due", "label-2", "", 1)


def test_of_what_has_left_nothing_moves_until_its_end_is_known() -> None:
    assert reason(sent(), move()) == "move.unsure"
    unsure = s.after(s.printed("label", "uncertain"), start=sent())
    assert reason(unsure, move(withdrawn=True, cleared=True)) == "move.nothing"


def test_what_failed_surely_moves_and_what_is_in_doubt_only_from_an_emptied_printer() -> None:
    failed = s.after(s.printed("label", "failed"), start=sent())
    (fact,) = decide(failed, move())
    assert isinstance(fact, f.PrintMoved)
    assert fact.proof == "failed"
    denied = s.after(s.printed("label", "uncertain"), i.PrintAnswered(came_out=False), start=sent())
    assert reason(denied, move()) == "move.unsure"
    (fact,) = decide(denied, move(cleared=True))
    assert isinstance(fact, f.PrintMoved)
    assert fact.proof == "cleared"


def test_a_move_to_where_it_is_or_of_a_label_that_is_taken_back_is_refused() -> None:
    failed = s.after(s.printed("label", "failed"), start=sent())
    assert reason(failed, replace(move(), printer="label")) == "move.same"
    assert reason(failed, replace(move(), document="poem")) == "move.nothing"
    assert reason(s.after(i.VoidAsked(), start=failed), move()) == "void.running"


def test_a_printed_document_says_where_how_far_and_when() -> None:
    told = [
        replace(s.printed("label", rung), at=f"2026-11-21T10:00:0{n}Z")
        for n, rung in enumerate(("spooled", "accepted", "idle", "counted"))
    ]
    (fact,) = decide(s.after(*told, start=sent()), s.printed("label"))
    assert isinstance(fact, f.DocumentPrinted)
    assert (fact.printer, fact.rung, fact.labels) == ("label", "counted", 2)
    assert fact.rungs[0] == ("spooled", "2026-11-21T10:00:00Z")
    assert [rung for rung, _ in fact.rungs] == ["spooled", "accepted", "idle", "counted"]


def test_what_was_given_up_and_comes_out_after_all_has_come_out() -> None:
    denied = s.after(s.printed("label", "uncertain"), i.PrintAnswered(came_out=False), start=sent())
    assert reason(denied, s.printed("label", "idle")) == "print.other_job"
    (fact,) = decide(denied, s.printed("label"))
    assert isinstance(fact, f.DocumentPrinted)
    assert fact.by == "device"
