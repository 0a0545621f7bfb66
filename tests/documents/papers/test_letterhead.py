"""Pictures from outside: drawn where they are pictures, refused by name where they are not."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import LANGUAGES, writer
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import draw
from packstation.documents.layout import Box, Sheet
from packstation.documents.papers.letterhead import ROW_BYTES, checked, letterhead, place, small
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Image, Label, Media
from packstation.domain.templates import Template
from tests.documents.papers.consignments import letterhead as template_of
from tests.documents.papers.consignments import picture


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is so large, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"\x89PNG\r\n\x1a\n",
        picture()[:200],
        bomb(60_000, 60_000),
        bomb(5_000, 5_000),
        bomb(900, 900),
        picture("RGB", "BMP", (64, 64)),
        picture("RGB", "GIF", (64, 64)),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        picture("RGB", "PPM", (400, 400)),
    ],
    ids=["empty", "words", "head", "half", "bomb", "wide", "lies", "bmp", "gif", "eps", "big"],
)
def test_what_is_no_small_png_or_jpeg_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        checked(data, "template.logo")

    assert refused.value.fields["field"] == "template.logo"
    assert refused.value.fields["reason"]


@given(st.binary(max_size=40), st.integers(0, 2000), st.sampled_from(["PNG", "JPEG"]))
def test_a_damaged_picture_never_ends_the_program(noise: bytes, at: int, form: str) -> None:
    whole = picture("RGB", form, (90, 40))
    try:
        found = checked(whole[:at] + noise + whole[at + len(noise) :], "template.logo")
    except DocumentError as refused:
        named = refused.fields["field"]
    else:
        named = Pillow.open(io.BytesIO(found.png)).format
    assert named


@pytest.mark.parametrize(
    ("mode", "form"), [("RGBA", "PNG"), ("L", "PNG"), ("RGB", "JPEG"), ("CMYK", "JPEG")]
)
def test_pictures_are_made_anew_on_white(mode: str, form: str) -> None:
    found = checked(picture(mode, form, (1800, 400)), "template.logo")
    opened = Pillow.open(io.BytesIO(found.png))

    assert opened.format == "PNG"
    assert opened.mode in {"L", "RGB"}
    assert (opened.width, opened.height) == (found.width, found.height) == (900, 200)
    if mode == "RGBA":
        assert opened.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def noise(width: int, height: int) -> bytes:
    """A photograph at its worst: nothing to compress."""
    dots = random.Random(1).randbytes(width * height * 3)
    target = io.BytesIO()
    Pillow.frombytes("RGB", (width, height), dots).save(target, "JPEG", quality=60)
    return target.getvalue()


def test_a_row_carries_a_small_picture_whatever_came() -> None:
    kept = small(noise(900, 360), "logo")
    opened = Pillow.open(io.BytesIO(kept))

    assert len(kept) <= ROW_BYTES
    assert opened.format == "PNG"
    assert opened.width > 100
    assert opened.width / opened.height == pytest.approx(900 / 360, rel=0.05)
    assert small(kept, "logo") == small(small(kept, "logo"), "logo")
    with pytest.raises(DocumentError):
        small(b"<svg onload='alert(1)'/>", "logo")


def test_a_picture_that_did_not_come_is_named(fonts: Fonts) -> None:
    sheet = Sheet(Media(210, 297, 300), fonts)
    with pytest.raises(DocumentError) as refused:
        letterhead(sheet, Box(10, 10, 100, 30), Template(id="a", logo="0" * 64), ("Lin Yue",))

    assert refused.value.fields == {"field": "template.logo", "reason": "missing"}


def test_no_picture_is_drawn_larger_than_its_dots(fonts: Fonts) -> None:
    sheet = Sheet(Media(210, 297, 300), fonts)
    width = place(sheet, "logo", picture("L", size=(100, 50)), Box(10, 10, 100, 100))

    assert width == pytest.approx(100 * 25.4 / 300)


def test_a_letterhead_without_a_template_is_the_senders_name(fonts: Fonts) -> None:
    sheet = Sheet(Media(210, 297, 300), fonts)

    assert letterhead(sheet, Box(10, 10, 100, 30), None, ("", "Lin Yue")) > 10
    assert letterhead(sheet, Box(10, 10, 100, 30), Template(id="a"), ()) == 10.6


def on_label(fonts: Fonts, dpi: int = 203) -> Label:
    sheet = Sheet(Media(60, 40, dpi), fonts)
    sheet.elements.append(Image("logo", 5, 5, 50, 20, checked(picture(), "logo").png))
    return sheet.label()


@pytest.mark.parametrize("row", LANGUAGES, ids=lambda row: row.id)
def test_every_printer_draws_pictures(fonts: Fonts, row: object) -> None:
    language = next(one for one in LANGUAGES if one is row)
    media = Media(60, 40, language.dpi[-1] if language.id != "brother-ql" else 300)
    if language.id == "brother-ql":
        media = language.stock
    sheet = Sheet(media, fonts)
    empty = writer(language.id, fonts).write([sheet.label()])
    sheet.elements.append(Image("logo", 5, 5, 50, 20, checked(picture(), "logo").png))

    assert len(writer(language.id, fonts).write([sheet.label()])) > len(empty) + 200


def test_page_and_picture_show_the_same(fonts: Fonts) -> None:
    label = on_label(fonts)
    drawn = draw(label, fonts)
    page = pypdfium2.PdfDocument(write_pdf([label], fonts))[0]
    rendered = page.render(scale=203 / 72).to_pil().convert("L").resize(drawn.size)

    for at in ((60, 150), (100, 60), (330, 80), (20, 20)):
        assert abs(int(drawn.getpixel(at)) - int(rendered.getpixel(at))) < 40  # type: ignore[arg-type]


def test_templates_of_the_tests_are_whole() -> None:
    assert template_of().image(template_of().logo)
