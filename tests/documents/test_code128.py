"""Code 128 symbols, read back by a reader that others wrote."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from packstation.documents.code128 import encode
from packstation.domain.errors import DocumentError

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30)


def read(widths: tuple[int, ...]) -> zxingcpp.Barcode:
    """What a reader makes of bars and spaces."""
    row = b"".join((b"\x00" if at % 2 == 0 else b"\xff") * (2 * w) for at, w in enumerate(widths))
    row = b"\xff" * 20 + row + b"\xff" * 20
    picture = Image.frombytes("L", (len(row), 1), row).resize((len(row), 40))
    (found,) = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return found


@given(PRINTABLE | st.from_regex(r"[A-Z]{1,3}[0-9]{1,12}[A-Z]{0,2}", fullmatch=True))
def test_any_printable_text_reads_back(text: str) -> None:
    found = read(encode(text).widths)

    assert (found.text, found.symbology_identifier) == (text, "]C0")


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("LP123456785CN", 156),  # reference: customs, section 1.4
        ("00123456789012345675", 145),
        ("12", 46),
        ("A1234", 79),
        ("A12345", 90),
        ("123", 68),
        ("ABC", 68),
    ],
)
def test_symbols_are_as_short_as_they_can_be(text: str, modules: int) -> None:
    assert encode(text).modules == modules


def test_a_gs1_symbol_has_its_function_characters() -> None:
    found = read(encode("10ABC\x1d21X", gs1=True).widths)

    assert (found.text, found.symbology_identifier) == ("10ABC\x1d21X", "]C1")


@pytest.mark.parametrize("text", ["", "é", "a\nb", "10A\x1d21", "x" * 49])
def test_what_no_symbol_holds_is_refused_by_field(text: str) -> None:
    with pytest.raises(DocumentError) as refused:
        encode(text, field="waybill")

    assert refused.value.fields == {"field": "waybill", "value": text}
