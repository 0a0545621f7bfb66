"""Another printer for what is not finished: one scan, and never both printers.

The bench remembers the choice (``PrinterSwitched``) until another is made. A document that
waits is withdrawn and moves; one that failed surely moves; one of which bytes have left stays
where it is until its end is known, and where nobody knows, a person is asked first and then
empties the first printer.
"""

from __future__ import annotations

from collections.abc import Mapping

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import (
    Fact,
    PrinterConfirmed,
    PrinterSwitched,
    PrintFailed,
    RollChanged,
)
from packstation.domain.packing.session import Paper
from packstation.domain.printers import BenchPrinter
from packstation.station.core import Core
from packstation.station.ports import DeviceState, Printer
from packstation.station.print_desk import PrintDesk, to_clear
from packstation.station.views import VerdictView, Words

_UNFINISHED = frozenset({"started", "failed", "uncertain"})
_TROUBLE = frozenset({DeviceState.FAULT, DeviceState.OFF})


class Moving:
    """Chooses printers, moves what is unfinished, takes proofs and new rolls."""

    def __init__(self, core: Core, printers: Mapping[str, Printer]) -> None:
        self._core = core
        self._printers = printers

    @property
    def _desk(self) -> PrintDesk:
        return self._core.desk.printing

    @property
    def _papers(self) -> tuple[Paper, ...]:
        session = self._core.session
        return session.parcel.papers if session.state is State.PRINTING else ()

    # --- commands -----------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Print on the printer ``name`` from now on; "" is the next one that can."""
        core, row = self._core, self._row(name)
        if row is None:
            reason = "printer.unknown" if name else "printer.no_other"
            core.refuse(reason, code_kind="printer")
            return
        if not self._desk.table.carried_by(row.id):
            core.refuse("printer.carries_nothing", code_kind="printer")
            return
        documents = self._switchable(row)
        self._desk.stays = ""
        if documents:
            core.record(PrinterSwitched(printer=row.id, documents=documents, by=core.actor))
        for paper in self._papers:
            self._move(paper, row, insists=not documents)
        shown = core.desk.device_name(row.id)
        core.desk.verdict = VerdictView("ok", Words("printer.chosen", (("printer", shown),)))

    def _row(self, name: str) -> BenchPrinter | None:
        if name:
            return self._desk.table.printer(name)
        open_papers = (p.document for p in self._papers if p.status != "printed")
        return self._desk.next_of(next(open_papers, "label"))

    def _switchable(self, row: BenchPrinter) -> tuple[str, ...]:
        """Documents that go there now: of its own kind of printer, its own, and what is stuck."""
        stuck = {p.document for p in self._papers if p.status in _UNFINISHED}
        found = []
        for document in self._desk.table.carried_by(row.id):
            route, now = self._desk.route(document), self._desk.target(document)
            if route is None or now is None or now.id == row.id:
                continue
            if now.kind == row.kind or route.printer == row.id or document in stuck:
                found.append(document)
        return tuple(found)

    def confirm(self, argument: str) -> None:
        """A test label was read: ``printer:identity`` as it stands on it.

        The first time it proves its printer; stuck beside it, it chooses that printer.
        """
        core = self._core
        name, _, identity = argument.partition(":")
        row = self._desk.table.printer(name)
        if row is None or row.identity != identity:
            core.refuse("printer.other_test", code_kind="printer")
            return
        if self._desk.is_proven(row):
            self.choose(row.id)
            return
        core.record(PrinterConfirmed(printer=row.id, identity=identity))
        core.desk.verdict = VerdictView("ok", Words("printer.proven"))
        core.desk.earcon = "ok"

    def new_roll(self, name: str) -> None:
        """A person says that a new roll is in."""
        core = self._core
        row = self._desk.table.printer(name) if name else self._desk.target("label")
        if row is None:
            core.refuse("printer.unknown", code_kind="printer")
            return
        core.record(RollChanged(printer=row.id, by=core.actor))
        core.desk.verdict = VerdictView("ok", Words("roll.new"))

    # --- moves --------------------------------------------------------------------------

    def told(self, facts: tuple[Fact, ...]) -> None:
        """What failed surely goes to the printer that was chosen meanwhile."""
        for fact in facts:
            if isinstance(fact, PrintFailed):
                for paper in self._papers:
                    target = self._desk.target(paper.document)
                    if paper.job == fact.job and target is not None:
                        self._move(paper, target)

    def _move(self, paper: Paper, row: BenchPrinter, *, insists: bool = False) -> None:
        """Move it if that is safe now; what cannot be, is asked.

        ``insists``: the other printer was asked for before, so nobody waits any longer.
        """
        core, label = self._core, self._core.session.parcel.label
        target = self._desk.target(paper.document)
        stays = not paper.printer or paper.printer == row.id or target is not row
        if stays or label is None or label.status != "issued":
            return
        if paper.status == "failed" and not paper.doubt:
            core.submit(i.PrintMoveAsked(document=paper.document, printer=row.id))
        elif paper.status == "started":
            self._take_back(paper, row, insists=insists)

    def _take_back(self, paper: Paper, row: BenchPrinter, *, insists: bool) -> None:
        core = self._core
        printer, device = self._printers.get(paper.printer), core.desk.devices.get(paper.printer)
        if printer is not None and printer.withdraw(paper.job):
            core.submit(i.PrintMoveAsked(document=paper.document, printer=row.id, withdrawn=True))
        elif insists or printer is None or device is None or device.state in _TROUBLE:
            core.submit(
                i.PrintReported(
                    job=paper.job,
                    document=paper.document,
                    outcome="uncertain",
                    cause="printer.moving",
                )
            )

    # --- a person empties the first printer ---------------------------------------------

    def cleared(self, *, yes: bool) -> bool:
        """The first printer holds nothing any more, or the document stays with it.

        False where nobody asked.
        """
        asked = to_clear(self._core.session, self._desk)
        if asked is None or self._desk.stays == asked[0].job:
            return False
        paper, target = asked
        if yes:
            self._core.submit(
                i.PrintMoveAsked(document=paper.document, printer=target.id, cleared=True)
            )
        else:
            self._desk.stays = paper.job
        return True

    def ask_again(self) -> bool:
        """A copy is wanted of what may still lie in another printer: that is settled first."""
        waits = to_clear(self._core.session, self._desk) is not None
        self._desk.stays = ""
        return waits
