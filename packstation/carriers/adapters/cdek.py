"""CDEK (API 2.0): a token, orders that are made while we wait, print forms that are made likewise.

An order is accepted first (202) and made or found wrong afterwards, so a purchase is pending until
it has a number, and a refusal may come from ``find``. ``number`` is our key (``im_number`` in
questions). The label is the barcode of the place: asked for, made, fetched, and asked for again
where its address has run out. An order that was handed over is not taken back but refused for the
recipient (``intercept``: return). Not verified against CDEK itself: docs/carriers.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from time import sleep
from typing import Any, Final
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from msgspec import Struct

from packstation.carriers.adapters import cdek_words as words
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

BASE_URL: Final = "https://api.cdek.ru"
FILES: Final = frozenset({"api.cdek.ru", "api.edu.cdek.ru"})
_LATE_S: Final = 120.0
_MOST_FORMS: Final = 1_000
_WAITING: Final = frozenset({"ACCEPTED", "WAITING"})
_WASTE: Final = frozenset({"REMOVED", "INVALID"})


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a contract says: ``tariffs`` are our names of their tariffs' numbers.

    ``shipment_point`` is the office that takes our parcels, ``currency`` that of its prices.
    """

    tariffs: Mapping[str, int] = {}
    shipment_point: str = ""
    currency: str = "RUB"


