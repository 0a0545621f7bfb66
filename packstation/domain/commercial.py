"""What commercial papers say of a consignment: lines and totals, and what each carton holds.

Amounts follow reference customs, section 2.8: a line's value is its unit value times its quantity,
rounded half up to the currency's minor units, and the total is the sum of the rounded lines.
Freight, insurance and discount stand on lines of their own; of an order that leaves in several
consignments each carries its share by value, the odd minor units by largest remainder. What is
declared of a line is its value less its part of the discount, as on CN 22 and CN 23
(`declaration.declare`); the invoice's discount is the sum of these parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.customs.money import shared
from packstation.domain.declaration import contents, declared, reductions, unit_of
from packstation.domain.errors import DocumentError
from packstation.domain.labels import OnPallet, ParcelPapers
from packstation.domain.orders import Order, OrderLine
from packstation.domain.quantities import Money


class InvoiceLine(Struct, frozen=True):
    """``quantity`` pieces of one product at one price; ``net_g`` is of one piece.

    ``off`` is the part of the order's discount that is taken off all of them, None for nothing.
    """

    sku: str
    description: str
    descriptions: Mapping[str, str]
    details: tuple[str, ...]
    hs: str
    origin: str
    quantity: int
    net_g: int
    unit: Money
    off: Money | None = None

    @property
    def declared(self) -> Money:
        """Its value less the discount, as the customs forms have it."""
        return self.value - self.off if self.off else self.value

    @property
    def value(self) -> Money:
        """Unit value times quantity, rounded to the currency's minor units."""
        return (self.unit * self.quantity).rounded()


class Invoice(Struct, frozen=True):
    """Lines and totals in one currency; an amount that nobody named is None."""

    lines: tuple[InvoiceLine, ...]
    goods: Money
    discount: Money | None
    freight: Money | None
    insurance: Money | None
    packages: int
    gross_g: int

    @property
    def declared(self) -> Money:
        """Goods less discount: the value that all papers declare."""
        return self.goods - self.discount if self.discount else self.goods

    @property
    def total(self) -> Money:
        """Goods less discount, with freight and insurance."""
        added = (one for one in (self.freight, self.insurance) if one)
        return reduce(Money.__add__, added, self.declared)

    @property
    def net_g(self) -> int:
        """Net weight of all lines."""
        return sum(line.net_g * line.quantity for line in self.lines)

    @property
    def pieces(self) -> int:
        """Pieces of all lines."""
        return sum(line.quantity for line in self.lines)


class CartonItem(Struct, frozen=True):
    """Pieces of one product in a carton; ``net_g`` is of all of them."""

    sku: str
    description: str
    descriptions: Mapping[str, str]
    quantity: int
    net_g: int


class PackedCarton(Struct, frozen=True):
    """One carton: its number, waybill, outer sides (() where not measured), weights, contents.

    ``mark`` is the code on its carton mark, ``pallet`` what it stands on, where there are such.
    """

    number: int
    waybill: str
    size_mm: tuple[int, ...]
    gross_g: int
    items: tuple[CartonItem, ...]
    mark: str = ""
    pallet: OnPallet | None = None

    @property
    def net_g(self) -> int:
        """Net weight of what lies in it."""
        return sum(item.net_g for item in self.items)

    @property
    def pieces(self) -> int:
        """How many pieces lie in it."""
        return sum(item.quantity for item in self.items)


def invoice_of(parcels: Sequence[ParcelPapers]) -> Invoice:
    """The invoice of a consignment, its lines in the order in which they were packed.

    Raises DocumentError naming the field that is missing or of another currency.
    """
    lines: dict[tuple[object, ...], InvoiceLine] = {}
    for new in _packed(parcels):
        key = (new.sku, new.description, new.hs, new.origin, new.unit.amount, new.unit.currency)
        old = lines.get(key)
        lines[key] = _more(old, new) if old else new
    goods = reduce(Money.__add__, (_in_currency(line, lines) for line in lines.values()))
    order = parcels[0].order
    share = _sharing(order, parcels)
    return Invoice(
        lines=tuple(lines.values()),
        goods=goods,
        discount=_discount(order, lines.values(), goods.currency),
        freight=share("freight", order.freight, goods.currency),
        insurance=share("insurance", order.insurance, goods.currency),
        packages=len(parcels),
        gross_g=sum(parcel.gross_g for parcel in parcels),
    )


