"""What a parcel declares to customs: its contents as lines with weight, value and origin.

Fields of the CN 22 (UPU Convention, form CN 22; reference: customs, section 1.2). Equal
lines are added up; what is needed and not known is a refusal that names the field.
"""

from __future__ import annotations

from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.errors import DocumentError
from packstation.domain.labels import PackedAs, ParcelPapers
from packstation.domain.orders import OrderLine
from packstation.domain.quantities import Money


class DeclaredLine(Struct, frozen=True):
    """``quantity`` pieces of one description; net weight and value are of all of them."""

    description: str
    hs: str
    origin: str
    quantity: int
    net_g: int
    value: Money
    sku: str

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """Lines of one kind are declared as one."""
        return self.description, self.hs, self.origin, self.value.currency


class Declaration(Struct, frozen=True):
    """All lines of a parcel; ``totals`` holds one amount a currency."""

    lines: tuple[DeclaredLine, ...]
    totals: tuple[Money, ...]


def contents(papers: ParcelPapers) -> tuple[tuple[OrderLine, Product, int], ...]:
    """Order line, product and quantity of everything in the parcel.

    A substitute stands as itself at the price of the line that was ordered; a part of a kit
    that is not whole has no price but its own.

    Raises DocumentError naming the line or product that is not there.
    """
    by_number = {line.line: line for line in papers.order.lines}
    country = papers.order.ship_to.country
    found = []
    ordered = (PackedAs(number, "", quantity) for number, quantity in papers.contents)
    for packed in (*ordered, *papers.instead):
        line = by_number.get(packed.line)
        if line is None:
            raise _missing(f"lines[{packed.line}]")
        if packed.sku:
            price = None if packed.part else line.unit_price
            line = replace(line, sku=packed.sku, unit_price=price)
        product = papers.products.get(line.sku)
        if product is None:
            raise _missing(f"products[{line.sku}]")
        found.append((line, product.declared_in(country), packed.quantity))
    if not found:
        raise _missing("parcels[].contents")
    return tuple(found)


def declare(papers: ParcelPapers) -> Declaration:
    """The declaration of a parcel, equal lines added up, in the order of its contents."""
    lines: dict[tuple[str, str, str, str], DeclaredLine] = {}
    for line, product, quantity in contents(papers):
        new = declared(line, product, quantity)
        old = lines.get(new.kind)
        lines[new.kind] = new if old is None else _together(old, new)
    by_currency: dict[str, list[Money]] = {}
    for each in lines.values():
        by_currency.setdefault(each.value.currency, []).append(each.value)
    totals = (reduce(Money.__add__, amounts) for amounts in by_currency.values())
    return Declaration(tuple(lines.values()), tuple(totals))


def declared(line: OrderLine, product: Product, quantity: int) -> DeclaredLine:
    """So many pieces of a product as one line.

    Raises DocumentError naming the field that is needed and not known.
    """
    customs = product.customs
    field = f"products[{product.sku}]"
    net_g = customs.net_g if customs.net_g is not None else product.weight_g
    unit_value = unit_of(line, product)
    if not customs.description.strip():
        raise _missing(f"{field}.customs.description")
    if not net_g:
        raise _missing(f"{field}.customs.net_g")
    if unit_value is None:
        raise _missing(f"{field}.customs.unit_value")
    return DeclaredLine(
        description=customs.description,
        hs=customs.hs,
        origin=customs.origin,
        quantity=quantity,
        net_g=net_g * quantity,
        value=(unit_value * quantity).rounded(),
        sku=product.sku,
    )


def unit_of(line: OrderLine, product: Product) -> Money | None:
    """What one piece is declared at: the catalogue's value, else the price that was paid."""
    return product.customs.unit_value or line.unit_price


def _together(old: DeclaredLine, new: DeclaredLine) -> DeclaredLine:
    return replace(
        old,
        quantity=old.quantity + new.quantity,
        net_g=old.net_g + new.net_g,
        value=old.value + new.value,
    )


def _missing(field: str) -> DocumentError:
    return DocumentError("error.document.missing", field=field)
