"""Rows of the table from the label's request to the parcel's close.

LABELLING, PRINTING, CONFIRMING, and the answers of carriers and printers, which
are recorded whatever stopped the bench.
"""

from __future__ import annotations

from typing import Final

from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing.customs_facts import PaperConfirmed
from packstation.domain.packing.session import Paper, Session
from packstation.domain.packing.teaching import learned

Facts = tuple[f.Fact, ...]

# So much of what lacks stands in the note of a hold.
NOTE: Final = 400
RUNGS: Final = frozenset({"spooled", "accepted", "idle", "counted", "fed", "taken"})


def refuse(s: Session, what: i.Input, reason: str) -> Facts:
    """One InputRefused with the message key ``reason``."""
    return (f.InputRefused(input=type(what).__name__, state=s.state, reason=reason),)


def labelling(s: Session, what: i.Input) -> Facts | None:
    """Rows of LABELLING; None where the table has none."""
    match what:
        case i.LabelAnswered():
            return _label_answer(s, what)
        case i.VoidAsked() if s.parcel.label and s.parcel.label.status == "unresolved":
            return void(s, what)
        case i.VoidAnswered():
            return void_answer(s, what)
    return None


def _label_answer(s: Session, what: i.LabelAnswered) -> Facts:
    label = s.parcel.label
    if label is None or what.key != label.key or label.status not in {"requested", "unresolved"}:
        return refuse(s, what, "label.other_key")
    match what.outcome:
        case "issued" if what.waybill and not what.used_before:
            return (_issued(s, what),)
        case "issued":
            return (f.LabelRefused(key=what.key, reason="waybill_used", detail=what.waybill),)
        case "refused" | "never_bought":
            reason = what.reason or what.outcome
            return (f.LabelRefused(key=what.key, reason=reason, detail=what.detail),)
    if label.status == "unresolved":
        return ()
    return (f.LabelUnresolved(key=what.key, cause=what.reason),)


def _issued(s: Session, what: i.LabelAnswered) -> f.LabelIssued:
    service = s.parcel.service
    return f.LabelIssued(
        key=what.key,
        waybill=what.waybill,
        carrier=service.carrier if service else "",
        service=service.service if service else "",
        source=what.source,
        blob=what.blob,
    )


def printing(s: Session, what: i.Input) -> Facts | None:
    """Rows of PRINTING; None where the table has none."""
    match what:
        case i.PrintBegun():
            return _begin_print(s, what)
        case i.PrintReported():
            return _print_report(s, what)
        case i.PrintAnswered():
            return _print_answer(s, what)
        case i.PrintMoveAsked():
            return _move(s, what)
        # Added: the scanned label proves that it came out, before or without the printer's word.
        case i.WaybillScanned() if _proves(s, what.waybill):
            return _proof(s, what)
    return _confirm_rows(s, what)


def _paper(s: Session, document: str) -> Paper | None:
    return next((p for p in s.parcel.papers if p.document == document), None)


def _begin_print(s: Session, what: i.PrintBegun) -> Facts:
    paper = _paper(s, what.document)
    if paper is None or paper.status != "due" or not _stands(s):
        return refuse(s, what, "print.not_due")
    return (
        f.PrintStarted(
            job=what.job,
            document=what.document,
            printer=what.printer,
            sha256=what.sha256,
            language=what.language,
            stock=what.stock,
            labels=what.labels,
            checked=what.checked,
        ),
    )


def _move(s: Session, what: i.PrintMoveAsked) -> Facts:
    """Only what surely does not come out of the first printer may come out of another."""
    paper = _paper(s, what.document)
    if paper is None or paper.status not in {"started", "failed"}:
        return refuse(s, what, "move.nothing")
    if not _stands(s):
        return refuse(s, what, "void.running")
    if paper.printer == what.printer:
        return refuse(s, what, "move.same")
    proof = _proof_of_nothing(paper, what)
    if not proof:
        return refuse(s, what, "move.unsure")
    return (
        f.PrintMoved(
            job=paper.job,
            document=paper.document,
            source=paper.printer,
            target=what.printer,
            move=paper.move + 1,
            proof=proof,
        ),
    )


def _proof_of_nothing(paper: Paper, what: i.PrintMoveAsked) -> str:
    """Why nothing of it comes out of its printer any more; "" where that is not sure."""
    if paper.status == "started":
        return "withdrawn" if what.withdrawn else ""
    if paper.doubt:
        return "cleared" if what.cleared else ""
    return "failed"


def _out(paper: Paper, by: str = "device") -> f.DocumentPrinted:
    return f.DocumentPrinted(
        job=paper.job,
        document=paper.document,
        by=by,
        printer=paper.printer,
        rung=paper.rung,
        rungs=paper.rungs,
        labels=paper.labels,
    )


def _print_report(s: Session, what: i.PrintReported) -> Facts:
    paper = _paper(s, what.document)
    # Added: what was given up and comes out after all, has come out.
    late = {"failed"} if what.outcome == "printed" else set()
    awaited = {"started", "uncertain"} | late
    if paper is None or paper.job != what.job or paper.status not in awaited:
        return refuse(s, what, "print.other_job")
    match what.outcome:
        case rung if rung in RUNGS:
            return (f.PrintAdvanced(job=what.job, document=what.document, rung=rung, at=what.at),)
        case "printed":
            return (_out(paper),)
        case "failed":
            return (f.PrintFailed(job=what.job, document=what.document, cause=what.cause),)
    if paper.status == "uncertain":
        return ()
    return (f.PrintUncertain(job=what.job, document=what.document, cause=what.cause),)


