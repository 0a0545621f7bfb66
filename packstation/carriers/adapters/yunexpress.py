"""YunExpress (open platform, v1): signed requests, orders by our key, labels that come later.

``customer_order_number`` is our key, so that an order is found again by it. The waybill is their
own number (YT...), which stands on the label, in their bills, and is known at once; the carrier's
of the last mile may come later and is ``Bought.ref``. Until the label is there a sale is pending.
Not verified against YunExpress itself: docs/carriers.md.
"""

from __future__ import annotations

from collections.abc import Callable
from time import sleep, time
from typing import Any, Final
from urllib.parse import urlencode

from msgspec.structs import replace

from packstation.carriers.adapters import parts
from packstation.carriers.adapters import yunexpress_words as words
from packstation.carriers.adapters.online import Busy, Duplicate, Online
from packstation.carriers.adapters.wire import TIMEOUT_S, Sent, Wire
from packstation.carriers.label_files import PDF, PNG, ZPL, Checked, from_base64
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
    LabelFile,
    LabelWanted,
    TrackEvent,
    refused,
)
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, RateUnavailable
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment

BASE_URL: Final = "https://openapi.yunexpress.cn"
# Label files lie at these and below them; nothing is fetched from elsewhere.
FILES: Final = frozenset({"yunexpress.cn", "yunexpress.com"})
_LATE_S: Final = 60.0
_WISHES: Final = {"return": "Return to sender", "hold": "Hold"}


