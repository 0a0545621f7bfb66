"""Papers of a hand-over: every parcel is on the list, codes are read back, signatures stand."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.handover import kilograms, manifest_pages, unit_page
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import draw
from packstation.domain.handover.papers import ListedParcel, ListedUnit, ManifestPaper, UnitPaper
from packstation.domain.handover.signature import SCHEMA, Signature
from packstation.domain.labels import Barcode, Label, Media, media
from packstation.domain.labels import Image as Picture
from packstation.i18n import LANGUAGES, load

SIGNED = Signature(
    schema=SCHEMA,
    manifest="m",
    driver="Wang Wei 王伟",
    at="2026-11-23T09:12:00Z",
    count=60,
    wide=10_000,
    high=4_000,
    strokes=(tuple((n * 90, 500 + (n * n) % 3000) for n in range(60)), ((5, 5),), ()),
)
NAMES = {"en": "e-Packet", "zh_Hans": "e邮宝", "ru": "е-Пакет"}


def paper(language: str = "en", count: int = 60, **more: object) -> ManifestPaper:
    known = ManifestPaper(
        code="MF-261123-7KQ2V",
        carrier="chinapost",
        service=NAMES[language],
        day="2026-11-23",
        site="GZ-1",
        bench="07",
        cutoff="2026-11-23 17:30",
        mode="9610",
        sender=("演示贸易 Demo", "Baiyun 8", "510000 Guangzhou CN"),
        units=(
            ListedUnit(code="BG-261123-A1B2C", kind="bag", count=30, expected_g=9, gross_g=8),
            ListedUnit(code="PL-261123-00000", kind="pallet", count=30),
        ),
        parcels=tuple(
            ListedParcel(
                waybill=f"RX{n:09}CN",
                order_id=f"O-{n}",
                unit="BG-261123-A1B2C",
                country="RU",
                gross_g=n,
                options=("signature", "cod 120.00 CNY") if n % 7 == 0 else (),
            )
            for n in range(count)
        ),
        missing=("RX999999999CN",),
        signature=SIGNED,
        signed_at="2026-11-23 17:12",
    )
    return replace(known, **more)


def words(pages: tuple[Label, ...], fonts: Fonts) -> str:
    pdf = pypdfium2.PdfDocument(write_pdf(pages, fonts, title="list"))
    return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


def read(page: Label, fonts: Fonts) -> list[str]:
    picture = draw(page, fonts).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_parcel_is_on_the_list_once_and_its_code_is_read(language: str, fonts: Fonts) -> None:
    pages = tuple(manifest_pages(paper(language), media("a4", 300), load(language).say, fonts))
    assert len(pages) > 1
    text = words(pages, fonts)
    assert all(text.count(f"RX{n:09}CN") == 1 for n in range(60))
    assert "RX999999999CN" in text
    assert "Wang Wei" in text
    assert kilograms(sum(range(60))) in text
    assert read(pages[0], fonts) == ["MF-261123-7KQ2V"]


def test_a_drawn_signature_stands_on_the_last_page_and_a_pen_has_its_line(fonts: Fonts) -> None:
    pages = manifest_pages(paper(), media("a4", 300), load("en").say, fonts)
    (ink,) = [one for one in pages[-1].elements if isinstance(one, Picture)]
    picture = Image.open(io.BytesIO(ink.data))
    assert (
        picture.convert("L").point(lambda dot: dot < 128).histogram()[1]
        / (picture.width * picture.height)
        > 0.01
    )
    assert ink.x > 100
    for unsigned in (None, replace(SIGNED, strokes=())):
        plain = manifest_pages(paper(signature=unsigned), media("a4", 300), load("en").say, fonts)
        assert not [one for one in plain[-1].elements if isinstance(one, Picture)]


def test_a_list_on_a_roll_of_labels_has_the_numbers_and_weights(fonts: Fonts) -> None:
    pages = tuple(
        manifest_pages(paper(count=40, training=True), media("100x150", 203), load("ru").say, fonts)
    )
    text = words(pages, fonts)
    assert all(f"RX{n:09}CN" in text for n in range(40))
    assert "ОБУЧЕНИЕ" in text
    assert read(pages[0], fonts) == ["MF-261123-7KQ2V"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ["100x150", "4x6", "100x100", "a6"])
def test_a_bag_says_what_it_is_on_every_label(size: str, language: str, fonts: Fonts) -> None:
    bag = UnitPaper(
        code="BG-261123-A1B2C",
        kind="bag",
        number=3,
        manifest="MF-261123-7KQ2V",
        carrier="chinapost",
        service=NAMES[language],
        count=30,
        gross_g=25_110,
        weighed=True,
        day="2026-11-23",
        site="GZ-1",
        mode="9610",
        training=language == "ru",
    )
    for one in (bag, replace(bag, weighed=False, mode="", kind="gaylord")):
        page = unit_page(one, media(size, 203), load(language).say, fonts)
        assert read(page, fonts) == ["BG-261123-A1B2C"]
        text = words((page,), fonts)
        assert "25.110 kg" in text
        assert NAMES[language] in text
        assert isinstance(page.media, Media)


@pytest.mark.parametrize("size", ["100x150", "4x6", "100x100", "a6"])
def test_a_bag_with_an_sscc_has_it_as_gs1_128(size: str, fonts: Fonts) -> None:
    number = "069012340000000402"
    bag = UnitPaper(
        code=number,
        kind="pallet",
        number=1,
        manifest="MF-261123-7KQ2V",
        carrier="chinapost",
        service="e-Packet",
        count=30,
        gross_g=25_110,
        weighed=True,
        day="2026-11-23",
        site="GZ-1",
    )
    page = unit_page(bag, media(size, 203), load("en").say, fonts)
    (bars,) = (one for one in page.elements if isinstance(one, Barcode))
    assert (bars.kind, bars.data) == ("gs1", f"00{number}")
    assert f"(00) {number}" in words((page,), fonts)
    assert any(number in found for found in read(page, fonts))
