"""Fonts: coverage, widths and pictures of lines, and cleaning of text."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from packstation.documents.fonts import Fonts
from packstation.documents.layout import wrap
from packstation.documents.typeface import Typeface
from packstation.domain.errors import DocumentError, GlyphMissing
from packstation.domain.one_line import clean
from tests.documents.samples import FONTS

FACES = Fonts(FONTS)
FILES = ("NotoSans-400.ttf", "NotoSansSC-400.ttf")


@pytest.mark.parametrize("file", FILES)
def test_widths_are_those_of_the_font_engine(file: str) -> None:
    face = Typeface(FONTS / file)
    engine = ImageFont.truetype(FONTS / file, 1000, layout_engine=ImageFont.Layout.BASIC)

    for char in "Az09ЖяЙ深圳·€ﬁ":
        if face.glyph(ord(char)):
            assert face.advance(ord(char)) * 1000 == pytest.approx(engine.getlength(char), abs=1)


@pytest.mark.parametrize(
    ("file", "has", "lacks"),
    [(FILES[0], "AЖé", "深\U00020bb7"), (FILES[1], "A深圳", "Ł\U00020bb7")],
)
def test_coverage_is_known(file: str, has: str, lacks: str) -> None:
    face = Typeface(FONTS / file)

    assert all(face.glyph(ord(char)) for char in has)
    assert not any(face.glyph(ord(char)) for char in lacks)


def test_lines_are_split_where_the_face_changes() -> None:
    assert FACES.runs("GZ 深圳 07", bold=True) == (
        ("NotoSans-700.ttf", "GZ "),
        ("NotoSansSC-700.ttf", "深圳 "),
        ("NotoSans-700.ttf", "07"),
    )


def test_both_weights_cover_the_same_han() -> None:
    light, heavy = (Typeface(FONTS / f"NotoSansSC-{weight}.ttf") for weight in (400, 700))

    assert all(bool(light.glyph(code)) == bool(heavy.glyph(code)) for code in range(0x2E80, 0x9FFF))


def test_the_first_missing_character_is_named() -> None:
    with pytest.raises(GlyphMissing) as refused:
        FACES.require("cup ☕ 𠮷", "ship_to")

    assert refused.value.fields == {"text": "cup ☕ 𠮷", "codepoint": "U+2615", "field": "ship_to"}


@pytest.mark.parametrize(
    ("text", "codepoint"),
    [
        ("M\N{REPLACEMENT CHARACTER}ller", "U+FFFD"),
        ("\ud842\u91ce\u5bb6", "U+FFFD"),
        ("An\ufffcna", "U+FFFC"),
        ("\u0915\u093f\u0930\u0923", "U+0915"),
    ],
)
def test_lost_characters_and_letters_that_join_are_refused(text: str, codepoint: str) -> None:
    """Noto Sans has a sign for each of them: the wrong word would be on the parcel."""
    with pytest.raises(GlyphMissing) as refused:
        FACES.require(clean(text), "ship_to.name")

    assert refused.value.fields["codepoint"] == codepoint


def test_what_no_face_has_takes_no_room() -> None:
    assert FACES.width("a😀", 10) == FACES.width("a", 10)
    assert FACES.runs("a😀b") == (("NotoSans-400.ttf", "ab"),)
    assert FACES.picture("a😀", 20, bold=False) == FACES.picture("a", 20, bold=False)


def test_a_picture_holds_the_ink_and_nothing_around_it() -> None:
    picture = FACES.picture("深圳", 24, bold=True)

    assert len(picture.bits) == picture.height * picture.row_bytes
    assert 40 <= picture.width <= 48
    assert 18 <= picture.height <= 26
    assert picture.bits[: picture.row_bytes].strip(b"\x00")


def test_a_line_of_blanks_is_a_white_dot() -> None:
    assert set(FACES.picture(" ", 24, bold=False).bits) == {0}


@pytest.mark.parametrize("content", [b"", b"junk", b"\x00\x01\x00\x00\x00\x09" + bytes(6)])
def test_a_file_that_is_no_font_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "NotoSans-400.ttf").write_bytes(content)

    with pytest.raises(DocumentError) as refused:
        Fonts(tmp_path).width("a", 1)

    assert refused.value.fields["field"] == "NotoSans-400.ttf"


def test_a_font_without_a_unicode_map_is_refused(tmp_path: Path) -> None:
    tables = {b"cmap": struct.pack(">HH", 0, 0), b"head": bytes(54), b"hhea": bytes(36)}
    tables[b"hmtx"] = bytes(4)
    offset = 12 + 16 * len(tables)
    directory = body = b""
    for tag, table in tables.items():
        directory += struct.pack(">4sIII", tag, 0, offset + len(body), len(table))
        body += table
    file = tmp_path / "bare.ttf"
    file.write_bytes(struct.pack(">IHHHH", 0x10000, len(tables), 0, 0, 0) + directory + body)

    with pytest.raises(DocumentError) as refused:
        Typeface(file)

    assert refused.value.fields["field"] == "bare.ttf"


@given(st.text(max_size=100))
def test_clean_text_is_one_visible_line(text: str) -> None:
    done = clean(text)

    assert done == clean(done)
    assert done == done.strip()
    assert "  " not in done
    assert not any(char in done for char in "\r\n\t\x00\x02\x03\u202e\u200b\ufeff\u2028")


def test_accents_are_composed() -> None:
    assert clean("Mu\u0308ller\u00a0\tJr.") == "Müller Jr."


@given(
    st.text(st.sampled_from("ab Жя深圳。(), -"), max_size=60).map(clean),
    st.floats(min_value=8, max_value=60),
)
def test_wrapping_keeps_every_letter_and_the_width(text: str, width: float) -> None:
    lines = wrap(text, width, 3.0, FACES)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(FACES.width(line, 3.0) <= width + 1e-9 for line in lines)
    assert all(line == line.strip() and line for line in lines)


def test_words_stay_whole_and_han_stays_together() -> None:
    assert wrap("Guangzhou Trading 广州白云贸易", 30, 3.0, FACES) == [
        "Guangzhou Trading",
        "广州白云贸易",
    ]
    assert wrap("steel mug (搪瓷杯), red", 18, 3.0, FACES) == ["steel mug", "(搪瓷杯), red"]
    assert wrap("1号 深圳市南山区粤海街道科技园南区", 30, 3.0, FACES)[0].startswith("1号 深圳")
    assert wrap("x" * 30, 20, 3.0, FACES)[0] == "x" * 12


def test_no_sign_of_han_stands_alone_on_the_last_line(fonts: Fonts) -> None:
    for words in ("深南大道9988号大厦A座2501室", "釉面陶瓷猫摆件 (陶瓷摆件)"):
        for width in (5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5):
            lines = wrap(words, width, 1.0, fonts)
            assert "".join("".join(lines).split()) == "".join(words.split())
            assert max(fonts.em_width(line, bold=False) for line in lines) <= width
            assert len(lines[-1].rstrip(")")) > 1, (width, lines)


def test_a_number_stays_with_its_unit(fonts: Fonts) -> None:
    for words in ("knitted cotton 100 %, red", "кружка стальная 350 мл, белая", "mug 350 ml"):
        for width in (7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0):
            lines = wrap(words, width, 1.0, fonts)
            assert " ".join(lines) == words
            assert not any(line[-1].isdigit() for line in lines)
