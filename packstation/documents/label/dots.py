"""A label in whole dots, as printers with a page memory draw it: pictures, boxes, bar codes.

Text becomes pictures of lines: the built-in fonts of these printers have fixed cells that
differ from model to model, know no Chinese or Cyrillic, and would break lines that the layout
has measured (decision 018). White text on black is a picture of the black box with the
letters left out, so that no printer has to know how to invert.

Pictures come first and never overlap one another, so it does not matter whether a printer
adds a picture to what is there or puts it in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.documents.fonts import Fonts, LinePicture, baseline_dots
from packstation.documents.label.matrix import matrix
from packstation.documents.label.photo import dithered
from packstation.documents.symbols import LINEAR, widths
from packstation.domain.errors import DocumentError
from packstation.domain.labels import (
    QUIET_MODULES,
    Barcode,
    Fill,
    Frame,
    Image,
    Label,
    Media,
    Polygon,
    Text,
)

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

# Enough for a shift's lines; each is about a kilobyte.
_KEPT_PICTURES: Final = 2048


class Bits(Struct, frozen=True):
    """A picture at ``x``, ``y``: rows of ``row_bytes``, a set bit is black."""

    x: int
    y: int
    width: int
    height: int
    bits: bytes

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return (self.width + 7) // 8

    @property
    def right(self) -> int:
        """Where its last byte ends."""
        return self.x + 8 * self.row_bytes


class Black(Struct, frozen=True):
    """A black box of at least one dot."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where it ends."""
        return self.x + self.width


class Code(Struct, frozen=True):
    """A bar code for the printer to draw; ``height`` in dots is of linear codes.

    ``roomy`` tells that it may come out longer: a printer that chooses the subsets of Code 128
    by itself, and knows no pairs of digits, would still leave its quiet zone on the paper.
    """

    code: Barcode
    x: int
    y: int
    height: int
    roomy: bool = True


class Drawing(Struct, frozen=True):
    """All of a label: ``pictures`` do not overlap."""

    pictures: tuple[Bits, ...]
    boxes: tuple[Black, ...]
    codes: tuple[Code, ...]


class Draughtsman:
    """Turns labels into drawings; keeps the pictures of lines."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._picture = lru_cache(maxsize=_KEPT_PICTURES)(fonts.picture)

    def draw(self, label: Label) -> Drawing:
        """The pieces of ``label``, in the dots of its media."""
        black = [_box(one, label.media) for one in label.elements if isinstance(one, Fill)]
        texts = [one for one in label.elements if isinstance(one, Text)]
        white = [bit for one in texts if one.inverse for bit in self._lines(one, label.media)]
        pictures = [
            bit for one in texts if not one.inverse for bit in self._lines(one, label.media)
        ]
        pictures += [shape(one, label.media) for one in label.elements if isinstance(one, Polygon)]
        pictures += [photo(one, label.media) for one in label.elements if isinstance(one, Image)]
        boxes = [
            side
            for one in label.elements
            if isinstance(one, Frame)
            for side in _sides(one, label.media)
        ]
        for box in black:
            letters = [bit for bit in white if _meet(bit, box)]
            if letters:
                pictures.append(_cut_out(box, letters))
            else:
                boxes.append(box)
        kept = [bit for one in _apart(pictures) if (bit := _on_paper(one, label.media))]
        codes = tuple(plan(one, label.media) for one in label.elements if isinstance(one, Barcode))
        return Drawing(tuple(kept), tuple(boxes), codes)

    def _lines(self, text: Text, media: Media) -> list[Bits]:
        return [
            placed(
                text,
                index,
                line,
                self._picture(line, media.dots(text.size), bold=text.bold),
                self._fonts,
                media,
            )
            for index, line in enumerate(text.lines)
            if line.strip()
        ]


def placed(
    text: Text, index: int, line: str, picture: LinePicture, fonts: Fonts, media: Media
) -> Bits:
    """Where the picture of a line stands on the paper."""
    dots = media.dots
    size = dots(text.size)
    ends = fonts.width(line, size, bold=text.bold)
    room = dots(text.width)
    shift = {"left": 0.0, "center": (room - ends) / 2, "right": room - ends}[text.align]
    # The picture's own top is measured from the top of its line, baseline included.
    y = dots(text.baseline(index)) - baseline_dots(size) + picture.top
    x = dots(text.x) + round(shift) + picture.left
    return Bits(max(0, x), max(0, y), picture.width, picture.height, picture.bits)


def photo(image: Image, media: Media) -> Bits:
    """A picture in black and white where it stands on the paper."""
    made = dithered(image, media)
    x, y = max(0, media.dots(image.x)), max(0, media.dots(image.y))
    return Bits(x, y, made.width, made.height, made.tobytes())


def plan(code: Barcode, media: Media) -> Code:
    """Where a code stands; DocumentError (its role) where no symbol or no paper holds it.

    A code cut off at an edge looks like a code and reads as nothing, or as another one.
    """
    dots = media.dots
    if code.kind in LINEAR:
        size = (sum(widths(code)) * code.module_dots, dots(code.height))
    else:
        side = len(matrix(code.kind, code.data, code.role)) * code.module_dots
        size = (side, side)
    at, paper = (dots(code.x), dots(code.y)), media.size_dots
    if any(at[axis] < 0 or at[axis] + size[axis] > paper[axis] for axis in (0, 1)):
        limit = f"{paper[0]} x {paper[1]}"
        raise DocumentError("error.document.outside", field=code.role, limit=limit)
    return Code(code, *at, dots(code.height), _roomy(code, at[0], paper[0]))


def _roomy(code: Barcode, x: int, paper: int) -> bool:
    if code.kind not in {"code128", "gs1"}:
        return True
    # Start, FNC1, check and stop characters beside the data, in subset B throughout.
    longest = 11 * (len(code.data) + 3) + 13 + QUIET_MODULES
    return x + longest * code.module_dots <= paper


def bars(code: Code) -> list[Black]:
    """The bars of a linear code as boxes."""
    boxes, x, module = [], code.x, code.code.module_dots
    for index, width in enumerate(widths(code.code)):
        if index % 2 == 0:
            boxes.append(Black(x, code.y, width * module, code.height))
        x += width * module
    return boxes


def modules(code: Code) -> Bits:
    """A matrix code as a picture."""
    rows = matrix(code.code.kind, code.code.data, code.code.role)
    step = code.code.module_dots
    side = len(rows[0]) * step
    bits = b"".join(_row(cells, step) * step for cells in rows)
    return Bits(code.x, code.y, side, len(rows) * step, bits)


def bars_picture(code: Code) -> Bits:
    """A linear code as a picture."""
    runs = enumerate(widths(code.code))
    cells = tuple(index % 2 == 0 for index, width in runs for _ in range(width))
    step = code.code.module_dots
    return Bits(code.x, code.y, len(cells) * step, code.height, _row(cells, step) * code.height)


def shape(polygon: Polygon, media: Media) -> Bits:
    """A polygon as a picture."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    corners = corners_dots(polygon, media)
    left, top = (min(corner[axis] for corner in corners) for axis in (0, 1))
    right, bottom = (max(corner[axis] for corner in corners) for axis in (0, 1))
    whole = Pillow.new("1", (right - left + 1, bottom - top + 1), 0)
    ImageDraw.Draw(whole).polygon([(x - left, y - top) for x, y in corners], fill=1)
    return Bits(left, top, whole.width, whole.height, whole.tobytes())


