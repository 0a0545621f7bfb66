"""Time and words burnt into a picture, so that a film says by itself when it was and of what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from packstation.devices.camera.pixels import opencv

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

_FONT: Final = 0  # cv2.FONT_HERSHEY_SIMPLEX
_MOST: Final = 60


def stamp_text(ms: int, words: str) -> str:
    """Tenths of a second, UTC, then what the film is of; the font has ASCII only."""
    at = datetime.fromtimestamp(ms / 1000, UTC)
    time = f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 100_000} UTC"
    plain = words.encode("ascii", "replace").decode()[:_MOST]
    return f"{time}  {plain}".rstrip()


def strip_of(width: int, text: str) -> Pixels:
    """White on black, ``width`` wide, an even number of rows high."""
    import numpy as np

    cv = opencv()
    rows = max(24, width // 32) & ~1
    strip = np.full((rows, width), 16, np.uint8)
    thick = max(1, rows // 18)
    (long, _), _ = cv.getTextSize(text, _FONT, 1.0, thick)
    scale = min(rows / 38, (width - rows) / max(1, long))
    cv.putText(strip, text, (rows // 4, rows * 3 // 4), _FONT, scale, 235, thick, cv.LINE_AA)
    return strip


def burn(i420: Pixels, size: tuple[int, int], strip: Pixels) -> None:
    """Put ``strip`` over the top of ``i420`` (rows of Y, then of U and V), grey."""
    (width, height), rows = size, strip.shape[0]
    flat, area = i420.reshape(-1), width * height
    flat[: rows * width] = strip.reshape(-1)
    for begin in (area, area + area // 4):
        flat[begin : begin + rows * width // 4] = 128
