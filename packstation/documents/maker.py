"""Makes what the bench prints, as bytes, for the stock and language of each printer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import (
    LabelWriter,
    LanguageSettings,
    usual_stock,
    writer,
)
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import write_preview
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.papers import wording
from packstation.documents.papers.cn22 import fitting_cn22
from packstation.documents.printer_codes import printer_codes
from packstation.documents.product_labels import item_labels
from packstation.documents.testcard import printer_label
from packstation.domain.errors import DocumentError, SettingsError
from packstation.domain.item_labels import ItemLabel
from packstation.domain.labels import Label, Media, ParcelPapers, PrintJob, media
from packstation.domain.printers import CONTINUOUS, MARK, PAPER_STOCK, PDF, SHEET, Stock
from packstation.i18n import load

# What lies in a printer, as its language says it; die-cut labels are what is usual.
_KINDS: Final[Mapping[str, str]] = {CONTINUOUS: "continuous", MARK: "mark"}

Pages = Callable[[ParcelPapers, Stock], Sequence[Label]]


def told_of(stock: Stock) -> LanguageSettings:
    """What a printer's language has to be told of its stock and its row.

    Raises:
        SettingsError: a value is of another kind.
    """
    values = {**dict(stock.tuning), "kind": _KINDS.get(stock.kind, ""), "gap_mm": stock.gap_mm}
    try:
        return msgspec.convert(values, LanguageSettings)
    except msgspec.ValidationError as exc:
        raise SettingsError(name="options", value=dict(stock.tuning), allowed=str(exc)) from exc


class Documents:
    """Implements the station's DocumentMaker: ``label`` in a printer's language, ``cn22`` as PDF.

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
    ) -> None:
        """``fonts`` is the folder of the bundled fonts, ``label`` the label's paper.

        ``language`` is an id of ``LANGUAGES``, ``settings`` what that printer has to be told.
        Raises DocumentError for an unknown language, SettingsError for settings it has not.

        ``forms`` is paper for forms, the first on which the contents fit is used:
        by default the CN 22's own size, then A6.
        """
        self._fonts = Fonts(fonts)
        self._label = label or usual_stock(language)
        self._forms = tuple(forms) or (media("cn22", 300), media("a6", 300))
        self._told = settings
        self._writers: dict[tuple[str, LanguageSettings], LabelWriter] = {}
        self._pages: Mapping[str, Pages] = {"label": self._label_pages, "cn22": self._cn22_pages}
        own, sheet = self._label, media(PAPER_STOCK, 300)
        self._own: Mapping[str, Stock] = {
            "label": Stock("", own.width_mm, own.height_mm, own.dpi, language),
            "cn22": Stock("", sheet.width_mm, sheet.height_mm, sheet.dpi, PDF, SHEET),
        }
        if language != PDF:
            self._writer(self._own["label"])

    def warm(self) -> None:
        """Load fonts and libraries; once, off the main thread, so that no parcel waits for it."""
        for bold in (False, True):
            self._fonts.picture("Aж深", 24, bold=bold)
        wording.country_name("CN")
        # Chinese fonts stay out of the PDF writer, which keeps 17 MB of each, until a form needs
        # them.
        specimen = printer_label(self._label, "", load("en").say, self._fonts)
        self._writer(self._own["label"]).write([specimen])
        write_pdf([specimen], self._fonts, title="")

    def make(self, document: str, parcel: ParcelPapers, stock: Stock | None = None) -> PrintJob:
        """The bytes of ``label`` or ``cn22`` for ``stock``; ``job`` is left "".

        Without a stock labels are ZPL on the maker's own paper, forms PDF. Raises DocumentError
        (a subclass, or ``field`` "document" for one it does not make).
        """
        if document not in self._pages:
            raise DocumentError("error.document.unknown", field="document", value=document)
        lies = stock or self._own[document]
        pages = self._pages[document](parcel, lies)
        title = f"CN 22 {parcel.waybill}" if document == "cn22" else parcel.waybill
        return self._job(document, pages, lies, title)

    def test_label(
        self, bench: str, language: str, stock: Stock | None = None, code: str = ""
    ) -> PrintJob:
        """A printer's test label, which has nothing to ship on it; ``job`` is left "".

        ``code`` is a command that tells that it was read.
        """
        lies = stock or self._own["label"]
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

    def preview(self, document: str, parcel: ParcelPapers, stock: Stock) -> bytes:
        """The first page that `make` draws, as a PNG for a screen: its codes are hatched."""
        if document not in self._pages:
            raise DocumentError("error.document.unknown", field="document", value=document)
        return write_preview(self._pages[document](parcel, stock)[0], self._fonts)

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
        told = self._told if stock in self._own.values() and self._told else told_of(stock)
        key = (stock.language, told)
        if key not in self._writers:
            self._writers[key] = writer(stock.language, self._fonts, told)
        return self._writers[key]

    def _label_pages(self, parcel: ParcelPapers, stock: Stock) -> Sequence[Label]:
        return shipping_labels(parcel, stock.media, self._fonts)

    def _cn22_pages(self, parcel: ParcelPapers, stock: Stock) -> Sequence[Label]:
        """On sheets the form's own size, on labels the label's."""
        fitting = [form for form in self._forms if stock.holds(form.width_mm, form.height_mm)]
        sizes = fitting if stock.kind == SHEET and fitting else [stock.media]
        return (fitting_cn22(parcel, sizes, self._fonts),)
