"""What a bench knows of its printers: who carries what, what is proven, how far a roll is.

All of it is folded from facts, so that a restart changes nothing: which printer was chosen,
which test labels were read, how many labels came out since the roll was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct, field

from packstation.domain.packing import Session, State
from packstation.domain.packing import facts as f
from packstation.domain.packing.session import Paper
from packstation.domain.printers import (
    BenchPrinter,
    PrintRoute,
    PrintTable,
    is_low,
    labels_left,
    ruled,
)

# Facts that are few and count for ever; and those of which only the latest do.
LASTING: Final = (f.PrinterSwitched, f.PrinterConfirmed)
RECENT: Final = (f.DocumentPrinted, f.DeviceChanged, f.RollChanged)
# The events behind a forecast: printed labels and what devices said in between.
EVENTS_A_LABEL: Final = 2
MOST_EVENTS: Final = 4000
BY_PERSON: Final = "person"
WANTS_PAPER: Final = "printer.paper_out"


class PrintDesk(Struct):
    """Printers of a bench and what its facts say of them; ids are those of the devices.

    ``switched``: document -> chosen printer. ``proven``: (printer, identity) of test labels
    that were read. ``out``: labels since the roll was changed, ``known`` the printers whose
    roll was seen to be new. ``queues``: who waits at a shared printer, (bench, jobs).
    ``given_up``: jobs that another copy stands for. ``asked``: printers whose test label was
    asked for; ``stays``: a job that a person keeps where it is; ``lengths``: of labels, in
    dots, as printers measured them. ``kinds``: the class of printer that the rules name for a
    document of the parcel on the bench.
    """

    table: PrintTable = field(default_factory=PrintTable)
    switched: dict[str, str] = field(default_factory=dict)
    proven: set[tuple[str, str]] = field(default_factory=set)
    out: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    starving: set[str] = field(default_factory=set)
    queues: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    stays: str = ""
    lengths: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    # --- facts --------------------------------------------------------------------------

    def told(self, fact: f.Fact) -> None:
        """Fold a fact that was just committed."""
        self.lasting(fact)
        self.rolled(fact)
        if isinstance(fact, f.PrintMoved) or (
            isinstance(fact, f.PrintFailed) and fact.cause == BY_PERSON
        ):
            self.given_up.add(fact.job)

    def lasting(self, fact: f.Fact) -> None:
        """Fold a choice or a proof."""
        match fact:
            case f.PrinterSwitched():
                self.switched |= dict.fromkeys(fact.documents, fact.printer)
            case f.PrinterConfirmed():
                self.proven.add((fact.printer, fact.identity))
                self.asked.discard(fact.printer)

    def rolled(self, fact: f.Fact) -> None:
        """Fold what came out of which roll."""
        step = _ROLLS.get(type(fact))
        if step is not None:
            step(self, fact)

    def new_roll(self, printer: str) -> None:
        """A roll was put in."""
        self.out[printer] = 0
        self.known.add(printer)
        self.starving.discard(printer)

    # --- questions ----------------------------------------------------------------------

    def route(self, document: str, kind: str | None = None) -> PrintRoute | None:
        """The way of a document of this parcel: by the site's row, the rule, or as usual.

        ``kind`` is the class that the rule will name, where the parcel has no papers yet.
        """
        named = self.kinds.get(document, "") if kind is None else kind
        return ruled(self.table, document, named)

    def beside_the_rule(self, document: str) -> BenchPrinter | None:
        """The printer of the other class that stands in where the bench has none that fits."""
        route, kind = self.route(document), self.kinds.get(document, "")
        printer = self.table.printer(route.printer) if route and not route.chosen else None
        return printer if printer and kind and printer.kind != kind else None

    def target(self, document: str, kind: str | None = None) -> BenchPrinter | None:
        """Where a document goes now: the printer chosen for it, else its route's own."""
        route = self.route(document, kind)
        if route is None:
            return None
        chosen = self.switched.get(document, "")
        return self.table.printer(chosen if chosen in route.printers else route.printer)

    def is_proven(self, printer: BenchPrinter) -> bool:
        """Whether it may print what ships: trusted by its row, or its test label was read."""
        return printer.trusted or (printer.id, printer.identity) in self.proven

    def next_of(self, document: str) -> BenchPrinter | None:
        """The printer after the present one that carries a document; None without another."""
        route, now = self.route(document), self.target(document)
        if route is None or now is None or len(route.printers) == 1:
            return None
        place = route.printers.index(now.id)
        return self.table.printer(route.printers[(place + 1) % len(route.printers)])

    def left(self, printer: BenchPrinter) -> int | None:
        """About how many labels are left on its roll; None where nobody can know."""
        out = self.out.get(printer.id, 0)
        if printer.id not in self.known or out > printer.stock.labels_per_roll:
            return None
        return labels_left(printer.stock, out)

    def low(self, printer: BenchPrinter) -> bool:
        """Whether its roll is about to end."""
        return self.left(printer) is not None and is_low(printer.stock, self.out.get(printer.id, 0))

    @property
    def horizon(self) -> int:
        """How many recent events a forecast needs; 0 where no roll's length is known."""
        longest = max((p.stock.labels_per_roll for p in self.table.printers), default=0)
        wanted = longest * EVENTS_A_LABEL * max(1, len(self.table.printers))
        return min(wanted, MOST_EVENTS)


def next_due(session: Session) -> Paper | None:
    """The paper that is to be printed now, one at a time and of a label that stands."""
    parcel = session.parcel if session.parcels else None
    label = parcel.label if parcel else None
    if parcel is None or label is None or label.status != "issued":
        return None
    if session.state is not State.PRINTING:
        return None
    busy = any(paper.status in {"started", "uncertain", "failed"} for paper in parcel.papers)
    return None if busy else next((p for p in parcel.papers if p.status == "due"), None)


def held_back(session: Session, desk: PrintDesk) -> BenchPrinter | None:
    """The printer that has to show a test label before the next paper may go there."""
    paper = next_due(session)
    printer = desk.target(paper.document) if paper else None
    return printer if printer and not desk.is_proven(printer) else None


def to_clear(session: Session, desk: PrintDesk) -> tuple[Paper, BenchPrinter] | None:
    """A paper for another printer of which nobody knows what the first still holds."""
    papers = session.parcel.papers if session.state is State.PRINTING else ()
    for paper in papers:
        target = desk.target(paper.document)
        if target is None or not paper.printer or target.id == paper.printer:
            continue
        if paper.status == "failed" and paper.doubt:
            return paper, target
    return None


def _printed(desk: PrintDesk, fact: f.DocumentPrinted) -> None:
    desk.out[fact.printer] = desk.out.get(fact.printer, 0) + fact.labels


def _changed(desk: PrintDesk, fact: f.DeviceChanged) -> None:
    """Paper that was out and is not any more is taken for a new roll."""
    if fact.cause == WANTS_PAPER:
        desk.starving.add(fact.device)
    elif fact.state == "ok" and fact.device in desk.starving:
        desk.new_roll(fact.device)


_ROLLS: Final[Mapping[type[f.Fact], Callable[[PrintDesk, Any], None]]] = {
    f.DocumentPrinted: _printed,
    f.DeviceChanged: _changed,
    f.RollChanged: lambda desk, fact: desk.new_roll(fact.printer),
}
