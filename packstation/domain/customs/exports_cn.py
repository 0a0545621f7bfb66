"""Electronic customs data for China's exports: the 9610 list, and a draft of a 报关单.

9610 (reference: customs, section 2.5): of each parcel the order, its payment and its logistics
must tell one story, and the enterprise's codes stand with it. The draft of a declaration carries
the declaration elements (申报要素) of each code as far as the catalogue knows them; which a code
wants are rows of the table ``cn_elements``, none of them verified. Shapes are ours: the Single
Window's message schema is not shipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from packstation.domain.countries import national
from packstation.domain.customs import identifiers
from packstation.domain.customs.case import at_path
from packstation.domain.customs.exports import Lack, Lacks, Party, Table, party, told
from packstation.domain.customs.hs import plain_hs
from packstation.domain.declaration import contents, reductions, unit_of
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Order
from packstation.domain.quantities import Money

MODE: Final = "9610"
PAID: Final = "paid"
# Decimals of a unit price in China's declarations [K].
_UNIT_PRICE: Final = Decimal("0.0001")
_HS10: Final = re.compile(r"[0-9]{10}([0-9]{3})?")


class GoodsLine(Struct, frozen=True, kw_only=True):
    """One line of goods; ``name`` is Chinese, ``total`` of all units, rounded once."""

    number: int
    sku: str
    hs: str
    name: str
    quantity: int
    net_g: int
    unit_price: Money
    total: Money
    origin: str


class Payment(Struct, frozen=True, kw_only=True):
    """What the buyer paid for the whole order."""

    status: str
    total: Money


class Logistics(Struct, frozen=True, kw_only=True):
    """Who carries it under which number."""

    carrier: str
    service: str
    waybill: str
    parcel: int
    parcels: int


class ListEntry(Struct, frozen=True, kw_only=True):
    """One parcel of a 9610 list: order, payment and logistics, and what lies in it."""

    order_no: str
    payment: Payment
    logistics: Logistics
    enterprise: str
    customs_code: str
    uscc: str
    destination: str
    gross_g: int
    net_g: int
    goods: tuple[GoodsLine, ...]


class List9610(Struct, frozen=True, kw_only=True):
    """packstation.cn-9610/1."""

    schema: Literal["packstation.cn-9610/1"] = "packstation.cn-9610/1"
    prepared_at: str
    entries: tuple[ListEntry, ...]


class Element(Struct, frozen=True, kw_only=True):
    """One 申报要素 and what the catalogue says of it, "" where a clerk has to."""

    name: str
    value: str


class DeclaredGoods(Struct, frozen=True, kw_only=True):
    """A line of the draft; ``open`` are elements that are still to be given."""

    line: GoodsLine
    elements: tuple[Element, ...]
    specification: str
    open: tuple[str, ...] = ()


class Declaration(Struct, frozen=True, kw_only=True):
    """The draft of one consignment's 报关单; ``mode`` is the supervision mode."""

    order_no: str
    mode: str
    consignor: Party
    customs_code: str
    uscc: str
    consignee: Party
    destination: str
    waybills: tuple[str, ...]
    packages: int
    gross_g: int
    net_g: int
    incoterm: str
    freight: Money | None = None
    insurance: Money | None = None
    invoices: tuple[str, ...] = ()
    total: Money
    goods: tuple[DeclaredGoods, ...]


class Declarations(Struct, frozen=True, kw_only=True):
    """packstation.cn-declaration/1."""

    schema: Literal["packstation.cn-declaration/1"] = "packstation.cn-declaration/1"
    prepared_at: str
    declarations: tuple[Declaration, ...]


def entry_9610(papers: ParcelPapers) -> ListEntry | tuple[Lack, ...]:
    """The entry of a parcel, or all that lacks or contradicts."""
    order, found = papers.order, Lacks(papers)
    found.need(order.cn_export_mode == MODE, "cn_export_mode", order.cn_export_mode, MODE, "mode")
    goods = _goods(papers, found)
    _enterprise(order, found)
    payment = _payment(order, found)
    found.need(papers.carrier, "carrier")
    found.need(papers.waybill, f"parcels[{papers.number - 1}].waybill")
    if found.lacks or payment is None:
        return tuple(found.lacks)
    sender = order.ship_from
    return ListEntry(
        order_no=order.order_id,
        payment=payment,
        logistics=Logistics(
            carrier=papers.carrier,
            service=papers.service,
            waybill=papers.waybill,
            parcel=papers.number,
            parcels=papers.count,
        ),
        enterprise=sender.company.strip() or sender.name,
        customs_code=identifiers.compact(sender.customs_code),
        uscc=identifiers.compact(sender.uscc),
        destination=order.ship_to.country,
        gross_g=papers.gross_g,
        net_g=sum(line.net_g for line in goods),
        goods=goods,
    )


