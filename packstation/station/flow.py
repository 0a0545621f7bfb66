"""From a closed box to its papers: rate, ask for the label, print, void.

Long work runs in the background and comes back as a Happening. Everything here
can be started again after a crash: what was asked stands in the journal first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from msgspec.structs import replace as structs_replace

from packstation.domain.catalog import Product
from packstation.domain.errors import (
    DocumentError,
    LabelRefused,
    PackstationError,
)
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address, Order
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import (
    Fact,
    LabelVoided,
    NumberVoided,
    SessionResumed,
)
from packstation.domain.packing.session import Paper, Parcel
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted, RefusedService
from packstation.station.core import Core
from packstation.station.desk import ServiceProfile
from packstation.station.pictures import language
from packstation.station.planning import missing_data
from packstation.station.ports import (
    DocumentMaker,
    Happening,
    LabelSource,
    Printer,
    PrintJob,
    Rater,
)
from packstation.station.views import AlertView, CommandView, Words

NONE: Final = PackstationError()
# How often an unresolved label or void is asked about.
ASK_AGAIN_S: Final = 5


@dataclass(frozen=True, slots=True)
class Rated(Happening):
    """Prices came back for a parcel of this weight."""

    parcel: str
    gross_g: int
    quotes: tuple[Quoted, ...]
    refusals: tuple[RefusedService, ...]


@dataclass(frozen=True, slots=True)
class LabelReplied(Happening):
    """The server's answer about a label; ``outcome`` as in LabelAnswered."""

    key: str
    outcome: str
    waybill: str = ""
    blob: str = ""
    source: str = "carrier"
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class VoidReplied(Happening):
    """The server's answer to a void; ``outcome`` as in VoidAnswered."""

    key: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaperMade(Happening):
    """A document's bytes, or the error that kept it from being made."""

    job: str
    document: str
    made: PrintJob | None
    error: PackstationError | None = None


@dataclass(frozen=True, slots=True)
class TestLabelMade(Happening):
    """The test label's bytes."""

    __test__ = False

    made: PrintJob


