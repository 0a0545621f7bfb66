"""Pictures of a label (a logo, a signature) in the dots of its media: grey, or black and white."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from packstation.domain.labels import Image, Media

if TYPE_CHECKING:
    from PIL.Image import Image as Picture


def grey(image: Image, media: Media) -> Picture:
    """The picture in its size on paper, one byte a dot, 0 black."""
    from PIL import Image as Pillow

    size = (max(1, media.dots(image.width)), max(1, media.dots(image.height)))
    with Pillow.open(io.BytesIO(image.data)) as opened:
        return opened.convert("L").resize(size, Pillow.Resampling.LANCZOS)


def dithered(image: Image, media: Media) -> Picture:
    """The picture for a head that knows no grey (Floyd and Steinberg); black as set bits."""
    from PIL import ImageOps

    return ImageOps.invert(grey(image, media)).convert("1")
