"""What EasyPost reads and writes: shipments out of requests, sales out of shipments. Pure.

Source: docs.easypost.com, pages Shipments, Options, Customs, Trackers and Errors (v2), read in
November 2026. Ounces and inches are decimals, rounded up so that nothing is declared lighter or
smaller than it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import Any, Final

from packstation.carriers.label_files import PDF, PNG, ZPL
from packstation.domain.carriers import Bought, BuyRequest, GoodsLine, TrackEvent, charged, refused
from packstation.domain.orders import Address

OUNCE_G: Final = Decimal("28.349523125")
INCH_MM: Final = Decimal("25.4")
_HUNDREDTH: Final = Decimal("0.01")
_TENTH: Final = Decimal("0.1")
_FORMATS: Final = {PDF: "PDF", PNG: "PNG", ZPL: "ZPL"}
_CONTENTS: Final = {
    "sale_of_goods": "merchandise",
    "gift": "gift",
    "documents": "documents",
    "sample": "sample",
    "returned_goods": "returned_goods",
}
# Options of ours that EasyPost takes, as it calls them; all others are refused by name.
_OPTIONS: Final = {"signature": ("delivery_confirmation", "SIGNATURE")}
_TAKEN_BACK: Final = frozenset({"submitted", "refunded"})
# Error code, or its beginning -> reason; the carrier's own words decide where it is a bare failure.
_CODES: Final = (
    ("APIKEY", "credentials"),
    ("ACCOUNT", "credentials"),
    ("BILLING", "limit"),
    ("PAYMENT", "limit"),
    ("RATE_LIMITED", "limit"),
    ("ADDRESS", "address"),
    ("CUSTOMS", "documents"),
)
_WORDS: Final = (
    ("weight", "weight"),
    ("dimension", "size"),
    ("girth", "size"),
    ("customs", "documents"),
    ("address", "address"),
    ("postal code", "address"),
    ("zip", "address"),
    ("service", "service"),
    ("insufficient", "limit"),
)
POSTAGE_EXISTS: Final = "SHIPMENT.POSTAGE.EXISTS"
_STATUSES: Final = frozenset(
    {
        *("in_transit", "out_for_delivery", "delivered", "return_to_sender", "cancelled"),
        "pre_transit",
    }
)
_OTHER_STATUSES: Final = {
    "available_for_pickup": "ready_for_pickup",
    "failure": "delivery_failed",
    "error": "delivery_failed",
}


def shipment_of(request: BuyRequest) -> dict[str, Any]:
    """The body of ``POST /v2/shipments``.

    Raises:
        LabelRefused: ``address`` without a name or with control characters; ``weight`` none;
            ``option`` one that EasyPost does not take; ``documents`` goods of unknown value abroad;
            ``value`` an insured sum that is not in USD.
    """
    key = request.key
    if request.gross_g <= 0:
        raise refused(key, "weight", f"gross_g: {request.gross_g}; above 0 is allowed")
    shipment: dict[str, Any] = {
        "reference": key,
        "to_address": address_of(request.recipient, key),
        "from_address": address_of(request.sender, key),
        "parcel": parcel_of(Decimal(request.gross_g), request.size_mm),
        "options": _options(request),
    }
    if request.sender.country != request.recipient.country:
        shipment["customs_info"] = _customs(request)
    return {"shipment": shipment}


def insurance_of(request: BuyRequest) -> str:
    """The insured sum in dollars, as text; "" where none is wanted.

    Raises:
        LabelRefused: ``value`` another currency.
    """
    if request.insured is None:
        return ""
    if request.insured.currency != "USD":
        detail = f"insured: {request.insured.currency}; USD is allowed"
        raise refused(request.key, "value", detail)
    return f"{request.insured.rounded().amount:f}"


def address_of(address: Address, key: str = "") -> dict[str, str]:
    """An address as EasyPost writes it.

    Raises:
        LabelRefused: ``address``, as above.
    """
    lines = [*address.lines, "", ""]
    fields = {
        "name": address.name,
        "company": address.company,
        "street1": lines[0],
        "street2": ", ".join(line for line in lines[1:] if line),
        "city": address.city,
        "state": address.region,
        "zip": address.postcode,
        "country": address.country,
        "phone": address.phone,
        "email": address.email,
    }
    if not (address.name.strip() or address.company.strip()):
        raise refused(key, "address", "name: missing")
    for name, text in fields.items():
        if any(ord(char) < ord(" ") or ord(char) == 0x7F for char in text):
            raise refused(key, "address", f"{name}: control characters")
    return {name: text for name, text in fields.items() if text}


def parcel_of(grams: Decimal, size_mm: tuple[int, ...]) -> dict[str, str]:
    """Ounces to the hundredth, inches to the tenth."""
    parcel = {"weight": _ounces(grams)}
    if len(size_mm) == 3:
        for name, side in zip(("length", "width", "height"), size_mm, strict=True):
            parcel[name] = f"{(side / INCH_MM).quantize(_TENTH, rounding=ROUND_UP):f}"
    return parcel


def _ounces(grams: Decimal) -> str:
    return f"{(grams / OUNCE_G).quantize(_HUNDREDTH, rounding=ROUND_UP):f}"


def _options(request: BuyRequest) -> dict[str, str]:
    options = {"label_format": _FORMATS.get(request.wanted.media, "PDF")}
    if request.wanted.width_mm and request.wanted.height_mm:
        sides = (Decimal(str(side)) / INCH_MM for side in _stock(request))
        options["label_size"] = "x".join(f"{round(side):d}" for side in sides)
    if request.order:
        options["print_custom_1"] = request.order[:50]
    if request.incoterm:
        options["incoterm"] = request.incoterm
    for name in request.options:
        if name == "insurance":
            continue
        if name not in _OPTIONS:
            raise refused(request.key, "option", f"option: {name!r}; known: {sorted(_OPTIONS)}")
        options[_OPTIONS[name][0]] = _OPTIONS[name][1]
    if request.cod is not None or request.pickup_point:
        raise refused(request.key, "option", "cod, pickup_point: not with this account")
    return options


def _stock(request: BuyRequest) -> tuple[float, float]:
    return request.wanted.width_mm, request.wanted.height_mm


def _customs(request: BuyRequest) -> dict[str, Any]:
    return {
        "contents_type": _CONTENTS.get(request.category, "other"),
        "restriction_type": "none",
        "customs_certify": True,
        "customs_signer": request.sender.name or request.sender.company,
        "customs_items": [_item(line) for line in request.goods],
    }


def _item(line: GoodsLine) -> dict[str, str]:
    item = {
        "description": line.description or line.sku,
        "quantity": str(line.quantity),
        "hs_tariff_number": line.hs,
        "origin_country": line.origin,
        "code": line.sku[:20],
    }
    if line.value is not None:
        item["value"] = f"{(line.value * line.quantity).rounded().amount:f}"
        item["currency"] = line.value.currency
    if line.net_g:
        item["weight"] = _ounces(Decimal(line.net_g * line.quantity))
    return {name: text for name, text in item.items() if text}


# --- what comes back ---------------------------------------------------------------------------


def rates_of(shipment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Its rates; what is none is left out."""
    rates = shipment.get("rates")
    return [one for one in rates if isinstance(one, dict)] if isinstance(rates, list) else []


