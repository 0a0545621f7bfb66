"""Makes what the bench prints, as bytes; one maker a printer's media and resolution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import LanguageSettings, usual_stock, writer
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.papers import wording
from packstation.documents.papers.cn22 import fitting_cn22
from packstation.documents.testcard import printer_label
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Media, ParcelPapers, PrintJob, media
from packstation.i18n import load

Make = Callable[[ParcelPapers], bytes]


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
        self._language = language
        self._label = label or usual_stock(language)
        self._forms = tuple(forms) or (media("cn22", 300), media("a6", 300))
        self._writer = writer(language, self._fonts, settings)
        self._makers: Mapping[str, tuple[str, Make]] = {
            "label": (language, self._make_label),
            "cn22": ("pdf", self._make_cn22),
        }

    def warm(self) -> None:
        """Load fonts and libraries; once, off the main thread, so that no parcel waits for it."""
        for bold in (False, True):
            self._fonts.picture("Aж深", 24, bold=bold)
        wording.country_name("CN")
        # Chinese fonts stay out of the PDF writer, which keeps 17 MB of each, until a form needs
        # them.
        specimen = printer_label(self._label, "", load("en").say, self._fonts)
        self._writer.write([specimen])
        write_pdf([specimen], self._fonts, title="")

    def make(self, document: str, parcel: ParcelPapers) -> PrintJob:
        """The bytes of ``label`` or ``cn22``; ``job`` is left "".

        Raises DocumentError (a subclass, or ``field`` "document" for one it does not make).
        """
        if document not in self._makers:
            raise DocumentError("error.document.unknown", field="document", value=document)
        language, make = self._makers[document]
        return PrintJob(job="", document=document, payload=make(parcel), media=language)

    def test_label(self, bench: str, language: str) -> PrintJob:
        """The printer's test label, which has nothing to ship on it; ``job`` is left ""."""
        label = printer_label(self._label, bench, load(language).say, self._fonts)
        payload = self._writer.write([label])
        return PrintJob(job="", document="label", payload=payload, media=self._language)

    def _make_label(self, parcel: ParcelPapers) -> bytes:
        return self._writer.write(shipping_labels(parcel, self._label, self._fonts))

    def _make_cn22(self, parcel: ParcelPapers) -> bytes:
        form = fitting_cn22(parcel, self._forms, self._fonts)
        return write_pdf([form], self._fonts, title=f"CN 22 {parcel.waybill}")
