"""What a printer's page shows beside its state: the label it got last, and how far its job is.

Transient: after a restart the test label stands in until a label is printed again. Pictures are
drawn only while somebody looks at the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from packstation.domain.labels import ParcelPapers
from packstation.domain.printers import BenchPrinter, Stock
from packstation.station import ports as p
from packstation.station.core import Core
from packstation.station.pictures import language

LABEL: Final = "label"
TEST: Final = "test"
ENDS: Final = frozenset({"printed", "failed", "uncertain"})


class Sheet(Struct, frozen=True):
    """What a printer was sent: the job, and what it was drawn of."""

    job: str
    document: str
    papers: ParcelPapers
    stock: Stock


class Preview(Struct, frozen=True):
    """A picture (PNG, b"" where it could not be drawn) of ``of``: label, cn22, ... or test."""

    of: str = ""
    png: bytes = b""


class Run(Struct):
    """A job on its printer: rungs with the moment (monotonic ns) of each, and its end, if any."""

    job: str
    document: str
    rungs: list[tuple[str, int]] = field(default_factory=list)
    end: str = ""
    cause: str = ""


class PreviewMade(p.Happening, frozen=True):
    """A picture is drawn; ``key`` names what it is a picture of."""

    printer: str
    key: tuple[str, ...]
    preview: Preview


class PrinterPages:
    """Kept by printer id; pictures are drawn in the background."""

    def __init__(self, core: Core, documents: p.DocumentMaker) -> None:
        self._core, self._documents = core, documents
        self.sheets: dict[str, Sheet] = {}
        self.runs: dict[str, Run] = {}
        self._asked: dict[str, tuple[str, ...]] = {}
        self._made: dict[str, tuple[tuple[str, ...], Preview]] = {}

    # --- the job --------------------------------------------------------------------------

    def progress(self, report: p.PrintProgress, mono_ns: int) -> None:
        """A printer's word on a job; the newest job of each printer is shown."""
        run = self.runs.get(report.printer)
        if run is None or run.job != report.job:
            run = self.runs[report.printer] = Run(report.job, report.document)
        if report.outcome in ENDS:
            run.end, run.cause = report.outcome, report.cause
        elif report.outcome not in {name for name, _ in run.rungs}:
            run.rungs.append((report.outcome, mono_ns))

    # --- the picture ----------------------------------------------------------------------

    def look(self, device: str) -> None:
        """Draw what is not drawn yet; anything but a printer is let pass."""
        row = self._core.desk.printing.table.printer(device)
        if row is None:
            return
        sheet, key = self._key(row)
        if key == self._asked.get(device) or (sheet is None and row.kind != LABEL):
            return
        self._asked[device] = key
        of = sheet.document if sheet else TEST
        draw, bench, words = self._documents, self._core.desk.bench, language(self._core)

        def work() -> p.Happening:
            png = (
                draw.preview(sheet.document, sheet.papers, sheet.stock)
                if sheet
                else draw.test_preview(bench, words, row.stock, _code(row))
            )
            return PreviewMade(device, key, Preview(of, png))

        self._core.run(work, PreviewMade(device, key, Preview(of)))

    def made(self, made: PreviewMade) -> None:
        """It is shown if it is still what was asked for."""
        if made.key == self._asked.get(made.printer):
            self._made[made.printer] = (made.key, made.preview)

    def preview(self, device: str) -> Preview | None:
        """The newest picture; an older one stays until the next is drawn."""
        made = self._made.get(device)
        return made[1] if made else None

    def _key(self, row: BenchPrinter) -> tuple[Sheet | None, tuple[str, ...]]:
        sheet = self.sheets.get(row.id)
        if sheet is not None:
            return sheet, (sheet.job,)
        return None, (TEST, row.identity, language(self._core))


def _code(row: BenchPrinter) -> str:
    return f"%PS:tested:{row.id}:{row.identity}"


def base_rungs(options: Mapping[str, object], address: str) -> tuple[str, ...]:
    """The rungs that a job on it goes up at least, without its end.

    A line without a way back and a queue before the printer end at accepted.
    """
    one_way = options.get("status") is False or address.startswith(("cups:", "spool:"))
    return ("spooled", "accepted") if one_way else ("spooled", "accepted", "idle")
