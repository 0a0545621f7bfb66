"""EasyPost (v2), thin on httpx: create a shipment by our key, buy one of its rates, fetch the file.

Creating costs nothing and is made findable by ``reference`` = our key, which stands "in place of
id" in their addresses; only ``buy`` costs, it names one shipment, and they refuse a second one for
it. So a lost answer is found by key. Their own client (10.7.0) adds retries of its own and floats;
five requests need none of it. Not verified against EasyPost itself: docs/carriers-live.md.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from decimal import Decimal
from time import sleep
from typing import Any, Final
from urllib.parse import quote, urlsplit

import msgspec
from msgspec.structs import replace

from packstation.carriers.adapters import easypost_words as words
from packstation.carriers.adapters.online import Busy, Duplicate, Online
from packstation.carriers.adapters.wire import TIMEOUT_S, Sent, Wire
from packstation.carriers.label_files import PDF, PNG, ZPL, Checked, checked
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
    LabelFile,
    LabelWanted,
    TrackEvent,
    charged,
    refused,
)
from packstation.domain.errors import LabelOutcomeUnknown, RateUnavailable
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment

BASE_URL: Final = "https://api.easypost.com"
# Where their label files lie; nothing is fetched from elsewhere.
FILES: Final = frozenset(
    {
        "easypost-files.s3.us-west-2.amazonaws.com",
        "easypost-files.s3-us-west-2.amazonaws.com",
        "easypost-files.s3.amazonaws.com",
    }
)
_NOT_FOUND: Final = 404
_DENIED: Final = frozenset({401, 403})
_LATE_S: Final = 60.0

Document = Mapping[str, Any]


class EasyPost(Online):
    """One account; ``services`` are named ``<carrier>.<service>`` as in their rates."""

    capabilities = Capabilities(
        rate=True,
        label=True,
        void=True,
        track=True,
        late_numbers=True,
        media=(PDF, PNG, ZPL),
        settle_s=_LATE_S,
    )

    def __init__(
        self,
        api_key: str,
        *,
        name: str = "easypost",
        base_url: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        """``name`` is what this account is called in quotes."""
        super().__init__(pause)
        self._name = name
        self._wire = Wire(base_url, timeout_s=timeout_s)
        secret = base64.b64encode(f"{api_key}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    # --- buying ---------------------------------------------------------------------------

    def sell(self, request: BuyRequest) -> Bought:
        """See ``Online.sell``."""
        key = request.key
        body = words.shipment_of(request)
        bought: dict[str, Any] = {}
        insured = words.insurance_of(request)
        if insured:
            bought["insurance"] = insured
        held = self._held(key)
        if held is not None and words.sale_of(held) is not None:
            raise Duplicate
        held = held if held is not None else self._created(key, body)
        rate = words.rate_for(request.service, words.rates_of(held))
        if not rate:
            offered = sorted(f"{r.get('carrier')}.{r.get('service')}" for r in words.rates_of(held))
            detail = f"service: {request.service!r}; offered: {offered}; {_messages(held)}"
            raise refused(key, "service", detail)
        target = f"/v2/shipments/{quote(str(held.get('id')), safe='')}/buy"
        answer = self._send(key, "POST", target, {"rate": {"id": rate}, **bought})
        if answer.busy:
            raise Busy(answer.pause_s())
        return self._whole(key, self._settled(key, answer, buying=True), request.wanted)

    def find(self, key: str) -> Bought | None:
        held = self._held(key)
        if held is None or words.sale_of(held) is None:
            return None
        return self._whole(key, held, LabelWanted())

    def _created(self, key: str, body: Document) -> Document:
        answer = self.patiently(lambda: self._send(key, "POST", "/v2/shipments", body), key)
        made = self._settled(key, answer)
        if not isinstance(made.get("id"), str):
            raise _odd(key, answer)
        return made

    def _held(self, key: str) -> Document | None:
        """The shipment of a key, bought or not; None where there is none."""
        target = f"/v2/shipments/{quote(key, safe='')}"
        answer = self.patiently(lambda: self._send(key, "GET", target), key)
        document = answer.json()
        if answer.status == _NOT_FOUND and isinstance(document, dict) and "error" in document:
            return None
        held = self._settled(key, answer, asking=True)
        if held.get("reference") != key or not isinstance(held.get("id"), str):
            raise _odd(key, answer)
        return held

    def _whole(self, key: str, shipment: Document, wanted: LabelWanted) -> Bought:
        """The sale with its file; a file that cannot be had now comes later."""
        sale = words.sale_of(shipment)
        if sale is None or shipment.get("reference") != key:
            raise LabelOutcomeUnknown(label_key=key, cause="answer: no sale of this key")
        url = words.label_url(shipment)
        if sale.voided or not sale.waybill:
            return sale
        if not url:
            return replace(sale, state="pending")
        try:
            file = self._file(key, url, wanted)
        except LabelOutcomeUnknown:
            return replace(sale, state="pending", fault="empty")
        if file.file is None:
            return replace(sale, state="pending", fault=file.fault)
        return replace(sale, label=file.file, fault=file.fault)

    # --- labels, voids --------------------------------------------------------------------

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        held = self._held(key)
        if held is None or words.sale_of(held) is None:
            raise refused(key, "never_bought")
        url = words.label_url(held)
        if not url:
            return None
        found = self._file(key, url, wanted)
        if found.fault == "missing":
            return None
        if found.file is None or (found.fault and not found.stays):
            raise LabelOutcomeUnknown(label_key=key, cause=f"label: {found.fault} {found.detail}")
        return found.file

    def _file(self, key: str, url: str, wanted: LabelWanted) -> Checked:
        parts, own = urlsplit(url), urlsplit(self._wire.base_url)
        if not (
            (parts.scheme == "https" and parts.hostname in FILES)
            or (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        ):
            return Checked(fault="unknown", detail=f"label: {url[:60]!r}; of {sorted(FILES)}")
        # Without the account's key: the file's address is its own permission.
        answer = self._wire.send(key, "GET", url)
        if answer.status == _NOT_FOUND:
            return Checked(fault="missing", detail="not there yet")
        if not answer.ok:
            raise _odd(key, answer)
        return checked(answer.body, wanted)

    def void(self, key: str) -> None:
        held = self._held(key)
        sale = words.sale_of(held) if held is not None else None
        if sale is None:
            raise refused(key, "never_bought")
        if sale.voided:
            return
        target = f"/v2/shipments/{quote(sale.ref, safe='')}/refund"
        answer = self.patiently(lambda: self._send(key, "POST", target, {}), key)
        done = self._settled(key, answer)
        status = str(done.get("refund_status") or "")
        if status == "rejected":
            raise refused(key, "tendered", "refund_status: rejected")
        if status not in {"submitted", "refunded"}:
            raise refused(key, "carrier", f"refund_status: {status}")

    # --- prices, ways ---------------------------------------------------------------------

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:
        grams = sum((parcel.weight_g for parcel in shipment.parcels), Decimal(0))
        parcel = shipment.parcels[0]
        sides = tuple(round(side) for side in parcel.sides or ())
        body = {
            "shipment": {
                "to_address": _place(shipment.destination.country, shipment.destination.postcode),
                "from_address": _place(shipment.origin.country, shipment.origin.postcode),
                "parcel": words.parcel_of(grams, sides),
            }
        }
        if len(shipment.parcels) > 1:
            raise RateUnavailable(carrier=self._name, reason="one parcel at a time")
        try:
            answer = self.patiently(lambda: self._send("", "POST", "/v2/shipments", body))
            rates = words.rates_of(self._settled("", answer, asking=True))
        except LabelOutcomeUnknown as exc:
            raise RateUnavailable(carrier=self._name, reason=str(exc)) from exc
        priced = sorted(
            (
                (price, str(rate.get("carrier")), str(rate.get("service")), rate)
                for rate in rates
                if (price := charged(str(rate.get("rate")), str(rate.get("currency")))) is not None
            ),
            key=lambda row: (row[0].currency, row[0].amount, row[1], row[2]),
        )
        return tuple(
            Quoted(
                carrier=self._name,
                service=f"{carrier}.{service}",
                amount=price.amount,
                currency=price.currency,
                billable_g=int(grams.to_integral_value()),
                min_days=None,
                max_days=_days(rate.get("est_delivery_days")),
                rank=rank,
                channel="express",
                lines=((("freight", price.amount, f"{carrier} {service}")),),
            )
            for rank, (price, carrier, service, rate) in enumerate(priced, 1)
        )

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:
        found: list[TrackEvent] = []
        for waybill in waybills:
            target = f"/v2/trackers?tracking_code={quote(waybill, safe='')}"
            try:
                answer = self.patiently(lambda where=target: self._send("", "GET", where))  # type: ignore[misc] # bound at once
                document = self._settled("", answer, asking=True)
            except LabelOutcomeUnknown as exc:
                raise RateUnavailable(carrier=self._name, reason=str(exc)) from exc
            found += words.events_of(document.get("trackers"), waybill)
        return tuple(found)

    # --- requests -------------------------------------------------------------------------

    def _send(self, key: str, method: str, target: str, body: Document | None = None) -> Sent:
        content = msgspec.json.encode(body) if body is not None else b""
        return self._wire.send(key, method, target, headers=self._headers, content=content)

    def _settled(
        self, key: str, answer: Sent, *, buying: bool = False, asking: bool = False
    ) -> Document:
        """The object of an answer that says "done".

        Raises:
            Duplicate: this shipment is bought already.
            LabelRefused: EasyPost says no; never of a question (``asking``), which settles nothing.
            LabelOutcomeUnknown: it says nothing that can be understood.
        """
        document = answer.json()
        if answer.unsure or answer.busy:
            raise _odd(key, answer)
        if answer.ok:
            if not isinstance(document, dict):
                raise _odd(key, answer)
            return document
        reason, code, told = words.refusal_of(document)
        if buying and code == words.POSTAGE_EXISTS:
            raise Duplicate
        if answer.status in _DENIED:
            reason = "credentials"
        if asking:
            raise LabelOutcomeUnknown(label_key=key, cause=f"{reason}: {told}")
        raise refused(key, reason, told or f"HTTP {answer.status}")


def _place(country: str, postcode: str) -> dict[str, str]:
    return {"country": country, "zip": postcode}


def _days(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 365 else None


def _messages(shipment: Document) -> str:
    """What carriers said where they made no rate."""
    told = shipment.get("messages")
    rows = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return "; ".join(f"{one.get('carrier')}: {one.get('message')}" for one in rows)[:300]


def _odd(key: str, answer: Sent) -> LabelOutcomeUnknown:
    start = answer.body[:60].decode("utf-8", "replace")
    return LabelOutcomeUnknown(label_key=key, cause=f"HTTP {answer.status}: {start!r}")
