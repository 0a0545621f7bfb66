"""Makes what the bench prints, as bytes, for the stock and language of each printer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.documents.consignment import mark_pages
from packstation.documents.fonts import Fonts
from packstation.documents.handover import manifest_pages, unit_page
from packstation.documents.label.carried import carried_job, carried_preview
from packstation.documents.label.languages import (
    LabelWriter,
    LanguageSettings,
    usual_stock,
    writer,
)
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import write_preview
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.letterheads import Letterheads
from packstation.documents.papers import wording
from packstation.documents.papers.making import PaperAsked, drawn, paper_pages
from packstation.documents.papers.sets import require_faces
from packstation.documents.papers.words import language_of
from packstation.documents.printer_codes import printer_codes
from packstation.documents.product_labels import item_labels
from packstation.documents.testcard import printer_label
from packstation.domain.carriers import LabelFile
from packstation.domain.consignment.papers import MarkPaper
from packstation.domain.customs.sender_references import by_pack
from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing, SettingsError
from packstation.domain.handover.papers import ManifestPaper, UnitPaper
from packstation.domain.item_labels import ItemLabel
from packstation.domain.labels import Label, Media, ParcelPapers, PrintJob, media
from packstation.domain.printers import CONTINUOUS, MARK, PAPER_STOCK, PDF, SHEET, Stock
from packstation.domain.templates import Template, choose
from packstation.first_use import shaped
from packstation.i18n import load

log = logging.getLogger(__name__)

# What lies in a printer, as its language says it; die-cut labels are what is usual.
_KINDS: Final[Mapping[str, str]] = {CONTINUOUS: "continuous", MARK: "mark"}

# The one document that is no paper of `making`.
LABEL: Final = "label"
# Forms with a size of their own, in mm; all other papers take what lies in the printer.
_SIZES: Final[Mapping[str, tuple[float, float]]] = {"cn23": (210.0, 148.0)}
_NAMES: Final[Mapping[str, str]] = {"cn22": "CN 22", "cn23": "CN 23"}

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def told_of(stock: Stock) -> LanguageSettings:
    """What a printer's language has to be told of its stock and its row.

    Raises:
        SettingsError: a value is of another kind.
    """
    values = {**dict(stock.tuning), "kind": _KINDS.get(stock.kind, ""), "gap_mm": stock.gap_mm}
    try:
        return shaped(values, LanguageSettings)
    except msgspec.ValidationError as exc:
        raise SettingsError(name="options", value=dict(stock.tuning), allowed=str(exc)) from exc


class Laid(Struct, frozen=True):
    """A document laid out for what was ``asked``: parcel, stock, consignment, rules' tables."""

    asked: tuple[ParcelPapers, Stock, tuple[ParcelPapers, ...], Tables, Sequence[Template]]
    pages: Sequence[Label]
    plain: tuple[str, str] | None
    job: PrintJob | None = None


