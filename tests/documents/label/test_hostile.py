"""No text of a buyer and no data of a code is ever a command, in any language."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.label.cpcl import cpcl_line
from packstation.documents.label.epl2 import epl2_string
from packstation.documents.label.guarded import guarded
from packstation.documents.label.languages import LabelLanguage, writer
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.label.tspl import tspl_string
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Barcode, Label, Media, Text
from packstation.domain.orders import Address
from tests.documents.label.specimens import stocks
from tests.documents.label.test_printouts import PRINTERS, READ, found_in, printed
from tests.documents.samples import FONTS, papers

FACES = Fonts(FONTS)
EACH = pytest.mark.parametrize("row", READ, ids=lambda row: row.id)
SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ATTACKS = (
    'x"\r\nPRINT 1,9\r\n',
    '\\["] \\[R] \\[L] \\',
    'A"\nP9\nN\n',
    "text\r\nPRINT\r\n! 0 200 200 9 9\r\n",
    "\x1b!R \x1b!C \x1b@ \x10\x14\x01\x00\x01 \x1biS ^@ ~!A ^XZ~JA",
    "!105!102 >8 _5E QA,MM,",
    "\x00\x1a\x0c" * 9,
)
NASTY = st.text(
    st.sampled_from("^~_\\><&\"'%,;:#@`|{}[]()!?$=+-*/. \x00\x02\x03\x0a\x0d\x10\x14\x1a\x1b\x7f")
    | st.characters(min_codepoint=0x20, max_codepoint=0x17F)
    | st.characters(min_codepoint=0x410, max_codepoint=0x44F)
    | st.sampled_from("深圳市广州\u202e\u200b\u2028😀"),
    max_size=40,
) | st.sampled_from(ATTACKS)


def made(to: Address, stock: Media) -> tuple[str, tuple[Label, ...]]:
    """The field that was refused, or the labels."""
    try:
        return "", shipping_labels(papers(to=to), stock, FACES)
    except DocumentError as refused:
        return str(refused.fields["field"]), ()


def shown(row: LabelLanguage, label: Label) -> tuple[str, Image.Image | None]:
    """The field that was refused, or what comes out."""
    try:
        return "", printed(row, label, FACES)
    except DocumentError as refused:
        return str(refused.fields["field"]), None


def read_from(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return [one.text for one in found]


@given(st.text(max_size=300) | NASTY)
def test_a_tspl_string_ends_where_it_is_meant_to(text: str) -> None:
    made = tspl_string(text)

    assert re.fullmatch(r'"(?:[^"\\\x00-\x1f]|\\\["\])*"', made)
    plain = re.sub(r"[\\\x00-\x1f\x7f-\x9f]", "", text)
    assert made[1:-1].replace('\\["]', '"') == plain


@given(st.text(max_size=300) | NASTY)
def test_an_epl2_string_ends_where_it_is_meant_to(text: str) -> None:
    made = epl2_string(text)

    assert re.fullmatch(r'"(?:[^"\\\x00-\x1f]|\\["\\])*"', made)
    assert re.sub(r"\\(.)", r"\1", made[1:-1]) == re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text)


@given(st.text(max_size=300) | NASTY)
def test_a_cpcl_line_is_one_line(text: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", cpcl_line(text))


@given(st.binary(max_size=200))
def test_no_picture_holds_a_command_that_acts_at_once(data: bytes) -> None:
    pairs = ((b"\x1b!", b"\x0b!"), (b"\x10\x04", b"\x18\x04"))
    made = guarded(data, pairs)

    assert len(made) == len(data)
    assert not any(found in made for found, _ in pairs)
    assert sum(one != other for one, other in zip(data, made, strict=True)) <= len(data) // 2


@EACH
@given(name=NASTY, street=NASTY, city=NASTY)
@SLOW
def test_whatever_a_buyer_is_called_one_label_comes_out_of_each(
    row: LabelLanguage, name: str, street: str, city: str
) -> None:
    to = Address(name=name, lines=(street,), city=city, country="RU", phone=street[:20])
    stock = stocks(row)[0]
    refused, labels = made(to, stock)
    assert refused == "" or refused.startswith("ship_to")
    if not labels:
        return
    # The printer stops the test at a command it does not know.
    pages = PRINTERS[row.id](writer(row.id, FACES).write(labels), stock.dpi)
    assert len(pages) == len(labels)


@EACH
@given(kind=st.sampled_from(["code128", "gs1", "qr", "datamatrix"]), data=NASTY)
@SLOW
def test_whatever_a_code_holds_it_reads_as_that(row: LabelLanguage, kind: str, data: str) -> None:
    stock = stocks(row)[0]
    step = 2 if stock.dpi < 300 else 3
    # Batch numbers may be anything; element strings of no known identifier are nobody's.
    data = f"1077{data}" if kind == "gs1" else data
    code = Barcode("code", kind, data, 4, 8, step, 12)  # type: ignore[arg-type]
    refused, picture = shown(row, Label(stock, (code,)))
    assert refused in {"", "code"}
    if picture:
        assert read_from(picture) in ([data], [])


@EACH
@pytest.mark.parametrize(
    "attack", [*ATTACKS, "Ж" * 10_000, 'A"' * 5_000], ids=lambda t: repr(t[:9])
)
def test_text_that_no_layout_has_cleaned_prints_one_label(row: LabelLanguage, attack: str) -> None:
    stock = stocks(row)[0]
    text = Text("note", 5, 10, stock.width_mm - 10, 4, (attack, "after"))
    code = Barcode("code", "code128", "LP123456785CN", 6, 40, 3, 10)
    label = Label(stock, (text, code))
    assert found_in(printed(row, label, FACES)) == ["LP123456785CN"]


@EACH
@pytest.mark.parametrize("kind", ["qr", "datamatrix", "code128"])
def test_data_that_no_symbol_holds_is_refused_by_name(row: LabelLanguage, kind: str) -> None:
    for data in ("", "A" * 10_000):
        code = Barcode("waybill", kind, data, 4, 8, 2, 12)  # type: ignore[arg-type]
        with pytest.raises(DocumentError) as refused:
            writer(row.id, FACES).write([Label(stocks(row)[0], (code,))])
        assert refused.value.fields["field"] == "waybill"