def rate_for(service: str, rates: list[Mapping[str, Any]]) -> str:
    """The id of the one rate for ``service`` (``USPS.Priority``, or ``Priority``); "" for none.

    Where several accounts offer it, the carrier must be named.
    """
    carrier, _, name = service.rpartition(".")
    fitting = [
        one
        for one in rates
        if one.get("service") == name and (not carrier or one.get("carrier") == carrier)
    ]
    ids = {str(one.get("id") or "") for one in fitting}
    return ids.pop() if len(ids) == 1 else ""


def sale_of(shipment: Mapping[str, Any]) -> Bought | None:
    """What was sold with it; None where nothing was."""
    label = shipment.get("postage_label")
    number = shipment.get("tracking_code")
    chosen = shipment.get("selected_rate")
    if not (label or number or chosen):
        return None
    rate = chosen if isinstance(chosen, dict) else {}
    return Bought(
        waybill=number if isinstance(number, str) else "",
        state="done" if number else "pending",
        ref=str(shipment.get("id") or ""),
        voided=shipment.get("refund_status") in _TAKEN_BACK,
        price=charged(str(rate.get("rate", "")), str(rate.get("currency", ""))),
    )


def label_url(shipment: Mapping[str, Any]) -> str:
    """Where its label lies; "" where there is none yet."""
    label = shipment.get("postage_label")
    url = label.get("label_url") if isinstance(label, dict) else None
    return url if isinstance(url, str) else ""


def refusal_of(document: object) -> tuple[str, str, str]:
    """Reason, code and words of an error."""
    told = document.get("error") if isinstance(document, dict) else None
    if not isinstance(told, dict):
        return "carrier", "", str(told or "")[:300]
    code, words = str(told.get("code") or ""), str(told.get("message") or "")
    for start, reason in _CODES:
        if code.startswith(start):
            return reason, code, f"{code}: {words}"
    lower = words.lower()
    reason = next((reason for word, reason in _WORDS if word in lower), "carrier")
    return reason, code, f"{code}: {words}"


def events_of(trackers: object, waybill: str) -> list[TrackEvent]:
    """A parcel's way out of ``GET /v2/trackers``."""
    found: list[TrackEvent] = []
    for tracker in trackers if isinstance(trackers, list) else ():
        if not isinstance(tracker, dict) or tracker.get("tracking_code") != waybill:
            continue
        details = tracker.get("tracking_details")
        found += [
            _event(waybill, one)
            for one in (details if isinstance(details, list) else ())
            if isinstance(one, dict)
        ]
    return sorted(found, key=lambda event: event.at.timestamp() if event.at else 0.0)


def _event(waybill: str, one: Mapping[str, Any]) -> TrackEvent:
    code = str(one.get("status") or "")
    place = one.get("tracking_location")
    city = place.get("city") if isinstance(place, dict) else None
    return TrackEvent(
        waybill=waybill,
        raw_code=str(one.get("status_detail") or code),
        raw_text=str(one.get("message") or ""),
        at=_moment(one.get("datetime")),
        place=str(city or ""),
        status=code if code in _STATUSES else _OTHER_STATUSES.get(code, ""),
    )


def _moment(text: object) -> datetime | None:
    """An instant; without an offset nobody knows which."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
