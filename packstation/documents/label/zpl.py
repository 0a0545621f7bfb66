"""The label model as ZPL II: native bar codes and text, Z64 pictures for other scripts.

Commands: Zebra ZPL II Programming Guide; reference: devices, sections 3.1 and 3.3. One
function, ``zpl_field``, writes text into a field, and no other text reaches the printer.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from packstation.documents.fonts import Fonts, LinePicture, baseline_dots
from packstation.documents.label.dots import (
    Bits,
    Code,
    bars_picture,
    modules,
    photo,
    plan,
    shape,
    together,
)
from packstation.documents.label.settings import LanguageSettings
from packstation.documents.symbols import LINEAR
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Barcode, Element, Fill, Frame, Image, Label, Polygon, Text

# ^FD takes 3072 bytes; an escaped byte needs three.
MAX_FIELD_BYTES: Final = 3072
_SAFE: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;/+()#-"
)
_ESCAPED: Final = tuple(chr(byte) if byte in _SAFE else f"_{byte:02X}" for byte in range(256))
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Font 0 has Latin-1; a backslash means something in ^FB, so lines with one are drawn.
_NATIVE: Final = re.compile(r"[\x20-\x5b\x5d-\x7e\xa1-\xac\xae-\xff]*")
_PLAIN_CODE: Final = re.compile(r"[A-Za-z0-9 .,:;/+()#%-]+")
_DIGIT_PAIRS: Final = re.compile(r"([0-9]{2})+")
# Enough for a shift's Chinese and Cyrillic lines; each is about a kilobyte.
_KEPT_PICTURES: Final = 2048
_ALIGN: Final = {"center": "C", "right": "R"}


def zpl_field(text: str) -> str:
    """``text`` for ^FD after ^FH_: every byte outside a small safe set as _HH, controls left out.

    Raises DocumentError (``field``) where the field would be longer than a printer takes.
    """
    body = "".join([_ESCAPED[byte] for byte in _CONTROLS.sub("", text).encode()])
    if len(body) > MAX_FIELD_BYTES:
        raise DocumentError("error.document.too_long", field="zpl", limit=MAX_FIELD_BYTES)
    return body


class ZplWriter:
    """Writes labels; keeps the pictures of lines that font 0 cannot show."""

    def __init__(self, fonts: Fonts, settings: LanguageSettings | None = None) -> None:
        self._fonts = fonts
        given = settings or LanguageSettings()
        self._set_up, self._native_codes = _set_up(given), given.native_codes
        self._line = lru_cache(maxsize=_KEPT_PICTURES)(fonts.picture)
        self._drawn = lru_cache(maxsize=_KEPT_PICTURES)(self._draw)

    def write(self, labels: Iterable[Label]) -> bytes:
        """The formats of ``labels``, one after the other."""
        return "".join(map(self._format, labels)).encode("ascii")

    def _format(self, label: Label) -> str:
        width, height = label.media.size_dots
        # What other jobs may have left behind is set back: origin, orientation, mirroring.
        parts = [f"^XA^CI28^PW{width}^LL{height}^LH0,0^FWN^PON^PMN^LRN{self._set_up}\n"]
        parts += [self._element(element, label) for element in label.elements]
        parts.append("^XZ\n")
        return "".join(parts)

    def _element(self, element: Element, label: Label) -> str:
        dots = label.media.dots
        match element:
            case Text():
                return self._text(element, dots)
            case Barcode():
                return self._barcode(plan(element, label.media))
            case Fill():
                return _fill(element, dots)
            case Frame():
                return _frame(element, dots)
            case Polygon():
                bits = shape(element, label.media)
                return f"^FO{bits.x},{bits.y}{graphic_field(bits)}\n"
            case Image():
                picture = photo(element, label.media)
                return f"^FO{picture.x},{picture.y}{graphic_field(picture)}\n"

    def _text(self, text: Text, dots: Callable[[float], int]) -> str:
        """Lines that are drawn one below the other are one picture: it packs closer than they."""
        parts, drawn = [], list[tuple[int, str]]()
        for index, line in enumerate(text.lines):
            if _NATIVE.fullmatch(line):
                parts += [self._pictures(text, drawn, dots), _native(text, index, line, dots)]
                drawn = []
            else:
                drawn.append((index, line))
        return "".join([*parts, self._pictures(text, drawn, dots)])

    def _pictures(
        self, text: Text, lines: list[tuple[int, str]], dots: Callable[[float], int]
    ) -> str:
        if not lines:
            return ""
        places = tuple((*self._place(text, one, dots), line) for one, line in lines)
        left, top = min(x for x, _, _ in places), min(y for _, y, _ in places)
        apart = tuple((x - left, y - top, line) for x, y, line in places)
        field = self._drawn(apart, dots(text.size), bold=text.bold)
        reverse = "^FR" if text.inverse else ""
        return f"^FO{left},{top}{reverse}{field}\n"

    def _place(self, text: Text, index: int, dots: Callable[[float], int]) -> tuple[int, int]:
        """Where a line's picture begins."""
        size, line = dots(text.size), text.lines[index]
        picture = self._line(line, size, bold=text.bold)
        # The picture's own top is measured from the top of its line, baseline included.
        y = dots(text.baseline(index)) - baseline_dots(size) + picture.top
        ends = self._fonts.width(line, size, bold=text.bold)
        room = dots(text.width)
        shift = {"left": 0.0, "center": (room - ends) / 2, "right": room - ends}[text.align]
        return max(0, dots(text.x) + round(shift) + picture.left), max(0, y)

    def _barcode(self, code: Code) -> str:
        native = _native_code(code) if self._native_codes else ""
        if native:
            return native
        linear = code.code.kind in LINEAR
        picture = bars_picture(code) if linear else modules(code)
        return f"^FO{code.x},{code.y}{graphic_field(picture)}\n"

    def _draw(self, lines: tuple[tuple[int, int, str], ...], size: int, *, bold: bool) -> str:
        """Lines and where they stand in it as the field of one picture."""
        if len(lines) == 1:
            return graphic_field(self._line(lines[0][2], size, bold=bold))
        pictures = [(x, y, self._line(line, size, bold=bold)) for x, y, line in lines]
        return graphic_field(
            together(*(Bits(x, y, one.width, one.height, one.bits) for x, y, one in pictures))
        )


