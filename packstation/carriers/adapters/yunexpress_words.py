"""What YunExpress reads and writes: orders out of requests, prices and events out of answers. Pure.

Source: descriptions of the open platform (openapi.yunexpress.cn, v1) in public code, read in
November 2026; docs/carriers.md says which statements rest on what. Weights go out in whole grams
(``weight_unit`` G), sides in centimetres to the tenth, prices as JSON numbers digit by digit.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from packstation.carriers.adapters import parts
from packstation.carriers.label_files import PDF, PNG, ZPL
from packstation.domain.carriers import BuyRequest, GoodsLine, TrackEvent, charged, refused
from packstation.domain.orders import Address
from packstation.domain.services import Quoted
from packstation.domain.shipments import Shipment

MOST_KEY: Final = 50
_MOST_LINE: Final = 200
_FORMATS: Final = {PDF: "PDF", PNG: "PNG", ZPL: "ZPL"}
# Options of ours: the code of their extra service; all others are refused by name.
_OPTIONS: Final = {"signature": "Ls0091"}
CANCELLED: Final = "E"
# In the warehouse, shipped, completed: too late to cancel.
ON_ITS_WAY: Final = frozenset({"B", "C", "D"})
_STATUSES: Final = {
    "ORDER_CREATION": "pre_transit",
    "FIRST_MILE_ARRIVE": "in_transit",
    "DELIVERED": "delivered",
}
_CURRENCIES: Final = {"RMB": "CNY"}
_DAYS: Final = re.compile(r"\s*([0-9]{1,3})\s*[-~]\s*([0-9]{1,3})\D*")


def signature(secret: str, date: str, method: str, path: str, body: bytes) -> str:
    """HMAC-SHA256, Base64, of ``body=..&date=..&method=..&uri=..``; without a body, without it."""
    start = b"body=" + body + b"&" if body else b""
    signed = start + f"date={date}&method={method}&uri={path}".encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def order_of(request: BuyRequest) -> dict[str, Any]:
    """The body of ``POST /v1/order/package/create``.

    Raises:
        LabelRefused: by the field that they would refuse; nothing was sent.
    """
    key = request.key
    weight = parts.grams(request)
    parts.only(request, _OPTIONS)
    if request.cod is not None or request.insured is not None:
        raise refused(key, "option", "cod, insurance: the form of their sums is not known")
    if not request.goods:
        raise refused(key, "documents", "goods: at least one line is wanted")
    package: dict[str, Any] = {"weight": weight}
    if len(request.size_mm) == 3:
        names = ("length", "width", "height")
        sides = (parts.centimetres(side) for side in request.size_mm)
        package |= dict(zip(names, sides, strict=True))
    order: dict[str, Any] = {
        "product_code": request.service,
        "customer_order_number": parts.at_most(key, "key", key, MOST_KEY, "invalid"),
        "weight_unit": "G",
        "size_unit": "CM",
        "label_type": _FORMATS.get(request.wanted.media, "PDF"),
        "packages": [package],
        "receiver": _person(key, request.recipient),
        "declaration_info": [_declared(key, line) for line in request.goods],
    }
    if request.sender != Address():
        order["sender"] = _person(key, request.sender)
    if request.options:
        order["extra_services"] = [{"extra_code": _OPTIONS[name]} for name in request.options]
    if request.pickup_point:
        order["point_relais_num"] = request.pickup_point
    ioss = request.recipient.ioss or request.sender.ioss
    if ioss:
        order["customs_number"] = {"ioss_code": ioss}
    return order


def _person(key: str, address: Address) -> dict[str, Any]:
    lines = [parts.at_most(key, "lines", line, _MOST_LINE) for line in address.lines if line]
    fields = {
        "first_name": parts.at_most(key, "name", parts.who(key, address), _MOST_LINE),
        "company": address.company,
        "country_code": address.country,
        "province": address.region,
        "city": address.city,
        "postal_code": address.postcode,
        "phone_number": address.phone,
        "email": address.email,
        "certificate_code": address.tax_id,
    }
    told: dict[str, Any] = dict(parts.filled(key, fields))
    parts.filled(key, {f"lines[{at}]": line for at, line in enumerate(lines)})
    return {**told, "address_lines": lines}


def _declared(key: str, line: GoodsLine) -> dict[str, Any]:
    fields = {
        "sku_code": line.sku,
        "name_en": line.description,
        "name_local": line.local_description,
        "hs_code": line.hs,
    }
    told: dict[str, Any] = dict(parts.filled(key, fields, "documents"))
    told["quantity"] = line.quantity
    if line.net_g:
        told["unit_weight"] = line.net_g
    if line.value is not None:
        told["unit_price"] = line.value.amount
        told["currency"] = line.value.currency
    return told


# --- what comes back ---------------------------------------------------------------------------


def trial_of(shipment: Shipment) -> dict[str, str]:
    """The query of ``GET /v1/price-trial/get``, for one parcel."""
    parcel = shipment.parcels[0]
    query = {
        "country_code": shipment.destination.country,
        "postal_code": shipment.destination.postcode,
        "weight": f"{parcel.weight_g.normalize():f}",
        "weight_unit": "G",
        "package_type": "C" if shipment.goods.battery == "none" else "E",
    }
    if parcel.sides is not None:
        names = ("length", "width", "height")
        sides = (f"{(side / 10).normalize():f}" for side in parcel.sides)
        query |= dict(zip(names, sides, strict=True)) | {"size_unit": "CM"}
    return {name: value for name, value in query.items() if value}


def prices_of(fees: list[dict[str, Any]], account: str, billable_g: int) -> tuple[Quoted, ...]:
    """One price a product: its fees in one currency together. A fee named twice is no price."""
    sums: dict[tuple[str, str], list[tuple[str, Decimal, str]]] = {}
    days: dict[str, tuple[int | None, int | None]] = {}
    spoilt: set[str] = set()
    for fee in fees:
        product, name = parts.text(fee, "product_code"), parts.text(fee, "fee_name")
        currency = parts.text(fee, "currency")
        amount = parts.text(fee, "calculate_amount")
        money = charged(amount, _CURRENCIES.get(currency, currency))
        if not product or money is None:
            spoilt.add(product)
            continue
        lines = sums.setdefault((product, money.currency), [])
        if any(code == name for code, _, _ in lines):
            spoilt.add(product)
        lines.append((name, money.amount, parts.text(fee, "product_name")))
        days[product] = _days(parts.text(fee, "interval_day"))
    products = [product for product, _ in sums]
    found = [
        Quoted(
            carrier=account,
            service=product,
            amount=sum((amount for _, amount, _ in lines), Decimal(0)),
            currency=currency,
            billable_g=billable_g,
            min_days=days[product][0],
            max_days=days[product][1],
            rank=0,
            lines=tuple(lines),
        )
        for (product, currency), lines in sums.items()
        if product not in spoilt and products.count(product) == 1
    ]
    found.sort(key=lambda one: (one.currency, one.amount, one.service))
    return tuple(replace(one, rank=rank) for rank, one in enumerate(found, 1))


def _days(said: str) -> tuple[int | None, int | None]:
    found = _DAYS.fullmatch(said)
    return (int(found[1]), int(found[2])) if found else (None, None)


def events_of(result: object, waybill: str) -> list[TrackEvent]:
    """A parcel's way; an event is of the parcel that was asked about, or is left out."""
    found: list[TrackEvent] = []
    for entry in result if isinstance(result, list) else [result]:
        way = parts.under(entry, "track_Info") or parts.under(entry, "track_info") or entry
        numbers = {parts.text(way, "waybill_number"), parts.text(way, "tracking_number")}
        if waybill in numbers:
            found += [_event(waybill, one) for one in parts.rows(way, "track_events")]
    return found


def _event(waybill: str, one: Mapping[str, Any]) -> TrackEvent:
    code = parts.text(one, "track_node_code")
    utc = parts.text(one, "process_utc_time")
    return TrackEvent(
        waybill=waybill,
        raw_code=code,
        raw_text=parts.text(one, "process_content") or parts.text(one, "track_node_description"),
        at=parts.moment(utc, "0") if utc else parts.moment(parts.text(one, "process_time")),
        place=parts.text(one, "process_location") or parts.text(one, "process_city"),
        status=_STATUSES.get(code, ""),
    )
