"""The scripted carrier as CDEK: a token, orders accepted first and made afterwards, print forms."""

from __future__ import annotations

import threading
from typing import Any, Final
from urllib.parse import parse_qs

from packstation.carriers.sandbox.books import Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told, as_json
from packstation.carriers.sandbox.server import SECRET

TOKEN: Final = "cdek-token"  # noqa: S105 - opens nothing but this
TARIFFS: Final = {"plain": 136, "fast": 137}
_SERVICES: Final = {str(code): name for name, code in TARIFFS.items()}
_CODES: Final = {
    "address": ("v2_recipient_location_not_recognized", "Recipient location is not recognized"),
    "weight": ("v2_package_weight_is_invalid", "Weight is out of range"),
    "service": ("v2_tariff_not_found", "Tariff is not available"),
    "duplicate": ("v2_similar_order_exists", "Order with this number already exists"),
    "denied": ("v2_token_expired", "Token has expired"),
    "limit": ("v2_too_many_requests", "Too many requests"),
    "never_bought": ("v2_entity_not_found_im_number", "Entity is not found by im number"),
    "tendered": ("v2_order_is_on_its_way", "Order cannot be removed"),
}
# What is found wrong only after the order was accepted.
_LATER: Final = frozenset({"address"})
_PRINT: Final = "/v2/print/barcodes"


class CdekDialect:
    """Reads and writes it; ``slow_forms``: how many looks until a print form is ready."""

    def __init__(self, *, slow_forms: int = 1) -> None:
        self.slow_forms = slow_forms
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}
        self._wrong: dict[str, str] = {}
        self._looks: dict[str, int] = {}
        self._here = ""

    def read(self, call: Call) -> Asked | None:
        self._here = f"http://{call.headers.get('host', '')}"
        if call.path == "/v2/oauth/token":
            form = parse_qs(call.body.decode())
            return Asked(op="token", secret=form.get("client_secret", [""])[0])
        secret = SECRET if call.headers.get("authorization") == f"Bearer {TOKEN}" else ""
        sent = call.json()
        match (call.method, call.path.strip("/").split("/")[1:]):
            case ("POST", ["orders"]):
                return _order(sent, secret)
            case ("GET", ["orders"]) if "cdek_number" in call.query:
                return Asked(op="track", secret=secret, waybills=(call.query["cdek_number"],))
            case ("GET", ["orders"]):
                return Asked(op="find", secret=secret, key=call.query.get("im_number", ""))
            case ("DELETE", ["orders", uuid]) | ("POST", ["orders", uuid, "refusal"]):
                return Asked(op="void", secret=secret, key=self._keys.get(uuid, uuid))
            case ("POST", ["print", "barcodes"]):
                uuid = str(((sent.get("orders") or [{}])[0]).get("order_uuid", ""))
                return Asked(op="quote", secret=secret, name="print", key=uuid)
            case ("GET", ["print", "barcodes", name]) if name.endswith(".pdf"):
                return Asked(op="label", secret=secret, key=self._of_form(name[:-4]))
            case ("GET", ["print", "barcodes", name]):
                return Asked(op="quote", secret=secret, name="look", key=name)
            case ("POST", ["calculator", "tarifflist"]):
                return Asked(op="quote", secret=secret)
            case _:
                return None

    def write(self, asked: Asked, told: Told) -> Answer:
        if asked.op == "token":
            return _token(asked)
        match told.outcome:
            case "refused" | "duplicate":
                return self._no(asked, told.reason or told.outcome)
            case "none":
                return self._nothing(asked)
            case "sold":
                assert told.sale is not None  # noqa: S101 - of a sale
                return _accepted(self._uuid(told.sale))
            case "found":
                assert told.sale is not None  # noqa: S101 - of a sale
                return as_json(self._shown(told.sale))
            case "file":
                if told.label is None:
                    return Answer(status=404, media="application/xml", body=b"<Error/>")
                return Answer(body=told.label, media="application/pdf")
            case "priced":
                return self._priced(asked)
            case "events":
                return as_json(self._shown(told.sales[0])) if told.sales else _no("never_bought")
            case _:
                return _accepted(f"order-of-{asked.key}")

    def _no(self, asked: Asked, reason: str) -> Answer:
        if asked.op == "buy" and reason in _LATER:
            with self._lock:
                self._wrong[asked.key] = reason
            return _accepted("order-wrong")
        return _no(reason)

    def _nothing(self, asked: Asked) -> Answer:
        reason = self._wrong.get(asked.key)
        if reason is None:
            return _no("never_bought")
        request = {"type": "CREATE", "state": "INVALID", "errors": [_error(reason)]}
        entity = {"uuid": "order-wrong", "number": asked.key, "statuses": []}
        return as_json({"entity": entity, "requests": [request]})

    def _uuid(self, sale: Sale) -> str:
        uuid = f"order-{sale.serial}"
        with self._lock:
            self._keys[uuid] = sale.key
        return uuid

    def _of_form(self, form: str) -> str:
        uuid = form.removeprefix("form-")
        return self._keys.get(uuid, uuid)

    def _shown(self, sale: Sale) -> dict[str, Any]:
        codes = ["CREATED"]
        codes += ["RECEIVED_AT_SHIPMENT_WAREHOUSE"] if sale.handed else []
        codes += ["REMOVED"] if sale.voided else []
        moments = [(code, f"2026-11-23T0{at + 1}:00:00+0000") for at, code in enumerate(codes)]
        statuses = [
            {"code": code, "name": code.title(), "date_time": at, "city": "Москва"}
            for code, at in reversed(moments)
        ]
        entity: dict[str, Any] = {
            "uuid": self._uuid(sale),
            "number": sale.key,
            "statuses": statuses,
        }
        if not sale.waits:
            entity["cdek_number"] = sale.waybill
        request = {"type": "CREATE", "state": "SUCCESSFUL", "date_time": "2026-11-23T01:00:00+0000"}
        return {"entity": entity, "requests": [request], "related_entities": []}

    def _priced(self, asked: Asked) -> Answer:
        if asked.name == "print":
            return _accepted(f"form-{asked.key}")
        if asked.name == "look":
            with self._lock:
                looks = self._looks[asked.key] = self._looks.get(asked.key, 0) + 1
            ready = looks > self.slow_forms
            entity: dict[str, Any] = {
                "uuid": asked.key,
                "statuses": [{"code": "READY" if ready else "PROCESSING"}],
            }
            if ready:
                entity["url"] = f"{self._here}{_PRINT}/{asked.key}.pdf"
            return as_json({"entity": entity})
        rows = [_price(137, 820.5, 2), _price(136, 412, 4), _price(99, 0, 1)]
        return as_json({"tariff_codes": rows})


