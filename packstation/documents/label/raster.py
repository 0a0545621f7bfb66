"""A label as one bitmap, for printers that know nothing but dots.

The picture is that of the writer of PNG, bar codes at whole dots included; of grey, which only
the edges of letters have, the darker half becomes black (the threshold of `fonts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.label.dots import plan
from packstation.documents.label.png import draw
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Barcode, Label

if TYPE_CHECKING:
    from PIL.Image import Image

# Ink of at least 140 of 255, as in ``Fonts.picture``.
_BLACK_FROM: Final = 255 - 140
_INK: Final = [255 if level <= _BLACK_FROM else 0 for level in range(256)]


def ink(label: Label, fonts: Fonts) -> Image:
    """The label in black (set) and white, a bit a dot of its media.

    Raises DocumentError naming a code that no symbol holds or that leaves the paper.
    """
    for one in label.elements:
        if isinstance(one, Barcode):
            plan(one, label.media)
    return draw(label, fonts).point(_INK).convert("1")


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
