"""The bundled fonts: which face has a character, how wide a line is, its picture in dots.

Noto Sans carries Latin, Greek and Cyrillic, Noto Sans SC the Han characters (built at
set-up into the fonts folder). A character that neither has stops the document by name:
a box in place of a buyer's name sends a parcel astray. So do signs that stand for a lost
character, and Devanagari, which Noto Sans has but whose letters join and change places:
set one by one as here they are other words.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.documents.typeface import Typeface
from packstation.domain.errors import GlyphMissing
from packstation.domain.labels import BASELINE

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

# The first face that has a character draws it.
_FACES: Final[dict[bool, tuple[str, ...]]] = {
    False: ("NotoSans-400.ttf", "NotoSansSC-400.ttf"),
    True: ("NotoSans-700.ttf", "NotoSansSC-700.ttf"),
}
# U+FFFC, U+FFFD: what was here is lost. Devanagari with its extensions (Unicode 16, Blocks.txt).
_REFUSED: Final = (
    range(0xFFFC, 0xFFFE),
    range(0x900, 0x980),
    range(0x1CD0, 0x1D00),
    range(0xA8E0, 0xA900),
    range(0x11B00, 0x11B60),
)
# Cells below the baseline that a picture of a line keeps, in em.
_DESCENT: Final = 0.32
# Ink that covers less than this part of a dot stays white (0..255); a thermal dot
# bleeds, so Han strokes stay apart only when half-covered dots are left out.
_THRESHOLD: Final = 140
# Characters start at quarters of a dot, so that those drawn before can be used again; each
# kept is one or two kilobytes.
_PLACES: Final = 4
_KEPT_GLYPHS: Final = 4096
# A document says most of its lines more than once: columns, units, numbers.
_KEPT_LINES: Final = 4096


class LinePicture(Struct, frozen=True):
    """Ink of a line of text: rows of ``row_bytes``, a set bit is black.

    ``left`` and ``top`` are dots from the start of the line at its top edge.
    """

    left: int
    top: int
    width: int
    height: int
    row_bytes: int
    bits: bytes


def baseline_dots(size: int) -> int:
    """Dots from the top of a line to its baseline at an em of ``size`` dots."""
    return math.ceil(size * BASELINE)


class Fonts:
    """Faces of one fonts folder; loads each on first use and keeps widths of recent words."""

    def __init__(self, folder: Path, *, cached_widths: int = 16384) -> None:
        self.folder = folder
        self._loaded: dict[str, Typeface] = {}
        self._glyphs: dict[tuple[bool, str], tuple[str, float] | None] = {}
        self._sizes: dict[tuple[str, int], FreeTypeFont] = {}
        self._drawn = lru_cache(maxsize=_KEPT_GLYPHS)(self._draw_glyph)
        self.em_width = lru_cache(maxsize=cached_widths)(self._em_width)
        self._lacking = lru_cache(maxsize=cached_widths)(self._first_lacking)
        self._pieces = lru_cache(maxsize=_KEPT_LINES)(self._runs)

    def require(self, text: str, field: str) -> str:
        """``text`` itself, or GlyphMissing with the first character no face has."""
        char = self._lacking(text)
        if char:
            raise GlyphMissing(text=text, codepoint=f"U+{ord(char):04X}", field=field)
        return text

    def _first_lacking(self, text: str) -> str:
        """The first character that a weight has no face for, "" where there is none."""
        return next((char for char in text if not self.has(char)), "")

    def has(self, char: str) -> bool:
        """Whether both weights have a face for a character."""
        return all(self._glyph(char, bold=bold) is not None for bold in (False, True))

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of a line in the unit of ``size`` (the em)."""
        return size * self.em_width(text, bold=bold)

    def runs(self, text: str, *, bold: bool = False) -> tuple[tuple[str, str], ...]:
        """``text`` in pieces of one face: (file name, piece)."""
        return self._pieces(text, bold=bold)

    def _runs(self, text: str, *, bold: bool) -> tuple[tuple[str, str], ...]:
        pieces: list[tuple[str, str]] = []
        for char in text:
            found = self._glyph(char, bold=bold)
            if found is None:
                continue
            if pieces and (pieces[-1][0] == found[0] or char == " "):
                pieces[-1] = (pieces[-1][0], pieces[-1][1] + char)
            else:
                pieces.append((found[0], char))
        return tuple(pieces)

    def places(self, text: str, size: float, *, bold: bool) -> list[tuple[str, str, float]]:
        """Each character with its face and its start; Pillow would round every advance."""
        places: list[tuple[str, str, float]] = []
        at = 0.0
        for char in text:
            found = self._glyph(char, bold=bold)
            if found is not None:
                places.append((found[0], char, at))
                at += size * found[1]
        return places

    def sized(self, file: str, dots: int) -> FreeTypeFont:
        """A face of Pillow at an em of ``dots``; plain layout, the same on every machine."""
        from PIL import ImageFont

        key = (file, dots)
        if key not in self._sizes:
            self._sizes[key] = ImageFont.truetype(
                self.folder / file, dots, layout_engine=ImageFont.Layout.BASIC
            )
        return self._sizes[key]

    def _glyph(self, char: str, *, bold: bool) -> tuple[str, float] | None:
        key = (bold, char)
        if key not in self._glyphs:
            self._glyphs[key] = self._look_up(char, bold=bold)
        return self._glyphs[key]

    def _look_up(self, char: str, *, bold: bool) -> tuple[str, float] | None:
        if any(ord(char) in block for block in _REFUSED):
            return None
        for file in _FACES[bold]:
            if file not in self._loaded:
                self._loaded[file] = Typeface(self.folder / file)
            if self._loaded[file].glyph(ord(char)):
                return file, self._loaded[file].advance(ord(char))
        return None

    def _em_width(self, text: str, *, bold: bool) -> float:
        found = (self._glyph(char, bold=bold) for char in text)
        return sum(glyph[1] for glyph in found if glyph is not None)

    def _draw_glyph(
        self, file: str, char: str, dots: int, part: int
    ) -> tuple[Image, int, int] | None:
        """A character's ink with the place of its top left, None where it has none.

        ``part`` is where between two dots it starts. Hinting a Han character takes 0.3 ms.
        """
        from PIL import Image, ImageDraw

        baseline, margin = baseline_dots(dots), dots
        image = Image.new("L", (3 * dots, baseline + math.ceil(dots * _DESCENT)))
        place = (margin + part / _PLACES, baseline)
        ImageDraw.Draw(image).text(place, char, 255, self.sized(file, dots), anchor="ls")
        box = image.getbbox()
        return (image.crop(box), box[0] - margin, box[1]) if box else None

    def picture(self, text: str, dots: int, *, bold: bool) -> LinePicture:
        """A line drawn at an em of ``dots``."""
        from PIL import Image

        baseline = baseline_dots(dots)
        margin = dots // 4
        width = math.ceil(self.width(text, dots, bold=bold)) + 2 * margin
        image = Image.new("L", (width, baseline + math.ceil(dots * _DESCENT)))
        for file, char, at in self.places(text, dots, bold=bold):
            whole, part = divmod(round(at * _PLACES), _PLACES)
            if drawn := self._drawn(file, char, dots, part):
                glyph, left, top = drawn
                image.paste(255, (margin + whole + left, top), glyph)
        ink = image.point([255 if level >= _THRESHOLD else 0 for level in range(256)])
        box = ink.getbbox() or (0, 0, 1, 1)
        ink = ink.crop(box).convert("1")
        return LinePicture(
            left=box[0] - margin,
            top=box[1],
            width=ink.width,
            height=ink.height,
            row_bytes=(ink.width + 7) // 8,
            bits=ink.tobytes(),
        )
