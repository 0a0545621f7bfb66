"""The label model as TSPL: native bar codes and boxes, pictures for text.

Commands: TSC, TSPL/TSPL2 Programming Language; Gprinter GP-2120T; reference: devices, section
3.4. Lines end with CR LF, positions are dots from the top left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.label.dots import (
    Bits,
    Black,
    Code,
    Draughtsman,
    bars,
    modules,
)
from packstation.documents.label.guarded import INVERTED, Pairs, guarded
from packstation.documents.label.settings import LanguageSettings
from packstation.documents.symbols import LINEAR
from packstation.domain.labels import Label, Media

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# A backslash may begin \["], \[R] or \[L]; such data is drawn.
_SAFE: Final = re.compile(r"[\x20-\x5b\x5d-\x7e]+")
_DIGIT_PAIRS: Final = re.compile(r"([0-9]{2})+")
_FNC1: Final = "!102"
_START_C: Final = "!105"
# ESC ! is looked for in everything that comes (section 3.4); 0 is black in the first pair.
_IMMEDIATE: Final[Pairs] = ((b"\x1b!", b"\x0b!"),)
_IMMEDIATE_INVERTED: Final[Pairs] = ((b"\x1b!", b"\x1f!"),)
# QRCODE takes cells of 1 to 10 dots.
_MOST_CELL: Final = 10


def tspl_string(text: str) -> str:
    r"""``text`` between quotation marks: ``"`` as ``\["]``, controls and backslashes left out."""
    plain = _CONTROLS.sub("", text).replace("\\", "")
    return '"' + plain.replace('"', '\\["]') + '"'


class TsplWriter:
    """Writes labels for printers that speak TSPL."""

    def __init__(self, fonts: Fonts, settings: LanguageSettings | None = None) -> None:
        self._settings = settings or LanguageSettings()
        self._draughtsman = Draughtsman(fonts)

    def write(self, labels: Iterable[Label]) -> bytes:
        """The labels, each set up from scratch and printed once."""
        return b"".join(map(self._label, labels))

    def _label(self, label: Label) -> bytes:
        drawing = self._draughtsman.draw(label)
        lines = [*_set_up(label.media, self._settings), b"CLS"]
        lines += [self._picture(one) for one in drawing.pictures]
        lines += [_bar(one) for one in drawing.boxes]
        for code in drawing.codes:
            lines += self._code(code)
        lines += [b"PRINT 1,1", b""]
        return b"\r\n".join(lines)

    def _picture(self, picture: Bits) -> bytes:
        """A picture in place of what is there; by TSC's manual a bit that is 0 is black."""
        data = picture.bits
        if self._settings.invert_bitmap:
            data = guarded(data, _IMMEDIATE_INVERTED)
        else:
            data = guarded(data.translate(INVERTED), _IMMEDIATE)
        head = f"BITMAP {picture.x},{picture.y},{picture.row_bytes},{picture.height},0,"
        return head.encode("ascii") + data

    def _code(self, code: Code) -> list[bytes]:
        native = self._native(code) if self._settings.native_codes else ""
        if native:
            return [native.encode("ascii")]
        if code.code.kind in LINEAR:
            return [_bar(one) for one in bars(code)]
        return [self._picture(modules(code))]

    @staticmethod
    def _native(code: Code) -> str:
        """The printer's own command, or "" where it might not draw just this code."""
        data, module = code.code.data, code.code.module_dots
        place = f"{code.x},{code.y}"
        linear = f"{code.height},0,0,{module},{module}"
        match code.code.kind:
            case "code128" if code.roomy and _SAFE.fullmatch(data):
                return f'BARCODE {place},"128",{linear},{tspl_string(data)}'
            case "gs1" if pairs := _pairs(data):
                return f'BARCODE {place},"128M",{linear},{tspl_string(pairs)}'
            case "qr" if _SAFE.fullmatch(data) and module <= _MOST_CELL:
                return f"QRCODE {place},Q,{module},A,0,{tspl_string(data)}"
        return ""


def _pairs(data: str) -> str:
    """A GS1 element string of digits for 128M: start C, FNC1, and FNC1 between elements."""
    elements = data.split("\x1d")
    if not all(_DIGIT_PAIRS.fullmatch(element) for element in elements):
        return ""
    return _START_C + _FNC1 + _FNC1.join(elements)


def _bar(box: Black) -> bytes:
    return b"BAR %d,%d,%d,%d" % (box.x, box.y, box.width, box.height)


def _set_up(media: Media, settings: LanguageSettings) -> list[bytes]:
    """The stock, and what other jobs may have left behind."""
    kind = {
        "continuous": "GAP 0 mm,0 mm",
        "mark": f"BLINE {settings.gap_mm:g} mm,0 mm",
    }.get(settings.kind, f"GAP {settings.gap_mm:g} mm,0 mm")
    lines = [
        f"SIZE {media.width_mm:g} mm,{media.height_mm:g} mm",
        kind,
        "DIRECTION 1",
        "REFERENCE 0,0",
    ]
    if settings.speed is not None:
        lines.append(f"SPEED {settings.speed}")
    if settings.darkness is not None:
        lines.append(f"DENSITY {settings.darkness}")
    if settings.cut:
        lines.append("SET CUTTER 1")
    if settings.peel:
        lines.append("SET PEEL ON")
    return [line.encode("ascii") for line in lines]
