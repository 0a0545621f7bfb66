"""The label model as CPCL: native Code 128 and QR, lines, pictures for the rest.

Commands: Zebra, CPCL Programming Manual (graphics: page 7-7); reference: devices, section 3.5.
Lines end with CR LF; data of a command is the rest of its line and has no quotation marks.
GS1-128 and Data Matrix have no maker's page behind them here and are drawn.
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
    bars_picture,
    modules,
)
from packstation.documents.label.guarded import INVERTED, Pairs, guarded
from packstation.documents.label.settings import LanguageSettings
from packstation.documents.symbols import LINEAR
from packstation.domain.labels import Label

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Blanks at the ends of a line may be dropped by the printer: such data is drawn.
_SAFE: Final = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
# ESC h asks for the status, ESC N acknowledges, ESC V asks for the version.
_IMMEDIATE: Final[Pairs] = ((b"\x1bh", b"\x1fh"), (b"\x1bN", b"\x1fN"), (b"\x1bV", b"\x1fV"))
# Units of a QR code are 1 to 32 dots.
_MOST_UNIT: Final = 32


def cpcl_line(text: str) -> str:
    """``text`` as the rest of a line: controls, and with them ends of lines, left out."""
    return _CONTROLS.sub("", text)


class CpclWriter:
    """Writes labels for printers that speak CPCL."""

    def __init__(self, fonts: Fonts, settings: LanguageSettings | None = None) -> None:
        self._settings = settings or LanguageSettings()
        self._draughtsman = Draughtsman(fonts)

    def write(self, labels: Iterable[Label]) -> bytes:
        """The labels, one session each."""
        return b"".join(map(self._label, labels))

    def _label(self, label: Label) -> bytes:
        drawing = self._draughtsman.draw(label)
        width, height = label.media.size_dots
        # Resolutions are named in hundreds; 203 dpi heads are 200.
        dpi = label.media.dpi // 100 * 100
        lines = [
            f"! 0 {dpi} {dpi} {height} 1".encode("ascii"),
            f"PAGE-WIDTH {width}".encode("ascii"),
        ]
        lines += _set_up(self._settings)
        lines += [self._picture(one) for one in drawing.pictures]
        lines += [_line(one) for one in drawing.boxes]
        for code in drawing.codes:
            lines += self._code(code)
        # FORM goes on to the next label; a roll has none.
        lines += [b"PRINT"] if self._settings.kind == "continuous" else [b"FORM", b"PRINT"]
        return b"\r\n".join([*lines, b""])

    def _picture(self, picture: Bits) -> bytes:
        data = picture.bits
        if self._settings.invert_bitmap:
            data = data.translate(INVERTED)
        place = f"{picture.row_bytes} {picture.height} {picture.x} {picture.y} ".encode("ascii")
        if self._settings.hex_graphics:
            return b"EG " + place + data.hex().upper().encode("ascii")
        return b"CG " + place + guarded(data, _IMMEDIATE)

    def _code(self, code: Code) -> list[bytes]:
        native = self._native(code) if self._settings.native_codes else []
        if native:
            return [line.encode("ascii") for line in native]
        if code.code.kind in LINEAR:
            return [self._picture(bars_picture(code))]
        return [self._picture(modules(code))]

    @staticmethod
    def _native(code: Code) -> list[str]:
        """The printer's own command, or nothing where it might not draw just this code."""
        data, module = code.code.data, code.code.module_dots
        if not _SAFE.fullmatch(data):
            return []
        match code.code.kind:
            case "code128" if code.roomy:
                size = f"{module} 1 {code.height}"
                return [f"BARCODE 128 {size} {code.x} {code.y} {cpcl_line(data)}"]
            case "qr" if module <= _MOST_UNIT:
                head = f"BARCODE QR {code.x} {code.y} M 2 U {module}"
                return [head, f"QA,{cpcl_line(data)}", "ENDQR"]
        return []


def _line(box: Black) -> bytes:
    """A box as a thick line, across or down, whichever is longer."""
    if box.width >= box.height:
        ends = (box.x, box.y, box.x + box.width, box.y, box.height)
    else:
        ends = (box.x, box.y, box.x, box.y + box.height, box.width)
    return b"LINE %d %d %d %d %d" % ends


def _set_up(settings: LanguageSettings) -> list[bytes]:
    lines = []
    if settings.kind:
        sense = {"gap": "GAP-SENSE", "mark": "BAR-SENSE", "continuous": "JOURNAL"}
        lines.append(sense[settings.kind])
    if settings.speed is not None:
        lines.append(f"SPEED {settings.speed}")
    if settings.darkness is not None:
        lines.append(f"TONE {settings.darkness}")
    if settings.cut:
        lines.append("CUT")
    if settings.peel:
        lines.append("PEEL")
    return [line.encode("ascii") for line in lines]
