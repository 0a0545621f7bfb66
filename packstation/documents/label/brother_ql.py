"""The label model as raster of Brother's QL printers: one bitmap at 300 dpi, PackBits rows.

Commands: Brother, Raster Command Reference QL-1100/1110NWB/1115NWB and QL-710W/720NW (sections
2.1 and 4); reference: devices, section 3.5. A head prints 720 dots (rolls up to 62 mm) or 1296,
row by row from its right end. The rolls' printable areas are those of Brother's page sizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.documents.fonts import Fonts
from packstation.documents.label.dots import Draughtsman
from packstation.documents.label.raster import ink, window
from packstation.documents.label.settings import LanguageSettings
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Label, Media

if TYPE_CHECKING:
    from PIL.Image import Image


class Tape(Struct, frozen=True):
    """A roll: its size in mm (length 0: continuous), paper and printable area in dots.

    ``right`` is how many dots the printable area stands from the head's right end.
    """

    name: str
    width_mm: int
    length_mm: int
    paper: tuple[int, int]
    printable: tuple[int, int]
    right: int


# DK rolls that parcels' labels come on. Sizes and pin offsets are those that a public driver uses,
# not checked against the maker's own table.
TAPES: Final = (
    Tape("102x152", 102, 153, (1200, 1804), (1164, 1660), 12),
    Tape("103x164", 104, 164, (1224, 1941), (1200, 1822), 12),
    Tape("102x51", 102, 51, (1200, 596), (1164, 526), 12),
    Tape("62x100", 62, 100, (732, 1179), (696, 1109), 12),
    Tape("62x29", 62, 29, (732, 341), (696, 271), 12),
    Tape("62", 62, 0, (732, 0), (696, 0), 12),
    Tape("102", 102, 0, (1200, 0), (1164, 0), 12),
)
DPI: Final = 300
_NARROW, _WIDE = 720, 1296
# Heads of 1296 dots stand 44 dots further out.
_WIDE_MORE: Final = 44
# Feed before and after a label of a continuous roll: 3 mm.
_FEED: Final = 35
# Old models want 200 bytes to forget half a command, the QL-1100 series 350.
_FORGET: Final = bytes(400)
_INIT: Final = b"\x1b@"
_KIND, _WIDTH, _LENGTH, _QUALITY, _RECOVER = 0x02, 0x04, 0x08, 0x40, 0x80
_SLACK_MM: Final = 2.5
_RUN: Final = re.compile(rb"(.)\1{2,127}", re.DOTALL)


class BrotherWriter:
    """Writes labels for Brother's QL printers."""

    def __init__(self, fonts: Fonts, settings: LanguageSettings | None = None) -> None:
        self._draughtsman = Draughtsman(fonts)
        self._settings = settings or LanguageSettings()

    def write(self, labels: Iterable[Label]) -> bytes:
        """The labels as one job of as many pages.

        Raises DocumentError for a label that is not of 300 dpi, of no roll there is, or with ink
        where the roll cannot be printed on.
        """
        pages = list(labels)
        parts = [_FORGET, _INIT]
        for number, label in enumerate(pages):
            last = number == len(pages) - 1
            parts += [self._page(label, number), b"\x1a" if last else b"\x0c"]
        return b"".join(parts)

    def _page(self, label: Label, number: int) -> bytes:
        if label.media.dpi != DPI:
            raise DocumentError("error.document.dpi", field="dpi", value=label.media.dpi, limit=DPI)
        tape = tape_of(label.media, self._settings)
        image = ink(self._draughtsman.draw(label), label.media.size_dots)
        rows = list(self._rows(printed(image, tape), tape))
        return _page_head(tape, len(rows), number, cut=self._settings.cut) + b"".join(rows)

    def _rows(self, image: Image, tape: Tape) -> Iterator[bytes]:
        """Each row from the head's right end, as `g 00 length data`."""
        from PIL import Image as Images

        head = self._settings.head_dots or (_NARROW if tape.width_mm <= 62 else _WIDE)
        right = tape.right + (_WIDE_MORE if head == _WIDE else 0)
        line = Images.new("1", (head, image.height), 0)
        line.paste(image.transpose(Images.Transpose.FLIP_LEFT_RIGHT), (right, 0))
        data, step = line.tobytes(), head // 8
        before, packed = b"", b""
        for at in range(0, len(data), step):
            row = data[at : at + step]
            if row != before:
                before, packed = row, packbits(row)
            yield b"g\x00" + bytes((len(packed),)) + packed


def tape_of(media: Media, settings: LanguageSettings) -> Tape:
    """The roll that the settings name, else the one of the label's size, else a continuous one."""
    if settings.tape:
        named = [tape for tape in TAPES if tape.name == settings.tape]
        if not named:
            raise DocumentError("error.document.unknown", field="tape", value=settings.tape)
        return named[0]
    cut = [tape for tape in TAPES if tape.length_mm and _fits(media, tape)]
    wide = [t for t in TAPES if not t.length_mm and t.width_mm + 1 >= media.width_mm]
    found = wide if settings.kind == "continuous" else [*cut, *wide]
    if not found:
        raise DocumentError("error.document.unknown", field="tape", value=f"{media.width_mm:g} mm")
    return found[0]


def _fits(media: Media, tape: Tape) -> bool:
    """Whether ``media`` is the roll's label, or what can be printed of it."""
    dots = media.mm(1)
    paper = (tape.width_mm, tape.length_mm)
    ink = (tape.printable[0] * dots, tape.printable[1] * dots)
    return any(
        abs(width - media.width_mm) <= _SLACK_MM and abs(height - media.height_mm) <= _SLACK_MM
        for width, height in (paper, ink)
    )


def printed(image: Image, tape: Tape) -> Image:
    """What of a label, laid in the middle of the roll's paper, the printer can print: all its ink.

    Raises DocumentError where ink lies outside.
    """
    width, height = tape.printable[0], tape.printable[1] or image.height
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return window(image, (left, top, left + width, top + height))


def packbits(row: bytes) -> bytes:
    """TIFF's PackBits (TIFF 6.0, section 9): runs of three and more as count and byte."""
    parts, at = [], 0
    for run in _RUN.finditer(row):
        start, end = run.span()
        if start > at:
            parts.append(_literal(row[at:start]))
        parts.append(bytes((257 - (end - start), row[start])))
        at = end
    if at < len(row):
        parts.append(_literal(row[at:]))
    return b"".join(parts)


def _literal(data: bytes) -> bytes:
    """Bytes as they are, at most 128 after each count."""
    if len(data) <= 128:
        return bytes((len(data) - 1,)) + data
    return _literal(data[:128]) + _literal(data[128:])


def _page_head(tape: Tape, rows: int, number: int, *, cut: bool) -> bytes:
    """Control codes of a page: raster mode, stock, cutting, margin, compression."""
    kind = 0x0B if tape.length_mm else 0x0A
    flags = _KIND | _WIDTH | _QUALITY | _RECOVER | (_LENGTH if tape.length_mm else 0)
    stock = bytes((flags, kind, tape.width_mm, tape.length_mm))
    page = bytes((min(number, 1), 0))
    return b"".join(
        (
            b"\x1bia\x01",
            b"\x1biz" + stock + rows.to_bytes(4, "little") + page,
            b"\x1biM" + bytes((0x40 if cut else 0,)),
            *((b"\x1biA\x01",) if cut else ()),
            b"\x1biK" + bytes((0x08 if cut else 0,)),
            b"\x1bid" + (0 if tape.length_mm else _FEED).to_bytes(2, "little"),
            b"M\x02",
        )
    )
