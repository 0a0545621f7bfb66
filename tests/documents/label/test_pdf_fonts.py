"""Fonts as a PDF holds them: small, whole, and the same shapes and words as on paper."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.pdf_fonts import Outlines, font_program, outlines, to_unicode
from packstation.documents.label.png import draw
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Label, Media, Text
from tests.documents.papers.pages import faults, missing, pictures
from tests.documents.samples import FONTS

FILES = ("NotoSans-400.ttf", "NotoSans-700.ttf", "NotoSansSC-400.ttf", "NotoSansSC-700.ttf")
HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 600)))


def page(*lines: str, size: float = 5.0, bold: bool = False) -> Label:
    media = Media(210, 297, 300)
    return Label(media, (Text("words", 10, 10, 190, size, lines, bold),))


def tables(program: bytes) -> dict[bytes, bytes]:
    count = struct.unpack_from(">H", program, 4)[0]
    entries = struct.iter_unpack(">4sIII", program[12 : 12 + 16 * count])
    return {tag: program[start : start + length] for tag, _, start, length in entries}


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures of the same page lie apart, from 0 (alike) to 1, edges forgiven."""
    soft = [picture.convert("L").filter(ImageFilter.GaussianBlur(2)) for picture in (one, other)]
    told = ImageChops.difference(*soft).histogram()
    return sum(value * count for value, count in enumerate(told) if value > 40) / (255 * sum(told))


@pytest.mark.parametrize("bold", [False, True])
def test_pages_show_the_shapes_that_labels_show(fonts: Fonts, bold: bool) -> None:
    lines = [HAN[at : at + 36] for at in range(0, 600, 36)]
    label = page(*lines, "ÀÉÎÕÜŁŚŻĞŞİ Ångström ½ № €", "Съешь же ещё этих булок", bold=bold)
    pdf = write_pdf([label], fonts)

    assert faults(pdf, [(210, 297)]) == []
    drawn = draw(label, fonts)
    pages = (pictures(pdf)[0], pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72).to_pil())
    other = difference(drawn, draw(page(*lines[1:], lines[0], bold=bold), fonts))
    for seen in pages:
        # What is left is the hinting of small sizes, which pages go without.
        assert 4 * difference(drawn, seen.crop((0, 0, *drawn.size))) < other


def test_more_characters_than_a_subset_has_can_be_copied_out(fonts: Fonts) -> None:
    lines = [HAN[at : at + 36] for at in range(0, 600, 36)]
    pdf = write_pdf([page(*lines)], fonts)

    assert missing(pdf, lines) == []
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        names = {char["fontname"] for char in document.pages[0].chars}
    assert names == {f"AAAAA{letter}+NotoSansSC-400" for letter in "ABC"}


def test_what_lies_beyond_the_first_plane_is_said_by_pairs() -> None:
    assert "<01> <0041>\n<02> <D842DFB7>" in to_unicode("x", ["A", "𠮷"])
    assert to_unicode("x", ["A"] * 250).count("beginbfchar") == 3


def test_a_document_does_not_depend_on_those_before_it(fonts: Fonts) -> None:
    label = page("men's knitted T-shirt 男式针织T恤 футболка")
    first = write_pdf([label], fonts)
    write_pdf([page(HAN[:30])], fonts)

    assert write_pdf([label], Fonts(FONTS)) == first
    assert len(first) < 16_000


@pytest.mark.parametrize("file", FILES)
def test_programs_are_whole(file: str) -> None:
    source = outlines(FONTS / file)
    glyphs = [0, *(source.typeface.glyph(ord(char)) for char in "AÀÉщ1i½" if ord(char))]
    program = font_program(source, glyphs)
    found = tables(program)

    assert set(found) == {b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"}
    assert sum(struct.unpack(f">{len(program) // 4}I", program)) & 0xFFFFFFFF == 0xB1B0AFBA
    places = struct.unpack(f">{len(found[b'loca']) // 4}I", found[b"loca"])
    count = struct.unpack_from(">H", found[b"maxp"], 4)[0]
    assert len(places) == count + 1
    assert places[-1] == len(found[b"glyf"])
    assert len(found[b"hmtx"]) == 4 * count
    codes = struct.unpack_from(f">{len(glyphs)}H", found[b"cmap"], 22)
    assert all(code < count for code in codes)


def test_glyphs_put_together_bring_their_parts() -> None:
    source = outlines(FONTS / "NotoSans-400.ttf")
    glyph = source.typeface.glyph(ord("Å"))
    found = source.glyphs([glyph])

    assert len(found) > 1
    assert set(found[glyph][1]) <= set(found)


@given(st.lists(st.integers(0x20, 0x9FFF), min_size=1, max_size=40))
def test_any_characters_make_a_program(codes: list[int]) -> None:
    source = outlines(FONTS / "NotoSansSC-400.ttf")
    glyphs = [0, *map(source.typeface.glyph, codes)]

    assert tables(font_program(source, glyphs))[b"glyf"]


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x00\x00", b"\x00" * 400])
def test_what_is_no_font_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.ttf"
    path.write_bytes(data)

    with pytest.raises(DocumentError) as refused:
        Outlines(path)

    assert refused.value.fields["field"] == "broken.ttf"
