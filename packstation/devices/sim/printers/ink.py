"""The picture that a label's bytes put on paper, as a reader of bar codes sees it.

What a language draws by itself (text, bar codes of its own) is left out: such codes are read
from their commands (`codes`). reference/devices.md sections 3.1, 3.4 and 3.5.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.devices.printers.brother_ql import tokens
from packstation.devices.sim.printers import cpcl, epl2, escpos, tspl
from packstation.devices.sim.printers.lines import Line, all_lines

if TYPE_CHECKING:
    from PIL.Image import Image

_BAR: Final = re.compile(rb"BAR\s+(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})")
_BLACK_LINE: Final = re.compile(rb"LO(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})")
_LINE: Final = re.compile(
    rb"(?:LINE|L)\s+(\d{1,6})\s+(\d{1,6})\s+(\d{1,6})\s+(\d{1,6})\s+(\d{1,6})"
)
_HEX: Final = re.compile(rb"EG\s+(\d{1,4})\s+(\d{1,5})\s+(\d{1,6})\s+(\d{1,6})\s+([0-9A-Fa-f]+)")
_ZPL_PICTURE: Final = re.compile(
    rb"\^FO(\d{1,6}),(\d{1,6})(?:\^FR)?\^GFA,\d{1,8},(\d{1,8}),(\d{1,4}),"
    rb"(?::Z64:([A-Za-z0-9+/=]+):[0-9A-F]{4}|([0-9A-Fa-f\s]+))"
)
_TSPL_CODE: Final = re.compile(rb'(?:BARCODE|QRCODE)\s.*,"(.*)"\s*$')
_TSPL_QUOTE: Final = b'\\["]'
_EPL2_CODE: Final = re.compile(rb'B\d+,.*?,"(.*)"\s*$')
_CPCL_CODE: Final = re.compile(rb"BARCODE\s+128(?:\s+\d+){5}\s+(.*)$")
# A picture that is larger than any label is none.
_MOST_DOTS: Final = 50_000_000


class Ink(Struct, frozen=True):
    """Dots at a place: ``row_bytes`` a row, a bit that is 1 is black."""

    x: int
    y: int
    row_bytes: int
    height: int
    bits: bytes


class Box(Struct, frozen=True):
    """A black rectangle."""

    x: int
    y: int
    width: int
    height: int


Mark = Ink | Box


def picture(language: str, label: bytes) -> Image | None:
    """The label's dots, white 255 and black 0, with a quiet edge; None where there are none."""
    from PIL import Image as Images

    marks = list(_MARKS[language](label)) if language in _MARKS else []
    right = max((_right(one) for one in marks), default=0)
    bottom = max((one.y + one.height for one in marks), default=0)
    if not 0 < right * bottom <= _MOST_DOTS:
        return None
    paper = Images.new("L", (right + 2 * _EDGE, bottom + 2 * _EDGE), 255)
    for one in marks:
        place = (one.x + _EDGE, one.y + _EDGE)
        if isinstance(one, Box):
            paper.paste(0, (*place, place[0] + one.width, place[1] + one.height))
        else:
            dots = Images.frombytes("1", (8 * one.row_bytes, one.height), one.bits)
            paper.paste(0, place, dots)
    return paper


_EDGE: Final = 40


def codes(language: str, label: bytes) -> list[str]:
    """The data of the bar codes that the printer draws by itself."""
    return list(_CODES[language](label)) if language in _CODES else []


def _right(one: Mark) -> int:
    return one.x + (one.width if isinstance(one, Box) else 8 * one.row_bytes)


def _inverted(data: bytes) -> bytes:
    return bytes(255 - byte for byte in data)


def _whole(one: Ink) -> Ink:
    """As many bytes as the sides say: a short picture ends white."""
    size = one.row_bytes * one.height
    return Ink(one.x, one.y, one.row_bytes, one.height, one.bits[:size].ljust(size, b"\x00"))