def declaration(parcels: Sequence[ParcelPapers], elements: Table) -> Declaration | tuple[Lack, ...]:
    """The draft of a consignment; ``elements`` is the table ``cn_elements``."""
    first = parcels[0]
    order, found = first.order, Lacks(first)
    found.need(order.cn_export_mode, "cn_export_mode", "", "9610, 9710, 9810, 1210")
    lines = [line for parcel in parcels for line in _goods(parcel, found)]
    _enterprise(order, found)
    found.parties()
    if found.lacks:
        return tuple(found.lacks)
    goods = tuple(_specified(line, first, elements) for line in _numbered(lines))
    return Declaration(
        order_no=order.order_id,
        mode=order.cn_export_mode or "",
        consignor=party(order.ship_from),
        customs_code=identifiers.compact(order.ship_from.customs_code),
        uscc=identifiers.compact(order.ship_from.uscc),
        consignee=party(order.ship_to),
        destination=order.ship_to.country,
        waybills=tuple(parcel.waybill for parcel in parcels),
        packages=len(parcels),
        gross_g=sum(parcel.gross_g for parcel in parcels),
        net_g=sum(line.net_g for line in lines),
        incoterm=order.incoterm or "",
        freight=order.freight,
        insurance=order.insurance,
        invoices=told(order, "no"),
        total=reduce(Money.__add__, (line.total for line in lines)),
        goods=goods,
    )


def _goods(papers: ParcelPapers, found: Lacks) -> tuple[GoodsLine, ...]:
    """The lines of a parcel, not added up: each SKU has a price and elements of its own."""
    declared = found.declared()
    if declared is None:
        return ()
    lines = tuple(_lines(papers))
    for line in lines:
        field = f"products[{line.sku}].customs"
        found.need(_HS10.fullmatch(line.hs), f"{field}.hs", line.hs, "10, 13", "hs")
        found.need(line.name, f"{field}.descriptions.zh", why="chinese")
    return lines


def _lines(papers: ParcelPapers) -> Iterator[GoodsLine]:
    packed = contents(papers)
    priced = [
        (product, quantity, price, off)
        for (line, product, quantity), off in zip(packed, reductions(papers, packed), strict=True)
        if (price := unit_of(line, product))
    ]
    for number, (product, quantity, price, off) in enumerate(priced, start=1):
        total = (price * quantity).rounded()
        total = total - off if off else total
        customs = product.customs
        yield GoodsLine(
            number=number,
            sku=product.sku,
            hs=_exported(papers, product.sku),
            name=customs.descriptions.get("zh") or product.names.get("zh", ""),
            quantity=quantity,
            net_g=(customs.net_g or product.weight_g or 0) * quantity,
            unit_price=_each(total, quantity) if off else price,
            total=total,
            origin=customs.origin,
        )


def _each(total: Money, quantity: int) -> Money:
    """What one piece comes to, with as many decimals as a declaration has."""
    return Money((total.amount / quantity).quantize(_UNIT_PRICE), total.currency)


def _exported(papers: ParcelPapers, sku: str) -> str:
    """The code that the country of dispatch declares with: its own, else the catalogue's.

    Never the destination's, though the same parcel's CN 23 bears that one.
    """
    customs = papers.products[sku].customs
    own = national(customs.hs_national, papers.order.ship_from.country)
    return plain_hs(own or customs.hs)


def _numbered(lines: Sequence[GoodsLine]) -> Iterator[GoodsLine]:
    for number, line in enumerate(lines, start=1):
        yield msgspec.structs.replace(line, number=number)


def _enterprise(order: Order, found: Lacks) -> None:
    """Codes of the enterprise that declares."""
    sender = order.ship_from
    code, credit = identifiers.compact(sender.customs_code), identifiers.compact(sender.uscc)
    good, given = identifiers.cn_customs(code), sender.customs_code
    found.need(good, "ship_from.customs_code", given, "10", "customs_code")
    found.need(identifiers.cn_uscc(credit), "ship_from.uscc", sender.uscc, "18, USCC", "uscc")


def _payment(order: Order, found: Lacks) -> Payment | None:
    """What was paid, where it was, and is what the order comes to."""
    paid = order.payment
    if paid is None or paid.total is None:
        found.need(holds=False, field="payment.total")
        return None
    found.need(paid.status == PAID, "payment.status", paid.status, PAID, "unpaid")
    owed = owed_of(order)
    if owed is None:
        found.need(holds=False, field="lines[].unit_price", why="price")
        return None
    same = owed.currency == paid.total.currency and owed.amount == paid.total.amount
    shown = f"{paid.total.amount} {paid.total.currency}"
    found.need(same, "payment.total", shown, f"{owed.amount} {owed.currency}", "paid")
    return Payment(status=paid.status, total=paid.total)


def owed_of(order: Order) -> Money | None:
    """What an order comes to: lines, freight and insurance, less its discount.

    None where a price is not known or currencies differ. Exact, rounded once at the end.
    """
    parts = [line.unit_price * line.quantity if line.unit_price else None for line in order.lines]
    known = [part for part in parts if part is not None]
    more = [one for one in (order.freight, order.insurance) if one]
    less = [one for one in (order.discount,) if one]
    if len(known) != len(parts) or len({one.currency for one in (*known, *more, *less)}) != 1:
        return None
    owed = reduce(Money.__add__, (*known, *more))
    return reduce(Money.__sub__, less, owed).rounded()


def _specified(line: GoodsLine, papers: ParcelPapers, table: Table) -> DeclaredGoods:
    """A line with its elements: those of the longest code in the table that it begins with."""
    fitting = [row for row in table if line.hs.startswith(str(row["hs"]))]
    row = max(fitting, key=lambda one: len(str(one["hs"])), default=None)
    product: Mapping[str, Any] = msgspec.to_builtins(papers.products[line.sku])
    elements = tuple(
        Element(name=one["name"], value=str(at_path(product, one.get("from") or "-") or ""))
        for one in (row["elements"] if row else ())
    )
    return DeclaredGoods(
        line=line,
        elements=elements,
        specification="|".join(one.value.replace("|", "/") for one in elements),
        open=tuple(one.name for one in elements if not one.value),
    )