def cartons_of(parcels: Sequence[ParcelPapers]) -> tuple[PackedCarton, ...]:
    """The cartons of a consignment; pieces of one SKU in one carton are one item.

    Raises DocumentError naming the field that is missing.
    """
    return tuple(_carton(parcel) for parcel in parcels)


def _packed(parcels: Sequence[ParcelPapers]) -> Iterator[InvoiceLine]:
    for parcel in parcels:
        packed = contents(parcel)
        for (line, product, quantity), off in zip(packed, reductions(parcel, packed), strict=True):
            yield replace(_line(line, product, quantity), off=off)


def _more(old: InvoiceLine, new: InvoiceLine) -> InvoiceLine:
    off = [one for one in (old.off, new.off) if one]
    whole = reduce(Money.__add__, off) if off else None
    return replace(old, quantity=old.quantity + new.quantity, off=whole)


def _discount(order: Order, lines: Iterable[InvoiceLine], currency: str) -> Money | None:
    """What is taken off these lines: nothing where the order's discount is not distributed."""
    if order.discount is None:
        return None
    if order.discount.currency != currency:
        raise _foreign("discount", order.discount.currency, currency)
    nothing = order.discount - order.discount
    return reduce(Money.__add__, (line.off for line in lines if line.off), nothing)


def _line(line: OrderLine, product: Product, quantity: int) -> InvoiceLine:
    one = declared(line, product, 1)
    customs = product.customs
    unit = unit_of(line, product)
    details = (customs.material, customs.brand, customs.model)
    return InvoiceLine(
        sku=product.sku,
        description=one.description,
        descriptions=customs.descriptions,
        details=tuple(detail for detail in details if detail.strip()),
        hs=one.hs,
        origin=one.origin,
        quantity=quantity,
        net_g=one.net_g,
        unit=unit or one.value,
    )


def _in_currency(line: InvoiceLine, lines: Mapping[tuple[object, ...], InvoiceLine]) -> Money:
    first = next(iter(lines.values())).unit.currency
    if line.unit.currency != first:
        field = f"products[{line.sku}].customs.unit_value"
        raise _foreign(field, line.unit.currency, first)
    return line.value


def _foreign(field: str, value: str, currency: str) -> DocumentError:
    return DocumentError("error.document.currency", field=field, value=value, allowed=currency)


def _sharing(
    order: Order, parcels: Sequence[ParcelPapers]
) -> Callable[[str, Money | None, str], Money | None]:
    """A function that answers this consignment's part of an amount of the order."""
    here = Counter[int]()
    for parcel in parcels:
        for line, _, quantity in contents(parcel):
            here[line.line] += quantity
    weights = [weight for line in order.lines for weight in _weights(line, here, parcels[0])]

    def share(field: str, amount: Money | None, currency: str) -> Money | None:
        if amount is None:
            return None
        if amount.currency != currency:
            raise _foreign(field, amount.currency, currency)
        return (
            reduce(Money.__add__, shared(amount, weights)[::2])
            if any(weights[1::2])
            else (amount.rounded())
        )

    return share


def _weights(
    line: OrderLine, here: Mapping[int, int], parcel: ParcelPapers
) -> tuple[Fraction, Fraction]:
    """The value of a line's pieces that are in this consignment, and of those that are not."""
    product = parcel.products.get(line.sku)
    unit = unit_of(line, product) if product else line.unit_price
    price = Fraction(unit.amount) if unit else Fraction(0)
    packed = min(here[line.line], line.quantity)
    return price * packed, price * (line.quantity - packed)


def _carton(parcel: ParcelPapers) -> PackedCarton:
    items: dict[str, CartonItem] = {}
    for line, product, quantity in contents(parcel):
        one = declared(line, product, quantity)
        old = items.get(product.sku)
        items[product.sku] = CartonItem(
            sku=product.sku,
            description=one.description,
            descriptions=product.customs.descriptions,
            quantity=quantity + (old.quantity if old else 0),
            net_g=one.net_g + (old.net_g if old else 0),
        )
    return PackedCarton(
        number=parcel.number,
        waybill=parcel.waybill,
        size_mm=parcel.size_mm,
        gross_g=parcel.gross_g,
        items=tuple(items.values()),
        mark=parcel.carton_mark,
        pallet=parcel.pallet,
    )