def _print_answer(s: Session, what: i.PrintAnswered) -> Facts:
    paper = next((p for p in s.parcel.papers if p.status == "uncertain"), None)
    if paper is None:
        return refuse(s, what, "print.nothing_unsure")
    if what.came_out:
        return (_out(paper, "person"),)
    return (f.PrintFailed(job=paper.job, document=paper.document, cause="person"),)


def _stands(s: Session) -> bool:
    """Whether the label may be printed and stuck on: nobody has asked to take it back."""
    return s.parcel.label is not None and s.parcel.label.status == "issued"


def _proves(s: Session, waybill: str) -> bool:
    label, paper = s.parcel.label, _paper(s, "label")
    if label is None or paper is None or label.waybill != waybill or not _stands(s):
        return False
    return paper.status in {"started", "uncertain", "failed"}


def _proof(s: Session, what: i.WaybillScanned) -> Facts:
    paper = _paper(s, "label") or Paper(document="label")
    proof = _out(paper, "scan")
    rest = [p for p in s.parcel.papers if p.document != "label"]
    if all(p.status == "printed" for p in rest) and s.unconfirmed is None:
        return (proof, *_close(s, what))
    return (proof,)


def confirming(s: Session, what: i.Input) -> Facts | None:
    """Rows of CONFIRMING; None where the table has none."""
    match what:
        case i.WaybillScanned() if not _stands(s):
            return refuse(s, what, "void.running")
        case i.WaybillScanned():
            label = s.parcel.label
            expected = label.waybill if label else ""
            if what.waybill != expected:
                return (f.LabelMismatched(scanned=what.waybill, expected=expected),)
            if s.unconfirmed is not None:
                return refuse(s, what, "papers.confirm")
            return _close(s, what)
        case i.ConfirmPaper():
            return _confirm(s, what)
    return _confirm_rows(s, what)


def _confirm(s: Session, what: i.ConfirmPaper) -> Facts:
    """Row added: the battery mark is on, the copies are in the pouch."""
    waits = [one for one in s.parcel.papers if one.confirm and not one.confirmed]
    found = next((one for one in waits if what.document in {"", one.document}), None)
    if found is None:
        return refuse(s, what, "papers.nothing")
    return (PaperConfirmed(document=found.document, copies=found.copies, by=what.by),)


def _close(s: Session, what: i.WaybillScanned) -> Facts:
    checked = (what.checked,) if what.checked else ()
    if what.checked and not what.checked.ok:
        refs = " ".join(what.checked.refs)[:NOTE]
        return (*checked, f.SessionHeld(reason="missing_data", by="rule", note=refs))
    applied = f.LabelApplied(waybill=what.waybill)
    if s.due == 0:
        return (*checked, applied, *learned(s), f.SessionCompleted())
    opened = f.ParcelOpened(parcel_id=what.next_parcel_id)
    return (*checked, applied, *learned(s), opened)


def _confirm_rows(s: Session, what: i.Input) -> Facts | None:
    """Rows that PRINTING and CONFIRMING share: reprint and void."""
    match what:
        case i.ReprintAsked():
            return _reprint(s, what)
        case i.VoidAsked() if s.label_live:
            return void(s, what)
        case i.VoidAnswered():
            return void_answer(s, what)
    return None


def _reprint(s: Session, what: i.ReprintAsked) -> Facts:
    paper = _paper(s, what.document)
    if not what.allowed:
        return refuse(s, what, "reprint.not_allowed")
    if not _stands(s):
        return refuse(s, what, "void.running")
    if paper is None or paper.status not in {"printed", "failed"}:
        return refuse(s, what, "reprint.running")
    return (f.ReprintRequested(document=what.document, copy=paper.copy + 1, reason=what.reason),)


def void(s: Session, what: i.VoidAsked) -> Facts:
    """Ask for the label to be taken back; the key stays the same until that is answered."""
    label = s.parcel.label
    if label is None or label.status == "voiding":
        return refuse(s, what, "void.running")
    if label.status == "requested":
        # It is being bought: an answer that comes now must still find it as it was asked for.
        return refuse(s, what, "not_now.labelling")
    return (f.LabelVoidRequested(key=label.key, waybill=label.waybill),)


def void_answer(s: Session, what: i.VoidAnswered) -> Facts:
    """What the carrier said to a void."""
    label = s.parcel.label
    if label is None or label.key != what.key or label.status != "voiding":
        return refuse(s, what, "void.other_key")
    match what.outcome:
        case "voided":
            return (f.LabelVoided(key=what.key, waybill=label.waybill),)
        case "refused":
            return (f.LabelVoidRefused(key=what.key, reason=what.reason),)
    return (f.LabelVoidUnresolved(key=what.key, cause=what.reason),)


def outside_world(s: Session, what: i.Input) -> Facts | None:
    """Answers of carriers and printers are recorded whatever stopped the bench (row added)."""
    match what:
        case i.LabelAnswered():
            return _label_answer(s, what)
        case i.PrintReported():
            return _print_report(s, what)
        case i.PrintAnswered():
            return _print_answer(s, what)
        case i.VoidAsked() if s.label_live:
            return void(s, what)
        case i.VoidAnswered():
            return void_answer(s, what)
    return None