def _set_up(settings: LanguageSettings) -> str:
    """What the printer is told of its stock and head; by default nothing, it is set up already."""
    parts = [{"gap": "^MNY", "mark": "^MNM", "continuous": "^MNN"}.get(settings.kind, "")]
    if settings.cut or settings.peel:
        parts.append("^MMC" if settings.cut else "^MMP")
    if settings.speed is not None:
        parts.append(f"^PR{settings.speed}")
    if settings.darkness is not None:
        parts.append(f"~SD{settings.darkness:02}")
    return "".join(parts)


def graphic_field(picture: LinePicture | Bits) -> str:
    """A picture as ^GFA with Z64 data: zlib, base64, CRC-16 (XMODEM) of the base64."""
    packed = base64.b64encode(zlib.compress(picture.bits, 9))
    crc = binascii.crc_hqx(packed, 0)
    total = len(picture.bits)
    data = packed.decode("ascii")
    return f"^GFA,{total},{total},{picture.row_bytes},:Z64:{data}:{crc:04X}^FS"


def _native(text: Text, index: int, line: str, dots: Callable[[float], int]) -> str:
    x, y, size = dots(text.x), dots(text.baseline(index)), dots(text.size)
    block = "" if text.align == "left" else f"^FB{dots(text.width)},1,0,{_ALIGN[text.align]}"
    reverse = "^FR" if text.inverse else ""
    return f"^FT{x},{y}{reverse}^A0N,{size}{block}^FH_^FD{zpl_field(line)}^FS\n"


def _native_code(code: Code) -> str:
    """The printer's own bar code, or "" for data that a layer of ZPL would interpret."""
    data, origin = code.code.data, f"^FO{code.x},{code.y}"
    module, height = code.code.module_dots, code.height
    bars = f"{origin}^BY{module},3,{height}^BCN,{height},N,N,N"
    match code.code.kind:
        case "code128" if ">" not in data:
            # Mode A: the printer finds the shortest symbol, as `encode` does.
            return f"{bars},A^FH_^FD{zpl_field(data)}^FS\n"
        case "gs1" if pairs := _pairs(data):
            return f"{bars},N^FD>;>8{pairs}^FS\n"
        case "datamatrix" if _PLAIN_CODE.fullmatch(data):
            return f"{origin}^BXN,{module},200,,,,~^FD{data}^FS\n"
    # QR is drawn: ^BQ stands lower than its origin by the height of the last ^BY, or not.
    return ""


def _pairs(data: str) -> str:
    """Digits of a GS1 element string for subset C, `>8` (FNC1) for each GS between elements."""
    elements = data.split("\x1d")
    if not all(_DIGIT_PAIRS.fullmatch(element) for element in elements):
        return ""
    return ">8".join(elements)


def _fill(box: Fill, dots: Callable[[float], int]) -> str:
    x, y = dots(box.x), dots(box.y)
    width, height = max(1, dots(box.width)), max(1, dots(box.height))
    return f"^FO{x},{y}^GB{width},{height},{min(width, height)}^FS\n"


def _frame(box: Frame, dots: Callable[[float], int]) -> str:
    x, y = dots(box.x), dots(box.y)
    width, height = dots(box.width), dots(box.height)
    return f"^FO{x},{y}^GB{width},{height},{max(1, dots(box.thickness))}^FS\n"
