"""Marks of cartons and pallets, read back from their prints, on any stock."""

from __future__ import annotations

import pytest
import zxingcpp
from msgspec.structs import replace

from packstation.documents.consignment import mark_pages
from packstation.documents.fonts import Fonts
from packstation.documents.label.png import draw
from packstation.domain.consignment.papers import MarkPaper, is_sscc
from packstation.domain.item_labels import sscc
from packstation.domain.labels import Label, Media, Text, media
from packstation.domain.orders import Address
from tests.documents.samples import CHINESE

NUMBER = sscc("6901234", 41) or ""
WAREHOUSE = Address(
    name="Receiving dock 4",
    company="Fulfilment Centre LEJ-1 GmbH",
    lines=("Amazonstraße 1",),
    city="Leipzig",
    postcode="04347",
    country="DE",
)
STOCKS = ["100x150", "4x6", "a6", "100x100", "120x75", "58x40"]


def paper(**more: object) -> MarkPaper:
    known = MarkPaper(
        kind="carton",
        number=3,
        count=12,
        code="CT2611230079",
        sender=CHINESE,
        to=WAREHOUSE,
        gross_g=12_340,
        size_mm=(400, 300, 250),
        reference="FBA15KQ2V9XU000003",
        carrier="sea",
    )
    return replace(known, **more)


def drawn(one: MarkPaper, size: Media, fonts: Fonts) -> Label:
    (label,) = mark_pages([one], size, fonts)
    return label


def words(label: Label) -> str:
    return "\n".join(line for one in label.elements if isinstance(one, Text) for line in one.lines)


def codes(label: Label, fonts: Fonts) -> list[str]:
    found = zxingcpp.read_barcodes(draw(label, fonts), text_mode=zxingcpp.TextMode.HRI)
    return [code.text for code in found]


@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("dpi", [203, 300])
def test_a_mark_without_an_sscc_says_which_of_how_many_on_any_stock(
    stock: str, dpi: int, fonts: Fonts
) -> None:
    label = drawn(paper(), media(stock, dpi), fonts)
    told = words(label)
    for said in ("CARTON", "3 / 12", "Leipzig", "FBA15KQ2V9XU000003", "12.340 kg"):
        assert said in told.replace("\n", " ")
    assert codes(label, fonts) == ["CT2611230079"]


@pytest.mark.parametrize("stock", STOCKS)
def test_a_mark_with_an_sscc_has_it_in_its_code(stock: str, fonts: Fonts) -> None:
    size = media(stock)
    label = drawn(paper(code=NUMBER, count=0, number=7), size, fonts)
    assert f"(00){NUMBER}" in codes(label, fonts)
    assert "7 / " not in words(label)
    # The logistic label of GS1 where the stock holds it: the postcode stands above the SSCC.
    large = size.height_mm >= 146
    assert (len(codes(label, fonts)) == 2) is large


def test_a_pallet_says_how_many_cartons_it_holds(fonts: Fonts) -> None:
    pallet = paper(kind="pallet", number=1, count=2, cartons=6, gross_g=96_500, size_mm=())
    for one in (pallet, replace(pallet, code=NUMBER)):
        told = words(drawn(one, media("100x150"), fonts))
        assert "PALLET" in told
        assert "1 / 2" in told
        assert "6 cartons" in told.lower()
        assert "96.500 kg" in told


def test_what_is_printed_in_a_lesson_says_so(fonts: Fonts) -> None:
    for code in (NUMBER, "CT2611230079"):
        told = words(drawn(paper(code=code, training=True), media("100x150"), fonts))
        assert "TRAINING" in told


def test_an_sscc_is_known_by_its_check_digit() -> None:
    assert is_sscc(NUMBER)
    assert not is_sscc(NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10))
    assert not is_sscc("CT2611230079")
