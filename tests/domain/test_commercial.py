"""Invoice and packing list of a consignment: sums that anybody can add up again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.domain.commercial import (
    cartons_of,
    invoice_of,
)
from packstation.domain.errors import DocumentError
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import OrderLine
from packstation.domain.quantities import Money
from tests.documents.samples import MUG, SHIRT, SOCKS, order, papers


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def two_cartons(**fields: Any) -> tuple[ParcelPapers, ParcelPapers]:  # noqa: ANN401 - any field
    whole = papers(SHIRT, MUG, SOCKS, **fields)
    first = replace(whole, contents=((1, 1), (2, 1)), number=1, count=2, gross_g=500)
    second = replace(whole, contents=((2, 1), (3, 3)), number=2, count=2, gross_g=700)
    return first, second


def test_lines_of_all_cartons_are_one_invoice() -> None:
    found = invoice_of(two_cartons(freight=cny("30"), discount=cny("5.50")))

    assert [(line.sku, line.quantity) for line in found.lines] == [
        ("TS-BLK-M", 1),
        ("MG-ENM", 2),
        ("SK-WOL", 3),
    ]
    assert found.goods == cny("188.40")
    assert found.total == cny("212.90")
    assert (found.packages, found.gross_g, found.net_g, found.pieces) == (2, 1200, 775, 6)


def test_invoice_and_packing_list_of_a_consignment_agree() -> None:
    parcels = two_cartons()

    invoice, packed = invoice_of(parcels), cartons_of(parcels)
    assert (invoice.pieces, invoice.net_g) == (6, sum(one.net_g for one in packed))
    assert (invoice.packages, invoice.gross_g) == (len(packed), sum(one.gross_g for one in packed))


def test_a_carton_says_each_sku_once() -> None:
    parcel = papers(SHIRT)
    twice = order(SHIRT)
    both = replace(
        twice,
        lines=(
            OrderLine(line=1, sku=SHIRT.sku, quantity=1),
            OrderLine(line=2, sku=SHIRT.sku, quantity=2, unit_price=cny("1")),
        ),
    )
    carton = cartons_of([replace(parcel, order=both, contents=((1, 1), (2, 2)))])[0]

    assert [(item.sku, item.quantity, item.net_g) for item in carton.items] == [
        ("TS-BLK-M", 3, 525)
    ]
    assert (carton.pieces, carton.net_g) == (3, 525)


def test_a_part_of_an_order_carries_its_part_of_freight_and_discount() -> None:
    whole = papers(SHIRT, MUG, SOCKS, freight=cny("10"), discount=cny("0.01"))
    here = invoice_of([replace(whole, contents=((1, 1),))])
    there = invoice_of([replace(whole, contents=((2, 2), (3, 3)))])

    assert here.freight == cny("3.18")
    assert here.freight + (there.freight or cny("0")) == cny("10")
    assert (here.discount or cny("9")) + (there.discount or cny("9")) == cny("0.01")


@pytest.mark.parametrize("field", ["freight", "insurance", "discount"])
def test_amounts_of_two_currencies_are_no_invoice(field: str) -> None:
    fields: Any = {field: Money(Decimal(1), "USD")}
    parcel = papers(SHIRT, **fields)

    with pytest.raises(DocumentError) as refused:
        invoice_of([parcel])

    assert refused.value.fields == {"field": field, "value": "USD", "allowed": "CNY"}


def test_goods_of_two_currencies_are_no_invoice() -> None:
    value = Money(Decimal(9), "USD")
    dear = replace(MUG, customs=replace(MUG.customs, unit_value=value))

    with pytest.raises(DocumentError) as refused:
        invoice_of([papers(SHIRT, dear)])

    assert refused.value.fields["field"] == "products[MG-ENM].customs.unit_value"


def test_a_substitute_the_catalogue_does_not_price_goes_by_the_orders_price() -> None:
    plain = replace(SHIRT, customs=replace(SHIRT.customs, unit_value=None))
    parcel = papers(plain, freight=cny("2"))
    bought = replace(parcel.order, lines=(replace(parcel.order.lines[0], unit_price=cny("7")),))

    assert invoice_of([replace(parcel, order=bought)]).goods == cny("7.00")


def test_an_order_line_whose_product_is_not_here_has_no_part() -> None:
    parcel = papers(SHIRT, freight=cny("2"))
    more = (*parcel.order.lines, OrderLine(line=9, sku="GONE", quantity=1))
    bought = replace(parcel.order, lines=more)

    assert invoice_of([replace(parcel, order=bought)]).freight == cny("2.00")
