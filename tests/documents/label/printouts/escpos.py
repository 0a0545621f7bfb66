"""ESC/POS, read from its bytes (reference: devices, section 3.5): rolls of `GS v 0` bitmaps."""

from __future__ import annotations

import re

from PIL import Image

from tests.documents.label.printouts.page import Page, UnknownCommand


def pages(data: bytes, dpi: int, *, head: int = 576) -> list[Image.Image]:
    """What each ``ESC @`` begins, as wide as the head, up to the tear-off feed or cut."""
    assert dpi
    # What acts at once acts in the middle of a picture too.
    assert not re.search(rb"\x10[\x04\x05\x14]", data)
    slips: list[list[tuple[int, bytes]]] = []
    at = 0
    while at < len(data):
        if data.startswith(b"\x1b@", at):
            slips.append([])
            at += 2
        elif data.startswith(b"\x1dv0\x00", at):
            wide = int.from_bytes(data[at + 4 : at + 6], "little")
            rows = int.from_bytes(data[at + 6 : at + 8], "little")
            assert 0 < 8 * wide <= head + 7
            assert rows > 0
            body = data[at + 8 : at + 8 + wide * rows]
            assert len(body) == wide * rows
            slips[-1].append((wide, body))
            at += 8 + len(body)
        elif data.startswith((b"\x1dV\x00", b"\x1d\x0c"), at):
            at += 3 if data[at + 1 : at + 2] == b"V" else 2
        else:
            raise UnknownCommand(data[at : at + 8].hex(" "))
    return [_paper(bands, head) for bands in slips]


def _paper(bands: list[tuple[int, bytes]], head: int) -> Image.Image:
    page = Page(head, sum(len(body) // wide for wide, body in bands))
    y = 0
    for wide, body in bands:
        page.bits((0, y), wide, body, put="add")
        y += len(body) // wide
    return page.image
