"""The label model as a picture, in the dots of its media: what the paper will look like.

On a bench's screen codes are hatched: the only code to scan is on the box (design rule
"CodeHatch"). Pictures that stand for paper itself (a file, the virtual bench) carry the code.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from packstation.documents.fonts import Fonts
from packstation.documents.label.dots import corners_dots
from packstation.documents.label.matrix import matrix
from packstation.documents.label.photo import grey
from packstation.documents.symbols import LINEAR, widths
from packstation.domain.labels import Barcode, Fill, Frame, Image, Label, Polygon, Text

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw

_BLACK, _WHITE = 0, 255


def write_png(labels: Iterable[Label], fonts: Fonts, *, hatched: bool = False) -> bytes:
    """A grey picture of the labels, one below the other, with their resolution noted."""
    from PIL import Image as Pillow

    pages = list(labels)
    pictures = [draw(label, fonts, hatched=hatched) for label in pages]
    whole = Pillow.new(
        "L", (max(one.width for one in pictures), sum(one.height for one in pictures)), _WHITE
    )
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    target = io.BytesIO()
    dpi = pages[0].media.dpi
    whole.save(target, "PNG", dpi=(dpi, dpi))
    return target.getvalue()


def write_preview(label: Label, fonts: Fonts, most: int = 900) -> bytes:
    """A small grey picture for a screen, ``most`` pixels at its longer side; its codes hatched."""
    from PIL import Image as Pillow

    picture = draw(label, fonts, hatched=True)
    picture.thumbnail((most, most), Pillow.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def draw(label: Label, fonts: Fonts, *, hatched: bool = False) -> Picture:
    """A label as a picture of one byte a dot, 0 black."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    image = Pillow.new("L", label.media.size_dots, _WHITE)
    canvas = ImageDraw.Draw(image)
    for element in label.elements:
        if isinstance(element, Image):
            place = (label.media.dots(element.x), label.media.dots(element.y))
            image.paste(grey(element, label.media), place)
        else:
            _element(canvas, element, label, fonts, hatched=hatched)
    return image


def _element(
    canvas: ImageDraw,
    element: Text | Barcode | Fill | Frame | Polygon,
    label: Label,
    fonts: Fonts,
    *,
    hatched: bool,
) -> None:
    dots = label.media.dots
    match element:
        case Text():
            _text(canvas, element, dots, fonts)
        case Fill():
            _rectangle(canvas, element, dots, fill=_BLACK)
        case Frame():
            _rectangle(canvas, element, dots, line=max(1, dots(element.thickness)))
        case Polygon():
            canvas.polygon(corners_dots(element, label.media), fill=_BLACK)
        case Barcode():
            cells = _bars(element, dots)
            if hatched:
                _hatch(canvas, cells)
            else:
                for box in cells:
                    canvas.rectangle(box, fill=_BLACK)


def _text(canvas: ImageDraw, text: Text, dots: Callable[[float], int], fonts: Fonts) -> None:
    size = dots(text.size)
    for index, line in enumerate(text.lines):
        wide = fonts.width(line, size, bold=text.bold)
        room = dots(text.width)
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[text.align] * (room - wide)
        x = dots(text.x) + round(shift)
        # The baseline is where the printer's own is: see the writer of ZPL.
        y = dots(text.baseline(index))
        ink = _WHITE if text.inverse else _BLACK
        for file, char, at in fonts.places(line, size, bold=text.bold):
            canvas.text((x + at, y), char, ink, fonts.sized(file, size), anchor="ls")


def _rectangle(
    canvas: ImageDraw,
    box: Fill | Frame,
    dots: Callable[[float], int],
    *,
    fill: int | None = None,
    line: int = 0,
) -> None:
    x, y = dots(box.x), dots(box.y)
    right, bottom = x + max(1, dots(box.width)) - 1, y + max(1, dots(box.height)) - 1
    canvas.rectangle((x, y, right, bottom), fill=fill, outline=_BLACK, width=line or 1)


def _bars(code: Barcode, dots: Callable[[float], int]) -> list[tuple[int, int, int, int]]:
    """The dark rectangles of a code: left, top, right, bottom, inclusive, in dots."""
    x, y, module = dots(code.x), dots(code.y), code.module_dots
    if code.kind in LINEAR:
        return _linear_bars(code, (x, y), dots(code.height))
    return [
        (left, top, left + module - 1, top + module - 1)
        for row, cells in enumerate(matrix(code.kind, code.data, code.role))
        for column, dark in enumerate(cells)
        if dark
        for left, top in [(x + column * module, y + row * module)]
    ]


def _linear_bars(
    code: Barcode, origin: tuple[int, int], height: int
) -> list[tuple[int, int, int, int]]:
    x, y = origin
    bars = []
    for index, width in enumerate(widths(code)):
        if index % 2 == 0:
            bars.append((x, y, x + width * code.module_dots - 1, y + height - 1))
        x += width * code.module_dots
    return bars


def _hatch(canvas: ImageDraw, cells: list[tuple[int, int, int, int]]) -> None:
    """Slanted bars of equal width where a code stands: says "code here", no reader takes it."""
    left, top = min(box[0] for box in cells), min(box[1] for box in cells)
    right, bottom = max(box[2] for box in cells), max(box[3] for box in cells)
    height = bottom - top
    slant, pitch = height // 3, max(8, (right - left) // 24)
    for x in range(left, right - slant - pitch // 2, pitch):
        canvas.polygon(
            [
                (x + slant, top),
                (x + slant + pitch // 2, top),
                (x + pitch // 2, bottom),
                (x, bottom),
            ],
            fill=_BLACK,
        )
