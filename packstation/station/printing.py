"""A parcel's documents on their way to paper: drawn, begun, sent, and never sent twice.

The intent is committed before the first byte goes to a printer. What became of a job that a
restart interrupted is the printer's word, or a person's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.errors import DocumentError, PackstationError
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Order
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import (
    DocumentPrinted,
    Fact,
    LabelVoidRequested,
    PrinterConfirmed,
    PrintFailed,
    ReprintRequested,
    SpareCopyOut,
)
from packstation.domain.packing.inside import order_contents, packed_instead
from packstation.domain.packing.session import Paper, Parcel
from packstation.domain.printers import BenchPrinter, Stock, misfit
from packstation.domain.templates import ROW as TEMPLATES
from packstation.station.core import Core
from packstation.station.customs import Customs
from packstation.station.labelling import carried_blob
from packstation.station.pictures import language
from packstation.station.planning import with_sender
from packstation.station.ports import (
    DocumentMaker,
    Happening,
    Printer,
    PrintJob,
    PrintProgress,
    RowsPulled,
)
from packstation.station.print_desk import PrintDesk, held_back, next_due
from packstation.station.printer_pages import PrinterPages, Sheet
from packstation.station.reading import Reading
from packstation.station.trial import Drawing
from packstation.station.views import AlertView, CommandView, VerdictView, Words

NONE: Final = PackstationError()
# Where one of them is printed the label has none.
FORMS: Final = ("cn23", "cn22")
# What the label says of itself where it carries the CN 22.
ON_LABEL: Final = "label"


class PaperMade(Happening, frozen=True):
    """A document's bytes for ``printer``, or the error that kept it from being made.

    ``checked`` is the hash of the data it was drawn of.
    """

    job: str
    document: str
    made: PrintJob | None
    error: PackstationError | None = None
    printer: str = ""
    checked: str = ""


class LetterheadsRead(Happening, frozen=True):
    """Letterheads were read in the background; papers drawn from now on have them."""


class TestLabelMade(Happening, frozen=True):
    """The bytes of a test label, or of a sheet of codes."""

    __test__ = False

    made: PrintJob | None
    printer: str = "label"


class Printing:
    """Draws what is due, hands it to its printer, takes back what must not come out.

    ``printers`` are the bench's by their device ids.
    """

    def __init__(
        self,
        core: Core,
        documents: DocumentMaker,
        printers: Mapping[str, Printer],
        customs: Customs,
    ) -> None:
        self._core = core
        self._documents = documents
        self._customs = customs
        self.printers = printers
        self._making: set[str] = set()
        self._letterheads = Reading(core, TEMPLATES, documents.letterheads, LetterheadsRead())
        self._has_letterheads = False
        self._drawn: dict[str, Sheet] = {}
        # Whatever is due is started anew.
        self.again: Callable[[], None] = lambda: None
        self.pages = PrinterPages(core, documents)

    @property
    def _desk(self) -> PrintDesk:
        return self._core.desk.printing

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Begin what is due; take back what nobody wants any more."""
        self._learn_kinds()
        if self._core.session.live:
            self.ready()  # long before the first paper
        for fact in facts:
            if isinstance(fact, LabelVoidRequested):
                self._withdraw_all()
            elif isinstance(fact, DocumentPrinted | PrintFailed):
                # A copy that still waits for paper must not come out after all.
                self._withdraw(self._printer_of(fact.job), fact.job)
            elif isinstance(fact, ReprintRequested):
                self._warn_of_the_first(fact)
        self._print_due()

    def rows(self, report: RowsPulled) -> None:
        """Letterheads may have changed: those before hold until these are read."""
        if any(row.t == TEMPLATES for row in report.rows):
            self._letterheads.begin()

    def ready(self) -> bool:
        """Whether letterheads were read since the start; where not, they are from now on.

        What is due is begun when they are: no paper goes without its letterhead for being early.
        """
        if not self._has_letterheads:
            self._letterheads.want()
        return self._has_letterheads

    def letterheads_read(self) -> None:
        """They are here, or cannot be read: papers are drawn of what is known."""
        first, self._has_letterheads = not self._has_letterheads, True
        self._letterheads.ended()
        if first:
            self.again()

    def recover(self) -> None:
        """After a restart: prints that were under way are settled, never sent again."""
        self._trust_the_past()
        self._learn_kinds()
        session = self._core.session
        for paper in session.parcel.papers if session.parcels else ():
            if paper.status == "started":
                self._report(paper, self._outcome(paper), "restart")

    def _learn_kinds(self) -> None:
        """Which class of printer the rules name for each paper of this parcel."""
        session = self._core.session
        self._desk.kinds = _kinds(session.parcel) if session.parcels else {}

    def _trust_the_past(self) -> None:
        """A bench whose labels were printed and read before anyone asked needs no test now."""
        desk, store = self._desk, self._core.store
        row = desk.target("label")
        if row is None or desk.proven or desk.is_proven(row):
            return
        started = store.bench_events(["PrintStarted"], 1)
        if not started or started[0].body.get("printer"):
            return
        if store.bench_events(["LabelApplied"], 1):
            proof = PrinterConfirmed(printer=row.id, identity=row.identity, by="used")
            self._core.record(proof)

    def _report(self, paper: Paper, outcome: str, cause: str) -> None:
        reported = i.PrintReported(
            job=paper.job, document=paper.document, outcome=outcome, cause=cause
        )
        self._core.submit(reported)

    def _outcome(self, paper: Paper) -> str:
        """What became of a print that was under way: the printer may know, else a person does."""
        printer = self.printers.get(paper.printer or self._target_id(paper.document))
        known = printer.came_out(paper.job) if printer else None
        return "uncertain" if known is None else "printed" if known else "failed"

    def _target_id(self, document: str) -> str:
        """Where a document goes now; older facts do not say where it went."""
        target = self._desk.target(document)
        return target.id if target else ""

    def _printer_of(self, job: str) -> str:
        session = self._core.session
        papers = session.parcel.papers if session.parcels else ()
        paper = next((paper for paper in papers if paper.job == job), None)
        return (paper.printer or self._target_id(paper.document)) if paper else ""

    def _warn_of_the_first(self, fact: ReprintRequested) -> None:
        """What the printer may still hold of it comes out before the new copy, if at all."""
        core = self._core
        paper = next(p for p in core.session.parcel.papers if p.document == fact.document)
        if not paper.doubt:
            return
        kind = "label" if fact.document == "label" else "paper"
        words = ("printer", core.desk.device_name(paper.printer)), ("copy", str(fact.copy))
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words("print.first"),
            todo=Words(f"print.first.{kind}", words),
            answers=(CommandView("accept", "Enter", Words("cmd.ok"), coded=False),),
            serial=core.desk.serial + 1,
        )

    def _withdraw_all(self) -> None:
        for paper in self._core.session.parcel.papers:
            if paper.status == "started" and self._withdraw(self._printer_of(paper.job), paper.job):
                self._report(paper, "failed", "void")

    def _withdraw(self, printer_id: str, job: str) -> bool:
        printer = self.printers.get(printer_id)
        return printer is not None and printer.withdraw(job)

    def _print_due(self) -> None:
        """One document at a time, in the service's order; of a label that stands."""
        due = next_due(self._core.session)
        if due is None or held_back(self._core.session, self._desk) is not None:
            return
        target, job = self._desk.target(due.document), self._job(due)
        if job in self._making or not self.ready():
            return
        if target is None or target.id not in self.printers:
            self._not_printed(PaperMade(job, due.document, None), "print.no_printer")
            return
        shows = self._customs.digest()
        if shows and not self._customs.stands(shows):
            self._customs.renew()
            return
        document, maker, stock = due.document, self._documents, target.stock
        failed = PaperMade(job, document, None, DocumentError(), target.id)
        try:
            papers_of, others = self._papers(due), self._consignment(due)
        except DocumentError as exc:
            self._not_printed(replace(failed, error=exc), exc.key)
            return
        self._making.add(job)
        self._drawn[target.id] = Sheet(job, document, papers_of, stock)
        failed = replace(failed, checked=shows)
        self._core.run(lambda: _make(maker, failed, papers_of, stock, others), failed)

    def drawings(self, parcel: Parcel) -> Iterator[Drawing]:
        """What is printed of the open parcel once it is ``parcel``; nothing without a printer."""
        before, kinds = self._core.session.parcels[:-1], _kinds(parcel)
        for paper in parcel.papers:
            target = self._desk.target(paper.document, kinds.get(paper.document, ""))
            if target is not None:
                number = len(before) + 1
                papers_of = self._papers_of(paper, parcel, number)
                others = self._labelled(paper, (*before, parcel))
                yield Drawing(paper.document, papers_of, target.stock, others)

    def _job(self, paper: Paper) -> str:
        label = self._core.session.parcel.label
        moved = f"/{paper.move}" if paper.move else ""
        return f"{label.key if label else ''}/{paper.document}/{paper.copy}{moved}"

    def _papers(self, paper: Paper) -> ParcelPapers:
        """The parcel on the bench."""
        parcels = self._core.session.parcels
        return self._papers_of(paper, parcels[-1], len(parcels))

    def _consignment(self, paper: Paper) -> tuple[ParcelPapers, ...]:
        """All parcels of the order that have a label so far."""
        return self._labelled(paper, self._core.session.parcels)

    def _labelled(self, paper: Paper, parcels: Sequence[Parcel]) -> tuple[ParcelPapers, ...]:
        found = enumerate(parcels, 1)
        labelled = ((n, one) for n, one in found if one.label is not None and one.service)
        return tuple(self._papers_of(paper, one, n) for n, one in labelled)

    def _papers_of(self, paper: Paper, parcel: Parcel, number: int) -> ParcelPapers:
        core = self._core
        row = core.cache.order(core.session.order_id)
        order: Order | None = row.order if row else None
        if order is None or parcel.service is None or parcel.label is None:
            raise DocumentError("error.document", field="order")
        products: Mapping[str, Product] = core.products_in(parcel, order)
        return ParcelPapers(
            order=with_sender(order, core.cache.site()),
            products=products,
            contents=order_contents(core.session, parcel),
            instead=packed_instead(core.session, parcel),
            parcel_id=parcel.id,
            waybill=parcel.label.waybill,
            blob=carried_blob(core, parcel),
            carrier=parcel.service.carrier,
            service=parcel.service.service,
            options=parcel.service.options,
            gross_g=parcel.gross_g or 0,
            size_mm=parcel.size_mm,
            number=number,
            count=len(core.session.parcels) + (1 if core.session.due else 0),
            date=core.today(),
            copy=paper.copy,
            copies=paper.copies,
            mark=core.desk.bench,
            training=core.desk.training,
            signs=self._signs(),
            form=self._form(parcel),
            along=tuple(one.document for one in parcel.papers),
        )

    def _signs(self) -> bool:
        """Whether a picture of the signature may stand on papers: by the right of who packs.

        ``prefs.signer`` must be true in their row; nothing is signed in training.
        """
        person = self._core.desk.person
        allowed = person is not None and person.prefs.get("signer") is True
        return allowed and not self._core.desk.training

    def _form(self, parcel: Parcel) -> str:
        """The declaration that goes with a parcel: couriers and lines take none."""
        kinds, service = {one.document for one in parcel.papers}, parcel.service
        told = service.papers if service else ()
        if any(one.on_label for one in told):
            return ON_LABEL
        form = next((one for one in FORMS if one in kinds), "")
        profile = self._core.profile(service.carrier, service.service) if service else None
        postal = profile is None or profile.channel == "postal"
        return form or ("" if postal else "none")

    def print_test_label(self, name: str = "") -> None:
        """A label that ships nothing, to see whether a printer prints well.

        Without a name: of the printer that has to prove it, else of the one labels go to.
        """
        core, maker = self._core, self._documents
        row = self._desk.table.printer(name) if name else held_back(core.session, self._desk)
        row = row or self._desk.target("label")
        if row is None or row.id not in self.printers:
            core.refuse("print.no_printer", code_kind="printer")
            return
        bench, words, stock, printer = core.desk.bench, language(core), row.stock, row.id
        job, code = f"test/{printer}/{core.ids.new()}", f"%PS:tested:{printer}:{row.identity}"
        self._desk.asked.add(printer)
        core.run(
            lambda: TestLabelMade(
                replace(maker.test_label(bench, words, stock, code), job=job), printer
            ),
            TestLabelMade(None, printer),
        )

    def print_codes(self, name: str) -> None:
        """On printer ``name`` a sheet of codes that send the papers to one of the bench's."""
        core, maker = self._core, self._documents
        row = self._desk.table.printer(name)
        if row is None or name not in self.printers:
            core.refuse("print.no_printer", code_kind="printer")
            return
        known = core.desk.devices
        names = {one: known[one].info.name if one in known else "" for one in self.printers}
        printers, words, stock = tuple(names.items()), language(core), row.stock
        job = f"codes/{name}/{core.ids.new()}"
        core.run(
            lambda: TestLabelMade(replace(maker.codes(words, printers, stock), job=job), name),
            TestLabelMade(None, name),
        )

    def test_label_made(self, done: TestLabelMade) -> None:
        """It belongs to no parcel, so nothing of it is recorded."""
        printer = self.printers.get(done.printer)
        if printer is None or done.made is None:
            self._desk.asked.discard(done.printer)
            self._core.refuse("printer.no_test", code_kind="printer")
            return
        printer.submit(done.made)

    def made(self, done: PaperMade) -> None:
        """Bytes are here: the intent is committed first, then the printer gets them."""
        self._making.discard(done.job)
        if not self._is_due(done):
            return  # voided or held while it was drawn
        target = self._desk.target(done.document)
        if done.made is None or target is None:
            self._not_printed(done, done.error.key if done.error else "print.no_printer")
            return
        if done.printer != target.id:
            self._print_due()  # another printer was chosen: drawn anew for that one
            return
        if done.checked != self._customs.digest():
            self._print_due()  # the order changed while it was drawn
            return
        cause = misfit(target, done.made.media, done.made.width_mm, done.made.height_mm)
        if cause:
            self._not_printed(done, cause)
            return
        papers = self._core.session.parcel.papers
        doubtful = any(p.document == done.document and p.doubt for p in papers)
        tray = next((one.tray for one in papers if one.document == done.document), "")
        made = replace(done.made, job=done.job, doubtful=doubtful, tray=tray)
        self._send(made, target, done.checked)
        if done.made.plain:
            self._say_plain(*done.made.plain)
        elif self._desk.beside_the_rule(done.document) is target:
            self._say_beside(done.document, target)

    def _say_beside(self, document: str, target: BenchPrinter) -> None:
        """No printer of the class that the rule names can take it: it comes out elsewhere."""
        words = (("printer", self._core.desk.device_name(target.id)),)
        why = Words(f"print.beside.{self._desk.kinds[document]}", words)
        self._core.desk.verdict = VerdictView("warn", Words("print.beside", words), why)

    def _say_plain(self, template: str, field: str) -> None:
        """The letterhead could not be used: the paper is made without it, and says so."""
        what = (("template", template), ("field", field.removeprefix("template.")))
        words = Words("print.plain", what[:1])
        self._core.desk.verdict = VerdictView("warn", words, Words("print.plain.why", what[1:]))

    def _send(self, job: PrintJob, target: BenchPrinter, checked: str) -> None:
        begun = i.PrintBegun(
            job=job.job,
            document=job.document,
            printer=target.id,
            sha256=hashlib.sha256(job.payload).hexdigest(),
            language=job.media,
            stock=target.stock.name,
            labels=job.labels,
            checked=checked,
        )
        self._core.submit(begun)
        self.pages.sheets[target.id] = self._drawn[target.id]
        self.printers[target.id].submit(job)

    def progress(self, report: PrintProgress) -> None:
        """A job that another copy stands for came out after all: that one must not be used."""
        session = self._core.session
        papers = session.parcel.papers if session.parcels else ()
        awaited = any(paper.job == report.job for paper in papers)
        if report.outcome != "printed" or awaited or report.job not in self._desk.given_up:
            return
        core = self._core
        core.record(SpareCopyOut(job=report.job, document=report.document, printer=report.printer))
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words("print.spare"),
            todo=Words("print.spare.todo", (("printer", core.desk.device_name(report.printer)),)),
            answers=(CommandView("accept", "Enter", Words("cmd.ok"), coded=False),),
            sound="wrong_label",
            serial=core.desk.serial + 1,
        )

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
        core.submit(i.PrintBegun(job=done.job, document=done.document, printer=done.printer))
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


def _kinds(parcel: Parcel) -> dict[str, str]:
    """The class of printer that the rules name for each paper of a parcel."""
    service = parcel.service
    return {one.document: one.printer for one in (service.papers if service else ())}


def _make(
    maker: DocumentMaker,
    asked: PaperMade,
    papers: ParcelPapers,
    stock: Stock,
    consignment: Sequence[ParcelPapers],
) -> PaperMade:
    try:
        made = maker.make(asked.document, papers, stock, consignment)
    except PackstationError as exc:
        return replace(asked, error=exc)
    return replace(asked, made=made, error=None)