def corners_dots(polygon: Polygon, media: Media) -> list[tuple[int, int]]:
    """The corners of a polygon in dots."""
    return [(max(0, media.dots(x)), max(0, media.dots(y))) for x, y in polygon.corners]


def _row(cells: tuple[bool, ...], step: int) -> bytes:
    text = "".join("1" * step if dark else "0" * step for dark in cells)
    size = (len(text) + 7) // 8
    return int(text.ljust(size * 8, "0"), 2).to_bytes(size, "big")


def _box(box: Fill, media: Media) -> Black:
    dots = media.dots
    return Black(dots(box.x), dots(box.y), max(1, dots(box.width)), max(1, dots(box.height)))


def _sides(frame: Frame, media: Media) -> list[Black]:
    dots = media.dots
    x, y = dots(frame.x), dots(frame.y)
    width, height = max(1, dots(frame.width)), max(1, dots(frame.height))
    line = min(max(1, dots(frame.thickness)), width, height)
    return [
        Black(x, y, width, line),
        Black(x, y + height - line, width, line),
        Black(x, y, line, height),
        Black(x + width - line, y, line, height),
    ]


def _on_paper(bits: Bits, media: Media) -> Bits | None:
    """What of a picture lies on the paper: some printers wrap round at its edge."""
    width, height = media.size_dots
    wide, high = min(bits.width, width - bits.x), min(bits.height, height - bits.y)
    if (wide, high) == (bits.width, bits.height):
        return bits
    if wide <= 0 or high <= 0:
        return None
    return Bits(bits.x, bits.y, wide, high, picture_of(bits).crop((0, 0, wide, high)).tobytes())


def _meet(one: Bits | Black, other: Bits | Black) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def picture_of(bits: Bits) -> Picture:
    """A picture as Pillow has it, black as set bits."""
    from PIL import Image as Pillow

    return Pillow.frombytes("1", (bits.width, bits.height), bits.bits)


def _cut_out(box: Black, letters: Iterable[Bits]) -> Bits:
    """A black box with white letters."""
    from PIL import Image as Pillow

    whole = Pillow.new("1", (box.width, box.height), 1)
    for bits in letters:
        whole.paste(0, (bits.x - box.x, bits.y - box.y), picture_of(bits))
    return Bits(box.x, box.y, box.width, box.height, whole.tobytes())


def _apart(pictures: list[Bits]) -> list[Bits]:
    """Pictures of which none overlaps another: those that do become one."""
    done: list[Bits] = []
    for picture in pictures:
        one = picture
        while (other := next((each for each in done if _meet(one, each)), None)) is not None:
            done.remove(other)
            one = together(one, other)
        done.append(one)
    return done


def together(*pictures: Bits) -> Bits:
    """One picture of several."""
    from PIL import Image as Pillow

    left, top = min(one.x for one in pictures), min(one.y for one in pictures)
    right = max(one.x + one.width for one in pictures)
    bottom = max(one.y + one.height for one in pictures)
    whole = Pillow.new("1", (right - left, bottom - top), 0)
    for bits in pictures:
        whole.paste(1, (bits.x - left, bits.y - top), picture_of(bits))
    return Bits(left, top, right - left, bottom - top, whole.tobytes())
