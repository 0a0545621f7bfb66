"""TSPL, read from its bytes (reference: devices, section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image

from tests.documents.label.printouts.page import Page, UnknownCommand, code128, gs1_128, qr

_QUOTED = re.compile(r'"((?:[^"\\]|\\\["\])*)"')
_SETTINGS = re.compile(
    r"DIRECTION 1|REFERENCE 0,0|SPEED \d+|DENSITY \d+|SET CUTTER 1|SET PEEL ON"
    r"|GAP [\d.]+ mm,0 mm|BLINE [\d.]+ mm,0 mm"
)


def pages(data: bytes, dpi: int, *, black_is: int = 0) -> list[Image.Image]:
    """The labels that come out; ``black_is`` the bit that this firmware prints."""
    # ESC ! acts wherever it stands, in the middle of a picture too.
    assert b"\x1b!" not in data
    printed: list[Image.Image] = []
    size, page = (0, 0), None
    for line, raw in _lines(data):
        if found := re.fullmatch(r"SIZE ([\d.]+) mm,([\d.]+) mm", line):
            size = (int(float(found[1]) * dpi / 25.4), int(float(found[2]) * dpi / 25.4))
        elif line == "CLS":
            page = Page(*size)
        elif line == "PRINT 1,1" and page:
            printed.append(page.image)
            page = None
        elif _SETTINGS.fullmatch(line):
            assert page is None
        elif page:
            _draw(page, line, raw, black_is)
        else:
            raise UnknownCommand(line)
    assert page is None
    return printed


def _lines(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Commands, with the data of a picture beside it."""
    at = 0
    while at < len(data):
        head = re.compile(rb"BITMAP \d+,\d+,(\d+),(\d+),\d,").match(data, at)
        raw = b""
        if head:
            end = head.end() + int(head[1]) * int(head[2])
            raw = data[head.end() : end]
            line = head[0]
        else:
            end = data.index(b"\r\n", at)
            line = data[at:end]
        assert data[end : end + 2] == b"\r\n"
        yield line.decode("ascii"), raw
        at = end + 2


def _draw(page: Page, line: str, raw: bytes, black_is: int) -> None:
    name, _, rest = line.partition(" ")
    text = ""
    if quoted := list(_QUOTED.finditer(rest)):
        assert quoted[-1].end() == len(rest), line
        text = quoted[-1][1].replace('\\["]', '"')
        rest = rest[: quoted[-1].start()].rstrip(",")
    given = rest.strip(",").split(",")
    match name, given:
        case "BAR", [x, y, width, height]:
            page.black(int(x), int(y), int(width), int(height))
        case "BITMAP", [x, y, width, _height, "0"]:
            data = raw if black_is else bytes(255 - byte for byte in raw)
            page.bits((int(x), int(y)), int(width), data, put="replace")
        case "BARCODE", [x, y, '"128"', height, "0", "0", narrow, _wide]:
            page.code((int(x), int(y)), code128(text), int(narrow), int(height))
        case "BARCODE", [x, y, '"128M"', height, "0", "0", narrow, _wide]:
            cells = gs1_128(_subset_c(text))
            page.code((int(x), int(y)), cells, int(narrow), int(height))
        case "QRCODE", [x, y, level, cell, "A", "0"]:
            page.code((int(x), int(y)), qr(text, level), int(cell))
        case _:
            raise UnknownCommand(line)


def _subset_c(text: str) -> str:
    """The digits of 128M data that starts in subset C with FNC1; FNC1 within as GS."""
    assert text.startswith("!105!102")
    rest = text.removeprefix("!105!102").replace("!102", "\x1d")
    assert all(len(part) % 2 == 0 and part.isdigit() for part in rest.split("\x1d"))
    return rest
