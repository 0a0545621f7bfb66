"""Paper in dots, lines on paper, and what a parcel declares."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.catalog import Customs, Product
from packstation.domain.declaration import contents, declare
from packstation.domain.errors import DocumentError
from packstation.domain.labels import MEDIA_MM, Media, PackedAs, ParcelPapers, Text, media
from packstation.domain.orders import Address, Order, OrderLine
from packstation.domain.quantities import Money
from packstation.domain.testcard import CARD_CODES

BOWL = Product(
    sku="BOWL",
    weight_g=300,
    customs=Customs(
        description="bowl", hs="691110", unit_value=Money(Decimal("12.505"), "CNY"), origin="CN"
    ),
)


def parcel(*products: Product, packed: tuple[tuple[int, int], ...] = ((1, 2),)) -> ParcelPapers:
    lines = tuple(
        OrderLine(line=at, sku=one.sku, quantity=5, unit_price=Money(Decimal(7), "USD"))
        for at, one in enumerate(products, start=1)
    )
    order = Order(order_id="1", ship_to=Address(country="US"), lines=lines)
    return ParcelPapers(
        order=order,
        products={one.sku: one for one in products},
        contents=packed,
        parcel_id="p",
        waybill="LP123456785CN",
        carrier="chinapost",
        service="e-packet",
        gross_g=700,
        size_mm=(),
        number=1,
        count=1,
        date="2026-11-21",
    )


@pytest.mark.parametrize(
    ("name", "dpi", "dots"),
    [
        ("4x6", 203, (812, 1218)),
        ("4x6", 300, (1200, 1800)),
        ("100x100", 203, (799, 799)),
        ("100x150", 203, (799, 1198)),
        ("100x150", 600, (2362, 3543)),
    ],
)
def test_only_whole_dots_lie_on_paper(name: str, dpi: int, dots: tuple[int, int]) -> None:
    assert media(name, dpi).size_dots == dots


def test_lengths_and_dots_change_into_each_other() -> None:
    paper = Media(100, 150, 300)

    assert paper.dots(25.4) == 300
    assert paper.mm(4) == pytest.approx(0.3387, abs=1e-4)
    assert set(MEDIA_MM) >= {"100x150", "4x6", "cn22", "a6"}


def test_baselines_follow_each_other_by_the_pitch() -> None:
    text = Text("x", 0, 10, 50, 5, ("one", "two"))

    assert [text.baseline(0), text.baseline(1)] == pytest.approx([14.6, 20.6])


def test_a_line_declares_all_its_pieces() -> None:
    (line,) = declare(parcel(BOWL)).lines

    assert (line.quantity, line.net_g, line.value) == (2, 600, Money(Decimal("25.01"), "CNY"))


def test_without_a_customs_value_the_price_counts() -> None:
    plain = Product(sku="X", customs=Customs(description="cup", net_g=10))

    assert declare(parcel(plain)).totals == (Money(Decimal("14.00"), "USD"),)


def test_a_substitute_is_declared_as_itself_and_a_part_by_its_own_value() -> None:
    papers = parcel(BOWL, packed=())
    other = Product(sku="CUP", customs=Customs(description="cup", hs="691110", net_g=90))
    part = Product(
        sku="LID",
        customs=Customs(description="lid", net_g=10, unit_value=Money(Decimal(3), "CNY")),
    )
    known = {**papers.products, "CUP": other, "LID": part}
    packed = (PackedAs(1, "CUP", 1), PackedAs(1, "LID", 2, part=True))
    lines = declare(replace(papers, products=known, instead=packed)).lines

    assert [(one.sku, one.hs, one.quantity, one.net_g) for one in lines] == [
        ("CUP", "691110", 1, 90),
        ("LID", "", 2, 20),
    ]
    assert lines[1].value == Money(Decimal("6.00"), "CNY")


def test_a_part_of_a_kit_has_never_the_price_of_the_kit() -> None:
    papers = parcel(BOWL, packed=())
    part = Product(sku="LID", customs=Customs(description="lid", net_g=10))
    packed = (PackedAs(1, "LID", 2, part=True),)
    with pytest.raises(DocumentError) as caught:
        declare(replace(papers, products={"LID": part}, instead=packed))

    assert caught.value.fields["field"] == "products[LID].customs.unit_value"


def test_equal_lines_are_one_and_currencies_stay_apart() -> None:
    twin = Product(sku="TWIN", weight_g=100, customs=BOWL.customs)
    other = Product(sku="X", customs=Customs(description="cup", net_g=10))
    declared = declare(parcel(BOWL, twin, other, packed=((1, 1), (2, 1), (3, 1))))

    assert [(one.sku, one.quantity, one.net_g) for one in declared.lines] == [
        ("BOWL", 2, 400),
        ("X", 1, 10),
    ]
    assert [str(total.amount) for total in declared.totals] == ["25.02", "7.00"]


def test_contents_come_with_line_and_product() -> None:
    ((line, product, quantity),) = contents(parcel(BOWL))

    assert (line.line, product.sku, quantity) == (1, "BOWL", 2)


@pytest.mark.parametrize(
    ("product", "field"),
    [
        (Product(sku="X", weight_g=1), "products[X].customs.description"),
        (Product(sku="X", customs=Customs(description="a")), "products[X].customs.net_g"),
    ],
)
def test_what_customs_must_know_is_asked_for_by_field(product: Product, field: str) -> None:
    with pytest.raises(DocumentError) as refused:
        declare(parcel(product))

    assert refused.value.fields["field"] == field


def test_a_value_is_needed() -> None:
    papers = parcel(Product(sku="X", weight_g=1, customs=Customs(description="a")))
    free = OrderLine(line=1, sku="X", quantity=1)
    order = Order(order_id="1", ship_to=Address(country="US"), lines=(free,))

    with pytest.raises(DocumentError) as refused:
        declare(replace(papers, order=order))

    assert refused.value.fields["field"] == "products[X].customs.unit_value"


@pytest.mark.parametrize(
    ("packed", "products", "field"),
    [
        ((), True, "parcels[].contents"),
        (((4, 1),), True, "lines[4]"),
        (((1, 1),), False, "products[BOWL]"),
    ],
)
def test_contents_that_point_nowhere_are_named(
    packed: tuple[tuple[int, int], ...], products: bool, field: str
) -> None:
    papers = parcel(BOWL, packed=packed)
    if not products:
        papers = replace(papers, products={})

    with pytest.raises(DocumentError) as refused:
        contents(papers)

    assert refused.value.fields["field"] == field


def test_each_code_of_the_card_proves_something_else() -> None:
    assert len({code.name for code in CARD_CODES}) == len(CARD_CODES)
    assert len({code.text for code in CARD_CODES}) == len(CARD_CODES)
    assert any("\x1d" in code.text for code in CARD_CODES)


def test_the_tariff_number_of_the_destination_is_declared() -> None:
    customs = replace(BOWL.customs, hs_national={"US": "6911104500", "EU": "69111000"})
    papers = parcel(replace(BOWL, customs=customs))
    assert declare(papers).lines[0].hs == "6911104500"
    for country, wanted in {"FR": "69111000", "GB": "691110"}.items():
        order = replace(papers.order, ship_to=Address(country=country))
        assert declare(replace(papers, order=order)).lines[0].hs == wanted
