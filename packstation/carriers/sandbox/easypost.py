"""The scripted carrier as EasyPost: shipments by reference, rates, a purchase, files by address."""

from __future__ import annotations

import base64
import threading
from typing import Any, Final
from urllib.parse import unquote

from packstation.carriers.adapters.easypost_words import OUNCE_G, POSTAGE_EXISTS
from packstation.carriers.sandbox.books import Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told, as_json
from packstation.carriers.sandbox.server import SECRET

# What a reason is called here, and the status that goes with it.
_CODES: Final = {
    "address": ("ADDRESS.VERIFY.FAILURE", 422),
    "weight": ("SHIPMENT.POSTAGE.FAILURE", 422),
    "service": ("SHIPMENT.POSTAGE.FAILURE", 422),
    "duplicate": (POSTAGE_EXISTS, 422),
    "denied": ("APIKEY.INACTIVE", 401),
    "limit": ("RATE_LIMITED", 429),
    "never_bought": ("NOT_FOUND", 404),
}
_SERVICES: Final = ("plain", "fast")


class EasyPostDialect:
    """Reads and writes it; shipments that were made and not bought are kept by their id."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, dict[str, Any]] = {}
        self._by_key: dict[str, str] = {}
        self._here = ""

    def read(self, call: Call) -> Asked | None:
        self._here = f"http://{call.headers.get('host', '')}"
        secret = _secret(call.headers.get("authorization", ""))
        match (call.method, call.path.strip("/").split("/")):
            case ("POST", ["v2", "shipments"]):
                return self._asked("quote", self._make(call.json().get("shipment") or {}), secret)
            case ("GET", ["v2", "shipments", key]):
                # The look before a shipment is made is no question about a sale.
                known = unquote(key) in self._by_key
                return Asked(op="find" if known else "quote", secret=secret, key=unquote(key))
            case ("POST", ["v2", "shipments", made, "buy"]):
                rate = str((call.json().get("rate") or {}).get("id", ""))
                return self._asked("buy", made, secret, rate.removeprefix("rate_"))
            case ("POST", ["v2", "shipments", made, "refund"]):
                return self._asked("void", made, secret)
            case ("GET", ["v2", "trackers"]):
                numbers = (call.query.get("tracking_code", ""),)
                return Asked(op="track", secret=secret, waybills=numbers)
            case ("GET", ["files", made]):
                return self._asked("label", made, SECRET)  # the address opens by itself
            case _:
                return None

    def write(self, asked: Asked, told: Told) -> Answer:
        match told.outcome:
            case "refused" | "duplicate":
                if told.reason == "tendered":
                    return as_json({**self._shown(asked, None), "refund_status": "rejected"})
                return _refused(told.reason or told.outcome)
            case "priced" | "none":
                if asked.key and asked.key not in self._by_key:
                    return _refused("never_bought")
                return as_json(self._shown(asked, None), 201 if asked.op == "quote" else 200)
            case "file":
                if told.label is None:
                    return Answer(status=404, media="application/xml", body=b"<Error/>")
                return Answer(body=told.label, media="application/pdf")
            case "events":
                return as_json({"trackers": [_tracker(sale) for sale in told.sales]})
            case "voided":
                return as_json({**self._shown(asked, None), "refund_status": "submitted"})
            case _:
                return as_json(self._shown(asked, told.sale))

    def _make(self, sent: dict[str, Any]) -> str:
        with self._lock:
            made = f"shp_{len(self._made) + 1:032x}"
            self._made[made] = sent
            if sent.get("reference"):
                self._by_key[str(sent["reference"])] = made
        return made

    def _asked(self, op: Any, made: str, secret: str, service: str = "") -> Asked:  # noqa: ANN401 - a Literal
        sent = self._made.get(made, {})
        to = sent.get("to_address") or {}
        ounces = str((sent.get("parcel") or {}).get("weight", "0"))
        return Asked(
            op=op,
            secret=secret,
            key=str(sent.get("reference") or ""),
            service=service,
            name=str(to.get("name") or to.get("company") or ""),
            country=str(to.get("country", "")),
            postcode=str(to.get("zip", "")),
            gross_g=int(float(ounces) * float(OUNCE_G)),
        )

    def _shown(self, asked: Asked, sale: Sale | None) -> dict[str, Any]:
        made = self._by_key.get(asked.key, f"shp_{0:032x}")
        rates = [
            {
                "id": f"rate_{name}",
                "carrier": "USPS",
                "service": name,
                "rate": "24.10",
                "currency": "USD",
                "est_delivery_days": 5,
            }
            for name in _SERVICES
        ]
        shown: dict[str, Any] = {
            "id": made,
            "object": "Shipment",
            "reference": asked.key or None,
            "rates": rates,
            "messages": [],
            "postage_label": None,
            "selected_rate": None,
            "tracking_code": None,
            "refund_status": None,
        }
        if sale is not None:
            shown["selected_rate"] = rates[_SERVICES.index(sale.service)]
            shown["postage_label"] = {"label_url": f"{self._here}/files/{made}"}
            shown["tracking_code"] = None if sale.waits else sale.waybill
            shown["refund_status"] = "submitted" if sale.voided else None
        return shown


def _secret(header: str) -> str:
    """The name of Basic authorization; a password has EasyPost none."""
    try:
        return base64.b64decode(header.removeprefix("Basic ")).decode().removesuffix(":")
    except ValueError:
        return ""


def _refused(reason: str) -> Answer:
    code, status = _CODES.get(reason, ("SHIPMENT.INVALID", 422))
    error = {"code": code, "message": f"it says {reason}", "errors": []}
    return as_json({"error": error}, status)


def _tracker(sale: Sale) -> dict[str, Any]:
    event = {
        "status": "in_transit" if sale.handed else "pre_transit",
        "status_detail": "label_created",
        "message": "Shipping label created",
        "datetime": "2026-11-23T01:00:00Z",
        "tracking_location": {"city": "SHENZHEN"},
    }
    return {"tracking_code": sale.waybill, "tracking_details": [event]}
