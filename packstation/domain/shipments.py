"""What is to be priced: document packstation.shipment/1 (FORMATS.md), frozen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from packstation.domain.orders import Country, Rate
from packstation.domain.quantities import Money
from packstation.domain.tariff_units import refuse_number

_ABOVE_ZERO: Final = frozenset({"weight_g", "length_mm", "width_mm", "height_mm"})


class ShipmentParcel(Struct, frozen=True, kw_only=True):
    """A box, or a roll (length = roll length, width = diameter); sides None: not known."""

    weight_g: Decimal
    length_mm: Decimal | None = None
    width_mm: Decimal | None = None
    height_mm: Decimal | None = None
    shape: Literal["box", "roll"] = "box"

    def __post_init__(self) -> None:
        """Refuse weights and sides that nothing has."""
        for name in _ABOVE_ZERO:
            number = getattr(self, name)
            if number is not None:
                refuse_number(name, number, _ABOVE_ZERO)

    @property
    def sides(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """Length, width, height; a roll as the box around it; None where one is not known."""
        height = self.width_mm if self.shape == "roll" else self.height_mm
        if self.length_mm is None or self.width_mm is None or height is None:
            return None
        return self.length_mm, self.width_mm, height


class Place(Struct, frozen=True, kw_only=True):
    """A country and a postcode."""

    country: Country = ""
    postcode: str = ""


class ShipmentGoods(Struct, frozen=True, kw_only=True):
    """What transport must know of the contents."""

    battery: Literal["none", "built_in", "packed_with", "alone"] = "none"
    classes: tuple[str, ...] = ()


class Shipment(Struct, frozen=True, kw_only=True):
    """packstation.shipment/1; ``rates`` turn the declared value into a gate's currency."""

    schema: Literal["packstation.shipment/1"] = "packstation.shipment/1"
    date: date
    origin: Place = Place()
    destination: Place
    parcels: Annotated[tuple[ShipmentParcel, ...], Meta(min_length=1, max_length=500)]
    declared_value: Money | None = None
    goods: ShipmentGoods = ShipmentGoods()
    contacts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    promise_days: Annotated[int, Meta(ge=0)] | None = None
    rates: tuple[Rate, ...] = ()
