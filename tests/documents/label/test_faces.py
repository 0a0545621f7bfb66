"""The faces of the shipping label: each stock that labels lie on, read back from its prints."""

from __future__ import annotations

import io
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from packstation.documents.code128 import encode
from packstation.documents.fonts import Fonts
from packstation.documents.label.faces import FACES
from packstation.documents.label.languages import language
from packstation.documents.label.png import draw, write_png
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.label.zpl import ZplWriter
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Barcode, Label, Media, Text, media
from packstation.domain.orders import Address
from packstation.domain.printers import LEAST_MM, Stock
from packstation.domain.s10 import number
from tests.documents.label.test_printouts import printed
from tests.documents.samples import ACCENTED, CHINESE, FONTS, RUSSIAN, WAYBILL, papers
from tests.node.rendering import codes_in, render_zpl

PLACES = (RUSSIAN, CHINESE, ACCENTED)
SIZES = tuple(media(name) for name in ("100x150", "4x6", "100x100", "a6", "120x75", "58x40"))
BROAD, SMALL = media("120x75"), media("58x40")
LONG = "YT2432021272001234567AB"


def shown(label: Label, role: str) -> str:
    return " ".join(
        " ".join(one.lines) for one in label.elements if isinstance(one, Text) and one.role == role
    )


@pytest.mark.node
@pytest.mark.xdist_group("zpl-renderer")
def test_every_stock_prints_a_label_whose_number_reads(fonts: Fonts, writer: ZplWriter) -> None:
    labels = [
        shipping_labels(papers(to=to, form="cn22"), size, fonts)[0]
        for size in (*SIZES, media("120x75", 300), media("58x40", 300))
        for to in PLACES
    ]
    pages = render_zpl([(writer.write([label]), label.media) for label in labels])
    assert [codes_in(page) for (page,) in pages] == [[WAYBILL]] * len(labels)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width_mm:g}x{size.height_mm:g}")
@pytest.mark.parametrize("id_", ["tspl", "epl2", "cpcl"])
def test_other_languages_print_them_alike(id_: str, size: Media, fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(form="cn22"), size, fonts)
    assert codes_in(printed(language(id_), label, fonts)) == [WAYBILL]


@pytest.mark.parametrize("size", [BROAD, SMALL], ids=["broad", "small"])
def test_bars_are_whole_dots_with_white_beside_them(size: Media, fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(to=CHINESE), size, fonts)
    (code,) = [one for one in label.elements if isinstance(one, Barcode)]
    widths = encode(WAYBILL).widths
    left, y = size.dots(code.x), size.dots(code.y + code.height / 2)
    quiet, wide = 10 * code.module_dots, sum(widths) * code.module_dots
    row = draw(label, fonts).crop((left - quiet, y, left + wide + quiet, y + 1)).tobytes()
    runs = [len(list(run)) for _dark, run in groupby(level < 128 for level in row)]
    assert code.module_dots >= 2
    assert runs == [quiet, *(one * code.module_dots for one in widths), quiet]


def test_the_small_face_tells_who_gets_it_and_where_the_rest_is(fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(to=ACCENTED, form="cn22", copy=2), SMALL, fonts)
    assert shown(label, "ship_to.country") == "DE"
    assert (
        shown(label, "ship_to") == "José Müller-Nuñez Straße des 17. Juni 135, Köln, 50667, GERMANY"
    )
    assert shown(label, "ship_from") == "FROM Lin Yue, Guangzhou, CN"
    assert shown(label, "carrier") == "China Post COPY 2"
    assert shown(label, "contents") == (
        "40112233-0007-1 · 1/2 · 1.104 kg · 2026-11-21 · CN 22 attached"
    )


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width_mm:g}x{size.height_mm:g}")
def test_what_is_bought_with_a_service_stands_beside_the_carrier(size: Media, fonts: Fonts) -> None:
    plain = papers(form="none")
    asked = replace(plain, options=("cod", "insurance", "pickup_point", "signature"))
    (label, *_) = shipping_labels(asked, size, fonts)
    assert shown(label, "carrier").partition("·")[2].split()[:4] == [
        "COD",
        "INS",
        "PUDO",
        "SIGN",
    ]
    (other, *_) = shipping_labels(
        replace(plain, carrier="posteitaliane", options=tuple("abcdef"), mark="Table 07", copy=2),
        size,
        fonts,
    )
    assert "A B C +3" in shown(other, "carrier")
    (bare, *_) = shipping_labels(plain, size, fonts)
    assert "·" not in shown(bare, "carrier")


