"""What answers of a described carrier say: sales, prices, events. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from packstation.carriers.adapters.rest.paths import at, text
from packstation.carriers.adapters.rest.shapes import Operation
from packstation.domain.carriers import Bought, TrackEvent, charged
from packstation.domain.errors import RateUnavailable
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment

_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{3,63}")
_DAYS: Final = re.compile(r"[0-9]{1,3}")


def is_number(text: str) -> bool:
    """Whether it may be a waybill number: 4 to 64 letters, digits and dots, slashes, dashes."""
    return bool(_NUMBER.fullmatch(text))


def sale(answer: Mapping[str, str], entry: object) -> Bought:
    """Number, id, price and whether it was taken back."""
    return Bought(
        waybill=text(entry, answer.get("waybill", "")),
        ref=text(entry, answer.get("ref", "")),
        voided=_true(at(entry, answer["voided"])) if "voided" in answer else False,
        price=charged(
            text(entry, answer.get("price", "")), text(entry, answer.get("currency", ""))
        ),
    )


def _true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in {"true", "1", "yes"})


def shipment_values(shipment: Shipment) -> dict[str, Any]:
    """What a template of ``quote`` may name: of one parcel, or of all of them together."""
    grams = sum((parcel.weight_g for parcel in shipment.parcels), Decimal(0))
    return {
        "key": "",
        "date": shipment.date.isoformat(),
        "origin": shipment.origin.country,
        "country": shipment.destination.country,
        "postcode": shipment.destination.postcode,
        "gross_g": int(grams.to_integral_value()),
        "gross_kg": f"{(grams / 1000).normalize():f}",
    }


def prices(
    one: Operation,
    document: object,
    carrier: str,
    services: Mapping[str, str],
    shipment: Shipment,
) -> tuple[Quoted | RefusedService, ...]:
    """Prices of our services, the cheapest first; what is no price is no offer.

    Raises:
        RateUnavailable: there is no list.
    """
    rows = at(document, one.list)
    if not isinstance(rows, list):
        raise RateUnavailable(carrier=carrier, reason=f"{one.list}: a list is wanted")
    grams = shipment_values(shipment)["gross_g"]
    found = []
    for row in rows:
        service = services.get(text(row, one.answer["service"]))
        money = charged(text(row, one.answer["amount"]), text(row, one.answer["currency"]))
        if service is None or money is None or not money.amount:
            continue
        days = tuple(_days(row, one.answer.get(f"{end}_days", "")) for end in ("min", "max"))
        found.append(
            Quoted(carrier, service, money.amount, money.currency, grams, days[0], days[1], 0)
        )
    found.sort(key=lambda quoted: (quoted.currency, quoted.amount, quoted.service))
    return tuple(_ranked(quoted, rank) for rank, quoted in enumerate(found, 1))


def _ranked(quoted: Quoted, rank: int) -> Quoted:
    from msgspec.structs import replace

    return replace(quoted, rank=rank)


def _days(row: object, path: str) -> int | None:
    said = text(row, path)
    return int(said) if _DAYS.fullmatch(said) else None


def events(
    one: Operation, document: object, statuses: Mapping[str, str], asked: frozenset[str]
) -> tuple[TrackEvent, ...]:
    """Events of the parcels that were asked about, the oldest first.

    Raises:
        RateUnavailable: there is no list.
    """
    rows = at(document, one.list)
    if not isinstance(rows, list):
        raise RateUnavailable(reason=f"{one.list}: a list is wanted")
    found = [_event(one.answer, row, statuses) for row in rows if isinstance(row, dict)]
    ours = [event for event in found if event.waybill in asked]
    return tuple(sorted(ours, key=lambda event: event.at or datetime.min.replace(tzinfo=UTC)))


def _event(answer: Mapping[str, str], row: object, statuses: Mapping[str, str]) -> TrackEvent:
    code = text(row, answer["code"])
    return TrackEvent(
        waybill=text(row, answer["waybill"]),
        raw_code=code,
        raw_text=text(row, answer.get("text", "")),
        at=_moment(text(row, answer.get("at", ""))),
        place=text(row, answer.get("place", "")),
        status=statuses.get(code, ""),
    )


def _moment(said: str) -> datetime | None:
    """A moment with its zone; one without is not known: whose clock it was nobody said."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
