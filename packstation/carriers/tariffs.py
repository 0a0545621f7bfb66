"""Tariff files at hand, and prices of a packed parcel by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Order, Rate
from packstation.domain.quantities import Money
from packstation.domain.rating import Plans
from packstation.domain.rating.edges import with_edges
from packstation.domain.rating.quotes import version_on
from packstation.domain.records import decode_one, read_json
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Place, Shipment, ShipmentGoods, ShipmentParcel
from packstation.domain.tariffs import Battery, Tariff

# The strictest kind of battery of all goods counts.
_BATTERIES: Final[tuple[Battery, ...]] = ("none", "built_in", "packed_with", "alone")
_CONTACTS: Final = ("phone", "email", "tax_id")


def load_tariff(data: bytes) -> Tariff:
    """The tariff of a file's bytes.

    Raises:
        InputInvalid: with the path, the value and what is allowed; a key that this program does
            not know is refused by its name.
    """
    return decode_one(read_json(data), Tariff)


def load_folder(folder: Path) -> tuple[Tariff, ...]:
    """Every ``*.json`` tariff of a folder, by file name.

    Raises:
        InputInvalid: a file is no tariff; ``file`` names it.
        OSError: the folder cannot be read.
    """
    tariffs = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".json":
            try:
                tariffs.append(load_tariff(path.read_bytes()))
            except InputInvalid as exc:
                raise InputInvalid(**exc.fields, file=path.name) from exc
    return tuple(tariffs)


class TariffBook:
    """Offline prices of one parcel; ``quote`` is that of ``station.ports.Rater``.

    ``today`` gives the site's date, ``rates`` the program's own exchange rates.
    """

    def __init__(
        self, tariffs: Iterable[Tariff], today: Callable[[], date], rates: Iterable[Rate] = ()
    ) -> None:
        self._tariffs = tuple(tariffs)
        self._today = today
        self._plans = Plans(self._tariffs, rates)
        self._services: dict[tuple[str, str], list[Tariff]] = {}
        for one in self._tariffs:
            self._services.setdefault((one.carrier, one.service), []).append(one)

    @property
    def tariffs(self) -> tuple[Tariff, ...]:
        """All versions at hand."""
        return self._tariffs

    def quote(
        self,
        order: Order,
        products: Mapping[str, Product],
        gross_g: int,
        size_mm: Sequence[int],
        earlier: Sequence[tuple[int, Sequence[int]]] = (),
    ) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
        """Quotes by rank, and refusals; an empty ``size_mm`` means that sides are not known.

        ``earlier`` are other cartons (grams, sides) of the same consignment: all are priced.
        """
        shipment = shipment_of(order, products, gross_g, size_mm, self._today())
        others = tuple(_parcel(grams, sides) for grams, sides in earlier)
        shipment = replace(shipment, parcels=(*others, *shipment.parcels))
        quotes, refusals = self._plans.quote(shipment)
        near = [self._of(one, shipment.date) for one in quotes]
        told = [
            replace(one, days_in=tariff.promise.unit)
            for one, tariff in zip(quotes, near, strict=True)
        ]
        return with_edges(told, near, shipment, lambda one: self._plans.quote(one)[0]), refusals

    def _of(self, one: Quoted, day: date) -> Tariff:
        """The tariff that gave a quote on a day."""
        valid = version_on(day, self._services[one.carrier, one.service])
        if valid is None:  # pragma: no cover - a quote has a tariff
            raise InputInvalid(path="date", value=f"{day}", allowed="a day of the tariff")
        return valid


def shipment_of(
    order: Order,
    products: Mapping[str, Product],
    gross_g: int,
    size_mm: Sequence[int],
    day: date,
) -> Shipment:
    """One packed parcel of an order as a shipment; ``products`` by SKU, else the order's own."""
    own = {product.sku: product for product in order.products}
    goods = [
        found for line in order.lines if (found := products.get(line.sku) or own.get(line.sku))
    ]
    to = order.ship_to
    return Shipment(
        date=day,
        origin=Place(country=order.ship_from.country, postcode=order.ship_from.postcode),
        destination=Place(country=to.country, postcode=to.postcode),
        parcels=(_parcel(gross_g, size_mm),),
        declared_value=order.declared_total or _goods_value(order, {**own, **products}),
        goods=ShipmentGoods(
            battery=max((one.goods.battery for one in goods), key=_BATTERIES.index, default="none"),
            classes=tuple(sorted({kind for one in goods for kind in one.goods.classes})),
        ),
        contacts=tuple(name for name in _CONTACTS if getattr(to, name)),
        options=order.options,
        rates=order.rates,
    )


def _parcel(gross_g: int, size_mm: Sequence[int]) -> ShipmentParcel:
    """A box; its sides where all three are known."""
    sides = (
        [Decimal(side) for side in size_mm] if len(size_mm) == 3 and all(size_mm) else [None] * 3
    )
    return ShipmentParcel(
        weight_g=Decimal(gross_g), length_mm=sides[0], width_mm=sides[1], height_mm=sides[2]
    )


def _goods_value(order: Order, products: Mapping[str, Product]) -> Money | None:
    """Quantity x customs value (else the price paid) of all lines; None where one is not known."""
    total: Money | None = None
    for line in order.lines:
        product = products.get(line.sku)
        each = (product.customs.unit_value if product else None) or line.unit_price
        if each is None or (total is not None and total.currency != each.currency):
            return None
        total = each * line.quantity if total is None else total + each * line.quantity
    return total
