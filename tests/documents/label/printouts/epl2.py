"""EPL2, read from its bytes (reference: devices, section 3.5; Zebra's guide 14245L)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image

from tests.documents.label.printouts.page import Page, UnknownCommand, code128, gs1_128

_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"$')
_SETTINGS = re.compile(r"R0,0|ZT|S\d|D\d+|OC?P?")


def pages(data: bytes, dpi: int, *, black_is: int = 0) -> list[Image.Image]:
    """The labels that come out; sizes are in dots, so ``dpi`` does not matter."""
    assert dpi
    assert b"^@" not in data
    printed: list[Image.Image] = []
    width, height, page = 0, 0, None
    for line, raw in _lines(data):
        if found := re.fullmatch(r"q(\d+)", line):
            width, page = int(found[1]), None
        elif found := re.fullmatch(r"Q(\d+),(?:B?\d+)", line):
            height, page = int(found[1]), None
        elif line == "N":
            page = Page(width, height)
        elif line == "P1" and page:
            printed.append(page.image)
            page = None
        elif line and page:
            _draw(page, line, raw, black_is)
        elif line and not _SETTINGS.fullmatch(line):
            raise UnknownCommand(line)
    assert page is None
    return printed


def _lines(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(data):
        head = re.compile(rb"GW\d+,\d+,(\d+),(\d+),").match(data, at)
        if head:
            end = head.end() + int(head[1]) * int(head[2])
            yield head[0].decode("ascii"), data[head.end() : end]
            assert data[end : end + 2] == b"\r\n"
            at = end + 2
        else:
            end = data.index(b"\n", at)
            yield data[at:end].rstrip(b"\r").decode("ascii"), b""
            at = end + 1


def _draw(page: Page, line: str, raw: bytes, black_is: int) -> None:
    text = ""
    if quoted := _QUOTED.search(line):
        text = re.sub(r"\\(.)", r"\1", quoted[1])
        line = line[: quoted.start()].rstrip(",")
    found = re.match(r"[A-Z]+", line)
    name = found[0] if found else ""
    match name, line[len(name) :].strip(",").split(","):
        case "LO", [x, y, width, height]:
            page.black(int(x), int(y), int(width), int(height))
        case "GW", [x, y, width, _height]:
            data = raw if black_is else bytes(255 - byte for byte in raw)
            page.bits((int(x), int(y)), int(width), data, put="add")
        case "B", [x, y, "0", "1", narrow, _wide, height, "N"]:
            page.code((int(x), int(y)), code128(text), int(narrow), int(height))
        case "B", [x, y, "0", "1E", narrow, _wide, height, "N"]:
            cells = gs1_128(text.replace("\x06", "\x1d"))
            page.code((int(x), int(y)), cells, int(narrow), int(height))
        case _:
            raise UnknownCommand(line)
