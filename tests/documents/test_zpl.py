"""No text of a buyer is ever a command, and a label's commands follow from its model alone."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.documents.fonts import Fonts
from packstation.documents.label.preflight import preflight
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.label.zpl import MAX_FIELD_BYTES, ZplWriter, zpl_field
from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing
from packstation.domain.labels import Barcode, Fill, Frame, Label, Polygon, Text, media
from packstation.domain.orders import Address
from tests.documents.samples import FONTS, RUSSIAN, papers

FACES = Fonts(FONTS)
WRITER = ZplWriter(FACES)
FRAME = Counter("^XA ^CI ^PW ^LL ^LH ^FW ^PO ^PM ^LR ^XZ".split())
# Letters of the scripts in use, and whatever is dear to those who write ZPL.
NASTY = st.text(
    st.sampled_from("^~_\\><&\"'%,;:#@`|{}[]()=+-*/.? \x00\x02\x03\x0d\x0a\x1b\x1d\x7f\x85")
    | st.characters(min_codepoint=0x20, max_codepoint=0x17F)
    | st.characters(min_codepoint=0x410, max_codepoint=0x44F)
    | st.sampled_from("深圳市广州\u202e\u200b\ufeff\u2028😀עב"),
    max_size=40,
)


def printers_own(line: str) -> bool:
    """Whether the printer's own font has all of a line."""
    known = all(" " <= c < "\x7f" or "\xa0" < c < "\u0100" for c in line)
    return known and "\\" not in line and "\xad" not in line


def commands_of(label: Label) -> Counter[str]:
    """What the model says the printer should get."""
    expected = Counter(FRAME)
    for element in label.elements:
        match element:
            case Text():
                # Drawn lines one below the other are one picture.
                for native, lines in groupby(element.lines, printers_own):
                    for _ in lines if native else [()]:
                        expected.update(
                            "^FT ^A0 ^FH ^FD ^FS".split() if native else "^FO ^GF ^FS".split()
                        )
                        expected.update(["^FB"] if native and element.align != "left" else [])
                        expected.update(["^FR"] if element.inverse else [])
            case Barcode():
                expected.update("^FO ^BY ^BC ^FH ^FD ^FS".split())
            case Fill() | Frame():
                expected.update("^FO ^GB ^FS".split())
            case Polygon():
                expected.update("^FO ^GF ^FS".split())
    return expected


@given(st.text(max_size=200))
def test_a_field_is_safe_characters_and_hex_only(text: str) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9 .,:;/+()#-]|_[0-9A-F]{2})*", zpl_field(text))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_a_printer_reads_back_the_very_text(text: str) -> None:
    field = zpl_field(text)
    decoded = re.sub(r"_(..)", lambda hit: chr(int(hit[1], 16)), field).encode("latin-1")

    assert decoded.decode("utf-8") == text


def test_controls_are_left_out_of_a_field() -> None:
    assert zpl_field("a\x00\x02\x03\x1b\x7f\x85b") == "ab"


def test_a_field_longer_than_a_printer_takes_is_refused() -> None:
    assert len(zpl_field("a" * MAX_FIELD_BYTES)) == MAX_FIELD_BYTES
    with pytest.raises(DocumentError) as refused:
        zpl_field("_" * 1025)
    assert refused.value.fields["limit"] == MAX_FIELD_BYTES


@given(NASTY, NASTY, NASTY)
@settings(max_examples=150, deadline=None)
def test_the_commands_of_a_label_do_not_depend_on_the_address(
    name: str, street: str, city: str
) -> None:
    to = Address(name=name, lines=(street,), city=city, country="RU", phone=street[:20])
    refused, labels = _labels(to)
    zpl = WRITER.write(labels)
    checked = preflight(zpl, labels=len(labels))

    assert refused == "" or refused.startswith("ship_to")
    assert checked.commands == sum(map(commands_of, labels), Counter())
    assert zpl.count(b"^") == checked.commands.total()
    assert b"~" not in zpl


def _labels(to: Address) -> tuple[str, tuple[Label, ...]]:
    """The field that was refused, or the labels."""
    try:
        return "", shipping_labels(papers(to=to), media("100x150"), FACES)
    except DocumentError as refused:
        return str(refused.fields["field"]), ()


@pytest.mark.parametrize("text", ["😀", "עברית", "\U00020bb7"])
def test_a_character_no_font_has_is_named(text: str) -> None:
    to = Address(name=f"A {text}", lines=("x",), country="RU")

    with pytest.raises(GlyphMissing) as refused:
        shipping_labels(papers(to=to), media("100x150"), FACES)

    assert refused.value.fields == {
        "text": f"A {text}",
        "codepoint": f"U+{ord(text[0]):04X}",
        "field": "ship_to",
    }


def test_an_address_that_does_not_fit_is_refused_not_cut() -> None:
    to = Address(name="Ю" * 400, lines=("Щ" * 500,), country="RU")

    with pytest.raises(FormOverflow) as refused:
        shipping_labels(papers(to=to), media("100x150"), FACES)

    assert refused.value.fields["field"] == "ship_to"


def test_pictures_unpack_to_the_bytes_they_announce(writer: ZplWriter) -> None:
    zpl = writer.write(shipping_labels(papers(), media("100x150"), FACES)).decode("ascii")
    fields = re.findall(r"\^GFA,(\d+),(\d+),(\d+),:Z64:([^:]+):([0-9A-F]{4})\^FS", zpl)

    assert fields
    for count, total, row, data, crc in fields:
        bits = zlib.decompress(base64.b64decode(data))
        assert len(bits) == int(count) == int(total)
        assert len(bits) % int(row) == 0
        assert binascii.crc_hqx(data.encode(), 0) == int(crc, 16)


def test_a_label_is_far_smaller_than_its_picture(writer: ZplWriter) -> None:
    zpl = writer.write(shipping_labels(papers(to=RUSSIAN), media("4x6"), FACES))

    assert len(zpl) < 812 * 1218 / 8 / 10


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("code128", "A>5B"),
        ("gs1", "010952123454321310ABC"),
        ("datamatrix", "A^B"),
        ("qr", "A~B"),
    ],
)
def test_code_data_that_a_printer_might_interpret_is_drawn(kind: str, data: str) -> None:
    code = Barcode("code", kind, data, 5, 5, 2, 10)  # type: ignore[arg-type]
    zpl = WRITER.write([Label(media("100x150"), (code,))])

    assert preflight(zpl, labels=1).commands == FRAME + Counter("^FO ^GF ^FS".split())


def test_a_qr_code_is_drawn_where_it_is_planned() -> None:
    label = Label(media("100x150"), (Barcode("code", "qr", "PST-1", 5, 5, 4),))

    assert b"^FO40,40^GFA,924,924,11,:Z64:" in WRITER.write([label])
