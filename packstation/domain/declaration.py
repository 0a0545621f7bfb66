"""What a parcel declares to customs: its contents as lines with weight, value and origin.

Fields of the CN 22 (UPU Convention, form CN 22; reference: customs, section 1.2). Equal
lines are added up; what is needed and not known is a refusal that names the field. The order's
discount is taken off its lines (section 2.8), so that values add up to what the buyer paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.customs.hs import plain_hs
from packstation.domain.customs.money import taken_off
from packstation.domain.errors import DocumentError
from packstation.domain.labels import PackedAs, ParcelPapers
from packstation.domain.orders import OrderLine
from packstation.domain.quantities import Money, minor_units


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
    packed = contents(papers)
    offs = reductions(papers, packed)
    for (line, product, quantity), off in zip(packed, offs, strict=True):
        new = declared(line, product, quantity)
        new = replace(new, value=new.value - off) if off else new
        old = lines.get(new.kind)
        lines[new.kind] = new if old is None else _together(old, new)
    by_currency: dict[str, list[Money]] = {}
    for each in lines.values():
        by_currency.setdefault(each.value.currency, []).append(each.value)
    totals = (reduce(Money.__add__, amounts) for amounts in by_currency.values())
    return Declaration(tuple(lines.values()), tuple(totals))


def reductions(
    papers: ParcelPapers, packed: Sequence[tuple[OrderLine, Product, int]]
) -> tuple[Money | None, ...]:
    """What the order's discount takes off each thing in a parcel (`contents`), None for nothing.

    Of a line that is not whole in the parcel the part by value, of halves of a minor unit the
    first parcel's is the larger one: two parcels add up exactly.
    """
    offs = _line_offs(papers)
    return tuple(
        _part(papers, offs[line.line], declared(line, product, quantity).value)
        if line.line in offs
        else None
        for line, product, quantity in packed
    )


def _line_offs(papers: ParcelPapers) -> Mapping[int, tuple[Money, Money]]:
    """By line number its whole value and what is taken off it; {} where nothing is."""
    order = papers.order
    if order.discount is None:
        return {}
    units = [(line, _ordered_unit(papers, line)) for line in order.lines]
    values = [(unit * line.quantity).rounded() for line, unit in units if unit]
    parts = taken_off(values, order.discount) if len(values) == len(units) else ()
    whole = zip(order.lines, values, parts, strict=False)
    return {line.line: (value, part) for line, value, part in whole if part.amount}


def _ordered_unit(papers: ParcelPapers, line: OrderLine) -> Money | None:
    product = papers.products.get(line.sku)
    return unit_of(line, product) if product else line.unit_price


def _part(papers: ParcelPapers, whole: tuple[Money, Money], value: Money) -> Money | None:
    """The part of a line's discount that falls on ``value`` of it."""
    line, off = whole
    if value.currency != line.currency:
        return None
    places = minor_units(off.currency)
    share = min(Fraction(1), Fraction(value.amount) / Fraction(line.amount))
    exact = Fraction(off.amount.scaleb(places)) * share
    units, rest = divmod(exact, 1)
    half = Fraction(1, 2)
    up = rest > half or (rest == half and papers.number == 1)
    return Money(Decimal(int(units) + up).scaleb(-places), off.currency)


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
        hs=plain_hs(customs.hs),
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