class Flow:
    """Effects of the session after weighing."""

    def __init__(
        self,
        core: Core,
        *,
        rater: Rater,
        labels: LabelSource,
        documents: DocumentMaker,
        printers: Mapping[str, Printer],
    ) -> None:
        self._core = core
        self._rater = rater
        self._labels = labels
        self._documents = documents
        self._printers = printers
        self._making: set[str] = set()
        self._asked_ns = core.clock.mono_ns()

    # --- what is due --------------------------------------------------------------------

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Start whatever the session now waits for."""
        session = self._core.session
        if any(isinstance(fact, LabelVoided | SessionResumed) for fact in facts):
            self._core.desk.rating = ""
        if any(isinstance(fact, LabelVoided) for fact in facts):
            self._core.desk.listing = "services"
        match session.state:
            case State.RATING:
                self._rate()
            case State.LABELLING if session.parcel.label and (
                session.parcel.label.status == "requested"
            ):
                self._ask_label()
            case State.PRINTING:
                self._print_due()
        label = session.parcel.label if session.parcels else None
        if label is not None and label.status == "voiding":
            self._ask_void(label.key)

    def recover(self) -> None:
        """After a restart: what was under way is asked for, never done again."""
        session = self._core.session
        label = session.parcel.label if session.parcels else None
        if label is not None and label.status in {"requested", "unresolved"}:
            self.find(label.key)
        for paper in session.parcel.papers if session.parcels else ():
            if paper.status == "started":
                outcome = self._outcome(paper)
                self._core.submit(
                    i.PrintReported(
                        job=paper.job, document=paper.document, outcome=outcome, cause="restart"
                    )
                )
        self.told(())

    def _outcome(self, paper: Paper) -> str:
        """What became of a print that was under way: the printer may know, else a person does."""
        printer = self._printers.get(paper.document)
        known = printer.came_out(paper.job) if printer else None
        return "uncertain" if known is None else "printed" if known else "failed"

    # --- rating -------------------------------------------------------------------------

    def _rate(self) -> None:
        core, parcel = self._core, self._core.session.parcel
        row = core.cache.order(core.session.order_id)
        token = f"{parcel.id}:{parcel.gross_g}:{parcel.size_mm}:{core.session.rev}"
        if row is None or parcel.gross_g is None or core.desk.rating == token:
            return
        core.desk.rating = token
        missing = missing_data(row.order, core.products_of(row.order))
        if missing:
            core.submit(
                i.HoldRaised(reason="missing_data", by="rule", note=" ".join(missing)[:400])
            )
            return
        order, products, gross = row.order, core.products_of(row.order), parcel.gross_g
        size, rater = parcel.size_mm, self._rater
        core.background.run(
            lambda: Rated(parcel.id, gross, *rater.quote(order, products, gross, size))
        )

    def rated(self, done: Rated) -> None:
        """Prices are here: the rule chooses unless the packer asked to."""
        core, session = self._core, self._core.session
        if session.state is not State.RATING or session.parcel.id != done.parcel:
            return
        core.desk.quotes, core.desk.refusals = self._with_numbers(done.quotes, done.refusals)
        if not core.desk.quotes:
            core.submit(i.HoldRaised(reason="no_service", by="rule"))
        elif core.desk.listing != "services":
            self.choose_best()

    def _with_numbers(
        self, quotes: tuple[Quoted, ...], refusals: tuple[RefusedService, ...]
    ) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
        """A service whose numbers are used up is not possible now."""
        core, today = self._core, self._core.today()
        can, cannot = [], list(refusals)
        for quote in quotes:
            profile = core.profile(quote.carrier, quote.service)
            pooled = profile is not None and profile.numbers == "pool"
            if profile is None:
                cannot.append(RefusedService(quote.carrier, quote.service, "contract", ""))
            elif pooled and not core.pool.left(quote.carrier, quote.service, today):
                cannot.append(RefusedService(quote.carrier, quote.service, "numbers", ""))
            else:
                can.append(quote)
        return tuple(can), tuple(cannot)

    def choose_best(self) -> None:
        """The cheapest of what the order allows."""
        core = self._core
        row = core.cache.order(core.session.order_id)
        wanted = row.order.service if row else None
        quotes = [q for q in core.desk.quotes if wanted in {None, "", q.service}]
        if quotes:
            self._take(min(quotes, key=lambda quote: quote.rank), "rule")

    def choose(self, index: int) -> None:
        """The packer's choice from the list."""
        quotes = sorted(self._core.desk.quotes, key=lambda quote: quote.rank)
        if index < len(quotes):
            self._take(quotes[index], "person")

    def _take(self, quote: Quoted, by: str) -> None:
        profile = self._core.profile(quote.carrier, quote.service)
        self._core.desk.listing = ""
        self._core.submit(
            i.ServiceChosen(
                carrier=quote.carrier,
                service=quote.service,
                price=Money(quote.amount, quote.currency),
                billable_g=quote.billable_g,
                documents=profile.documents if profile else ("label",),
                tariff=quote.tariff,
                by=by,
            )
        )

    def carton_size(self) -> None:
        """MEASURING answered by the carton's own known size."""
        outer = self._core.session.parcel.outer_mm
        if len(outer) != 3:
            self._core.refuse("size.unknown")
            return
        length, width, height = outer
        self._core.submit(i.SizeRead(length_mm=length, width_mm=width, height_mm=height))

    # --- the label ----------------------------------------------------------------------

    def _ask_label(self) -> None:
        core, parcel = self._core, self._core.session.parcel
        key, profile = parcel.label.key if parcel.label else "", self._profile(parcel)
        if profile is None or profile.numbers == "online":
            self._online(parcel)
            return
        used = core.pool.take(profile.carrier, profile.service, key, core.today())
        if used is None:
            core.submit(i.LabelAnswered(key=key, outcome="refused", reason="numbers"))
            return
        core.submit(
            i.LabelAnswered(
                key=key,
                outcome="issued",
                waybill=used.number,
                used_before=core.pool.used(used.number),
            ),
            along=used,
        )

    def _profile(self, parcel: Parcel) -> ServiceProfile | None:
        service = parcel.service
        return self._core.profile(service.carrier, service.service) if service else None

    def _online(self, parcel: Parcel) -> None:
        key = parcel.label.key if parcel.label else ""
        if key in self._making:
            return
        self._making.add(key)
        request = self._request(parcel)
        self._core.background.run(lambda: self._issue(key, request))

    def _request(self, parcel: Parcel) -> Mapping[str, object]:
        service, session = parcel.service, self._core.session
        return {
            "order": session.order_id,
            "rev": session.rev,
            "parcel": parcel.id,
            "carrier": service.carrier if service else "",
            "service": service.service if service else "",
            "gross_g": parcel.gross_g,
            "size_mm": list(parcel.size_mm),
        }

    def _issue(self, key: str, request: Mapping[str, object]) -> LabelReplied:
        try:
            waybill, blob = self._labels.issue(key, request)
        except LabelRefused as exc:
            return LabelReplied(key, "refused", reason=str(exc.fields.get("reason", "")))
        except PackstationError as exc:
            return LabelReplied(key, "unknown", reason=exc.key)
        return LabelReplied(key, "issued", waybill, blob)

    def find(self, key: str) -> None:
        """Ask what ``key`` bought; a pooled number answers at once."""
        parcel = self._core.session.parcel
        profile = self._profile(parcel)
        if profile is not None and profile.numbers == "pool":
            self._ask_label()
            return
        self._core.background.run(lambda: self._found(key))

    def _found(self, key: str) -> LabelReplied:
        try:
            found = self._labels.find(key)
        except PackstationError as exc:
            return LabelReplied(key, "unknown", reason=exc.key)
        if found is None:
            return LabelReplied(key, "never_bought")
        return LabelReplied(key, "issued", found[0], found[1], source="found")

    def replied(self, reply: LabelReplied) -> None:
        """The server answered about a label."""
        self._making.discard(reply.key)
        self._core.submit(
            i.LabelAnswered(
                key=reply.key,
                outcome=reply.outcome,
                waybill=reply.waybill,
                source=reply.source,
                blob=reply.blob,
                reason=reply.reason,
                detail=reply.detail,
                used_before=bool(reply.waybill) and self._core.pool.used(reply.waybill),
            )
        )

    def _ask_void(self, key: str) -> None:
        if f"void:{key}" in self._making:
            return
        self._making.add(f"void:{key}")
        profile = self._profile(self._core.session.parcel)
        if profile is not None and profile.numbers == "pool":
            self.void_replied(VoidReplied(key, "voided"))
        else:
            self._core.background.run(lambda: self._void(key))

    def _void(self, key: str) -> VoidReplied:
        try:
            self._labels.void(key)
        except LabelRefused as exc:
            return VoidReplied(key, "refused", str(exc.fields.get("reason", "")))
        except PackstationError as exc:
            return VoidReplied(key, "unknown", exc.key)
        return VoidReplied(key, "voided")

    def void_replied(self, reply: VoidReplied) -> None:
        """The carrier answered a void; a pooled number is void with it, for good."""
        core = self._core
        number = core.pool.found(reply.key)
        lease = core.pool.lease_of(number)
        if reply.outcome != "unknown":
            self._making.discard(f"void:{reply.key}")
        core.submit(
            i.VoidAnswered(key=reply.key, outcome=reply.outcome, reason=reply.reason),
            along=NumberVoided(lease=lease, number=number, key=reply.key) if number else None,
        )

    def ask_again(self) -> None:
        """Every few seconds: what is still unresolved is asked by its key, never done again."""
        core, now = self._core, self._core.clock.mono_ns()
        label = core.session.parcel.label if core.session.parcels else None
        if label is None or now - self._asked_ns < ASK_AGAIN_S * 1_000_000_000:
            return
        self._asked_ns = now
        if label.status == "unresolved":
            self.find(label.key)
        elif label.status == "voiding":
            self._making.discard(f"void:{label.key}")
            self._ask_void(label.key)

    # --- printing -----------------------------------------------------------------------

    def _print_due(self) -> None:
        """One document at a time, in the service's order."""
        papers = self._core.session.parcel.papers
        busy = any(paper.status in {"started", "uncertain", "failed"} for paper in papers)
        due = next((paper for paper in papers if paper.status == "due"), None)
        if busy or due is None:
            return
        job = self._job(due)
        if job in self._making:
            return
        self._making.add(job)
        papers_of, document, maker = self._papers(due), due.document, self._documents
        self._core.background.run(lambda: _make(maker, job, document, papers_of))

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
        if session.state is not State.PRINTING:
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
    return structs_replace(order, ship_from=msgspec.convert(site["sender"], Address))


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
