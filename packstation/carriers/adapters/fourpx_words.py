"""What 4PX reads and writes: orders out of requests, sales, events and prices out of answers. Pure.

Source: descriptions of the open platform (open.4px.com) in public code, read in November 2026;
docs/carriers.md says which statement rests on what. Weights are whole grams, sides centimetres to
the tenth, sums JSON numbers digit by digit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from packstation.carriers.adapters import parts
from packstation.carriers.label_files import TOLERANCE_MM
from packstation.domain.carriers import (
    BuyRequest,
    GoodsLine,
    LabelWanted,
    TrackEvent,
    charged,
    refused,
)
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.domain.shipments import Shipment

MOST_KEY: Final = 50
_MOST_STREET: Final = 200
_SIZES: Final = {
    "label_80x90": (80.5, 90.0),
    "label_100x100": (98.0, 98.0),
    "label_100x150": (100.0, 150.0),
    "label_100x200": (100.0, 200.0),
}
_ANY_SIZE: Final = "label_100x150"
# They go to a door by themselves; no option of ours has a name at 4PX that is known.
_DELIVERY: Final = "3"
CLOSED: Final = "X"
# Handed over, in the warehouse, sent out: too late to cancel.
ON_ITS_WAY: Final = frozenset({"V", "H", "C"})


def signature(public: Mapping[str, str], body: bytes, secret: str) -> str:
    """MD5 of names and values of the public parameters by name, then the body, then the secret."""
    signed = "".join(f"{name}{public[name]}" for name in sorted(public)).encode()
    return hashlib.md5(signed + body + secret.encode(), usedforsecurity=False).hexdigest()


def order_of(request: BuyRequest) -> dict[str, Any]:
    """The body of ``ds.xms.order.create``.

    Raises:
        LabelRefused: by the field that they would refuse; nothing was sent.
    """
    key = request.key
    parts.only(request, ())
    if request.cod is not None or request.insured is not None or request.pickup_point:
        raise refused(key, "option", "cod, insurance, pickup_point: not with this account")
    if not request.goods:
        raise refused(key, "documents", "goods: at least one line is wanted")
    parcel = {"weight": parts.grams(request), "include_battery": _battery(request)}
    parcel |= _worth(request)
    if len(request.size_mm) == 3:
        sides = (parts.centimetres(side) for side in request.size_mm)
        parcel |= dict(zip(("length", "width", "height"), sides, strict=True))
    return {
        "ref_no": parts.at_most(key, "key", key, MOST_KEY, "invalid"),
        "business_type": "BDS",
        "duty_type": "P" if request.incoterm == "DDP" else "U",
        "logistics_service_info": {"logistics_product_code": request.service},
        "return_info": {"is_return_on_domestic": "N", "is_return_on_oversea": "N"},
        "parcel_list": [
            parcel | {"declare_product_info": [_declared(key, line) for line in request.goods]}
        ],
        "is_insure": "N",
        "sender": _person(key, request.sender),
        "recipient_info": _person(key, request.recipient),
        "deliver_type_info": {"deliver_type": _DELIVERY},
    }


def _battery(request: BuyRequest) -> str:
    """N; a battery would have to be told by a type of theirs.

    Raises:
        LabelRefused: ``goods``.
    """
    for line in request.goods:
        if line.battery != "none":
            raise refused(request.key, "goods", f"{line.sku}: battery: their types are not known")
    return "N"


def _worth(request: BuyRequest) -> dict[str, Any]:
    """What all is worth, where every line says it.

    Raises:
        LabelRefused: ``value``: several currencies.
    """
    values = [line.value * line.quantity for line in request.goods if line.value is not None]
    if len({one.currency for one in values}) > 1:
        raise refused(request.key, "value", "goods: of several currencies")
    if len(values) < len(request.goods):
        return {}
    total = Money(sum((one.amount for one in values), Decimal(0)), values[0].currency).rounded()
    return {"parcel_value": total.amount, "currency": total.currency}


def _person(key: str, address: Address) -> dict[str, str]:
    street = parts.at_most(key, "lines", ", ".join(address.lines), _MOST_STREET)
    fields = {
        "first_name": parts.at_most(key, "name", parts.who(key, address), _MOST_STREET),
        "company": address.company,
        "phone": address.phone,
        "email": address.email,
        "post_code": address.postcode,
        "country": address.country,
        "state": address.region,
        "city": address.city,
        "street": street,
    }
    return parts.filled(key, fields)


def _declared(key: str, line: GoodsLine) -> dict[str, Any]:
    fields = {
        "declare_product_name_cn": line.local_description or line.description,
        "declare_product_name_en": line.description,
        "origin_country": line.origin,
        "hscode_export": line.hs,
        "hscode_import": line.hs,
    }
    told: dict[str, Any] = dict(parts.filled(key, fields, "documents"))
    told["declare_product_code_qty"] = str(line.quantity)
    if line.net_g:
        told["unit_net_weight"] = line.net_g
    if line.value is not None:
        for side in ("export", "import"):
            told[f"declare_unit_price_{side}"] = line.value.amount
            told[f"currency_{side}"] = line.value.currency
    return told


def size_of(wanted: LabelWanted) -> str:
    """Their name of the stock; 100 x 150 mm where none fits."""
    for name, (width, height) in _SIZES.items():
        off = max(abs(wanted.width_mm - width), abs(wanted.height_mm - height))
        if off <= TOLERANCE_MM + 0.5:
            return name
    return _ANY_SIZE


# --- what comes back ---------------------------------------------------------------------------


def data_of(document: object) -> Any:  # noqa: ANN401 - JSON
    """``data`` of an answer, which may be JSON written as a text."""
    data = parts.under(document, "data")
    if not isinstance(data, str):
        return data
    try:
        return msgspec.json.decode(data, strict=False) if data.strip() else None
    except (msgspec.DecodeError, RecursionError):
        return None


def errors_of(document: object) -> str:
    """Codes and words of an answer that says no."""
    told = [
        f"{parts.text(one, 'error_code')}: {parts.text(one, 'error_msg')}"
        for one in parts.rows(document, "errors")
    ]
    return "; ".join([*told, parts.text(document, "msg")][:5])


def order_in(data: object, key: str) -> dict[str, Any] | None:
    """The order of a key in the answer of ``ds.xms.order.get``."""
    listed = data if isinstance(data, list) else [data]
    infos = (parts.under(one, "consignment_info") for one in listed)
    ours = [one for one in infos if isinstance(one, dict) and parts.text(one, "ref_no") == key]
    return ours[-1] if ours else None


def label_url(data: object) -> str:
    """Where a label lies, over https; their own answers say http."""
    url = parts.text(data, "label_url_info", "logistics_label")
    return url.replace("http://", "https://", 1) if ".4px.com/" in url else url


def events_of(data: object, waybill: str) -> list[TrackEvent]:
    """A parcel's way. Nobody says whose clock it is, so the time stands in the words."""
    return [
        TrackEvent(
            waybill=waybill,
            raw_code=parts.text(one, "businessLinkCode"),
            raw_text=" ".join(
                (parts.text(one, "occurDatetime"), parts.text(one, "trackingContent"))
            ).strip(),
            at=parts.moment(parts.text(one, "occurDatetime")),
            place=parts.text(one, "occurLocation"),
        )
        for one in parts.rows(data, "trackingList")
    ]


