"""The scripted carrier as UPS, in the words that karrio's connector reads; it looks at no keys.

``GET /pages`` stands for the carrier's own pages, where a person looks a reference up.
"""

from __future__ import annotations

import base64
import threading
from typing import Any, Final

from packstation.carriers.sandbox.books import Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told, as_json

_CODES: Final = {
    "address": ("120202", "Invalid ship to address", 400),
    "weight": ("120900", "Maximum weight exceeded", 400),
    "service": ("111210", "The requested service is unavailable", 400),
    "denied": ("250002", "Invalid authentication information", 401),
    "limit": ("250003", "Too many requests", 429),
    "tendered": ("190117", "The allowed void period has expired", 400),
    "never_bought": ("190101", "No shipment found", 400),
}
_SHIP: Final = "/api/shipments/v2409/ship"
_VOID: Final = "/api/shipments/v2409/void/cancel/"
_DONE: Final = {"Code": "1", "Description": "Success"}
_OK: Final = {"ResponseStatus": _DONE}


class UpsDialect:
    """Reads and writes it; which key a number has, it must remember by itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}

    def read(self, call: Call) -> Asked | None:
        secret = call.headers.get("authorization", "").removeprefix("Bearer ")
        if call.path == "/security/v1/oauth/token":
            return Asked(op="token", secret=_client(call.headers.get("authorization", "")))
        if call.path == _SHIP:
            return _purchase(call.json().get("ShipmentRequest") or {}, secret)
        if call.path.startswith(_VOID):
            number = call.path.removeprefix(_VOID)
            return Asked(op="void", secret=secret, key=self._keys.get(number, ""))
        if call.path == "/pages":
            return Asked(op="find", secret=secret, key=call.query.get("reference", ""))
        return None

    def write(self, asked: Asked, told: Told) -> Answer:
        if asked.op == "token":
            token = {"access_token": asked.secret, "issued_at": "32503680000000"}
            return as_json({**token, "expires_in": "14399", "token_type": "Bearer"})
        match told.outcome:
            case "refused" | "duplicate":
                code, words, status = _CODES.get(told.reason, ("1", told.reason, 400))
                error = {"code": code, "message": words}
                return as_json({"response": {"errors": [error]}}, status)
            case "none":
                return as_json({"none": True}, 404)
            case "voided":
                return as_json(
                    {"VoidShipmentResponse": {"Response": _OK, "SummaryResult": _VOIDED}}
                )
            case "found":
                return as_json({"number": told.sale.waybill if told.sale else None})
            case _:
                return as_json({"ShipmentResponse": {"ShipmentResults": self._sold(told)}})

    def _sold(self, told: Told) -> dict[str, Any]:
        sale: Sale | None = told.sale
        assert sale is not None  # noqa: S101 - of a sale
        with self._lock:
            self._keys[sale.waybill] = sale.key
        content = base64.b64encode(told.label or b"").decode()
        label = {"ImageFormat": {"Code": "PDF"}, "GraphicImage": content}
        return {
            "ShipmentIdentificationNumber": sale.waybill,
            "PackageResults": [{"TrackingNumber": sale.waybill, "ShippingLabel": label}],
        }


_VOIDED: Final = {"Status": {"Code": "1", "Description": "Voided"}}


def _purchase(sent: dict[str, Any], secret: str) -> Asked:
    shipment = sent.get("Shipment") or {}
    to = shipment.get("ShipTo") or {}
    address = to.get("Address") or {}
    packages = shipment.get("Package") or [{}]
    weight = (packages[0].get("PackageWeight") or {}).get("Weight", "0")
    reference = ((sent.get("Request") or {}).get("TransactionReference") or {}).get(
        "CustomerContext", ""
    )
    return Asked(
        op="buy",
        secret=secret,
        key=str(reference),
        service=str((shipment.get("Service") or {}).get("Code", "")),
        name=str(to.get("Name") or ""),
        country=str(address.get("CountryCode") or ""),
        postcode=str(address.get("PostalCode") or ""),
        gross_g=round(float(weight) * 1000),
    )


def _client(header: str) -> str:
    """The second half of Basic authorization."""
    try:
        return base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")[2]
    except ValueError:
        return ""