class Documents:
    """Implements the station's DocumentMaker: ``label`` and every paper there is (`PAPERS`).

    The same papers give the same bytes, so a hash tells whether a document changed.
    """

    def __init__(
        self,
        fonts: Path,
        *,
        label: Media | None = None,
        forms: Sequence[Media] = (),
        language: str = "zpl",
        settings: LanguageSettings | None = None,
        tables: Callable[[], Tables] = dict,
        templates: Callable[[], Sequence[Template]] = tuple,
    ) -> None:
        """``fonts`` is the folder of the bundled fonts, ``label`` the label's paper.

        ``language`` is an id of ``LANGUAGES``, ``settings`` what that printer has to be told.
        Raises DocumentError for an unknown language, SettingsError for settings it has not.

        ``forms`` is paper for forms, the first on which the contents fit is used:
        by default the CN 22's own size, then A6. ``tables`` answers those of the rule pack,
        ``templates`` the letterheads; both are asked at each paper, as they change.
        """
        self._fonts = Fonts(fonts)
        self._label = label or usual_stock(language)
        self._forms = tuple(forms) or (media("cn22", 300), media("a6", 300))
        self._told = settings
        self._writers: dict[tuple[str, LanguageSettings], LabelWriter] = {}
        self._tables, self._templates = tables, templates
        self._laid: dict[str, Laid] = {}
        own, sheet = self._label, media(PAPER_STOCK, 300)
        self._own = Stock("", own.width_mm, own.height_mm, own.dpi, language)
        self._sheet = Stock("", sheet.width_mm, sheet.height_mm, sheet.dpi, PDF, SHEET)
        if language != PDF:
            self._writer(self._own)

    def letterheads(self, rows: Sequence[Mapping[str, object]]) -> None:
        """All rows ``templates`` of the site, as pulled."""
        kept = Letterheads()
        kept.take(rows)
        self._templates = kept

    def warm(self) -> None:
        """Load fonts and libraries; once, off the main thread, so that no parcel waits for it."""
        for bold in (False, True):
            self._fonts.picture("Aж深", 24, bold=bold)
        wording.country_name("CN")
        # The PDF writer reads a Chinese font when a form needs it: some milliseconds.
        specimen = printer_label(self._label, "", load("en").say, self._fonts)
        self._writer(self._own).write([specimen])
        write_pdf([specimen], self._fonts, title="")

    def make(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock | None = None,
        consignment: Sequence[ParcelPapers] = (),
    ) -> PrintJob:
        """The bytes of ``label`` or a kind of `PAPERS` for ``stock``; ``job`` is left "".

        ``consignment`` are all parcels, this one among them, for papers that speak of all.
        Without a stock labels are ZPL on the maker's own paper, papers PDF. Raises DocumentError
        (a subclass, or ``field`` "document" for one it does not make).
        """
        lies = stock or (self._own if document == LABEL else self._sheet)
        if document == LABEL and parcel.carried is not None:
            return self._carried(parcel.carried, parcel.waybill, lies)
        laid = self._laid.pop(document, None)
        asked = (parcel, lies, tuple(consignment), self._tables(), self._templates())
        if laid is None or laid.asked != asked:
            laid = self._lay(document, parcel, lies, consignment)
        return laid.job or self._written(document, parcel, lies, laid)

    def lay(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> None:
        """Lay a document out as `make` does, for label printers to the last byte; raises as that.

        It is kept: the next `make` of the same parcel, stock, tables and letterheads takes it from
        there. A file of pages is written then, which nothing that was laid out keeps from being.
        """
        if document == LABEL and parcel.carried is not None:
            self._carried(parcel.carried, parcel.waybill, stock)
            return
        laid = self._lay(document, parcel, stock, consignment)
        if stock.language != PDF:
            laid = replace(laid, job=self._written(document, parcel, stock, laid))
        self._laid[document] = laid

    def _carried(self, file: LabelFile, waybill: str, stock: Stock) -> PrintJob:
        """The carrier's own label, as often as it prints: copies are its maker's."""
        usual = self._own if stock.language == PDF else stock
        return carried_job(file, stock, self._writer(usual), waybill)

    def _lay(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers],
    ) -> Laid:
        asked = (parcel, stock, tuple(consignment), self._tables(), self._templates())
        pages, plain = self._pages(document, parcel, stock, consignment)
        if not pages:  # a mark that only other parcels of the consignment bear
            raise DocumentError("error.document.missing", field="goods.battery")
        return Laid(asked, pages, plain)

    def _written(self, document: str, parcel: ParcelPapers, lies: Stock, laid: Laid) -> PrintJob:
        pages = tuple(laid.pages) * parcel.copies
        title = f"{_NAMES.get(document, document)} {parcel.waybill}"
        job = self._job(document, pages, lies, parcel.waybill if document == LABEL else title)
        return replace(job, plain=laid.plain)

    def test_label(
        self, bench: str, language: str, stock: Stock | None = None, code: str = ""
    ) -> PrintJob:
        """A printer's test label, which has nothing to ship on it; ``job`` is left "".

        ``code`` is a command that tells that it was read.
        """
        lies = stock or self._own
        say, model = load(language).say, lies.language.upper()
        sheet = printer_label(lies.media, bench, say, self._fonts, code, model)
        return self._job("label", (sheet,), lies, "")

    def codes(self, language: str, printers: Sequence[tuple[str, str]], stock: Stock) -> PrintJob:
        """A sheet with the code of each printer of the bench; ``job`` is left ""."""
        pages = printer_codes(printers, load(language).say, self._fonts, stock.media)
        return self._job("codes", pages, stock, "packstation printers")

    def goods(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> PrintJob:
        """Labels for goods, several a sheet where there is room; ``job`` is left ""."""
        pages = item_labels(labels, stock.media, load(language).say, self._fonts)
        return self._job("goods", pages, stock, "packstation goods")

    def goods_preview(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> bytes:
        """The first sheet that `goods` draws, as `preview` shows it."""
        pages = item_labels(labels, stock.media, load(language).say, self._fonts)
        return write_preview(pages[0], self._fonts)

    def manifest(self, paper: ManifestPaper, language: str, stock: Stock) -> PrintJob:
        """The list of a hand-over on as many sheets as it takes; ``job`` is left ""."""
        pages = manifest_pages(paper, stock.media, load(language).say, self._fonts)
        return self._job("manifest", pages, stock, paper.code)

    def unit_label(self, paper: UnitPaper, language: str, stock: Stock) -> PrintJob:
        """The label of a bag or pallet; ``job`` is left ""."""
        page = unit_page(paper, stock.media, load(language).say, self._fonts)
        return self._job("unit", (page,), stock, paper.code)

    def marks(self, papers: Sequence[MarkPaper], stock: Stock) -> PrintJob:
        """Marks of cartons or pallets, a label each; ``job`` is left ""."""
        pages = mark_pages(papers, stock.media, self._fonts)
        return self._job("marks", pages, stock, papers[0].reference)

    def preview(self, document: str, parcel: ParcelPapers, stock: Stock) -> bytes:
        """The first page that `make` draws, as a PNG for a screen: its codes are hatched."""
        if document == LABEL and parcel.carried is not None:
            return carried_preview(parcel.carried, stock, self._fonts, parcel.waybill)
        pages, _ = self._pages(document, parcel, stock)
        return write_preview(pages[0], self._fonts)

    def test_preview(self, bench: str, language: str, stock: Stock, code: str) -> bytes:
        """What `test_label` draws, as `preview` shows it."""
        say, model = load(language).say, stock.language.upper()
        sheet = printer_label(stock.media, bench, say, self._fonts, code, model)
        return write_preview(sheet, self._fonts)

    def _job(self, document: str, pages: Sequence[Label], stock: Stock, title: str) -> PrintJob:
        paper = pages[0].media
        payload = (
            write_pdf(pages, self._fonts, title=title)
            if stock.language == PDF
            else self._writer(stock).write(pages)
        )
        size = (paper.width_mm, paper.height_mm)
        return PrintJob("", document, payload, stock.language, *size, labels=len(pages))

    def _writer(self, stock: Stock) -> LabelWriter:
        """Writers keep pictures, so there is one for each language and what it is told."""
        told = self._told if stock == self._own and self._told else told_of(stock)
        key = (stock.language, told)
        if key not in self._writers:
            self._writers[key] = writer(stock.language, self._fonts, told)
        return self._writers[key]

    def _pages(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> tuple[Sequence[Label], tuple[str, str] | None]:
        """On sheets a form has its own size, all else what lies in the printer.

        Beside them the template that could not be used, and its field.
        """
        if document == LABEL:
            return self._label_of(parcel, stock), None
        *smaller, largest = self._media(document, stock)
        together = tuple(consignment) if parcel in consignment else (parcel,)
        asked = self._asked(document, parcel, largest, together)
        for one in smaller:
            try:
                return paper_pages(replace(asked, media=one), self._fonts), None
            except FormOverflow:
                continue
        pages, refused = drawn(asked, self._fonts)
        if refused is None or asked.template is None:
            return pages, None
        log.warning("template %s was not used: %s", asked.template.id, refused)
        return pages, (asked.template.id, str(refused.fields.get("field", "")))

    def _label_of(self, parcel: ParcelPapers, stock: Stock) -> Sequence[Label]:
        """A letter that no font has is named by the field of the address it stands in."""
        try:
            return shipping_labels(by_pack(parcel, self._tables()), stock.media, self._fonts)
        except GlyphMissing:
            require_faces(parcel.order, self._fonts)
            raise

    def _media(self, document: str, stock: Stock) -> Sequence[Media]:
        """The sizes to try, the first that holds the contents is taken."""
        own = self._forms if document == "cn22" else ()
        if document in _SIZES:
            own = (Media(*_SIZES[document], stock.dpi),)
        fitting = [form for form in own if stock.holds(form.width_mm, form.height_mm)]
        return fitting if stock.kind == SHEET and fitting else [stock.media]

    def _asked(
        self, kind: str, parcel: ParcelPapers, paper: Media, consignment: tuple[ParcelPapers, ...]
    ) -> PaperAsked:
        order = parcel.order
        country = order.ship_to.country
        template = choose(
            self._templates(),
            site=order.site,
            store=order.store or "",
            destination=country,
            kind=kind,
            on=_day(parcel.date),
        )
        tables = self._tables()
        return PaperAsked(
            kind,
            tuple(by_pack(one, tables) for one in consignment),
            paper,
            at=consignment.index(parcel),
            language=language_of(country),
            template=template,
            today=parcel.date,
            tables=tables,
            along=parcel.along,
        )


def _day(text: str) -> date:
    """The day of a parcel; one without a day gets letterheads that hold for ever."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
