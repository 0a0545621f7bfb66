"""Adapters whose imports a first paint does not need: made at first use, off the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from packstation.assets import resource
from packstation.domain.catalog import Product
from packstation.domain.item_labels import ItemLabel
from packstation.domain.labels import ParcelPapers, PrintJob
from packstation.domain.orders import Order
from packstation.domain.printers import Stock
from packstation.domain.services import Quoted, RefusedService

if TYPE_CHECKING:
    from packstation.carriers.tariffs import TariffBook
    from packstation.documents.maker import Documents, Tables
    from packstation.domain.customs.pack import Pack

T = TypeVar("T")


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
        self._late: Late[Documents] = Late(lambda: _documents(pack))

    def make(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> PrintJob:
        """See ``Documents.make``."""
        return self._late.get().make(document, parcel, stock, consignment)

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
        return self._late.get().preview(document, parcel, stock)

    def test_preview(self, bench: str, language: str, stock: Stock, code: str) -> bytes:
        """See ``Documents.test_preview``."""
        return self._late.get().test_preview(bench, language, stock, code)

    def warm(self) -> None:
        """Import and load fonts now, from a thread that has the time."""
        self._late.get().warm()


def _documents(pack: Callable[[], Pack | None]) -> Documents:
    from packstation.documents.maker import Documents

    def tables() -> Tables:
        rules = pack()
        return rules.tables if rules else {}

    return Documents(resource("fonts"), tables=tables)


class LateRater:
    """``Rater`` over every tariff file of a folder."""

    def __init__(self, folder: Path, today: Callable[[], str]) -> None:
        self._late: Late[TariffBook] = Late(lambda: _book(folder, today))

    def quote(
        self, order: Order, products: Mapping[str, Product], gross_g: int, size_mm: Sequence[int]
    ) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
        """See ``TariffBook.quote``."""
        return self._late.get().quote(order, products, gross_g, size_mm)

    def warm(self) -> None:
        """Read the tariffs now."""
        self._late.get()


def _book(folder: Path, today: Callable[[], str]) -> TariffBook:
    from packstation.carriers.tariffs import TariffBook, load_folder

    return TariffBook(load_folder(folder), lambda: date.fromisoformat(today()))
