"""Adapters whose imports a first paint does not need: made at first use, off the main thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from packstation.assets import resource
from packstation.client.enrolment import enrolment_of
from packstation.documents.letterheads import Letterheads
from packstation.domain.catalog import Product
from packstation.domain.consignment.papers import MarkPaper
from packstation.domain.errors import PackstationError
from packstation.domain.handover.papers import ManifestPaper, UnitPaper
from packstation.domain.item_labels import ItemLabel
from packstation.domain.labels import ParcelPapers, PrintJob
from packstation.domain.orders import Order
from packstation.domain.printers import Stock
from packstation.domain.services import Quoted, RefusedService

if TYPE_CHECKING:
    from packstation.carriers.tariffs import TariffBook
    from packstation.documents.maker import Documents, Tables
    from packstation.domain.customs.pack import Pack
    from packstation.domain.tariffs import Tariff

T = TypeVar("T")
LABEL: Final = "label"

log = logging.getLogger(__name__)

# The bench's site and its server's key (base64); "" where it has joined none.
Signer = Callable[[], tuple[str, str]]


def nobody() -> tuple[str, str]:
    """Of a bench without a server: nothing that is pulled counts."""
    return "", ""


def server_of(data: Path) -> Signer:
    """Whose tariffs a bench takes: those of the server that it has joined."""

    def signer() -> tuple[str, str]:
        joined = enrolment_of(data)
        return (joined.site, joined.server_key) if joined else nobody()

    return signer


class Late(Generic[T]):
    """One thing, made once, by whoever asks first."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: T | None = None

    @property
    def made(self) -> T | None:
        """The thing, if anybody has asked for it yet."""
        return self._made

    def get(self) -> T:
        """The thing; the first call waits until it is made."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


class LateDocuments:
    """``DocumentMaker``: fonts, Pillow and ReportLab come with the first label."""

    def __init__(self, pack: Callable[[], Pack | None] = lambda: None) -> None:
        """``pack`` answers the rule pack, whose tables some papers are made of."""
        self._letterheads = Letterheads()
        self.carried: Callable[[ParcelPapers, Stock], ParcelPapers] = lambda papers, _: papers
        self._late: Late[Documents] = Late(lambda: _documents(pack, self._letterheads))

    def make(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> PrintJob:
        """See ``Documents.make``."""
        if document == LABEL:
            parcel = self.carried(parcel, stock)
        return self._late.get().make(document, parcel, stock, consignment)

    def lay(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> None:
        """See ``Documents.lay``."""
        self._late.get().lay(document, parcel, stock, consignment)

    def test_label(self, bench: str, language: str, stock: Stock, code: str) -> PrintJob:
        """See ``Documents.test_label``."""
        return self._late.get().test_label(bench, language, stock, code)

    def codes(self, language: str, printers: Sequence[tuple[str, str]], stock: Stock) -> PrintJob:
        """See ``Documents.codes``."""
        return self._late.get().codes(language, printers, stock)

    def goods(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> PrintJob:
        """See ``Documents.goods``."""
        return self._late.get().goods(labels, language, stock)

    def goods_preview(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> bytes:
        """See ``Documents.goods_preview``."""
        return self._late.get().goods_preview(labels, language, stock)

    def preview(self, document: str, parcel: ParcelPapers, stock: Stock) -> bytes:
        """See ``Documents.preview``."""
        if document == LABEL:
            parcel = self.carried(parcel, stock)
        return self._late.get().preview(document, parcel, stock)

    def test_preview(self, bench: str, language: str, stock: Stock, code: str) -> bytes:
        """See ``Documents.test_preview``."""
        return self._late.get().test_preview(bench, language, stock, code)

    def manifest(self, paper: ManifestPaper, language: str, stock: Stock) -> PrintJob:
        """See ``Documents.manifest``."""
        return self._late.get().manifest(paper, language, stock)

    def marks(self, papers: Sequence[MarkPaper], stock: Stock) -> PrintJob:
        """See ``Documents.marks``."""
        return self._late.get().marks(papers, stock)

    def unit_label(self, paper: UnitPaper, language: str, stock: Stock) -> PrintJob:
        """See ``Documents.unit_label``."""
        return self._late.get().unit_label(paper, language, stock)

    def letterheads(self, rows: Sequence[Mapping[str, object]]) -> None:
        """All rows ``templates`` of the site, as pulled."""
        self._letterheads.take(rows)

    def warm(self) -> None:
        """Import and load fonts now, from a thread that has the time."""
        self._late.get().warm()


def _documents(pack: Callable[[], Pack | None], letterheads: Letterheads) -> Documents:
    from packstation.documents.maker import Documents

    def tables() -> Tables:
        rules = pack()
        return rules.tables if rules else {}

    return Documents(resource("fonts"), tables=tables, templates=letterheads)


class LateRater:
    """``Rater`` over every tariff file of a folder, and those that the site's server signed."""

    def __init__(self, folder: Path, today: Callable[[], str], signer: Signer = nobody) -> None:
        """``signer`` tells whose signature counts."""
        self._folder, self._today, self._signer = folder, today, signer
        self._late: Late[TariffBook] = Late(lambda: _book(folder, today))

    def quote(
        self,
        order: Order,
        products: Mapping[str, Product],
        gross_g: int,
        size_mm: Sequence[int],
        earlier: Sequence[tuple[int, Sequence[int]]] = (),
    ) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
        """See ``TariffBook.quote``."""
        return self._late.get().quote(order, products, gross_g, size_mm, earlier)

    def take(self, bodies: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
        """See ``Rater.take``: a book of its own takes the place of the one before, whole."""
        published = self._published(bodies)
        late = Late(lambda: _book(self._folder, self._today, published))
        try:
            late.get()
        except (PackstationError, OSError):
            log.exception("tariffs of the program")
        self._late = late
        return tuple(tariff.valid_from.isoformat() for tariff in published)

    def _published(self, bodies: Sequence[Mapping[str, object]]) -> tuple[Tariff, ...]:
        from packstation.carriers.tariff_signing import opened

        found = []
        try:
            site, key = self._signer() if bodies else ("", "")
        except PackstationError:
            log.exception("whose tariffs are taken")
            return ()
        for body in bodies:
            try:
                found.append(opened(body, site, key))
            except PackstationError as exc:
                log.warning("tariff not taken: %s", exc.fields)
        return tuple(found)

    def warm(self) -> None:
        """Read the tariffs now."""
        self._late.get()


def _book(folder: Path, today: Callable[[], str], published: tuple[Tariff, ...] = ()) -> TariffBook:
    """What the site published counts alone for its services; the folder is for all others."""
    from packstation.carriers.tariffs import TariffBook, load_folder

    ours = {(tariff.carrier, tariff.service) for tariff in published}
    own = (one for one in load_folder(folder) if (one.carrier, one.service) not in ours)
    return TariffBook((*published, *own), lambda: date.fromisoformat(today()))
