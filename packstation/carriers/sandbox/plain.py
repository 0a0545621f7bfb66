"""The scripted carrier's own interface: plain JSON, a token, our key as ``reference``.

``resources/carriers/sandbox.json`` describes it to the generic adapter (``adapters/rest``).
"""

from __future__ import annotations

import base64
from typing import Any, Final

from packstation.carriers.sandbox.books import Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told, as_json

# What a reason is called here, and the status that goes with it.
CODES: Final = {
    "address": ("ADDRESS_NOT_SERVED", 422),
    "weight": ("TOO_HEAVY", 422),
    "service": ("NO_SUCH_SERVICE", 422),
    "duplicate": ("REFERENCE_EXISTS", 409),
    "denied": ("TOKEN_EXPIRED", 401),
    "limit": ("SLOW_DOWN", 429),
    "never_bought": ("UNKNOWN_REFERENCE", 404),
    "tendered": ("ON_ITS_WAY", 409),
}
_WAYS: Final = {
    ("POST", "/v1/shipments"): "buy",
    ("GET", "/v1/shipments"): "find",
    ("GET", "/v1/labels"): "label",
    ("POST", "/v1/voids"): "void",
    ("POST", "/v1/rates"): "quote",
    ("GET", "/v1/events"): "track",
    ("POST", "/v1/manifests"): "manifest",
}


class PlainDialect:
    """Reads and writes it."""

    def read(self, call: Call) -> Asked | None:
        op = _WAYS.get((call.method, call.path))
        if op is None:
            return None
        sent = call.json()
        to = sent.get("recipient") or {}
        numbers = sent.get("numbers") or [n for n in call.query.get("numbers", "").split(",") if n]
        return Asked(
            op=op,  # type: ignore[arg-type] # of the table
            secret=call.headers.get("authorization", "").removeprefix("Bearer "),
            key=str(sent.get("reference") or call.query.get("reference", "")),
            service=str(sent.get("service", "")),
            name=str(to.get("name", "")),
            country=str(to.get("country", "")),
            postcode=str(to.get("postcode", "")),
            gross_g=int(sent.get("weight_g") or 0),
            waybills=tuple(str(one) for one in numbers),
        )

    def write(self, asked: Asked, told: Told) -> Answer:
        match told.outcome:
            case "refused" | "duplicate":
                return _refused(told.reason or told.outcome)
            case "none":
                return as_json({"shipments": []})
            case "found":
                return as_json({"shipments": [_shown(told)]})
            case "file":
                content = base64.b64encode(told.label).decode() if told.label else None
                return as_json({"ready": told.label is not None, "content": content})
            case "events":
                return as_json({"events": [_event(sale) for sale in told.sales]})
            case "handed":
                return as_json({"id": f"M-{asked.key}", "unknown": list(told.missing)})
            case "priced":
                price = {"service": "plain", "amount": "24.10", "currency": "CNY", "days": [5, 9]}
                return as_json({"rates": [price]})
            case "voided":
                return as_json({"voided": True})
            case "sold":
                return as_json(_shown(told), 201)


def _refused(reason: str) -> Answer:
    code, status = CODES.get(reason, (reason.upper(), 422))
    return as_json({"error": {"code": code, "message": f"it says {reason}"}}, status)


def _shown(told: Told) -> dict[str, Any]:
    sale = told.sale
    assert sale is not None  # noqa: S101 - of a sale
    label = base64.b64encode(told.label).decode() if told.label else None
    return {
        "id": sale.ref,
        "reference": sale.key,
        "number": None if sale.waits else sale.waybill,
        "state": "pending" if sale.waits else "done",
        "voided": sale.voided,
        "label": {"content": label},
        "charge": {"amount": sale.price, "currency": "CNY"},
    }


def _event(sale: Sale) -> dict[str, str]:
    return {
        "number": sale.waybill,
        "code": "HANDED" if sale.handed else "CREATED",
        "text": "Handed over" if sale.handed else "Label created",
        "at": "2026-11-23T01:00:00Z",
        "place": "Guangzhou",
    }
