"""What karrio is asked and what it answers, as values of ours. Pure; on the server's side.

Measured with karrio 2026.1.32 and its UPS connector: weights are rounded half to even to 10 g, so
that 1,005 g would be declared as 1.0 kg: grams are rounded up to 10 before; address lines beyond
the carrier's length are cut without a word: they are refused here; times of events are the place's
own but marked as UTC: they are kept as words only.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from packstation.carriers.label_files import PDF, ZPL
from packstation.carriers.live.outgoing import NO_CONNECTION
from packstation.carriers.live.processes import Answer, Said
from packstation.domain.carriers import BuyRequest, GoodsLine, TrackEvent, charged, refused
from packstation.domain.countries import NUMERIC_OF
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.domain.shipments import Shipment

_STEP_G: Final = 10
# Beyond it letters are of a script that these carriers' labels do not have.
_LAST_LATIN: Final = 0x24F
_SDK: Final = "SHIPPING_SDK_"
_NUMBER_LENGTH: Final = range(4, 65)
_CONTENTS: Final = {
    "sale_of_goods": "merchandise",
    "gift": "gift",
    "documents": "documents",
    "sample": "sample",
    "returned_goods": "return_merchandise",
}
# karrio's own codes -> reason; INTERNAL_ERROR says nothing and is not among them.
_SDK_REASONS: Final = {
    "SHIPPING_SDK_FIELD_ERROR": "invalid",
    "SHIPPING_SDK_VALIDATING_ERROR": "invalid",
    "SHIPPING_SDK_NON_SUPPORTED_ERROR": "not_offered",
    "SHIPPING_SDK_ORIGIN_NOT_SERVICED_ERROR": "address",
    "SHIPPING_SDK_DESTINATION_NOT_SERVICED_ERROR": "address",
    "SHIPPING_SDK_MULTI_PARCEL_NOT_SUPPORTED_ERROR": "invalid",
}
# A word of the carrier's English -> reason; the first that applies.
_WORDS: Final = (
    ("credential", "credentials"),
    ("authent", "credentials"),
    ("unauthorized", "credentials"),
    ("account number", "credentials"),
    ("weight", "weight"),
    ("dimension", "size"),
    ("girth", "size"),
    ("length", "size"),
    ("postal", "address"),
    ("postcode", "address"),
    ("zip", "address"),
    ("address", "address"),
    ("city", "address"),
    ("customs", "documents"),
    ("commodit", "documents"),
    ("harmonized", "documents"),
    ("invoice", "documents"),
    ("service", "service"),
    ("declared value", "value"),
    ("currency", "value"),
)


_OF_ALL: Final = ("account_country_code", "test_mode")


class Connector(Struct, frozen=True, kw_only=True):
    """A carrier of karrio's as it was measured.

    ``secrets`` and ``settings`` are of its accounts, as karrio calls them. ``line``: letters of an
    address line; ``media`` of labels; ``options`` of ours as karrio calls
    them, with an amount or without; ``errors_at_200``: it refuses with an answer of 200.
    """

    secrets: tuple[str, ...]
    settings: tuple[str, ...] = (*_OF_ALL, "account_number")
    line: int
    media: tuple[str, ...] = (ZPL, PDF)
    options: dict[str, tuple[str, Literal["flag", "amount"]]] = {}
    void: bool = True
    errors_at_200: bool = False
    channel: str = "express"


CONNECTORS: Final = {
    # Its pictures are GIF, which no printer here takes; ZPL comes as it is.
    "ups": Connector(secrets=("client_id", "client_secret"), line=35, media=(ZPL,)),
    "fedex": Connector(
        secrets=("api_key", "secret_key"),
        line=35,
        options={"signature": ("signature_confirmation", "flag")},
    ),
    "dhl_express": Connector(
        secrets=("site_id", "password"),
        line=45,
        options={"insurance": ("insurance", "amount")},
        void=False,
        errors_at_200=True,
    ),
    "usps": Connector(
        secrets=("client_id", "client_secret"),
        settings=(*_OF_ALL, "account_number", "account_type", "CRID", "MID", "manifest_MID"),
        line=50,
        options={"signature": ("signature_confirmation", "flag")},
        channel="postal",
    ),
    "canadapost": Connector(
        secrets=("username", "password"),
        settings=(*_OF_ALL, "customer_number", "contract_id", "language"),
        line=44,
        options={
            "signature": ("signature_confirmation", "flag"),
            "insurance": ("insurance", "amount"),
        },
        channel="postal",
    ),
}


# --- what is asked -----------------------------------------------------------------------------


def purchase(request: BuyRequest, connector: Connector, today: date) -> dict[str, Any]:
    """The payload of a purchase.

    Raises:
        LabelRefused: ``weight`` none; ``address`` too long a line, no name, control characters or
            another script; ``documents`` goods of unknown value abroad; ``option`` one that the
            connector does not know, or a label that the carrier does not make.
    """
    key = request.key
    if request.gross_g <= 0:
        raise refused(key, "weight", f"gross_g: {request.gross_g}; above 0 is allowed")
    if request.wanted.media and request.wanted.media not in connector.media:
        detail = f"label: {request.wanted.media}; made: {', '.join(connector.media)}"
        raise refused(key, "option", detail)
    wanted = request.wanted.media or connector.media[0]
    payload: dict[str, Any] = {
        "service": request.service,
        "shipper": _address(request.sender, connector, key),
        "recipient": _address(request.recipient, connector, key),
        "parcels": [_parcel(Decimal(request.gross_g), request.size_mm)],
        "options": _options(request, connector),
        "reference": key,
        "order_id": request.order,
        "label_type": "ZPL" if wanted == ZPL else "PDF",
    }
    if request.sender.country != request.recipient.country:
        payload["customs"] = _customs(request, today)
    return payload


def inquiry(shipment: Shipment) -> dict[str, Any]:
    """The payload of a question for prices."""
    places = {
        name: {"country_code": place.country, "postal_code": place.postcode}
        for name, place in (("shipper", shipment.origin), ("recipient", shipment.destination))
    }
    parcels = [
        _parcel(parcel.weight_g, tuple(round(side) for side in parcel.sides or ()))
        for parcel in shipment.parcels
    ]
    return {**places, "parcels": parcels}


def _parcel(grams: Decimal, size_mm: tuple[int, ...]) -> dict[str, Any]:
    whole = (grams / _STEP_G).to_integral_value(ROUND_CEILING) * _STEP_G
    parcel: dict[str, Any] = {"weight": float(whole / 1000), "weight_unit": "KG"}
    if len(size_mm) == 3:
        sides = zip(("length", "width", "height"), size_mm, strict=True)
        parcel |= {name: -(-side // 10) for name, side in sides}
        parcel["dimension_unit"] = "CM"
    return parcel


def _address(address: Address, connector: Connector, key: str) -> dict[str, str]:
    lines = [*address.lines, "", ""]
    fields = {
        "person_name": address.name,
        "company_name": address.company,
        "address_line1": lines[0],
        "address_line2": " ".join(line for line in lines[1:] if line),
        "city": address.city,
        "state_code": address.region,
        "postal_code": address.postcode,
        "country_code": address.country,
        "phone_number": address.phone,
        "email": address.email,
        "federal_tax_id": address.tax_id or address.vat,
    }
    if not (address.name.strip() or address.company.strip()):
        raise refused(key, "address", "name: missing")
    if address.country not in NUMERIC_OF:
        raise refused(key, "address", f"country: {address.country!r}; ISO 3166 is allowed")
    for name, text in fields.items():
        odd = next((c for c in text if ord(c) > _LAST_LATIN or not c.isprintable()), "")
        if odd:
            raise refused(key, "address", f"{name}: {odd!r}; Latin letters are allowed")
        if len(text) > connector.line and name != "email":
            detail = f"{name}: {len(text)} letters; at most {connector.line} are allowed"
            raise refused(key, "address", detail)
    return {name: text for name, text in fields.items() if text}


def _options(request: BuyRequest, connector: Connector) -> dict[str, Any]:
    options: dict[str, Any] = {}
    wanted = {*request.options} | ({"insurance"} if request.insured is not None else set())
    wanted |= {"cod"} if request.cod is not None else set()
    wanted |= {"pickup_point"} if request.pickup_point else set()
    for name in sorted(wanted):
        if name not in connector.options:
            detail = f"option: {name!r}; known: {sorted(connector.options)}"
            raise refused(request.key, "option", detail)
        theirs, kind = connector.options[name]
        if kind == "flag":
            options[theirs] = True
        elif request.insured is None:
            raise refused(request.key, "value", f"{name}: an amount is missing")
        else:
            options[theirs] = float(request.insured.amount)
            options["currency"] = request.insured.currency
    return options


def _customs(request: BuyRequest, today: date) -> dict[str, Any]:
    if not request.goods:
        raise refused(request.key, "documents", "goods: missing")
    return {
        "commodities": [_commodity(line, request.key) for line in request.goods],
        "content_type": _CONTENTS.get(request.category, "other"),
        "incoterm": request.incoterm or "DAP",
        "invoice": request.order or request.key,
        "invoice_date": today.isoformat(),
        "duty": {"paid_by": "sender" if request.incoterm == "DDP" else "recipient"},
        "signer": request.sender.name or request.sender.company,
        "certify": True,
    }


def _commodity(line: GoodsLine, key: str) -> dict[str, Any]:
    if line.value is None:
        raise refused(key, "documents", f"value of {line.sku!r}: missing")
    commodity: dict[str, Any] = {
        "sku": line.sku,
        "title": line.description or line.sku,
        "description": line.description or line.sku,
        "quantity": line.quantity,
        "value_amount": float(line.value.amount),
        "value_currency": line.value.currency,
        "hs_code": line.hs or None,
        "origin_country": line.origin or None,
    }
    if line.net_g:
        commodity |= {"weight": line.net_g / 1000, "weight_unit": "KG"}
    return commodity


# --- what is answered --------------------------------------------------------------------------


class _Docs(Struct, frozen=True):
    label: str | None = None
    zpl_label: str | None = None
    pdf_label: str | None = None


class _Rate(Struct, frozen=True):
    service: str | None = None
    currency: str | None = None
    total_charge: str | None = None
    transit_days: int | None = None


class _Sold(Struct, frozen=True):
    tracking_number: str
    shipment_identifier: str
    docs: _Docs | None = None
    selected_rate: _Rate | None = None


class _Done(Struct, frozen=True):
    success: bool


class _Event(Struct, frozen=True):
    date: str | None = None
    time: str | None = None
    code: str | None = None
    description: str | None = None
    status: str | None = None
    location: str | None = None


class _Tracked(Struct, frozen=True):
    tracking_number: str
    events: tuple[_Event, ...] = ()


class Sale(Struct, frozen=True, kw_only=True):
    """A purchase that was answered: ``label`` is Base64 as it came."""

    waybill: str
    ref: str
    label: str = ""
    price: Money | None = None


def sale_of(answer: Answer) -> Sale | None:
    """What was sold; None where the answer holds no sale that could be one."""
    found = _decoded(answer, _Sold | None)
    if found is None or not _is_number(found.tracking_number):
        return None
    docs = found.docs or _Docs()
    rate = found.selected_rate or _Rate()
    return Sale(
        waybill=found.tracking_number,
        ref=found.shipment_identifier or found.tracking_number,
        label=docs.label or docs.zpl_label or docs.pdf_label or "",
        price=charged(rate.total_charge or "", rate.currency or ""),
    )


def voided(answer: Answer) -> bool:
    """Whether a void was confirmed."""
    found = _decoded(answer, _Done | None)
    return found is not None and found.success


def refusal_of(answer: Answer, connector: Connector) -> tuple[str, str] | None:
    """Reason and words of an answer that sold nothing for certain; None where nobody knows.

    That is: no request that may buy has left, or each of them found no connection or was answered
    with 400 to 499 (but 408 and 425), or, for a carrier that refuses so, with 200 and an error of
    its own.
    """
    words = "; ".join(f"{said.code}: {said.message}" for said in answer.messages)
    keys = [call for call in answer.calls if _asks_for_a_key(call.path)]
    sent = [call.status for call in answer.calls if not _asks_for_a_key(call.path)]
    if not answer.sent:
        if any(400 <= call.status < 500 for call in keys):
            return "credentials", words or answer.error
        reason = next((_SDK_REASONS[s.code] for s in answer.messages if s.code in _SDK_REASONS), "")
        return (reason or "never_bought"), words or answer.error
    if sent and all(_says_no(status) for status in sent):
        return _reason(answer.messages, sent[-1]), words or f"HTTP {sent[-1]}"
    own = [said for said in answer.messages if said.code and not said.code.startswith(_SDK)]
    if connector.errors_at_200 and own and sent and all(each == 200 for each in sent):
        return _reason(tuple(own), 200), words
    return None


def prices_of(answer: Answer, carrier: str, connector: Connector, grams: Decimal) -> list[Quoted]:
    """Quotes, the cheapest first; a rate without service, currency or amount is left out."""
    rows: list[tuple[Money, str, int | None]] = []
    for rate in _decoded(answer, tuple[_Rate, ...] | None) or ():
        price = charged(rate.total_charge or "", rate.currency or "")
        if price is not None and price.amount > 0 and rate.service:
            rows.append((price, rate.service, rate.transit_days))
    rows.sort(key=lambda row: (row[0].currency, row[0].amount, row[1]))
    return [
        Quoted(
            carrier=carrier,
            service=service,
            amount=price.amount,
            currency=price.currency,
            billable_g=int(grams.to_integral_value()),
            min_days=None,
            max_days=days,
            rank=rank,
            channel=connector.channel,
            lines=(("freight", price.amount, service),),
        )
        for rank, (price, service, days) in enumerate(rows, 1)
    ]


def events_of(answer: Answer, waybills: tuple[str, ...]) -> list[TrackEvent]:
    """What is known of parcels that were asked for, the oldest first."""
    found: list[tuple[str, TrackEvent]] = []
    for parcel in _decoded(answer, tuple[_Tracked, ...] | None) or ():
        if parcel.tracking_number not in waybills:
            continue
        for event in reversed(parcel.events):
            when = " ".join(filter(None, (event.date, event.time)))
            text = event.description or ""
            told = TrackEvent(
                waybill=parcel.tracking_number,
                raw_code=event.code or "",
                raw_text=f"{text} ({when})" if when else text,
                at=None,
                place=event.location or "",
                status=event.status or "",
            )
            found.append((event.date or "", told))
    found.sort(key=lambda row: row[0])
    return [event for _, event in found]


def _decoded(answer: Answer, shape: Any) -> Any:  # noqa: ANN401 - the shape that was asked for
    try:
        return msgspec.json.decode(answer.result, type=shape)
    except msgspec.MsgspecError:
        return None


def _is_number(text: str) -> bool:
    return len(text) in _NUMBER_LENGTH and text.isascii() and text.isprintable()


def _asks_for_a_key(path: str) -> bool:
    return any(part in path for part in ("/oauth", "/token", "/payment-authorization"))


def _says_no(status: int) -> bool:
    return status == NO_CONNECTION or (400 <= status < 500 and status not in {408, 425})


def _reason(messages: tuple[Said, ...], status: int) -> str:
    if status == NO_CONNECTION:
        return "never_bought"
    if status in {401, 403}:
        return "credentials"
    if status == 429:
        return "limit"
    for said in messages:
        if said.code in _SDK_REASONS:
            return _SDK_REASONS[said.code]
        words = str(said.message).lower()
        for word, reason in _WORDS:
            if word in words:
                return reason
    return "carrier"
