"""4PX (open platform): one address, methods by name, parameters signed in the order of their names.

``ref_no`` is our key. The waybill is their own number (4PX...), known at once; the last mile's may
come later and is ``Bought.ref``. Until the label is there a sale is pending. Not verified against
4PX itself: docs/carriers.md.
"""

from __future__ import annotations

from collections.abc import Callable
from time import sleep, time
from typing import Any, Final
from urllib.parse import urlencode

from packstation.carriers.adapters import fourpx_words as words
from packstation.carriers.adapters import parts
from packstation.carriers.adapters.keyed import Keyed, unsettled
from packstation.carriers.adapters.wire import TIMEOUT_S, Sent, Wire
from packstation.carriers.label_files import PDF, Checked
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

BASE_URL: Final = "https://open.4px.com"
FILES: Final = frozenset({"4px.com"})
_PATH: Final = "/router/api/service"
_LATE_S: Final = 60.0
# The version of each method that is used here.
_VERSIONS: Final = {
    "ds.xms.order.create": "1.1.0",
    "ds.xms.order.get": "1.1.0",
    "ds.xms.order.cancel": "1.0.0",
    "ds.xms.order.hold": "1.0.0",
    "ds.xms.label.get": "1.1.0",
    "ds.xms.estimated_cost.get": "1.0.0",
    "tr.order.tracking.get": "1.0.0",
}


class FourPx(Keyed):
    """One account: ``app_key`` and the secret of its signatures."""

    capabilities = Capabilities(
        rate=True,
        label=True,
        void=True,
        track=True,
        intercept=True,
        late_numbers=True,
        media=(PDF,),
        settle_s=_LATE_S,
    )

    def __init__(
        self,
        app_key: str,
        app_secret: str,
        *,
        name: str = "4px",
        base_url: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        """``name`` is what this account is called in quotes."""
        super().__init__(name, Wire(base_url, timeout_s=timeout_s), pause)
        self._key, self._secret = app_key, app_secret

    # --- buying ---------------------------------------------------------------------------

    def placed(self, request: BuyRequest) -> Sent:
        return self._send(request.key, "ds.xms.order.create", words.order_of(request))

    def held(self, key: str) -> dict[str, Any] | None:
        body = {"request_no": key}
        answer = self.patiently(lambda: self._send(key, "ds.xms.order.get", body), key)
        try:
            data = self.told(key, answer)
        except LabelRefused as exc:
            if self.no_such(exc):
                return None
            raise unsettled(key, exc) from exc
        found = words.order_in(data, key)
        if found is None and data not in (None, [], {}):
            raise parts.odd(key, answer)
        return found

    def sale(self, key: str, order: Any) -> Bought:  # noqa: ANN401 - JSON
        waybill, ref_no = parts.text(order, "4px_tracking_no"), parts.text(order, "ref_no")
        if ref_no != key and (ref_no or not waybill):
            raise LabelOutcomeUnknown(label_key=key, cause=f"answer: order {ref_no!r}")
        return Bought(
            waybill=waybill,
            ref=parts.text(order, "logistics_channel_no"),
            voided=parts.text(order, "consignment_status") == words.CLOSED,
        )

    def printed(self, key: str, order: Any, wanted: LabelWanted) -> Checked:  # noqa: ANN401 - JSON
        body = {
            "request_no": parts.text(order, "4px_tracking_no"),
            "response_label_format": "PDF",
            "label_size": words.size_of(wanted),
        }
        answer = self.patiently(lambda: self._send(key, "ds.xms.label.get", body), key)
        url = words.label_url(self.told(key, answer))
        if not url:
            return Checked(fault="missing", detail="no address yet")
        return parts.fetched(self._wire, key, url, FILES, wanted)

    # --- voids, stops ---------------------------------------------------------------------

    def void(self, key: str) -> None:
        order = self.sold(key)
        if not self.sale(key, order).voided:
            body = {"request_no": key, "cancel_reason": "Cancelled by the sender"}
            self._stop(key, "ds.xms.order.cancel", order, body)

    def intercept(self, key: str, wish: str) -> None:
        if wish != "hold":
            raise refused(key, "option", f"wish: {wish!r}; known: ['hold']")
        body = {"request_no": key, "is_hold": "Y", "hold_reason": "Held by the sender"}
        self._stop(key, "ds.xms.order.hold", self.sold(key), body)

    def _stop(self, key: str, method: str, order: object, body: dict[str, str]) -> None:
        under_way = parts.text(order, "consignment_status") in words.ON_ITS_WAY
        self.stopped(key, lambda: self._send(key, method, body), under_way=under_way)

    # --- prices, ways ---------------------------------------------------------------------

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:
        if len(shipment.parcels) > 1:
            raise RateUnavailable(carrier=self._name, reason="one parcel at a time")
        data = self._asked("ds.xms.estimated_cost.get", words.cost_of(shipment))
        billable_g = int(shipment.parcels[0].weight_g.to_integral_value())
        return words.prices_of(data, self._name, billable_g)

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:
        found: list[TrackEvent] = []
        for waybill in waybills:
            data = self._asked("tr.order.tracking.get", {"deliveryOrderNo": waybill})
            found += words.events_of(data, waybill)
        return parts.oldest_first(found)

    def _asked(self, method: str, body: object) -> Any:  # noqa: ANN401 - JSON
        return self.question(lambda: self._send("", method, body))

    # --- requests -------------------------------------------------------------------------

    def _send(self, key: str, method: str, body: object) -> Sent:
        """Send, signed; the bytes that are signed are the bytes that go out."""
        content = parts.as_body(body)
        public = {
            "app_key": self._key,
            "format": "json",
            "method": method,
            "timestamp": str(int(time() * 1000)),
            "v": _VERSIONS[method],
        }
        sign = words.signature(public, content, self._secret)
        # The language of their words is not signed.
        query = urlencode({**public, "sign": sign, "language": "en"})
        headers = {"Content-Type": "application/json"}
        return self._wire.send(key, "POST", f"{_PATH}?{query}", headers=headers, content=content)

    def told(self, key: str, answer: Sent) -> Any:  # noqa: ANN401 - JSON
        """The ``data`` of an answer; see ``Keyed.told``."""
        document = answer.json()
        if answer.unsure or answer.busy:
            raise parts.odd(key, answer)
        result = parts.text(document, "result")
        if answer.ok and result == "1":
            return words.data_of(document)
        if answer.ok and result != "0":
            raise parts.odd(key, answer)
        told = words.errors_of(document)
        reason = parts.reason_of(parts.CHINESE, told) or "carrier"
        if answer.status in parts.DENIED:
            reason = "credentials"
        raise refused(key, reason, told or f"HTTP {answer.status}")
