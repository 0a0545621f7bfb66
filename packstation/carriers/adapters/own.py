"""A carrier without an interface: its tariff is ours, its numbers are a pool that it gave us.

A purchase is a number taken for a key, once and for ever; nothing is asked of anybody, so nothing
can be lost on the way. What the tariff refuses (weight, size, zone, goods, documents) is refused
before a number is used. The label is drawn by whoever prints it, from the number: there is no file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from msgspec import Struct

from packstation.domain.carriers import Bought, BuyRequest, Capabilities, Partly, refused
from packstation.domain.quantities import Money
from packstation.domain.rating import Plans
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Place, Shipment, ShipmentGoods, ShipmentParcel

# Reasons of a tariff (FORMATS.md) as those of a carrier.
_REASONS: Final = {
    "zone": "address",
    "date": "service",
    "promise": "service",
    "battery": "goods",
    "need": "documents",
    "band": "weight",
}
# Of several in a parcel the one that the strictest tariffs look at.
_BATTERIES: Final = ("none", "built_in", "packed_with", "alone")


class Taken(Struct, frozen=True, kw_only=True):
    """A number that a key has."""

    waybill: str
    voided: bool = False


class Numbers(Protocol):
    """Numbers of the carrier, kept where they are not forgotten."""

    def take(self, key: str, site: str, carrier: str, service: str) -> str:
        """The number of ``key``: the one it has, else the next; "" where none is left."""

    def of(self, key: str) -> Taken | None:
        """The number that ``key`` has."""

    def void(self, key: str) -> None:
        """It is never used again."""


Book = Callable[[str], Plans]


class OwnCarrier(Partly):
    """One carrier of ours; ``book`` has the prices of a site, ``today`` its day."""

    capabilities = Capabilities(rate=True, void=True)

    def __init__(
        self, carrier: str, numbers: Numbers, book: Book, today: Callable[[str], date]
    ) -> None:
        self._carrier = carrier
        self._numbers = numbers
        self._book, self._today = book, today

    def buy(self, request: BuyRequest) -> Bought:
        held = self.find(request.key)
        if held is not None:
            return held
        price = self._price(request)
        waybill = self._numbers.take(request.key, request.site, self._carrier, request.service)
        if not waybill:
            raise refused(request.key, "numbers", f"{self._carrier} {request.service}")
        return Bought(waybill=waybill, price=price)

    def find(self, key: str) -> Bought | None:
        taken = self._numbers.of(key)
        return Bought(waybill=taken.waybill, voided=taken.voided) if taken else None

    def void(self, key: str) -> None:
        if self._numbers.of(key) is None:
            raise refused(key, "never_bought")
        self._numbers.void(key)

    def quote(self, shipment: Shipment, site: str = "") -> tuple[Quoted | RefusedService, ...]:
        quoted, no = self._book(site).quote(shipment)
        found: tuple[Quoted | RefusedService, ...] = (*quoted, *no)
        return tuple(one for one in found if one.carrier == self._carrier)

    def _price(self, request: BuyRequest) -> Money:
        """The tariff's price.

        Raises:
            LabelRefused: it takes no such parcel, or there is no tariff.
        """
        if request.gross_g <= 0:
            raise refused(request.key, "weight", f"gross_g: {request.gross_g}")
        for one in self.quote(_shipment(request, self._today(request.site)), request.site):
            if one.service != request.service:
                continue
            if isinstance(one, Quoted):
                return Money(one.amount, one.currency)
            raise refused(request.key, _REASONS.get(one.reason, one.reason), one.detail)
        raise refused(request.key, "service", f"service: {request.service!r} has no tariff")


def _shipment(request: BuyRequest, today: date) -> Shipment:
    sides = tuple(Decimal(side) for side in request.size_mm if side > 0)
    length, width, height = sides if len(sides) == 3 else (None, None, None)
    worth = [one.value * one.quantity for one in request.goods if one.value]
    same = worth and len({one.currency for one in worth}) == 1
    value = sum((one.amount for one in worth), Decimal(0))
    inside = [one.battery for one in request.goods if one.battery in _BATTERIES]
    battery = max(inside, key=_BATTERIES.index, default="none")
    to = request.recipient
    given = (("phone", to.phone), ("email", to.email), ("tax_id", to.tax_id))
    return Shipment(
        date=today,
        origin=Place(country=request.sender.country, postcode=request.sender.postcode),
        destination=Place(country=to.country, postcode=to.postcode),
        parcels=(
            ShipmentParcel(
                weight_g=Decimal(request.gross_g),
                length_mm=length,
                width_mm=width,
                height_mm=height,
            ),
        ),
        declared_value=Money(value, worth[0].currency) if same else None,
        goods=ShipmentGoods(
            battery=battery,  # type: ignore[arg-type] # of the list above
            classes=tuple(dict.fromkeys(each for one in request.goods for each in one.classes)),
        ),
        contacts=tuple(name for name, value in given if value),
        options=request.options,
    )