class Cdek(Keyed):
    """One contract: its keys, and its ``terms``."""

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
        client_id: str,
        client_secret: str,
        terms: Terms,
        *,
        name: str = "cdek",
        base_url: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        """``name`` is what this account is called in quotes."""
        super().__init__(name, Wire(base_url, timeout_s=timeout_s), pause)
        self._tariffs = terms.tariffs
        self._point, self._currency = terms.shipment_point, terms.currency
        self._login = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._tokens = parts.Tokens(self._log_in)
        self._lock = threading.Lock()
        self._forms: dict[str, str] = {}

    # --- buying ---------------------------------------------------------------------------

    def placed(self, request: BuyRequest) -> Sent:
        body = words.order_of(request, self._tariffs, self._point)
        return self._send(request.key, "POST", "/v2/orders", body)

    def find(self, key: str) -> Bought | None:
        order = self.held(key)
        if order is None:
            return None
        sale = self.sale(key, order)
        state, errors = words.request_of(order, "CREATE")
        if state == "INVALID" and not sale.waybill and not sale.voided:
            reason, told = words.refusal_of(errors)
            raise refused(key, reason, told)
        return self.whole(key, order, LabelWanted())

    def held(self, key: str) -> Any:  # noqa: ANN401 - JSON
        target = f"/v2/orders?{urlencode({'im_number': key})}"
        answer = self.patiently(lambda: self._send(key, "GET", target), key)
        if self._none(answer):
            return None
        order = self._asked(key, answer)
        if parts.text(order, "entity", "number") != key:
            raise parts.odd(key, answer)
        return order

    def sale(self, key: str, order: Any) -> Bought:  # noqa: ANN401 - JSON
        uuid = parts.text(order, "entity", "uuid")
        if not uuid:
            raise LabelOutcomeUnknown(label_key=key, cause="answer: no uuid")
        return Bought(
            waybill=parts.text(order, "entity", "cdek_number"),
            ref=uuid,
            voided=words.REMOVED in words.states_of(order),
        )

    # --- labels ---------------------------------------------------------------------------

    def printed(self, key: str, order: Any, wanted: LabelWanted) -> Checked:  # noqa: ANN401 - JSON
        """The barcode: its form is asked for where there is none, looked at, and fetched."""
        uuid = parts.text(order, "entity", "uuid")
        with self._lock:
            form = self._forms.get(uuid, "")
        form = form or words.print_of(order) or self._ordered(key, uuid, wanted)
        target = f"/v2/print/barcodes/{quoted(form, safe='')}"
        answer = self.patiently(lambda: self._send(key, "GET", target), key)
        told = None if self._none(answer) else self._asked(key, answer)
        states = {parts.text(one, "code") for one in parts.rows(told, "entity", "statuses")}
        if told is None or states & _WASTE:
            with self._lock:
                self._forms.pop(uuid, None)
            self._ordered(key, uuid, wanted)
            return Checked(fault="missing", detail="made anew")
        url = parts.text(told, "entity", "url")
        if "READY" not in states or not url:
            return Checked(fault="missing", detail="being made")
        return parts.fetched(self._wire, key, url, FILES, wanted, self._headers(key))

    def _ordered(self, key: str, uuid: str, wanted: LabelWanted) -> str:
        """A new form; it is made while we wait."""
        body = {
            "orders": [{"order_uuid": uuid}],
            "copy_count": 1,
            "format": words.format_of(wanted),
        }
        answer = self.patiently(lambda: self._send(key, "POST", "/v2/print/barcodes", body), key)
        form = parts.text(self._asked(key, answer), "entity", "uuid")
        if not form:
            raise parts.odd(key, answer)
        with self._lock:
            while len(self._forms) >= _MOST_FORMS:
                del self._forms[next(iter(self._forms))]
            self._forms[uuid] = form
        return form

    # --- voids, stops ---------------------------------------------------------------------

    def void(self, key: str) -> None:
        order = self.sold(key)
        if words.REMOVED in words.states_of(order):
            return
        if words.states_of(order) - words.AT_HOME:
            raise refused(key, "tendered", ", ".join(sorted(words.states_of(order))))
        if words.request_of(order, "DELETE")[0] not in _WAITING:
            target = f"/v2/orders/{quoted(parts.text(order, 'entity', 'uuid'), safe='')}"
            answer = self.patiently(lambda: self._send(key, "DELETE", target), key)
            if self._none(answer):
                return
            self.told(key, answer)
        self._removed(key)

    def _removed(self, key: str) -> None:
        """Whether what was accepted was done, too.

        Raises:
            LabelRefused: it was not, and will not be.
            LabelOutcomeUnknown: not yet.
        """
        order = self.held(key)
        if order is None or words.REMOVED in words.states_of(order):
            return
        state, errors = words.request_of(order, "DELETE")
        if state == "INVALID":
            raise refused(key, "tendered", words.refusal_of(errors)[1])
        raise LabelOutcomeUnknown(label_key=key, cause=f"removal: {state or 'accepted'}")

    def intercept(self, key: str, wish: str) -> None:
        if wish != "return":
            raise refused(key, "option", f"wish: {wish!r}; known: ['return']")
        uuid = parts.text(self.sold(key), "entity", "uuid")
        target = f"/v2/orders/{quoted(uuid, safe='')}/refusal"
        answer = self.patiently(lambda: self._send(key, "POST", target, {}), key)
        self.told(key, answer)

    # --- prices, ways ---------------------------------------------------------------------

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:
        if not words.knows(self._currency):
            raise RateUnavailable(carrier=self._name, reason=f"currency: {self._currency}")
        body = words.calculation_of(shipment, self._currency)
        told = self._question("POST", "/v2/calculator/tarifflist", body)
        weight = sum((one.weight_g for one in shipment.parcels), Decimal(0))
        billable_g = int(weight.to_integral_value())
        return words.prices_of(told, self._name, self._currency, self._tariffs, billable_g)

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:
        found: list[TrackEvent] = []
        for waybill in waybills:
            target = f"/v2/orders?{urlencode({'cdek_number': waybill})}"
            found += words.events_of(self._question("GET", target), waybill)
        return parts.oldest_first(found)

    def _question(self, method: str, target: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """The answer to a question about no sale; None where they know of nothing.

        Raises:
            RateUnavailable: no answer.
        """
        try:
            answer = self.patiently(lambda: self._send("", method, target, body))
            return None if self._none(answer) else self._asked("", answer)
        except (LabelOutcomeUnknown, LabelRefused) as exc:
            raise RateUnavailable(carrier=self._name, reason=str(exc)) from exc

    # --- requests -------------------------------------------------------------------------

    def _headers(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.fresh(key)}"}

    def _send(self, key: str, method: str, target: str, body: object = None) -> Sent:
        """Send; where the token has run out, once more with a new one."""
        content = b"" if body is None else parts.as_body(body)
        kind = {"Content-Type": "application/json"} if content else {}

        def send(token: str) -> Sent:
            headers = {"Authorization": f"Bearer {token}"} | kind
            return self._wire.send(key, method, target, headers=headers, content=content)

        return self._tokens.carried(key, send)

    def _log_in(self, key: str) -> tuple[str, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode(self._login).encode()
        answer = self.patiently(
            lambda: self._wire.send(
                key, "POST", "/v2/oauth/token", headers=headers, content=content
            ),
            key,
        )
        document = answer.json()
        if answer.unsure or (answer.ok and not isinstance(document, dict)):
            raise parts.odd(key, answer)
        return parts.text(document, "access_token"), parts.text(document, "expires_in")

    @staticmethod
    def _none(answer: Sent) -> bool:
        """Whether it says that there is no such order or form; a page of HTML never does."""
        codes = {code for code, _ in words.errors_of(answer.json())}
        return 400 <= answer.status < 500 and bool(codes & words.NO_SUCH)

    def _asked(self, key: str, answer: Sent) -> Any:  # noqa: ANN401 - JSON
        """As ``told``; a refused question settles nothing of the sale."""
        try:
            return self._document(key, answer, strict=False)
        except LabelRefused as exc:
            raise unsettled(key, exc) from exc

    def told(self, key: str, answer: Sent) -> Any:  # noqa: ANN401 - JSON
        """The object of an answer; a request in it that is INVALID is a refusal."""
        return self._document(key, answer)

    @staticmethod
    def _document(key: str, answer: Sent, *, strict: bool = True) -> Any:  # noqa: ANN401 - JSON
        """The object of an answer that says "done" or, of a request, "accepted".

        ``strict``: a request of it that is INVALID is a refusal.

        Raises:
            LabelRefused: CDEK says no.
            LabelOutcomeUnknown: it says nothing that can be understood.
        """
        document = answer.json()
        if answer.unsure or answer.busy:
            raise parts.odd(key, answer)
        errors = words.errors_of(document)
        invalid = strict and any(
            parts.text(one, "state") == "INVALID" for one in parts.rows(document, "requests")
        )
        if answer.ok and not invalid:
            known = parts.under(document, "entity") or parts.rows(document, "tariff_codes")
            if not known:
                raise parts.odd(key, answer)
            return document
        reason, told = words.refusal_of(errors)
        if any(words.BUSY in code for code, _ in errors):
            raise LabelOutcomeUnknown(label_key=key, cause=told)
        if answer.status in parts.DENIED:
            reason = "credentials"
        raise refused(key, reason, told or f"HTTP {answer.status}")
