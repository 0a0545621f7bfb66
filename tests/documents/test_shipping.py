"""What stands on a label, by the fields of its model."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.customs.packs import installed
from packstation.documents.fonts import Fonts
from packstation.documents.label.shipping import shipping_labels
from packstation.domain.customs.sender_references import by_pack
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import LEADING, Barcode, Label, ParcelPapers, Polygon, Text, media
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from tests.documents.samples import (
    CHINESE,
    FONTS,
    SHIRT,
    WAYBILL,
    papers,
    product,
)

FACES = Fonts(FONTS)


def labels(parcel: ParcelPapers, size: str = "100x150") -> tuple[Label, ...]:
    return shipping_labels(parcel, media(size), FACES)


def shown(label: Label, role: str | None = None) -> str:
    """All text of a label, or that of one field."""
    texts = [one for one in label.elements if isinstance(one, Text) and role in {None, one.role}]
    return "\n".join(" ".join(text.lines) for text in texts)


def test_everything_a_sorter_and_a_customs_officer_need_is_on_it() -> None:
    (label,) = labels(papers(mark="GZ-1/07"))

    assert shown(label, "service") == "ePacket"
    assert shown(label, "carrier") == "China Post"
    assert shown(label, "ship_to.country") == "RU\nRUSSIA"
    assert shown(label, "waybill") == "LP 123 456 785 CN"
    assert shown(label, "order_id") == "ORDER\n40112233-0007-1"
    assert shown(label, "parcel") == "PARCEL\n1 / 2"
    assert shown(label, "gross_g") == "WEIGHT\n1.104 kg\n1.104"
    assert shown(label, "size_mm") == "SIZE, cm\n30 x 20.5 x 12"
    assert shown(label, "total").endswith("188.40 CNY")
    assert shown(label, "mark") == "GZ-1/07"
    assert "1 x men's knitted T-shirt, 100% cotton" in shown(label)
    assert "0.420\n70.00 CNY\n732394\nCN" in shown(label)
    assert shown(label, "signer.name") == "Lin Yue"
    assert "2026-11-21" in shown(label, "date")
    assert "420015 RUSSIA Tel. +7 900 000-00-00" in shown(label, "ship_to")


def test_the_number_is_the_only_code() -> None:
    (label,) = labels(papers())
    codes = [one for one in label.elements if isinstance(one, Barcode)]

    assert [(one.kind, one.data) for one in codes] == [("code128", WAYBILL)]


@pytest.mark.parametrize(
    ("category", "words"),
    [
        ("gift", "Gift"),
        ("documents", "Documents"),
        ("commercial_sample", "Commercial sample"),
        ("sale_of_goods", "Sale of goods"),
        ("returned_goods", "Returned goods"),
    ],
)
def test_the_mark_stands_at_the_chosen_category_only(category: str, words: str) -> None:
    (label,) = labels(papers(category=category))
    marks = [one for one in label.elements if isinstance(one, Polygon)]
    left, top = min(marks[0].corners)
    near = [
        one.lines[0]
        for one in label.elements
        if isinstance(one, Text)
        and one.role.startswith("category")
        and abs(one.y - top) < 2
        and 0 < one.x - left < 6
    ]

    # The two strokes of one cross.
    assert len(marks) == 2
    assert near == [words]


def test_another_category_is_explained() -> None:
    (label,) = labels(papers(category="other", category_text="warranty part"))

    assert "Other: warranty part" in shown(label)


def test_a_reprint_says_which_copy_it_is() -> None:
    (first,), (third,) = labels(papers()), labels(papers(copy=3))

    assert "COPY" not in shown(first)
    assert "COPY 3" in shown(third)


def test_training_looks_like_no_work() -> None:
    (label,) = labels(papers(training=True))

    assert shown(label, "service") == "练习 / TRAINING"


def test_the_scheme_number_of_norway_is_shown_and_that_of_europe_never() -> None:
    sender = Address(name="Lin Yue", lines=("x",), country="CN", voec="2051234", ioss="IM372000")
    norway = Address(name="Kari Nordmann", lines=("Storgata 1",), country="NO")
    (label,) = labels(by_pack(papers(sender=sender, to=norway), installed().tables))

    assert "VOEC No. 2051234" in shown(label)
    assert "IM372000" not in shown(label)


def test_a_recipients_tax_number_is_shown() -> None:
    brazil = Address(name="Ana", lines=("Rua A 1",), country="BR", tax_id="123.456.789-09")
    (label,) = labels(papers(to=brazil))

    assert "Tax ID 123.456.789-09" in shown(label)


def test_a_parcel_within_the_country_lists_its_contents_instead_of_a_declaration() -> None:
    (label,) = labels(papers(to=CHINESE))

    assert "CUSTOMS" not in shown(label)
    assert "1 x men's knitted T-shirt, 100% cotton (TS-BLK-M)" in shown(label)


def test_equal_lines_are_added_up() -> None:
    twin = msgspec.structs.replace(SHIRT, sku="TS-BLK-L")
    (label,) = labels(papers(SHIRT, twin))

    assert "3 x men's knitted T-shirt, 100% cotton" in shown(label)
    assert shown(label).count("T-shirt") == 1


def test_more_contents_than_the_label_holds_go_on_a_second_one() -> None:
    what = "hand-painted ceramic figurine of a sleeping cat with a collar on a wooden stand " * 2
    goods = [product(f"S{at}", f"{what}number {at}", "691390", 90, "8") for at in range(4)]
    first, second = labels(papers(*goods))

    assert "CN 22 on label 2 of 2" in shown(first)
    assert all(f"number {at}" in shown(second) for at in range(4))
    assert "number 1" not in shown(first)
    assert [one.data for one in second.elements if isinstance(one, Barcode)] == [WAYBILL]


def test_a_label_too_short_for_the_form_has_it_on_a_second_one() -> None:
    first, second = labels(papers(), "100x100")

    assert "CN 22 on label 2 of 2" in shown(first)
    assert "Total: gross weight" in shown(second)


@pytest.mark.parametrize("count", [5, 60])
def test_contents_that_no_cn_22_holds_are_on_a_cn_23(count: int) -> None:
    goods = [product(f"S{at}", f"ceramic cat {at}", "691390", 90, "8") for at in range(count)]
    (label,) = labels(papers(*goods))

    assert "CN 23 attached" in shown(label, "contents")
    assert "CUSTOMS" not in shown(label)


def test_descriptions_that_no_cn_22_holds_are_on_a_cn_23() -> None:
    goods = [product(f"S{at}", "porcelain cat " * 30, f"69139{at}", 90, "8") for at in range(4)]
    (label,) = labels(papers(*goods))

    assert "CN 23 attached" in shown(label, "contents")


def test_the_label_says_what_the_set_of_papers_says() -> None:
    (with_form,) = labels(papers(form="cn23"))
    (courier,) = labels(papers(form="none"))

    assert "CN 23 attached" in shown(with_form, "contents")
    assert "CN 2" not in shown(courier)
    assert "1 x men's knitted T-shirt, 100% cotton (TS-BLK-M)" in shown(courier)


def test_a_number_that_must_not_be_printed_stops_the_label() -> None:
    sender = Address(name="Lin Yue", lines=("x",), country="CN", ioss="IM3720000224")
    odd = product("ODD", "cup (IOSS: IM 372 000 0224)", "691200", 90, "8")

    with pytest.raises(DocumentError) as refused:
        labels(papers(odd, sender=sender))

    assert refused.value.key == "error.document.ioss"
    assert refused.value.fields["field"] == "products[ODD].customs.description"


def test_several_currencies_are_not_added_up() -> None:
    other = product("US", "phone case", "392690", 20, "4")
    value = msgspec.structs.replace(other.customs, unit_value=Money(Decimal(4), "USD"))
    (label,) = labels(papers(SHIRT, msgspec.structs.replace(other, customs=value)))

    assert "59.90 CNY + 8.00 USD" in shown(label, "total")


@pytest.mark.parametrize(
    ("parcel", "field"),
    [
        (papers(waybill=""), "waybill"),
        (papers(waybill="LP^XZ\n"), "waybill"),
        (papers(waybill="A" * 48), "waybill"),
        (papers(to=Address(lines=("x",), country="RU")), "ship_to.name"),
        (papers(to=Address(name="x", country="RU")), "ship_to.lines"),
        (papers(to=Address(name="x", lines=("x",))), "ship_to.country"),
        (papers(sender=Address(lines=("x",), country="CN")), "ship_from.name"),
        (papers(category="other"), "category_text"),
        (papers(contents=()), "parcels[].contents"),
        (papers(contents=((9, 1),)), "lines[9]"),
        (papers(products={}), "products[TS-BLK-M]"),
        (papers(product("A", "", "1", 1, "1")), "products[A].customs.description"),
        (papers(product("A", "x", "1", 0, "1")), "products[A].customs.net_g"),
    ],
)
def test_a_refusal_names_the_field(parcel: ParcelPapers, field: str) -> None:
    with pytest.raises(DocumentError) as refused:
        labels(parcel)

    assert refused.value.fields["field"] == field


WORDS = st.text(st.sampled_from("abcdefgh Жщюя深圳市,.-"), min_size=1, max_size=60)


@given(WORDS, WORDS, WORDS, st.sampled_from(["100x150", "4x6"]))
@settings(max_examples=100, deadline=None)
def test_no_text_leaves_its_box_or_loses_a_letter(
    name: str, street: str, city: str, size: str
) -> None:
    to = Address(name=f"N{name}", lines=(f"S{street}",), city=f"C{city}", country="RU")
    try:
        (label,) = labels(papers(to=to), size)
    except FormOverflow:
        return
    given_letters = "".join(f"N{name}S{street}C{city}RUSSIA".split())

    assert shown(label, "ship_to").replace(" ", "").replace("\n", "") == f"TO{given_letters}"
    for text in label.elements:
        if isinstance(text, Text):
            bottom = text.y + text.size * LEADING * len(text.lines)
            assert text.x >= 0
            assert text.x + text.width <= label.media.width_mm
            assert 0 <= text.y <= bottom <= label.media.height_mm
            for line in text.lines:
                assert FACES.width(line, text.size, bold=text.bold) <= text.width + 1e-6
