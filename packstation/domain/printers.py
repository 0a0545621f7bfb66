"""Which document goes onto which stock on which printer of a bench.

A printer's row says what lies in it (stock, resolution) and what it speaks; a route says
where a document goes, and to which printers it may move. ``print_table`` makes both into
one table and refuses what cannot work: each error names the row, the field, the value and
what is allowed. Sizes are millimetres, resolution dots per inch.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from packstation.domain.errors import SettingsError
from packstation.domain.labels import MEDIA_MM, Media

DIE_CUT, MARK, CONTINUOUS, SHEET = "die-cut", "mark", "continuous", "sheet"
MEDIA_KINDS: Final = (DIE_CUT, MARK, CONTINUOUS, SHEET)
DPIS: Final = (203, 300, 600)
# A bench of which nothing is said prints on these.
LABEL_STOCK, PAPER_STOCK = "100x150", "a4"
# Languages whose printers take other rolls: name, dpi, kind (documents/label/languages.py).
USUAL: Final[Mapping[str, tuple[str, int, str]]] = {
    "escpos": ("72x180", 203, CONTINUOUS),
    "brother-ql": ("98.5x140.5", 300, DIE_CUT),
}
# What a row may tell a printer's language beside its stock (documents/label/settings.py).
TUNING: Final = (
    *("darkness", "speed", "cut", "peel", "invert_bitmap", "native_codes", "hex_graphics"),
    *("head_dots", "tape", "feed_mm"),
)
# The language of papers that no label printer speaks.
PDF: Final = "pdf"
# Ranks behind the printer that labels come from.
_FREE: Final = 1
_GIVEN: Final = 2
# The least paper on which a document can be drawn (documents/label/faces.py; CN 22: UPU).
LEAST_MM: Final[Mapping[str, tuple[float, float]]] = {
    "label": (54.0, 36.0),
    "cn22": (74.0, 105.0),
    "cn23": (100.0, 148.0),
    # The law's sizes of marks are not made smaller by what paper is cut to: `SLACK_MM` is added.
    "battery": (102.0, 72.0),
    "battery-preprinted": (102.0, 72.0),
    "class-9": (102.0, 102.0),
    "cargo-only": (122.0, 112.0),
}
# Paper is cut, and printers measure gaps, to about this.
SLACK_MM: Final = 2.0
MAX_MM: Final = 1000.0
MAX_LABELS: Final = 100_000
# From this share of a roll on its end is said.
LOW_SHARE: Final = 0.10

_SIZE: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)x([0-9]{1,4}(?:\.[0-9]{1,2})?)")
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")


class Stock(Struct, frozen=True):
    """What lies in a printer; ``height_mm`` of continuous stock is the length of a label.

    ``labels_per_roll`` 0 is not known; ``tuning`` is what the language is told besides.
    """

    name: str
    width_mm: float
    height_mm: float
    dpi: int = 203
    language: str = "zpl"
    kind: str = DIE_CUT
    gap_mm: float = 2.0
    labels_per_roll: int = 0
    tuning: tuple[tuple[str, str | int | float], ...] = ()

    @property
    def media(self) -> Media:
        """The same for whoever draws."""
        return Media(self.width_mm, self.height_mm, self.dpi)

    def holds(self, width_mm: float, height_mm: float) -> bool:
        """Whether something of this size finds room on it."""
        long_enough = self.kind == CONTINUOUS or height_mm <= self.height_mm + SLACK_MM
        return width_mm <= self.width_mm + SLACK_MM and long_enough

    def is_size(self, width_mm: float, height_mm: float) -> bool:
        """Whether something was made for exactly this paper; sheets carry anything smaller."""
        if self.kind == SHEET:
            return self.holds(width_mm, height_mm)
        same_width = abs(width_mm - self.width_mm) <= SLACK_MM
        if self.kind == CONTINUOUS:
            return same_width
        return same_width and abs(height_mm - self.height_mm) <= SLACK_MM

    def is_length(self, dots: int) -> bool:
        """Whether a printer that measured ``dots`` has such labels; the gap may be in it or not."""
        if self.kind not in {DIE_CUT, MARK}:
            return True
        measured = self.media.mm(dots)
        return self.height_mm - SLACK_MM <= measured <= self.height_mm + self.gap_mm + SLACK_MM


class BenchPrinter(Struct, frozen=True):
    """A printer as configured; ``kind`` is label or papers.

    ``trusted``: it needs no test label (simulated, or said so in its row).
    """

    id: str
    kind: str
    model: str
    address: str
    stock: Stock
    trusted: bool = False

    @property
    def identity(self) -> str:
        """Tells this printer with this stock from any other: eight hex digits."""
        stock = self.stock
        told = (self.id, self.model, self.address, stock.name, str(stock.dpi), stock.language)
        return hashlib.sha256("\0".join(told).encode()).hexdigest()[:8]


class RouteRow(Struct, frozen=True):
    """A row ``[[print]]`` of the settings; "" and () leave the choice to the table."""

    document: str
    printer: str = ""
    stock: str = ""
    language: str = ""
    backup: tuple[str, ...] | None = None


class PrintRoute(Struct, frozen=True):
    """A document's way: its stock, its printer, and those it may move to.

    ``chosen``: a row of the site names the printer, so that no rule decides.
    """

    document: str
    stock: str
    printer: str
    backups: tuple[str, ...] = ()
    chosen: bool = False

    @property
    def printers(self) -> tuple[str, ...]:
        """All of them, the own one first."""
        return (self.printer, *self.backups)


class PrintTable(Struct, frozen=True):
    """Printers and routes of a bench."""

    printers: tuple[BenchPrinter, ...] = ()
    routes: tuple[PrintRoute, ...] = ()

    def printer(self, name: str) -> BenchPrinter | None:
        """By its id, in any case of letters."""
        return next((p for p in self.printers if p.id.lower() == name.lower()), None)

    def route(self, document: str) -> PrintRoute | None:
        """The way of a document, if it has one."""
        return next((r for r in self.routes if r.document == document), None)

    def carried_by(self, printer: str) -> tuple[str, ...]:
        """The documents that may go to a printer."""
        return tuple(r.document for r in self.routes if printer in r.printers)


def carries(printer: BenchPrinter, document: str) -> bool:
    """Whether a document can be drawn on what lies in a printer."""
    width, height = LEAST_MM.get(document, (0.0, 0.0))
    return printer.stock.holds(width, height)


# --- settings ---------------------------------------------------------------------------------


def stock_of(row: str, kind: str, language: str, options: Mapping[str, object]) -> Stock:
    """The stock of a printer's row; ``row`` names it in errors.

    Raises:
        SettingsError: a value cannot be used.
    """
    usual = USUAL.get(language, (LABEL_STOCK, 300 if language == PDF else 203, DIE_CUT))
    if kind == "papers" and language == PDF:
        usual = (PAPER_STOCK, 300, SHEET)
    name = str(options.get("stock", usual[0])).strip().lower()
    width, height = size_of(name) or _refuse(f"{row}.stock", name, _sizes())
    media = str(options.get("media", usual[2]))
    if media not in MEDIA_KINDS:
        _refuse(f"{row}.media", media, ", ".join(MEDIA_KINDS))
    dpi = options.get("dpi", usual[1])
    if dpi not in DPIS or not isinstance(dpi, int):
        _refuse(f"{row}.dpi", dpi, ", ".join(map(str, DPIS)))
    return Stock(
        name=name,
        width_mm=width,
        height_mm=height,
        dpi=int(str(dpi)),
        language=language,
        kind=media,
        gap_mm=_gap(row, options.get("gap_mm", 2.0)),
        labels_per_roll=_labels(row, options.get("labels_per_roll", 0)),
        tuning=_tuning(row, options),
    )


def size_of(name: str) -> tuple[float, float] | None:
    """Width and height of a stock by its name or as ``WIDTHxHEIGHT``; None for no size."""
    if name in MEDIA_MM:
        return MEDIA_MM[name]
    found = _SIZE.fullmatch(name)
    sides = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    return sides if all(0 < side <= MAX_MM for side in sides) else None


def _sizes() -> str:
    return f"{', '.join(MEDIA_MM)}, or WIDTHxHEIGHT in mm"


def _gap(row: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_MM:
        _refuse(f"{row}.gap_mm", value, "millimetres from 0")
    return float(str(value))


def _labels(row: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_LABELS:
        _refuse(f"{row}.labels_per_roll", value, f"a whole number from 0 to {MAX_LABELS}")
    return int(str(value))


def _tuning(row: str, options: Mapping[str, object]) -> tuple[tuple[str, str | int | float], ...]:
    told: list[tuple[str, str | int | float]] = []
    for name in TUNING:
        value = options.get(name)
        if value is not None and not isinstance(value, str | int | float):
            _refuse(f"{row}.{name}", value, "a number, a word, true or false")
        elif isinstance(value, str | int | float):
            told.append((name, value))
    return tuple(told)


def _refuse(name: str, value: object, allowed: str) -> tuple[float, float]:
    raise SettingsError(name=name, value=value, allowed=allowed)


# --- the table --------------------------------------------------------------------------------


def print_table(
    printers: Sequence[BenchPrinter], rows: Sequence[RouteRow], documents: Sequence[str]
) -> PrintTable:
    """Routes of ``documents`` over the bench's printers.

    Without rows labels go to the first label printer, papers to the first paper printer or,
    where there is none, onto labels. With rows every document needs one.

    Raises:
        SettingsError: two printers are one, or a row cannot be used.
    """
    _distinct(printers)
    if not rows:
        found = (_default(document, printers) for document in dict.fromkeys(documents))
        return PrintTable(tuple(printers), tuple(route for route in found if route))
    routes = tuple(_route(n, row, rows, printers) for n, row in enumerate(rows))
    routed = {route.document for route in routes}
    for document in documents:
        if document not in routed:
            _refuse("PRINT", ", ".join(sorted(routed)), f"a row for the document {document} too")
    return PrintTable(tuple(printers), routes)


def _distinct(printers: Sequence[BenchPrinter]) -> None:
    ids: set[str] = set()
    addresses: dict[str, str] = {}
    for printer in printers:
        if not _ID.fullmatch(printer.id):
            _refuse("DEVICES.id", printer.id, "at most 32 letters, digits, dots and dashes")
        if printer.id.lower() in ids:
            _refuse("DEVICES.id", printer.id, "an id that no other printer has")
        if printer.address in addresses:
            other = addresses[printer.address]
            allowed = f"an address that {other} has not"
            _refuse(f"DEVICES[{printer.id}].address", printer.address, allowed)
        ids.add(printer.id.lower())
        addresses[printer.address] = printer.id


def _ranked(document: str, printers: Sequence[BenchPrinter]) -> list[BenchPrinter]:
    """Those that can carry it: its own kind of printer first, in the order of their rows."""
    able = [printer for printer in printers if carries(printer, document)]
    if document == "label":
        return [printer for printer in able if printer.kind == "label"]
    return sorted(able, key=lambda printer: printer.kind != "papers")


def _default(document: str, printers: Sequence[BenchPrinter]) -> PrintRoute | None:
    able = _ranked(document, printers)
    if not able:
        return None
    first, *rest = able
    return PrintRoute(document, first.stock.name, first.id, tuple(p.id for p in rest))


def _route(
    number: int, row: RouteRow, rows: Sequence[RouteRow], printers: Sequence[BenchPrinter]
) -> PrintRoute:
    name = f"PRINT[{number}]"
    if row.document in {other.document for other in rows[:number]}:
        _refuse(f"{name}.document", row.document, "a document that no row before names")
    ranked = [p for p in _ranked(row.document, printers) if not row.stock or _is(p, row.stock)]
    wanted = row.printer or (ranked[0].id if ranked else "")
    own = _usable(f"{name}.printer", wanted, row, printers)
    others = [p.id for p in ranked if p.id != own.id]
    if row.backup is not None:
        named = [_usable(f"{name}.backup", backup, row, printers) for backup in row.backup]
        others = [printer.id for printer in named if printer.id != own.id]
    chosen = bool(row.printer or row.stock or row.language) or row.backup is not None
    return PrintRoute(row.document, own.stock.name, own.id, tuple(dict.fromkeys(others)), chosen)


def ruled(table: PrintTable, document: str, kind: str) -> PrintRoute | None:
    """The way of a document of which a rule names the class of printer, ``label`` or ``papers``.

    A row of the site that names the printer stands. Else those of the class come first: the one
    that labels come from before all, and last those that rows of the site give to other documents;
    then, where its form finds room there, printers of the other class.
    """
    route = table.route(document)
    if route is None or route.chosen or not kind:
        return route
    able = [printer for printer in table.printers if carries(printer, document)]
    ranks = _ranks(table)
    able.sort(key=lambda one: (one.kind != kind, ranks.get(one.id, _FREE)))
    if not able:
        return route
    first, *rest = able
    return PrintRoute(document, first.stock.name, first.id, tuple(one.id for one in rest))


def _ranks(table: PrintTable) -> dict[str, int]:
    """Printers that rows of the site name: the one for labels before free ones, others after."""
    given = {one.printer: _GIVEN for one in table.routes if one.chosen}
    return {**given, **{one.printer: 0 for one in table.routes if one.document == "label"}}


def _is(printer: BenchPrinter, stock: str) -> bool:
    return printer.stock.name == stock.strip().lower()


def _usable(
    name: str, wanted: str, row: RouteRow, printers: Sequence[BenchPrinter]
) -> BenchPrinter:
    """The printer of that id, with the stock and language of the row, large enough for it."""
    known = {printer.id: printer for printer in printers}
    place = name.rpartition(".")[0]
    printer = known.get(wanted)
    if printer is None:
        raise SettingsError(name=name, value=wanted, allowed=", ".join(known) or "no printer")
    if row.stock and not _is(printer, row.stock):
        allowed = f"{printer.stock.name}, which lies in {printer.id}"
        _refuse(f"{place}.stock", row.stock, allowed)
    if row.language and row.language != printer.stock.language:
        allowed = f"{printer.stock.language}, which {printer.id} speaks"
        _refuse(f"{place}.language", row.language, allowed)
    if not carries(printer, row.document):
        width, height = LEAST_MM[row.document]
        allowed = f"a stock of at least {width:g} x {height:g} mm for {row.document}"
        _refuse(f"{place}.stock", f"{printer.stock.name} in {printer.id}", allowed)
    return printer


# --- what a printer may get -------------------------------------------------------------------


def misfit(printer: BenchPrinter, media: str, width_mm: float, height_mm: float) -> str:
    """Why these bytes must not go there, as a message key; "" where they may.

    ``width_mm`` and ``height_mm`` 0 are not known.
    """
    if media != printer.stock.language:
        return "print.wrong_language"
    if width_mm and height_mm and not printer.stock.is_size(width_mm, height_mm):
        return "print.wrong_stock"
    return ""


def labels_left(stock: Stock, printed: int) -> int | None:
    """How many labels are left on the roll, None where its length is not known."""
    return max(0, stock.labels_per_roll - printed) if stock.labels_per_roll else None


def is_low(stock: Stock, printed: int) -> bool:
    """Whether the roll is about to end."""
    left = labels_left(stock, printed)
    return left is not None and left <= stock.labels_per_roll * LOW_SHARE
