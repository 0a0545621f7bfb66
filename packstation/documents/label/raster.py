"""A label as one bitmap, for printers that know nothing but dots.

It is put together of the pieces that the other languages send, bar codes at whole dots; tests
hold it against the picture that the writer of PNG draws on its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from packstation.documents.label.dots import Drawing, bars, modules, picture_of
from packstation.documents.symbols import LINEAR
from packstation.domain.errors import DocumentError

if TYPE_CHECKING:
    from PIL.Image import Image


def ink(drawing: Drawing, size: tuple[int, int]) -> Image:
    """A drawing on paper of ``size`` dots, black as set bits."""
    from PIL import Image, ImageDraw

    image = Image.new("1", size, 0)
    canvas = ImageDraw.Draw(image)
    boxes = list(drawing.boxes)
    pictures = list(drawing.pictures)
    for code in drawing.codes:
        if code.code.kind in LINEAR:
            boxes += bars(code)
        else:
            pictures.append(modules(code))
    for picture in pictures:
        image.paste(picture_of(picture), (picture.x, picture.y))
    for box in boxes:
        canvas.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=1)
    return image


def window(image: Image, box: tuple[int, int, int, int], field: str = "label") -> Image:
    """``box`` (left, top, right, bottom) of ``image``, white where it reaches beyond it.

    Raises DocumentError where ink lies outside of it: nothing of a label is ever cut off.
    """
    found = image.getbbox()
    left, top, right, bottom = box
    if found and (found[0] < left or found[1] < top or found[2] > right or found[3] > bottom):
        limit = f"{right - left} x {bottom - top}"
        raise DocumentError("error.document.outside", field=field, limit=limit)
    return image.crop(box)
