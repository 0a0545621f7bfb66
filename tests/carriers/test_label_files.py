"""Labels as carriers send them: known by their bytes, whole or named, never changed."""

from __future__ import annotations

import base64
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packstation.carriers.label_files import MOST_BYTES, PDF, PNG, TSPL, ZPL, checked, from_base64
from packstation.carriers.sandbox.files import pdf
from packstation.domain.carriers import LabelWanted

STOCK = LabelWanted(width_mm=100, height_mm=150, dpi=203)
WHOLE = pdf("RR123456785CN", 100, 150)
LABEL_ZPL = b"^XA^PW799^LL1199^FO20,20^FDRR1^FS^XZ\n"
LABEL_TSPL = b'SIZE 100 mm,150 mm\r\nCLS\r\nTEXT 10,10,"3",0,1,1,"RR1"\r\nPRINT 1,1\r\n'


def png(width: int, height: int, dpi: int | None = 203) -> bytes:
    out = io.BytesIO()
    picture = Image.new("1", (width, height), 1)
    picture.save(out, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media", "sides"),
    [
        (WHOLE, PDF, (100, 150)),
        (png(799, 1199), PNG, (100, 150)),
        (png(799, 1199, dpi=None), PNG, (100, 150)),
        (LABEL_ZPL, ZPL, (100, 150)),
        (b"~SD15\n" + LABEL_ZPL, ZPL, (100, 150)),
        (b"^XA^FDno size^FS^XZ", ZPL, (0, 0)),
        (LABEL_TSPL, TSPL, (100, 150)),
        (b"SIZE 3.937,5.9055\nCLS\nPRINT 1\n", TSPL, (100, 150)),
        (b"SIZE 799 dot,1199 dot\nCLS\nPRINT 1", TSPL, (0, 0)),
        (b"CLS\nPRINT 1\n", TSPL, (0, 0)),
        (b"\xef\xbb\xbf" + LABEL_TSPL, TSPL, (100, 150)),
    ],
)
def test_a_label_is_known_by_its_bytes_and_kept_as_it_came(
    content: bytes, media: str, sides: tuple[float, float]
) -> None:
    found = checked(content, STOCK)
    assert (found.fault, found.detail) == ("", "")
    assert found.file is not None
    assert (found.file.content, found.file.media) == (content, media)
    assert (found.file.width_mm, found.file.height_mm) == pytest.approx(sides, abs=0.2)


@pytest.mark.parametrize(
    ("content", "fault", "words"),
    [
        (b"", "empty", "0 bytes"),
        (b" \r\n", "empty", "3 bytes"),
        (WHOLE[: len(WHOLE) // 2], "cut", "%%EOF"),
        (b"%PDF-1.4\nnothing of a PDF\n%%EOF", "damaged", "PDF"),
        (png(799, 1199)[:-20], "cut", "PNG"),
        (png(799, 1199)[:-12], "cut", "IEND"),
        (png(799, 1199)[:-15] + b"x" + png(799, 1199)[-14:], "damaged", "checksum of IDAT"),
        (b"\x89PNG\r\n\x1a\n", "cut", "IEND"),
        (b"\x89PNG\r\n\x1a\n" + png(1, 1)[-12:], "damaged", "IHDR"),
        (LABEL_ZPL[:-4], "cut", "1 ^XA and 0 ^XZ"),
        (LABEL_TSPL[:-11], "cut", "PRINT"),
        (b"SIZE 1.2.3 mm,5 mm\nPRINT 1\n", "damaged", "1.2.3"),
        (b"<!DOCTYPE html><title>Sign in</title>", "html", "Sign in"),
        (b'{"error": "later"}', "json", "later"),
        (b"GIF89a....", "unknown", "GIF89a"),
        (b"x" * (MOST_BYTES + 1), "huge", str(MOST_BYTES)),
    ],
)
def test_what_is_no_label_is_named(content: bytes, fault: str, words: str) -> None:
    found = checked(content, STOCK)
    assert (found.file, found.fault, found.stays) == (None, fault, False)
    assert words in found.detail


@pytest.mark.parametrize(
    ("content", "wanted", "fault", "words"),
    [
        (pdf("R", 210, 297), STOCK, "size", "210 x 297 mm; wanted: 100 x 150 mm"),
        (pdf("R", 101.6, 152.4), STOCK, "size", "101.6 x 152.4 mm"),
        (pdf("R", 150, 100), STOCK, "size", "150 x 100 mm; wanted: 100 x 150 mm"),
        (png(1181, 1772, dpi=300), STOCK, "dpi", "300 dpi; wanted: 203 dpi"),
        (LABEL_ZPL, LabelWanted(media=PDF), "media", "application/zpl; wanted: application/pdf"),
    ],
)
def test_a_label_for_another_printer_is_told_and_stays_so(
    content: bytes, wanted: LabelWanted, fault: str, words: str
) -> None:
    found = checked(content, wanted)
    assert (found.fault, found.stays) == (fault, True)
    assert words in found.detail
    assert found.file is not None
    assert found.file.content == content


def test_pages_of_one_label_are_of_one_size() -> None:
    two = pdf("R", 100, 150, second=(210, 297))
    assert checked(two).fault == "size"
    assert "page 2: 210 x 297 mm" in checked(two).detail
    assert checked(pdf("R", 100, 150, second=(100, 150)), STOCK).fault == ""


def test_base64_as_carriers_write_it() -> None:
    plain = base64.b64encode(WHOLE).decode()
    lines = "\n".join(plain[at : at + 76] for at in range(0, len(plain), 76))
    urlsafe = base64.urlsafe_b64encode(WHOLE).decode().rstrip("=")
    for text in (plain, lines, urlsafe, f"data:application/pdf;base64,{plain}"):
        file = from_base64(text, STOCK).file
        assert file is not None
        assert file.content == WHOLE
    assert from_base64("", STOCK).fault == "empty"
    assert from_base64(None).fault == "empty"
    assert from_base64("%%%%").fault == "base64"
    assert from_base64(plain[: len(plain) // 2 // 4 * 4], STOCK).fault == "cut"


@settings(max_examples=200)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_no_byte_that_changed_breaks_the_reader(at: int, byte: int) -> None:
    found = checked(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :], STOCK)
    assert bool(found.file) or bool(found.fault)


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_anything_at_all_is_a_label_or_a_named_fault(content: bytes) -> None:
    for start in (b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"^XA", b"SIZE 1"):
        found = checked(start + content, STOCK)
        assert bool(found.file) or bool(found.fault)


def test_a_chunk_that_lies_about_its_length_is_cut() -> None:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31) + b"IHDR"
    assert checked(head + b"\0" * 20).fault == "cut"
