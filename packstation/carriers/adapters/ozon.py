"""Ozon (Seller API, FBS): a posting is shipped parcel by parcel, its labels are Ozon's own.

Ozon takes no keys. What a key asks for is written into a book before it leaves, and found again by
the posting: all of it shipped, or a part split off under a number of its own. The buyer is Ozon's;
no address goes out. A label is not bought but made for what is shipped, and nothing is ever void:
calling a posting off would be the end of the buyer's order. Not verified against Ozon itself:
docs/carriers.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from time import sleep
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.carriers.adapters import ozon_carriage, ozon_exemplars, parts
from packstation.carriers.adapters import ozon_words as words
from packstation.carriers.adapters.online import Busy, Duplicate, Online
from packstation.carriers.adapters.ozon_api import Api
from packstation.carriers.adapters.ozon_book import Book, Entry
from packstation.carriers.adapters.wire import TIMEOUT_S, Wire
from packstation.carriers.label_files import PDF, Checked
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
    LabelFile,
    LabelWanted,
    ManifestAsked,
    Manifested,
    refused,
)
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused

BASE_URL: Final = "https://api-seller.ozon.ru"
FILES: Final = frozenset({"ozon.ru", "ozone.ru"})
_LATE_S: Final = 60.0
LOOKS: Final = 3
STALE_LOOKS: Final = 5
_PAUSE_S: Final = 1.0
_MOST_TASKS: Final = 1_000
_WITH: Final = {"barcodes": True, "related_postings": True}


# A posting's number as no order has it.
_NONE: Final = "00000000-0000-0"


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``methods`` are Ozon's delivery methods (ids) by our names of services."""

    methods: Mapping[str, str] = {}


