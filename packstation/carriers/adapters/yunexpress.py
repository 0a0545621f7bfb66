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

from packstation.carriers.adapters import parts
from packstation.carriers.adapters import yunexpress_words as words
from packstation.carriers.adapters.keyed import Keyed, unsettled
from packstation.carriers.adapters.wire import TIMEOUT_S, Sent, Wire
from packstation.carriers.label_files import PDF, PNG, ZPL, Checked, from_base64
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
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


class YunExpress(Keyed):
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
        super().__init__(name, Wire(base_url, timeout_s=timeout_s), pause)
        self._login = {
            "grantType": "client_credentials",
            "appId": app_id,
            "appSecret": app_secret,
            "sourceKey": source_key,
        }
        self._secret = app_secret
        self._tokens = parts.Tokens(self._log_in)

    # --- buying ---------------------------------------------------------------------------

    def placed(self, request: BuyRequest) -> Sent:
        path = "/v1/order/package/create"
        return self._send(request.key, "POST", path, words.order_of(request))

    def held(self, key: str) -> Any:  # noqa: ANN401 - JSON
        answer = self.patiently(lambda: self._get(key, "/v1/order/info/get", order_number=key), key)
        try:
            held = self.told(key, answer)
        except LabelRefused as exc:
            if self.no_such(exc):
                return None
            raise unsettled(key, exc) from exc
        if held in (None, {}, []):
            return None
        if parts.text(held, "customer_order_number") != key:
            raise parts.odd(key, answer)
        return held

    def sale(self, key: str, order: Any) -> Bought:  # noqa: ANN401 - JSON
        waybill = parts.text(order, "waybill_number")
        ours = parts.text(order, "customer_order_number")
        if ours != key and (ours or not waybill):
            raise LabelOutcomeUnknown(label_key=key, cause=f"answer: order {ours!r}")
        return Bought(
            waybill=waybill,
            ref=parts.text(order, "tracking_number"),
            voided=parts.text(order, "status") == words.CANCELLED,
        )

    def printed(self, key: str, order: Any, wanted: LabelWanted) -> Checked:  # noqa: ANN401 - JSON
        target, waybill = "/v1/order/label/get", parts.text(order, "waybill_number")
        answer = self.patiently(lambda: self._get(key, target, order_number=waybill), key)
        told = self.told(key, answer)
        inside, url = parts.text(told, "label_string"), parts.text(told, "url")
        if inside:
            return from_base64(inside, wanted)
        if url:
            return parts.fetched(self._wire, key, url, FILES, wanted)
        return Checked(fault="missing", detail="neither file nor address yet")

    # --- voids, stops ---------------------------------------------------------------------

    def void(self, key: str) -> None:
        order = self.sold(key)
        if not self.sale(key, order).voided:
            self._stop(key, "/v1/order/cancel", order, "")

    def intercept(self, key: str, wish: str) -> None:
        if wish not in _WISHES:
            raise refused(key, "option", f"wish: {wish!r}; known: {sorted(_WISHES)}")
        self._stop(key, "/v1/order/hold", self.sold(key), _WISHES[wish])

    def _stop(self, key: str, path: str, order: object, remark: str) -> None:
        body = {"waybill_number": parts.text(order, "waybill_number")}
        if not body["waybill_number"]:
            raise LabelOutcomeUnknown(label_key=key, cause="no number yet")
        if remark:
            body["remark"] = remark
        under_way = parts.text(order, "status") in words.ON_ITS_WAY
        self.stopped(key, lambda: self._send(key, "POST", path, body), under_way=under_way)

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
        return self.question(lambda: self._get("", path, **query))

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
        return self._tokens.carried(
            key, lambda token: self._signed(key, method, path, content, query, token)
        )

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

    def told(self, key: str, answer: Sent) -> Any:  # noqa: ANN401 - JSON
        """The ``result`` of an answer; see ``Keyed.told``."""
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