class YunExpress(Online):
    """One account: ``app_id``, ``app_secret`` (also the key of signatures) and ``source_key``."""

    capabilities = Capabilities(
        rate=True,
        label=True,
        void=True,
        track=True,
        intercept=True,
        late_numbers=True,
        media=(PDF, PNG, ZPL),
        settle_s=_LATE_S,
    )

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        source_key: str,
        *,
        name: str = "yunexpress",
        base_url: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        """``name`` is what this account is called in quotes."""
        super().__init__(pause)
        self._name = name
        self._login = {
            "grantType": "client_credentials",
            "appId": app_id,
            "appSecret": app_secret,
            "sourceKey": source_key,
        }
        self._secret = app_secret
        self._wire = Wire(base_url, timeout_s=timeout_s)
        self._tokens = parts.Tokens(self._log_in)

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    # --- buying ---------------------------------------------------------------------------

    def sell(self, request: BuyRequest) -> Bought:
        """See ``Online.sell``."""
        key = request.key
        answer = self._send(key, "POST", "/v1/order/package/create", words.order_of(request))
        if answer.busy:
            raise Busy(answer.pause_s())
        try:
            made = self._result(key, answer)
        except LabelRefused as exc:
            if exc.fields["reason"] == "duplicate":
                raise Duplicate from exc
            raise
        if parts.text(made, "customer_order_number") not in {"", key}:
            raise LabelOutcomeUnknown(label_key=key, cause="answer: another order")
        return self._whole(key, made, request.wanted)

    def find(self, key: str) -> Bought | None:
        held = self._held(key)
        return None if held is None else self._whole(key, held, LabelWanted())

    def _held(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """The order of a key; None where there is none."""
        answer = self.patiently(lambda: self._get(key, "/v1/order/info/get", order_number=key), key)
        try:
            held = self._result(key, answer)
        except LabelRefused as exc:
            said = str(exc.fields["detail"]).lower()
            if any(word in said for word in parts.NO_SUCH):
                return None
            raise _unsettled(key, exc) from exc
        if held in (None, {}, []):
            return None
        if parts.text(held, "customer_order_number") != key:
            raise parts.odd(key, answer)
        return held

    def _whole(self, key: str, order: object, wanted: LabelWanted) -> Bought:
        """The sale with its label; what is not there yet leaves it pending."""
        waybill = parts.text(order, "waybill_number")
        sale = Bought(
            waybill=waybill,
            ref=parts.text(order, "tracking_number"),
            voided=parts.text(order, "status") == words.CANCELLED,
        )
        if not waybill:
            if parts.text(order, "customer_order_number") != key:
                raise LabelOutcomeUnknown(label_key=key, cause="answer: no number")
            return replace(sale, state="pending")
        if sale.voided:
            return sale
        try:
            found = self._file(key, waybill, wanted)
        except (LabelOutcomeUnknown, LabelRefused):
            return replace(sale, state="pending")
        if found.file is None:
            fault = "" if found.fault == "missing" else found.fault
            return replace(sale, state="pending", fault=fault)
        return replace(sale, label=found.file, fault=found.fault)

    # --- labels, voids, stops -------------------------------------------------------------

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        waybill = parts.text(self._sold(key), "waybill_number")
        if not waybill:
            return None
        try:
            return parts.usable(key, self._file(key, waybill, wanted))
        except LabelRefused as exc:
            raise _unsettled(key, exc) from exc

    def _file(self, key: str, waybill: str, wanted: LabelWanted) -> Checked:
        target = "/v1/order/label/get"
        answer = self.patiently(lambda: self._get(key, target, order_number=waybill), key)
        told = self._result(key, answer)
        inside, url = parts.text(told, "label_string"), parts.text(told, "url")
        if inside:
            return from_base64(inside, wanted)
        if url:
            return parts.fetched(self._wire, key, url, FILES, wanted)
        return Checked(fault="missing", detail="neither file nor address yet")

    def void(self, key: str) -> None:
        order = self._sold(key)
        if parts.text(order, "status") == words.CANCELLED:
            return
        self._stop(key, "/v1/order/cancel", order, "")

    def intercept(self, key: str, wish: str) -> None:
        if wish not in _WISHES:
            raise refused(key, "option", f"wish: {wish!r}; known: {sorted(_WISHES)}")
        self._stop(key, "/v1/order/hold", self._sold(key), _WISHES[wish])

    def _stop(self, key: str, path: str, order: object, remark: str) -> None:
        body = {"waybill_number": parts.text(order, "waybill_number")}
        if not body["waybill_number"]:
            raise LabelOutcomeUnknown(label_key=key, cause="no number yet")
        if remark:
            body["remark"] = remark
        answer = self.patiently(lambda: self._send(key, "POST", path, body), key)
        try:
            self._result(key, answer)
        except LabelRefused as exc:
            if parts.text(order, "status") in words.ON_ITS_WAY:
                raise refused(key, "tendered", str(exc.fields["detail"])) from exc
            raise

    def _sold(self, key: str) -> object:
        held = self._held(key)
        if held is None:
            raise refused(key, "never_bought")
        return held

    # --- prices, ways ---------------------------------------------------------------------

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:
        if len(shipment.parcels) > 1:
            raise RateUnavailable(carrier=self._name, reason="one parcel at a time")
        query = words.trial_of(shipment)
        fees = self._asked("/v1/price-trial/get", query)
        billable_g = int(shipment.parcels[0].weight_g.to_integral_value())
        return words.prices_of(parts.rows({"fees": fees}, "fees"), self._name, billable_g)

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:
        found: list[TrackEvent] = []
        for waybill in waybills:
            result = self._asked("/v1/track-service/info/get", {"order_number": waybill})
            found += words.events_of(result, waybill)
        return parts.oldest_first(found)

    def _asked(self, path: str, query: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """The result of a question about no sale; None where it knows of nothing.

        Raises:
            RateUnavailable: no answer.
        """
        try:
            return self._result("", self.patiently(lambda: self._get("", path, **query)))
        except LabelRefused as exc:
            if any(word in str(exc.fields["detail"]).lower() for word in parts.NO_SUCH):
                return None
            raise RateUnavailable(carrier=self._name, reason=str(exc)) from exc
        except LabelOutcomeUnknown as exc:
            raise RateUnavailable(carrier=self._name, reason=str(exc)) from exc

    # --- requests -------------------------------------------------------------------------

    def _get(self, key: str, path: str, **query: str) -> Sent:
        return self._send(key, "GET", path, query=query)

    def _send(
        self,
        key: str,
        method: str,
        path: str,
        body: object = None,
        query: dict[str, str] | None = None,
    ) -> Sent:
        """Send, signed; where the token has run out, once more with a new one."""
        content = b"" if body is None else parts.as_body(body)
        token = self._tokens.fresh(key)
        answer = self._signed(key, method, path, content, query, token)
        if answer.status in parts.DENIED:
            self._tokens.drop(token)
            answer = self._signed(key, method, path, content, query, self._tokens.fresh(key))
        return answer

    def _signed(
        self,
        key: str,
        method: str,
        path: str,
        content: bytes,
        query: dict[str, str] | None,
        token: str,
    ) -> Sent:
        date = str(int(time() * 1000))
        headers = {
            "Content-Type": "application/json;charset=utf-8",
            "Accept-Language": "en-US",
            "token": token,
            "date": date,
            # The path is signed without its query.
            "sign": words.signature(self._secret, date, method, path, content),
        }
        target = f"{path}?{urlencode(query)}" if query else path
        return self._wire.send(key, method, target, headers=headers, content=content)

    def _log_in(self, key: str) -> tuple[str, str]:
        headers = {"Content-Type": "application/json;charset=utf-8"}
        answer = self.patiently(
            lambda: self._wire.send(
                key,
                "POST",
                "/openapi/oauth2/token",
                headers=headers,
                content=parts.as_body(self._login),
            ),
            key,
        )
        document = answer.json()
        if answer.unsure or (answer.ok and not isinstance(document, dict)):
            raise parts.odd(key, answer)
        where = parts.under(document, "result") or document
        return parts.text(where, "accessToken"), parts.text(where, "expiresIn")

    def _result(self, key: str, answer: Sent) -> Any:  # noqa: ANN401 - JSON
        """The ``result`` of an answer that says "done".

        Raises:
            LabelRefused: YunExpress says no.
            LabelOutcomeUnknown: it says nothing that can be understood.
        """
        document = answer.json()
        if answer.unsure or answer.busy:
            raise parts.odd(key, answer)
        done = parts.under(document, "success")
        if answer.ok and done is True:
            return parts.under(document, "result")
        if answer.ok and done is not False:
            raise parts.odd(key, answer)
        told = f"{parts.text(document, 'code')}: {parts.text(document, 'msg')}"
        reason = parts.reason_of(parts.CHINESE, told) or "carrier"
        if answer.status in parts.DENIED:
            reason = "credentials"
        raise refused(key, reason, told if told != ": " else f"HTTP {answer.status}")


def _unsettled(key: str, no: LabelRefused) -> LabelOutcomeUnknown:
    """A refused question settles nothing of the sale."""
    cause = f"{no.fields['reason']}: {no.fields['detail']}"
    return LabelOutcomeUnknown(label_key=key, cause=cause)
