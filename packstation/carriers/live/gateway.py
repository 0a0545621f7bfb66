"""UPS, FedEx, DHL Express, USPS and Canada Post through karrio in the worker's process.

Not verified against any of these carriers themselves: docs/carriers-live.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from time import sleep
from typing import Any, Final

from msgspec import Struct

from packstation.carriers.adapters.online import Busy, Online
from packstation.carriers.label_files import Checked, from_base64
from packstation.carriers.live import karrio_words as words
from packstation.carriers.live.books import Books, Entry
from packstation.carriers.live.processes import Answer, Process
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
    LabelWanted,
    TrackEvent,
    refused,
)
from packstation.domain.errors import LabelOutcomeUnknown, RateUnavailable
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment

DEADLINE_S: Final = 30.0
_PAUSE_S: Final = 1.0  # after "too many requests"; karrio keeps what the carrier said to itself
_NO_LABEL: Final = "="  # a sale whose answer had no file; Base64 of nothing
_TOO_LATE: Final = ("void period", "expired", "in transit", "already shipped", "on its way")


class Account(Struct, frozen=True, kw_only=True):
    """An account at a carrier, as the shop calls it by ``name``.

    ``carrier`` is one of ``karrio_words.CONNECTORS``, ``settings`` are as karrio calls them
    (client_id, client_secret, account_number ...).
    """

    name: str
    carrier: str
    settings: Mapping[str, Any]
    deadline_s: float = DEADLINE_S


class Karrio(Online):
    """One account; ``process`` is its worker, ``now`` the clock.

    ``detours`` lead the carrier's hosts to a server on this machine, for trials.
    """

    def __init__(
        self,
        account: Account,
        process: Process,
        books: Books,
        now: Callable[[], datetime],
        *,
        detours: Mapping[str, str] | None = None,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        super().__init__(pause)
        self._account, self._process, self._books, self._now = account, process, books, now
        self._detours = detours
        self._connector = words.CONNECTORS[account.carrier]
        self.capabilities = Capabilities(
            rate=True,
            void=self._connector.void,
            track=True,
            media=self._connector.media,
        )

    def close(self) -> None:
        """End the worker."""
        self._process.close()

    # --- buying ---------------------------------------------------------------------------

    def sell(self, request: BuyRequest) -> Bought:
        """See ``Online.sell``."""
        key = request.key
        held = self.find(key)
        if held is not None:
            return held
        payload = words.purchase(request, self._connector, self._now().date())
        self._books.ask(key, self._account.name, self._now())
        answer = self._order("buy", payload, before_sending=lambda: self._books.sent(key))
        sale = words.sale_of(answer) if answer.sent and answer.ok else None
        if sale is None:
            raise self._not_sold(key, answer)
        entry = Entry(
            account=self._account.name,
            state="bought",
            waybill=sale.waybill,
            ref=sale.ref,
            label=sale.label or _NO_LABEL,
            price=sale.price,
        )
        self._books.bought(key, entry)
        return _bought(entry, request.wanted)

    def _not_sold(self, key: str, answer: Answer) -> Exception:
        told = words.refusal_of(answer, self._connector)
        if told is None:
            cause = answer.error or "the answer holds no sale"
            return LabelOutcomeUnknown(label_key=key, cause=cause)
        if not self._books.refused(key, "sent" if answer.sent else "asked"):
            return LabelOutcomeUnknown(label_key=key, cause="another purchase of this key left")
        if answer.sent and told[0] == "limit":
            return Busy(_PAUSE_S)
        return refused(key, *told)

    def find(self, key: str) -> Bought | None:
        """As the seam says; these carriers cannot be asked, so the books answer.

        Raises:
            LabelOutcomeUnknown: the purchase left and nobody knows what became of it.
        """
        entry = self._books.of(key)
        if entry is None or entry.state in {"asked", "refused"}:
            return None
        if entry.state == "sent":
            raise LabelOutcomeUnknown(label_key=key, cause="no answer; look at the carrier's pages")
        return _bought(entry, LabelWanted())

    def unknown(self) -> tuple[str, ...]:
        """Keys whose purchase left and got no answer, the oldest first."""
        return self._books.open_keys(self._account.name)

    def settle(self, key: str, waybill: str) -> bool:
        """A person found ``waybill`` at the carrier, or ("") that nothing was bought.

        Answers whether the key was waiting for it.
        """
        if not waybill:
            return self._books.refused(key, "sent")
        entry = Entry(account=self._account.name, state="bought", waybill=waybill, ref=waybill)
        return self._books.bought(key, entry)

    # --- voids ----------------------------------------------------------------------------

    def void(self, key: str) -> None:
        if not self._connector.void:
            super().void(key)
        entry = self._of_sale(key)
        if entry.state == "voided":
            return
        answer = self._order("void", {"shipment_identifier": entry.ref})
        if words.voided(answer):
            self._books.voided(key)
            return
        statuses = [call.status for call in answer.calls]
        if statuses and 400 <= statuses[-1] < 500 and answer.messages:
            said = "; ".join(f"{one.code}: {one.message}" for one in answer.messages)
            late = any(word in said.lower() for word in _TOO_LATE)
            raise refused(key, "tendered" if late else "carrier", said)
        raise LabelOutcomeUnknown(label_key=key, cause=answer.error or "the void was not confirmed")

    def _of_sale(self, key: str) -> Entry:
        if self.find(key) is None:
            raise refused(key, "never_bought")
        entry = self._books.of(key)
        assert entry is not None  # noqa: S101 - found a line above
        return entry

    # --- prices, ways ---------------------------------------------------------------------

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:
        answer = self._order("rate", words.inquiry(shipment))
        grams = sum((parcel.weight_g for parcel in shipment.parcels), Decimal(0))
        quotes = words.prices_of(answer, self._account.name, self._connector, grams)
        if not quotes:
            raise self._no_answer(answer)
        return tuple(quotes)

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:
        answer = self._order("track", {"tracking_numbers": list(waybills)})
        events = words.events_of(answer, waybills)
        if not events and (not answer.ok or answer.messages):
            raise self._no_answer(answer)
        return tuple(events)

    def _no_answer(self, answer: Answer) -> RateUnavailable:
        said = "; ".join(f"{one.code}: {one.message}" for one in answer.messages)
        reason = (answer.error or said or "no rates")[:300]
        return RateUnavailable(carrier=self._account.name, reason=reason)

    def _order(
        self,
        verb: str,
        payload: Mapping[str, Any],
        before_sending: Callable[[], bool] = lambda: True,
    ) -> Answer:
        return self._process.order(
            verb,
            self._account.carrier,
            settings=self._account.settings,
            payload=payload,
            deadline_s=self._account.deadline_s,
            before_sending=before_sending,
            detours=self._detours,
        )


def _bought(entry: Entry, wanted: LabelWanted) -> Bought:
    """The sale; a file that is no label is named by its fault and kept from printers.

    Of a sale that a person settled, or of long ago, there is no file.
    """
    file = Checked(fault="empty" if entry.label else "")
    if entry.label not in {"", _NO_LABEL}:
        file = from_base64(entry.label, wanted)
    return Bought(
        waybill=entry.waybill,
        # It cannot be fetched again; whoever waits looks a few times and takes the sale back.
        state="pending" if file.fault and file.file is None else "done",
        label=file.file,
        ref=entry.ref,
        voided=entry.state == "voided",
        price=entry.price,
        fault=file.fault,
    )