class Ozon(Online):
    """One seller's account; ``book`` remembers what its keys asked for."""

    capabilities = Capabilities(
        label=True, manifest=True, late_numbers=True, media=(PDF,), settle_s=_LATE_S
    )

    def __init__(
        self,
        client_id: str,
        api_key: str,
        terms: Terms,
        book: Book,
        *,
        base_url: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        super().__init__(pause)
        self._methods, self._book = terms.methods, book
        self._wire = Wire(base_url, timeout_s=timeout_s)
        self._api = Api(self._wire, client_id, api_key, self.patiently)
        self._lock = threading.Lock()
        self._tasks: dict[tuple[str, str], str] = {}
        self._stale: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    # --- buying ---------------------------------------------------------------------------

    def sell(self, request: BuyRequest) -> Bought:
        """See ``Online.sell``."""
        key = request.key
        self._free(key)
        method = self._method(key, request.service)
        parts.only(request, ())
        number = self._again(request) or request.order
        posting = self._posting(key, number) if number else None
        if posting is None:
            raise refused(key, "invalid", f"order: {request.order!r} is no posting of this account")
        words.judge(key, posting, method)
        units = words.parcel_of(request, posting)
        limits = self._api.ask(key, "/v1/posting/fbs/restrictions", {"posting_number": number})
        words.within(request, parts.under(limits, "result"))
        ours = ozon_exemplars.given(self._api, key, number, posting, units, self._pause)
        goods = {product: len(each) for product, each in units.items()}
        entry = Entry(
            key=key,
            posting=number,
            goods=goods,
            skus=words.skus_of(request),
            whole=goods == words.goods_of(posting),
            before=words.related(posting),
            failed=words.failed(posting),
        )
        return self._shipped(entry, units, ours)

    def _method(self, key: str, service: str) -> str:
        method = self._methods.get(service, "")
        if not method:
            said = f"service: {service!r}; known: {sorted(self._methods)}"
            raise refused(key, "service", said)
        return method

    def _again(self, request: BuyRequest) -> str:
        """The box of these goods that was split off and then not shipped; "" for none."""
        skus = words.skus_of(request)
        for one in self._book.of_posting(request.order):
            split = one.state == "refused" and one.number not in {"", one.posting}
            tries = self._book.of_posting(one.number) if split else ()
            if split and dict(one.skus) == skus and all(t.state == "refused" for t in tries):
                return one.number
        return ""

    def _free(self, key: str) -> None:
        """What this key asked for may not be asked for again: a part would be split off twice.

        Raises:
            Duplicate: it is ours.
            LabelOutcomeUnknown: it left, and nobody knows yet what became of it.
        """
        entry = self._book.of(key)
        if entry is None or entry.state == "refused":
            return
        if entry.state == "sold":
            raise Duplicate
        raise LabelOutcomeUnknown(label_key=key, cause="it was asked for already")

    def _shipped(
        self, entry: Entry, units: words.Units, ours: Mapping[str, tuple[str, ...]]
    ) -> Bought:
        """Ship: written down before, and what was answered after."""
        key = entry.key
        self._book.keep(entry)
        path, body = words.shipping_of(entry.posting, units, ours, whole=entry.whole)
        answer = self._api.send(key, path, body)
        if answer.busy:
            self._book.keep(replace(entry, state="refused"))
            raise Busy(answer.pause_s())
        try:
            number = words.shipped_as(self._api.decided(key, answer))
        except LabelRefused as exc:
            if exc.fields["reason"] == "duplicate":
                raise Duplicate from exc
            self._book.keep(replace(entry, state="refused"))
            raise
        if not number:
            raise parts.odd(key, answer)
        self._book.keep(replace(entry, state="sold", number=number))
        return Bought(state="pending", ref=number)

    def find(self, key: str) -> Bought | None:
        entry = self._book.of(key)
        if entry is None or entry.state == "refused":
            return None
        entry, posting = self._of(entry)
        if not entry.number:
            return None
        sale = Bought(waybill=entry.waybill, ref=entry.number)
        if words.cancelled(posting):
            return replace(sale, waybill=words.waybill_of(posting), voided=True)
        if words.status_of(posting) not in words.SHIPPED:
            if words.failed(posting) and self._for_good(entry):
                self._book.keep(replace(entry, state="refused"))
                raise refused(key, "carrier", words.FAILED)
            return replace(sale, state="pending")
        waybill = words.waybill_of(posting)
        if waybill != entry.waybill:
            self._book.keep(replace(entry, waybill=waybill))
        return replace(sale, waybill=waybill)

    def _for_good(self, entry: Entry) -> bool:
        """Whether a failure is of this try: one from before it is told on for some looks."""
        if not entry.failed:
            return True
        with self._lock:
            looks = self._stale[entry.key] = self._stale.get(entry.key, 0) + 1
        return looks >= STALE_LOOKS

    def greet(self) -> None:
        """Ask for a posting that there never was: whether they answer, and take our keys.

        Raises:
            LabelOutcomeUnknown: they do not.
        """
        self._posting(_NONE, _NONE)

    def _of(self, entry: Entry) -> tuple[Entry, Any]:
        """The entry with its posting; one whose answer was lost is looked for."""
        posting = self._posting(entry.key, entry.number or entry.posting)
        if posting is None:
            raise LabelOutcomeUnknown(label_key=entry.key, cause="posting: not found")
        if entry.number:
            return entry, posting
        if entry.whole:
            shipped = words.status_of(posting) in words.SHIPPED
            done = shipped or (words.failed(posting) and not entry.failed)
            found: tuple[str, Any] = (entry.posting if done else "", posting)
        else:
            found = self._split_off(entry, words.related(posting))
        if found[0]:
            entry = replace(entry, state="sold", number=found[0])
            self._book.keep(entry)
        return entry, found[1]

    def _split_off(self, entry: Entry, numbers: tuple[str, ...]) -> tuple[str, Any]:
        """The posting that came to be with just these goods, and is nobody else's."""
        taken = {one.number for one in self._book.of_posting(entry.posting)}
        for number in numbers:
            if number in taken or number in entry.before or number == entry.posting:
                continue
            posting = self._posting(entry.key, number)
            if words.goods_of(posting) == dict(entry.goods):
                return number, posting
        return "", None

    def _posting(self, key: str, number: str) -> Any:  # noqa: ANN401 - JSON
        """A posting; None where there is none."""
        body = {"posting_number": number, "with": _WITH}
        told = self._api.look(key, "/v3/posting/fbs/get", body)
        if told is None:
            return None
        posting = parts.under(told, "result")
        if parts.text(posting, "posting_number") != number:
            raise LabelOutcomeUnknown(label_key=key, cause="answer: another posting")
        return posting

    # --- labels ---------------------------------------------------------------------------

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        sale = self.find(key)
        if sale is None:
            raise refused(key, "never_bought")
        if sale.state == "pending" or sale.voided:
            return None
        found = self._made(key, sale.ref, wanted)
        return parts.usable(key, found)

    def _made(self, key: str, number: str, wanted: LabelWanted) -> Checked:
        """Labels are made by tasks, some 45 to 60 seconds after shipping."""
        kind = words.label_kind(wanted)
        with self._lock:
            task = self._tasks.get((number, kind), "")
        task = task or self._ordered(key, number, kind)
        if not task:
            return Checked(fault="missing", detail="no task yet")
        for _ in range(LOOKS):
            body = {"task_id": words.as_number(task)}
            told = self._api.look(key, "/v2/posting/fbs/package-label/get", body)
            state, url = words.made_of(told)
            if state in {"completed", "error"} or told is None:
                break
            self._pause(_PAUSE_S)
        if state == "completed" and url:
            found = self._api.label(key, url, FILES, wanted)
            if found.fault != "missing":
                return found
        if state in {"completed", "error"} or told is None:
            self._drop(number, kind)
        return Checked(fault="missing", detail=f"label: {state or 'no task'}")

    def _ordered(self, key: str, number: str, kind: str) -> str:
        """A new task; "" where they make no labels of it yet."""
        answer = self.patiently(
            lambda: self._api.send(
                key, "/v2/posting/fbs/package-label/create", {"posting_number": [number]}
            ),
            key,
        )
        try:
            told = self._api.decided(key, answer)
        except LabelRefused as exc:
            if exc.fields["reason"] == "credentials":
                cause = f"credentials: {exc.fields['detail']}"
                raise LabelOutcomeUnknown(label_key=key, cause=cause) from exc
            return ""
        task = words.task_of(told, kind)
        if not task:
            raise parts.odd(key, answer)
        with self._lock:
            while len(self._tasks) >= _MOST_TASKS:
                del self._tasks[next(iter(self._tasks))]
            self._tasks[number, kind] = task
        return task

    def _drop(self, number: str, kind: str) -> None:
        with self._lock:
            self._tasks.pop((number, kind), None)

    # --- handing over ---------------------------------------------------------------------

    def manifest(self, asked: ManifestAsked) -> Manifested:
        """A carriage, its act, and labels of its bags."""
        method = self._method(asked.key, asked.service)
        return ozon_carriage.handed(self._api, self._book, asked, method, self._pause)
