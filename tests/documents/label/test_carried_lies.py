"""Labels of carriers that lie: pictures that are none, another parcel's commands."""

from __future__ import annotations

import struct
import zlib

import pytest
from msgspec.structs import replace

from packstation.carriers.label_files import checked
from packstation.documents.fonts import Fonts
from packstation.documents.label.carried import carried_job
from packstation.documents.label.languages import writer
from packstation.domain.carriers import LabelFile, LabelWanted
from packstation.domain.errors import DocumentError
from packstation.domain.printers import Stock
from tests.documents.samples import FONTS, WAYBILL

STOCK = Stock("4x6", 101.6, 152.4)
WIDE, HIGH = 812, 1218
ROWS = bytes(103) * HIGH  # a filter's byte and 812 dots of 1 bit, by row


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    data: bytes, wide: int = WIDE, high: int = HIGH, kind: int = 0, dots_m: int = 7992
) -> bytes:
    head = struct.pack(">IIBBBBB", wide, high, 1, kind, 0, 0, 0)
    size = chunk(b"pHYs", struct.pack(">IIB", dots_m, dots_m, 1)) if dots_m else b""
    parts = chunk(b"IHDR", head) + size + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def test_a_picture_that_is_whole_is_a_label() -> None:
    found = checked(png(zlib.compress(ROWS)))
    assert (found.fault, found.file and found.file.dpi) == ("", 203)


@pytest.mark.parametrize(
    ("content", "fault", "detail"),
    [
        (png(b"garbage"), "damaged", "PNG: "),
        (png(b""), "cut", "PNG of 0 bytes of dots; its 812 x 1218 have 125454"),
        (png(zlib.compress(ROWS[:1000])), "cut", "PNG of 1000 bytes of dots"),
        (png(zlib.compress(ROWS), kind=7), "damaged", "PNG of kind 7"),
        (png(b"", 100_000, 150_000, dots_m=1_000_000), "huge", "100000 x 150000 dots"),
        (png(zlib.compress(bytes(64 << 20))), "damaged", "PNG: more than its 812 x 1218 dots"),
    ],
)
def test_a_picture_without_its_dots_is_none(content: bytes, fault: str, detail: str) -> None:
    found = checked(content, LabelWanted(width_mm=101.6, height_mm=152.4, dpi=203))
    assert (found.fault, found.file) == (fault, None)
    assert found.detail.startswith(detail)


def refused(file: LabelFile, stock: Stock = STOCK) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        carried_job(file, stock, writer(stock.language, Fonts(FONTS)), WAYBILL)
    return caught.value.key, str(caught.value.fields.get("field"))


@pytest.mark.parametrize(
    "content",
    [
        png(b"garbage"),
        png(b""),
        png(zlib.compress(ROWS), kind=7),
        png(b"", 100_000, 150_000, dots_m=0),
    ],
)
def test_a_picture_that_nobody_can_draw_is_refused_by_name(content: bytes) -> None:
    file = LabelFile(content=content, media="image/png", dpi=203)
    assert refused(file) == ("error.document.image", "label")


def test_a_picture_of_unknown_size_that_is_larger_than_the_paper_is_refused() -> None:
    data = zlib.compress(bytes(203) * 2436)
    file = LabelFile(content=png(data, 1624, 2436, dots_m=0), media="image/png")
    assert refused(file) == ("error.document.stock", "label")


OTHER = "ZZ999999999CN"
BARS = "^XA^PW812^LL1218^FO50,50^BCN,80^FD{}^FS^FO50,200^A0N,30^FDTo: Ivan^FS^XZ"
TSPL = 'SIZE 101.6 mm,152.4 mm\r\nCLS\r\nBARCODE 10,10,"128",80,1,0,2,2,"{}"\r\nPRINT 1\r\n'


def said(text: str) -> LabelFile:
    file = checked(text.encode()).file
    assert file is not None
    return file


def test_commands_of_another_parcels_label_are_refused() -> None:
    assert refused(said(BARS.format(OTHER))) == ("error.document.unread", "waybill")
    assert refused(said("^XA^XZ")) == ("error.document.unread", "waybill")
    tspl = replace(STOCK, language="tspl")
    assert refused(said(TSPL.format(OTHER)), tspl) == ("error.document.unread", "waybill")


@pytest.mark.parametrize(
    "text",
    [
        BARS.format(WAYBILL),
        BARS.format(f"{WAYBILL[:4]} {WAYBILL[4:]}"),
        BARS.format(f">:{WAYBILL[:2]}>5{WAYBILL[2:]}"),
        BARS.replace("^FD{}", "^FH_^FD_" + "_".join(f"{ord(one):02X}" for one in WAYBILL)),
        "^XA^PW812^LL1218^FO0,0^GFA,2,2,1,FF00^FS^FO1,1^FDTo: Ivan^FS^XZ",
    ],
    ids=["plain", "grouped", "subsets", "hex", "picture"],
)
def test_commands_that_may_be_ours_pass(text: str) -> None:
    job = carried_job(said(text), STOCK, writer("zpl", Fonts(FONTS)), WAYBILL)
    assert job.payload == text.encode()


def test_tspl_with_the_number_or_a_picture_passes() -> None:
    tspl, drawer = replace(STOCK, language="tspl"), writer("tspl", Fonts(FONTS))
    assert carried_job(said(TSPL.format(WAYBILL)), tspl, drawer, WAYBILL).labels == 1
    drawn = TSPL.replace("BARCODE", "BITMAP 0,0,1,1,0,A\r\nBARCODE").format(OTHER)
    assert carried_job(said(drawn), tspl, drawer, WAYBILL).labels == 1


def test_a_size_that_is_none_is_damage() -> None:
    found = checked(TSPL.replace("101.6 mm", "1e99 mm").encode())
    assert (found.fault, found.file) == ("damaged", None)
