"""The packing list: every carton with its goods, sizes and weights, as the invoice has them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import make_paper
from packstation.domain.commercial import cartons_of, invoice_of
from packstation.domain.labels import OnPallet, ParcelPapers
from tests.documents.papers.consignments import A4, asked, letterhead, parcel
from tests.documents.papers.pages import faults, missing, sizes, text


def cartons(count: int, lines: int) -> tuple[ParcelPapers, ...]:
    """``lines`` products spread over ``count`` cartons."""
    whole = replace(parcel(lines), count=count)
    return tuple(
        replace(
            whole,
            contents=tuple((line, 1) for line in range(1, lines + 1) if line % count == number),
            number=number + 1,
            waybill=f"LP12345678{number}CN",
            size_mm=(300 + number, 205, 120),
            gross_g=10_000 + number,
        )
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("language", "count", "lines"), [("en", 1, 1), ("zh", 3, 20), ("ru", 3, 20), ("zh", 7, 200)]
)
def test_its_pages_are_without_fault(fonts: Fonts, language: str, count: int, lines: int) -> None:
    pdf = make_paper(asked("packing-list", *cartons(count, lines), language=language), fonts)

    assert faults(pdf, A4) == []


def test_every_carton_is_told_with_what_lies_in_it(fonts: Fonts) -> None:
    pdf = make_paper(asked("packing-list", *cartons(3, 8)), fonts)

    wanted = [
        "PACKING LIST",
        "Carton 1 / 3 · LP123456780CN",
        "Carton 3 / 3 · LP123456782CN",
        "Marks: 40112233-0007-1 2/3 · Dimensions, cm: 30.1 x 20.5 x 12.0",
        "Gross weight: 10.002 kg",
        "Packages 3",
        "Pieces of goods 8",
        "Gross weight 30.003 kg",
        *(f"TS-00{at}" for at in range(8)),
    ]
    assert missing(pdf, wanted) == []


def test_there_is_no_price_on_it(fonts: Fonts) -> None:
    words = text(make_paper(asked("packing-list", *cartons(3, 8)), fonts))

    assert "CNY" not in words
    assert "59.90" not in words


def test_no_carton_begins_at_the_foot_of_a_page(fonts: Fonts) -> None:
    pdf = make_paper(asked("packing-list", *cartons(60, 60)), fonts)

    assert len(sizes(pdf)) > 2
    assert faults(pdf, A4) == []


def test_it_says_what_the_invoice_says() -> None:
    parcels = cartons(3, 20)

    invoice, packed = invoice_of(parcels), cartons_of(parcels)
    assert invoice.pieces == sum(one.pieces for one in packed)
    assert (invoice.packages, invoice.gross_g) == (3, sum(one.gross_g for one in packed))


def test_a_box_nobody_measured_has_no_sides_and_no_volume(fonts: Fonts) -> None:
    one = replace(cartons(1, 2)[0], size_mm=())
    words = text(make_paper(asked("packing-list", one, template=letterhead()), fonts))

    assert "Dimensions" not in words
    assert "Volume" not in words


def on_pallets(grams: int) -> tuple[ParcelPapers, ...]:
    one, two = (OnPallet(f"PT2611200000{n}", n, 2, grams * n) for n in (1, 2))
    return tuple(
        replace(carton, carton_mark=f"CT-{at}", pallet=(one, one, two, None)[at])
        for at, carton in enumerate(cartons(4, 8))
    )


def test_it_tells_the_mark_and_the_pallet_of_each_carton(fonts: Fonts) -> None:
    pdf = make_paper(asked("packing-list", *on_pallets(20_000)), fonts)
    wanted = [
        "Carton 2 / 4 · LP123456781CN · CT-1",
        "Pallet 1 / 2 PT26112000001",
        "Pallet 2 / 2 PT26112000002",
        "Pallets 2",
        "Gross weight 40.006 kg",
        # Two pallets as they were weighed, and the loose carton.
        "Gross weight with pallets 70.003 kg",
    ]
    assert missing(pdf, wanted) == []
    assert faults(pdf, A4) == []


def test_pallets_that_nobody_weighed_have_no_weight_of_their_own(fonts: Fonts) -> None:
    pdf = make_paper(asked("packing-list", *on_pallets(0), language="ru"), fonts)
    assert "with pallets" not in text(pdf)
    assert missing(pdf, ["Pallets (Паллет) 2"]) == []
