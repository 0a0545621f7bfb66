"""What electronic data and papers declare adds up to one total."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.commercial import invoice_of
from packstation.domain.customs.exports import (
    H7,
    H7Consignment,
    Itmatt,
    h7,
)
from packstation.domain.customs.exports_cn import (
    Declarations,
    List9610,
)
from packstation.domain.customs.facts import fact
from packstation.domain.declaration import declare
from packstation.domain.labels import PackedAs
from packstation.domain.orders import Payment
from packstation.domain.quantities import Money, minor_units
from tests.domain.customs.exporting import (
    NOW,
    cny,
    draft,
    entry,
    item,
    parcel,
    reduced,
    seen,
    thing,
)


@given(
    amounts=st.lists(
        st.decimals("0.001", 10**9, places=3, allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=5,
    )
)
def test_amounts_add_up_and_come_back_exactly(amounts: list[Decimal]) -> None:
    goods = [
        thing(f"S{at}", unit_value=Money(amount, "KWD"), description=f"shirt, cotton {at}")
        for at, amount in enumerate(amounts)
    ]
    found = item(parcel(*goods, gross_g=10**6, tax_scheme=None))
    written = msgspec.json.encode(Itmatt(prepared_at=NOW, items=(found,)))

    assert msgspec.json.decode(written, type=Itmatt).items == (found,)
    assert sum(one.value.amount for one in found.content) == found.total.amount
    assert found.total.amount == sum(
        amount * count for count, amount in enumerate(amounts, start=1)
    )


@pytest.mark.parametrize("shape", [Itmatt, H7, List9610, Declarations])
def test_each_document_has_a_schema(shape: type) -> None:
    made = msgspec.json.schema(shape)

    assert shape.__name__ in made["$defs"]
    assert "prepared_at" in json.dumps(made)


def test_all_documents_come_back_as_they_were() -> None:
    consignment = reduced(parcel())
    assert isinstance(consignment, H7Consignment)
    for whole in (
        H7(prepared_at=NOW, consignments=(consignment,)),
        List9610(prepared_at=NOW, entries=(entry(parcel()),)),
        Declarations(prepared_at=NOW, declarations=(draft(parcel()),)),
    ):
        assert msgspec.json.decode(msgspec.json.encode(whole), type=type(whole)) == whole


@given(
    amounts=st.lists(st.integers(1, 20_000), min_size=1, max_size=6),
    percent=st.integers(0, 110),
    currency=st.sampled_from(("EUR", "JPY", "KWD")),
)
def test_all_papers_declare_the_same_total(amounts: list[int], percent: int, currency: str) -> None:
    unit = Decimal(1).scaleb(-minor_units(currency))
    goods = [
        thing(f"S{at}", unit_value=Money(one * unit, currency), description=f"cotton shirt {at}")
        for at, one in enumerate(amounts)
    ]
    whole = sum((one * at * unit for at, one in enumerate(amounts, start=1)), Decimal(0))
    discount = Money(whole * percent / 100, currency).rounded()
    fields: dict[str, Any] = {"gross_g": 10**6, "discount": discount, "tax_scheme": None}
    one = parcel(*goods, **fields)
    case, declared = seen(one), declare(one)
    total = declared.totals[0].amount
    assert total in (whole, whole - discount.amount)
    assert all(line.value.amount > 0 for line in declared.lines)
    assert invoice_of([one]).declared.amount == total
    assert fact(case, case.order, "declared_value").amount == total
    assert fact(case, case.order, "goods_worth") == {currency: total}
    (listed,) = (draft(one).total,)
    assert listed.amount == total
    if fact(case, case.order, "regime") == "eu_low_value":
        found = h7(one, case)
        assert isinstance(found, H7Consignment)
        assert found.intrinsic.amount == total == item(one).total.amount


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.integers(1, 400),
    st.data(),
)
def test_two_parcels_declare_what_the_order_comes_to(
    quantities: list[int], cents: int, data: st.DataObject
) -> None:
    goods = [
        thing(f"S{at}", unit_value=cny("59.90"), description=f"cotton shirt {at}")
        for at, _ in enumerate(quantities)
    ]
    one = parcel(*goods, discount=cny(str(Decimal(cents) / 100)), gross_g=10**6, count=2)
    lines = tuple(
        replace(line, quantity=many) for line, many in zip(one.order.lines, quantities, strict=True)
    )
    first = [data.draw(st.integers(0, many)) for many in quantities]
    first[0] = max(1, min(first[0], quantities[0]))
    rest = [many - few for many, few in zip(quantities, first, strict=True)]
    order = replace(one.order, lines=lines)
    parcels = [
        replace(
            one,
            order=order,
            number=number,
            contents=tuple((at, many) for at, many in enumerate(some, 1) if many),
        )
        for number, some in enumerate((first, rest), start=1)
        if any(some)
    ]
    total = sum(declare(each).totals[0].amount for each in parcels)
    assert total == Decimal("59.90") * sum(quantities) - Decimal(cents) / 100
    assert invoice_of(parcels).declared.amount == total


def test_the_list_adds_up_to_what_was_paid() -> None:
    shirt = thing(unit_value=cny("59.90"))
    paid = Payment(status="paid", total=cny("100.00"))
    found = entry(parcel(shirt, thing("TS-2"), discount=cny("79.70"), payment=paid))
    assert [one.total for one in found.goods] == [cny("33.33"), cny("66.67")]
    assert found.goods[1].unit_price == cny("33.3350")


def test_what_stands_for_a_line_of_another_currency_takes_no_discount() -> None:
    one = parcel(thing(), discount=cny("9.90"))
    dollars = replace(thing("TS-9"), customs=thing(unit_value=Money(Decimal(7), "USD")).customs)
    swapped = replace(
        one,
        contents=(),
        instead=(PackedAs(1, "TS-9", 1),),
        products={**one.products, "TS-9": dollars},
    )
    assert declare(swapped).totals == (Money(Decimal(7), "USD"),)