def _zpl(label: bytes) -> Iterator[Mark]:
    """Pictures whole or as Z64; its compression by letters is not read."""
    for found in _ZPL_PICTURE.finditer(label):
        x, y, size, wide = (int(one) for one in found.groups()[:4])
        if not wide or size > _MOST_DOTS // 8:
            continue
        digits = b"".join((found[6] or b"").split())
        bits = _unzipped(found[5], size) if found[5] else _unhexed(digits)
        yield _whole(Ink(x, y, wide, size // wide, bits))


def _unzipped(data: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(base64.b64decode(data), size)
    except (zlib.error, ValueError):
        return b""


def _unhexed(digits: bytes) -> bytes:
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _tspl(label: bytes) -> Iterator[Mark]:
    for line in all_lines(label, tspl.PICTURE, tspl.SIDES):
        if line.picture and (found := tspl.PICTURE.match(line.text)):
            x, y, wide, high = (int(one) for one in found.groups())
            yield _whole(Ink(x, y, wide, high, _inverted(line.picture)))
        elif found := _BAR.match(line.text):
            yield Box(*(int(one) for one in found.groups()))


def _epl2(label: bytes) -> Iterator[Mark]:
    for line in all_lines(label, epl2.PICTURE, epl2.SIDES):
        if line.picture and (found := epl2.PICTURE.match(line.text)):
            x, y, wide, high = (int(one) for one in found.groups())
            yield _whole(Ink(x, y, wide, high, _inverted(line.picture)))
        elif found := _BLACK_LINE.match(line.text):
            yield Box(*(int(one) for one in found.groups()))


def _cpcl(label: bytes) -> Iterator[Mark]:
    for line in all_lines(label, cpcl.PICTURE, cpcl.SIDES):
        if line.picture and (found := cpcl.PICTURE.match(line.text)):
            wide, high, x, y = (int(one) for one in found.groups())
            yield _whole(Ink(x, y, wide, high, line.picture))
        elif found := _HEX.match(line.text):
            wide, high, x, y = (int(one) for one in found.groups()[:4])
            yield _whole(Ink(x, y, wide, high, _unhexed(found[5])))
        elif found := _LINE.match(line.text):
            yield _stroke(*(int(one) for one in found.groups()))


def _stroke(x: int, y: int, to_x: int, to_y: int, width: int) -> Box:
    if y == to_y:
        return Box(x, y, to_x - x, width)
    return Box(x, y, width, to_y - y)


def _escpos(label: bytes) -> Iterator[Mark]:
    y = 0
    while label and (size := escpos.command_size(label)):
        command, label = label[:size], label[size:]
        if command[:3] == b"\x1dv0":
            wide, high = (int.from_bytes(command[at : at + 2], "little") for at in (4, 6))
            yield _whole(Ink(0, y, wide, high, command[8:]))
            y += high


def _brother(label: bytes) -> Iterator[Mark]:
    """Rows come from the right end of the head, packed as TIFF's PackBits where that is on."""
    packed = False
    rows: list[bytes] = []
    for token in tokens(label)[0]:
        if token.raw[:1] == b"M":
            packed = token.raw[1:2] == b"\x02"
        elif token.kind == "row":
            rows.append(_unpacked(token.raw[3:]) if packed else token.raw[3:])
    wide = max((len(row) for row in rows), default=0)
    bits = b"".join(_mirrored(row.ljust(wide, b"\x00")) for row in rows)
    if wide:
        yield Ink(0, 0, wide, len(rows), bits)


def _mirrored(row: bytes) -> bytes:
    return bytes(_TURNED[byte] for byte in reversed(row))


_TURNED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _unpacked(data: bytes) -> bytes:
    """PackBits (TIFF 6.0, section 9)."""
    found, at = bytearray(), 0
    while at < len(data):
        count = data[at]
        if count < 128:
            found += data[at + 1 : at + 2 + count]
            at += 2 + count
        else:
            found += data[at + 1 : at + 2] * (257 - count if count > 128 else 0)
            at += 2 if count > 128 else 1
    return bytes(found)


def _texts(lines: Iterator[Line], code: re.Pattern[bytes]) -> Iterator[str]:
    for line in lines:
        if found := code.match(line.text):
            yield found[1].decode("utf-8", "replace")


def _tspl_codes(label: bytes) -> Iterator[str]:
    lines = all_lines(label, tspl.PICTURE, tspl.SIDES)
    return (text.replace(_TSPL_QUOTE.decode(), '"') for text in _texts(lines, _TSPL_CODE))


def _epl2_codes(label: bytes) -> Iterator[str]:
    for text in _texts(all_lines(label, epl2.PICTURE, epl2.SIDES), _EPL2_CODE):
        yield re.sub(r"\\(.)", r"\1", text)


def _cpcl_codes(label: bytes) -> Iterator[str]:
    return _texts(all_lines(label, cpcl.PICTURE, cpcl.SIDES), _CPCL_CODE)


_MARKS: Final[Mapping[str, Callable[[bytes], Iterator[Mark]]]] = {
    "zpl": _zpl,
    "tspl": _tspl,
    "epl2": _epl2,
    "cpcl": _cpcl,
    "escpos": _escpos,
    "brother-ql": _brother,
}
_CODES: Final[Mapping[str, Callable[[bytes], Iterator[str]]]] = {
    "tspl": _tspl_codes,
    "epl2": _epl2_codes,
    "cpcl": _cpcl_codes,
}
