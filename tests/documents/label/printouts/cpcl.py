"""CPCL, read from its bytes (reference: devices, section 3.5; Zebra's manual, page 7-7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image

from tests.documents.label.printouts.page import Page, UnknownCommand, code128, qr

_SETTINGS = re.compile(r"GAP-SENSE|BAR-SENSE|JOURNAL|SPEED \d|TONE -?\d+|CUT|PEEL|FORM")
_BEGIN = re.compile(r"! 0 (\d)00 (\d)00 (\d+) 1")


def pages(data: bytes, dpi: int, *, black_is: int = 1) -> list[Image.Image]:
    """The labels that come out, one a session."""
    assert not re.search(rb"\x1b[hNV]", data)
    printed: list[Image.Image] = []
    height, page = 0, None
    waiting: list[str] = []
    for line, raw in _lines(data):
        if found := _BEGIN.fullmatch(line):
            assert page is None
            assert int(found[1]) == int(found[2]) == dpi // 100
            height = int(found[3])
        elif found := re.fullmatch(r"PAGE-WIDTH (\d+)", line):
            page = Page(int(found[1]), height)
        elif page is None:
            raise UnknownCommand(line)
        elif line == "PRINT":
            assert not waiting
            printed.append(page.image)
            page = None
        elif waiting:
            waiting.append(line)
            if line == "ENDQR":
                _qr(page, waiting)
                waiting = []
        elif line.startswith("BARCODE QR"):
            waiting = [line]
        elif not _SETTINGS.fullmatch(line):
            _draw(page, line, raw, black_is)
    assert page is None
    return printed


def _lines(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(data):
        head = re.compile(rb"CG (\d+) (\d+) \d+ \d+ ").match(data, at)
        raw = b""
        if head:
            end = head.end() + int(head[1]) * int(head[2])
            line, raw = head[0], data[head.end() : end]
        else:
            end = data.index(b"\r\n", at)
            line = data[at:end]
        assert data[end : end + 2] == b"\r\n"
        yield line.decode("ascii"), raw
        at = end + 2


def _draw(page: Page, line: str, raw: bytes, black_is: int) -> None:
    name, _, rest = line.partition(" ")
    match name, rest.strip(" ").split(" "):
        case "LINE", [x, y, to_x, to_y, thick] if y == to_y:
            page.black(int(x), int(y), int(to_x) - int(x), int(thick))
        case "LINE", [x, y, to_x, to_y, thick] if x == to_x:
            page.black(int(x), int(y), int(thick), int(to_y) - int(y))
        case (("CG" | "EG"), [width, height, x, y, *hexed]):
            data = bytes.fromhex(hexed[0]) if hexed else raw
            assert len(data) == int(width) * int(height)
            data = data if black_is else bytes(255 - byte for byte in data)
            page.bits((int(x), int(y)), int(width), data, put="add")
        case "BARCODE", ["128", width, "1", height, x, y, *words]:
            page.code((int(x), int(y)), code128(" ".join(words)), int(width), int(height))
        case _:
            raise UnknownCommand(line)


def _qr(page: Page, lines: list[str]) -> None:
    head, text, _end = lines
    found = re.fullmatch(r"BARCODE QR (\d+) (\d+) M 2 U (\d+)", head)
    assert found
    assert text[1:3] == "A,"
    page.code((int(found[1]), int(found[2])), qr(text[3:], text[0]), int(found[3]))