def cost_of(shipment: Shipment) -> dict[str, Any]:
    """The body of ``ds.xms.estimated_cost.get``, for one parcel."""
    parcel = shipment.parcels[0]
    body: dict[str, Any] = {
        "country_code": shipment.destination.country,
        "weight": parcel.weight_g,
        "cargocode": "P",
    }
    if parcel.sides is not None:
        sides = (side / 10 for side in parcel.sides)
        body |= dict(zip(("length", "width", "height"), sides, strict=True))
    if shipment.destination.postcode:
        body["post_code"] = shipment.destination.postcode
    return body


def prices_of(data: object, account: str, billable_g: int) -> tuple[Quoted, ...]:
    """Their prices in CNY, the cheapest first; what is no price is no offer."""
    found = []
    for row in parts.rows({"rows": data}, "rows"):
        product = parts.text(row, "logistics_product_code")
        money = charged(parts.text(row, "lump_sum_fee"), "CNY")
        if not product or money is None or not money.amount:
            continue
        low, _, high = parts.text(row, "estimated_time").partition("-")
        found.append(
            Quoted(
                carrier=account,
                service=product,
                amount=money.amount,
                currency=money.currency,
                billable_g=billable_g,
                min_days=_days(low),
                max_days=_days(high or low),
                rank=0,
                lines=(("freight", money.amount, parts.text(row, "remarks")),),
            )
        )
    found.sort(key=lambda one: (one.amount, one.service))
    return tuple(replace(one, rank=rank) for rank, one in enumerate(found, 1))


def _days(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 3 else None