def test_a_number_too_long_for_small_bars_is_a_data_matrix(fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(to=CHINESE, waybill=LONG), SMALL, fonts)
    assert [one.kind for one in label.elements if isinstance(one, Barcode)] == ["datamatrix"]
    picture = Image.open(io.BytesIO(write_png([label], fonts)))
    assert codes_in(picture) == [LONG]
    (broad,) = shipping_labels(papers(to=CHINESE, waybill=LONG), BROAD, fonts)
    assert codes_in(Image.open(io.BytesIO(write_png([broad], fonts)))) == [LONG]


def test_customs_follow_on_a_second_broad_label_or_on_other_paper(fonts: Fonts) -> None:
    broad = shipping_labels(papers(), BROAD, fonts)
    assert [one.media for one in broad] == [BROAD, BROAD]
    assert shown(broad[0], "contents") == "CN 22 on label 2 of 2"
    (small,) = shipping_labels(papers(), SMALL, fonts)
    assert shown(small, "contents").endswith("CN 22 attached")
    assert len(shipping_labels(papers(form="label"), BROAD, fonts)) == 2
    with pytest.raises(FormOverflow) as refused:
        shipping_labels(papers(form="label"), SMALL, fonts)
    assert refused.value.fields["field"] == "contents"


def test_within_the_country_broad_labels_count_the_contents(fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(to=CHINESE, training=True), BROAD, fonts)
    assert shown(label, "contents") == "6 PCS 3 SKU"
    (label,) = shipping_labels(papers(to=CHINESE, training=True), SMALL, fonts)
    assert shown(label, "service") == "练习 / TRAINING"
    assert shown(label, "carrier") == "ePacket China Post"


def test_an_address_that_small_paper_does_not_hold_is_refused_by_its_field(fonts: Fonts) -> None:
    lines = ("Нижневартовский район, ул. Героев Советского Союза, д. 118, корп. 4",) * 4
    long = Address(name="Александра Константиновна", lines=lines, city="Новоаганск", country="RU")
    with pytest.raises(FormOverflow) as refused:
        shipping_labels(papers(to=long), SMALL, fonts)
    assert refused.value.fields["field"] == "ship_to"


@pytest.mark.parametrize("size", [BROAD, SMALL], ids=["broad", "small"])
def test_what_is_missing_is_named(size: Media, fonts: Fonts) -> None:
    with pytest.raises(DocumentError, match="waybill"):
        shipping_labels(papers(to=CHINESE, waybill="", form="cn22"), size, fonts)
    nowhere = Address(name="A", lines=("B",), city="C")
    with pytest.raises(DocumentError, match=r"ship_to\.country"):
        shipping_labels(papers(to=nowhere, form="cn22"), size, fonts)


def test_the_least_stock_of_the_print_table_is_the_least_face() -> None:
    least = FACES[-1]
    assert LEAST_MM["label"] == (least.width_mm, least.height_mm)
    assert Stock("58x40", 58, 40).holds(*LEAST_MM["label"])


@settings(max_examples=40, deadline=None)
@given(
    width=st.floats(54, 130),
    height=st.floats(36, 160),
    serial=st.integers(0, 99_999_999),
    to=st.sampled_from(PLACES),
    dpi=st.sampled_from([203, 300]),
)
def test_on_any_paper_all_ink_lies_on_it_and_the_number_reads(
    width: float, height: float, serial: int, to: Address, dpi: int
) -> None:
    fonts, waybill = Fonts(FONTS), number("LP", serial, "CN")
    size = Media(width, height, dpi)
    label = overflow = None
    try:
        label = shipping_labels(papers(to=to, waybill=waybill, form="cn22"), size, fonts)[0]
    except FormOverflow as refused:
        overflow = str(refused.fields["field"])
    if label is None:
        assert overflow in {"ship_to", "ship_from"}
        return
    assert waybill in codes_in(draw(label, fonts))
    for one in label.elements:
        if isinstance(one, Text):
            assert one.x + one.width <= width + 1e-6
            assert one.baseline(len(one.lines) - 1) <= height
