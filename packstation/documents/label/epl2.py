"""The label model as EPL2 (page mode): native Code 128 and lines, pictures for the rest.

Commands: Zebra, EPL Programming Guide 14245L-003; its note on GW (a comma before the data, a
bit that is 0 is black); reference: devices, section 3.5. Data Matrix and QR are firmware of
some models only, and Data Matrix comes with a quiet zone of its own: both are drawn.
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
_SAFE: Final = re.compile(r"[\x20-\x7e]+")
_DIGITS: Final = re.compile(r"[0-9\x1d]+")
# Note 2 of the table of bar codes: 06 stands between fields of open length.
_FNC1: Final = "\x06"
# ^@ resets a printer.
_IMMEDIATE: Final[Pairs] = ((b"^@", b"\x1e@"),)
_IMMEDIATE_INVERTED: Final[Pairs] = ((b"^@", b"\x7e@"),)
# Q takes gaps from 16 dots on.
_LEAST_GAP: Final = 16
# B takes narrow bars of 1 to 10 dots.
_MOST_MODULE: Final = 10


def epl2_string(text: str) -> str:
    """``text`` between quotation marks: ``"`` and the backslash after one, controls left out."""
    plain = _CONTROLS.sub("", text).replace("\\", "\\\\")
    return '"' + plain.replace('"', '\\"') + '"'


class Epl2Writer:
    """Writes labels for printers that speak EPL2."""

    def __init__(self, fonts: Fonts, settings: LanguageSettings | None = None) -> None:
        self._settings = settings or LanguageSettings()
        self._draughtsman = Draughtsman(fonts)

    def write(self, labels: Iterable[Label]) -> bytes:
        """The labels, each set up from scratch and printed once."""
        return b"".join(map(self._label, labels))

    def _label(self, label: Label) -> bytes:
        drawing = self._draughtsman.draw(label)
        # An empty line first: it ends whatever half a line was left behind.
        lines = [b"", *_set_up(label.media, self._settings), b"N"]
        lines += [self._picture(one) for one in drawing.pictures]
        lines += [_line(one) for one in drawing.boxes]
        for code in drawing.codes:
            lines += self._code(code)
        lines += [b"P1", b""]
        return b"\r\n".join(lines)

    def _picture(self, picture: Bits) -> bytes:
        data = picture.bits
        if self._settings.invert_bitmap:
            data = guarded(data, _IMMEDIATE_INVERTED)
        else:
            data = guarded(data.translate(INVERTED), _IMMEDIATE)
        head = f"GW{picture.x},{picture.y},{picture.row_bytes},{picture.height},"
        return head.encode("ascii") + data

    def _code(self, code: Code) -> list[bytes]:
        native = self._native(code) if self._settings.native_codes else ""
        if native:
            return [native.encode("ascii")]
        if code.code.kind in LINEAR:
            return [_line(one) for one in bars(code)]
        return [self._picture(modules(code))]

    @staticmethod
    def _native(code: Code) -> str:
        """The printer's own command, or "" where it might not draw just this code."""
        data, module = code.code.data, code.code.module_dots
        if module > _MOST_MODULE:
            return ""
        size = f"{module},{module},{code.height},N"
        match code.code.kind:
            case "code128" if code.roomy and _SAFE.fullmatch(data):
                return f"B{code.x},{code.y},0,1,{size},{epl2_string(data)}"
            case "gs1" if code.roomy and _DIGITS.fullmatch(data):
                fields = data.replace("\x1d", _FNC1)
                return f'B{code.x},{code.y},0,1E,{size},"{fields}"'
        return ""


def _line(box: Black) -> bytes:
    return b"LO%d,%d,%d,%d" % (box.x, box.y, box.width, box.height)


def _set_up(media: Media, settings: LanguageSettings) -> list[bytes]:
    """The stock, and what other jobs may have left behind."""
    width, height = media.size_dots
    gap = max(media.dots(settings.gap_mm), _LEAST_GAP)
    between = {"continuous": "0", "mark": f"B{gap}"}.get(settings.kind, str(gap))
    lines = [f"q{width}", f"Q{height},{between}", "R0,0", "ZT"]
    if settings.speed is not None:
        lines.append(f"S{settings.speed}")
    if settings.darkness is not None:
        lines.append(f"D{settings.darkness}")
    options = ("C" if settings.cut else "") + ("P" if settings.peel else "")
    if options:
        lines.append(f"O{options}")
    return [line.encode("ascii") for line in lines]
