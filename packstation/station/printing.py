"""A parcel's documents on their way to paper: drawn, begun, sent, and never sent twice.

The intent is committed before the first byte goes to a printer. What became of a job that a
restart interrupted is the printer's word, or a person's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.errors import DocumentError, PackstationError
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address, Order
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import (
    DocumentPrinted,
    Fact,
    LabelVoidRequested,
    PrintFailed,
)
from packstation.domain.packing.session import Paper, Parcel
from packstation.station.core import Core
from packstation.station.pictures import language
from packstation.station.ports import DocumentMaker, Happening, Printer, PrintJob
from packstation.station.views import AlertView, CommandView, Words

NONE: Final = PackstationError()


class PaperMade(Happening, frozen=True):
    """A document's bytes, or the error that kept it from being made."""

    job: str
    document: str
    made: PrintJob | None
    error: PackstationError | None = None


class TestLabelMade(Happening, frozen=True):
    """The test label's bytes."""

    __test__ = False

    made: PrintJob


class Printing:
    """Draws what is due, hands it to its printer, takes back what must not come out."""

    def __init__(
        self, core: Core, documents: DocumentMaker, printers: Mapping[str, Printer]
    ) -> None:
        self._core = core
        self._documents = documents
        self._printers = printers
        self._making: set[str] = set()

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Begin what is due; take back what nobody wants any more."""
        for fact in facts:
            if isinstance(fact, LabelVoidRequested):
                self._withdraw_all()
            elif isinstance(fact, DocumentPrinted | PrintFailed):
                # A copy that still waits for paper must not come out after all.
                self._withdraw(fact.document, fact.job)
        session = self._core.session
        label = session.parcel.label if session.parcels else None
        if session.state is State.PRINTING and label is not None and label.status == "issued":
            self._print_due()

    def recover(self) -> None:
        """After a restart: prints that were under way are settled, never sent again."""
        session = self._core.session
        for paper in session.parcel.papers if session.parcels else ():
            if paper.status == "started":
                self._report(paper, self._outcome(paper), "restart")

    def _report(self, paper: Paper, outcome: str, cause: str) -> None:
        reported = i.PrintReported(
            job=paper.job, document=paper.document, outcome=outcome, cause=cause
        )
        self._core.submit(reported)

    def _outcome(self, paper: Paper) -> str:
        """What became of a print that was under way: the printer may know, else a person does."""
        printer = self._printers.get(paper.document)
        known = printer.came_out(paper.job) if printer else None
        return "uncertain" if known is None else "printed" if known else "failed"

    def _withdraw_all(self) -> None:
        for paper in self._core.session.parcel.papers:
            if paper.status == "started" and self._withdraw(paper.document, paper.job):
                self._report(paper, "failed", "void")

    def _withdraw(self, document: str, job: str) -> bool:
        printer = self._printers.get(document)
        return printer is not None and printer.withdraw(job)

    def _print_due(self) -> None:
        """One document at a time, in the service's order; of a label that stands."""
        papers = self._core.session.parcel.papers
        busy = any(paper.status in {"started", "uncertain", "failed"} for paper in papers)
        due = next((paper for paper in papers if paper.status == "due"), None)
        if busy or due is None:
            return
        job = self._job(due)
        if job in self._making:
            return
        document, maker = due.document, self._documents
        try:
            papers_of = self._papers(due)
        except DocumentError as exc:
            self._not_printed(PaperMade(job, document, None, exc), exc.key)
            return
        self._making.add(job)
        failed = PaperMade(job, document, None, DocumentError())
        self._core.run(lambda: _make(maker, job, document, papers_of), failed)

    def _job(self, paper: Paper) -> str:
        label = self._core.session.parcel.label
        return f"{label.key if label else ''}/{paper.document}/{paper.copy}"

    def _papers(self, paper: Paper) -> ParcelPapers:
        core, parcel = self._core, self._core.session.parcel
        row = core.cache.order(core.session.order_id)
        order: Order | None = row.order if row else None
        if order is None or parcel.service is None or parcel.label is None:
            raise DocumentError("error.document", field="order")
        products: Mapping[str, Product] = core.products_of(order)
        return ParcelPapers(
            order=_with_sender(order, core.cache.site()),
            products=products,
            contents=_contents(parcel),
            parcel_id=parcel.id,
            waybill=parcel.label.waybill,
            carrier=parcel.service.carrier,
            service=parcel.service.service,
            gross_g=parcel.gross_g or 0,
            size_mm=parcel.size_mm,
            number=len(core.session.parcels),
            count=len(core.session.parcels) + (1 if core.session.due else 0),
            date=core.today(),
            copy=paper.copy,
            mark=core.desk.bench,
        )

    def print_test_label(self) -> None:
        """A label that ships nothing, to see whether the printer prints well."""
        core, maker = self._core, self._documents
        bench, words, job = core.desk.bench, language(core), f"test/{core.ids.new()}"
        core.background.run(lambda: TestLabelMade(replace(maker.test_label(bench, words), job=job)))

    def test_label_made(self, done: TestLabelMade) -> None:
        """It belongs to no parcel, so nothing of it is recorded."""
        printer = self._printers.get("label")
        if printer is not None:
            printer.submit(done.made)

    def made(self, done: PaperMade) -> None:
        """Bytes are here: the intent is committed first, then the printer gets them."""
        self._making.discard(done.job)
        if not self._is_due(done):
            return  # voided or held while it was drawn
        printer = self._printers.get(done.document)
        if done.made is None or printer is None:
            self._not_printed(done, done.error.key if done.error else "print.no_printer")
            return
        digest = hashlib.sha256(done.made.payload).hexdigest()
        begun = i.PrintBegun(job=done.job, document=done.document, sha256=digest)
        self._core.submit(begun)
        printer.submit(replace(done.made, job=done.job))

    def _is_due(self, done: PaperMade) -> bool:
        session = self._core.session
        label = session.parcel.label if session.parcels else None
        if session.state is not State.PRINTING or label is None or label.status != "issued":
            return False
        due = [paper for paper in session.parcel.papers if paper.status == "due"]
        return any(self._job(paper) == done.job for paper in due)

    def _not_printed(self, done: PaperMade, cause: str) -> None:
        """It never reached a printer: begun and failed, so that a person decides."""
        core = self._core
        core.submit(i.PrintBegun(job=done.job, document=done.document))
        failed = i.PrintReported(
            job=done.job, document=done.document, outcome="failed", cause=cause
        )
        core.submit(failed)
        words = tuple((name, str(value)) for name, value in (done.error or NONE).fields.items())
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words("print.failed"),
            todo=Words(cause, words),
            answers=(CommandView("accept", "Enter", Words("cmd.ok"), coded=False),),
            serial=core.desk.serial + 1,
        )


def _with_sender(order: Order, site: Mapping[str, object]) -> Order:
    """Who sends: the order says it, else the site's row."""
    if order.ship_from.name or order.ship_from.company or not site.get("sender"):
        return order
    return replace(order, ship_from=msgspec.convert(site["sender"], Address))


def _make(maker: DocumentMaker, job: str, document: str, papers: ParcelPapers) -> PaperMade:
    try:
        return PaperMade(job, document, maker.make(document, papers))
    except PackstationError as exc:
        return PaperMade(job, document, None, exc)


def _contents(parcel: Parcel) -> tuple[tuple[int, int], ...]:
    totals: dict[int, int] = {}
    for item in parcel.contents:
        totals[item.line] = totals.get(item.line, 0) + item.units
    return tuple(totals.items())