def _order(sent: dict[str, Any], secret: str) -> Asked:
    to = sent.get("to_location") or {}
    package = (sent.get("packages") or [{}])[0]
    return Asked(
        op="buy",
        secret=secret,
        key=str(sent.get("number", "")),
        service=_SERVICES.get(str(sent.get("tariff_code")), ""),
        name=str((sent.get("recipient") or {}).get("name", "")),
        country=str(to.get("country_code", "RU")),
        postcode=str(to.get("postal_code", "")),
        gross_g=int(package.get("weight") or 0),
    )


def _token(asked: Asked) -> Answer:
    if asked.secret != SECRET:
        told = {"error": "invalid_client", "error_description": "Bad client credentials"}
        return as_json(told, 401)
    return as_json({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3599})


def _accepted(uuid: str) -> Answer:
    requests = [{"request_uuid": "r", "state": "ACCEPTED"}]
    return as_json({"entity": {"uuid": uuid}, "requests": requests}, 202)


def _error(reason: str) -> dict[str, str]:
    code, message = _CODES.get(reason, (f"v2_{reason}", reason))
    return {"code": code, "message": message}


def _no(reason: str) -> Answer:
    status = {"denied": 401, "limit": 429}.get(reason, 400)
    return as_json({"requests": [{"state": "INVALID", "errors": [_error(reason)]}]}, status)


def _price(code: int, amount: float, days: int) -> dict[str, Any]:
    return {
        "tariff_code": code,
        "tariff_name": f"Посылка {code}",
        "delivery_sum": amount,
        "period_min": days,
        "period_max": days + 1,
    }
