"""Pictures on their way to a decoder: what is done to them, and the way back to their corners.

OpenCV is imported late, here and nowhere else in the package, because it takes a quarter of a
second and points Qt at its own plug-ins (ARCHITECTURE "Known traps").
"""

from __future__ import annotations

import math
import os
from types import ModuleType
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from packstation.domain.reading import Corners

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_MISLED = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def opencv() -> ModuleType:
    """OpenCV, with the environment as it was before: it points Qt at plug-ins of its own."""
    before = {name: os.environ.get(name) for name in _MISLED}
    import cv2

    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    # One camera thread; a pool of its own would fight the window for the same two cores.
    cv2.setNumThreads(1)
    return cv2


class View(Struct, frozen=True):
    """A picture to decode and the affine way back: x = a*u + b*v + c, y = d*u + e*v + f."""

    pixels: Any
    back: tuple[float, float, float, float, float, float] = (1, 0, 0, 0, 1, 0)

    def whole(self, corners: Corners) -> Corners:
        """Points of this view as points of the whole picture."""
        a, b, c, d, e, f = self.back
        return tuple((round(a * u + b * v + c), round(d * u + e * v + f)) for u, v in corners)


def grey(image: Pixels) -> Pixels:
    """One channel; a colour picture has blue first, as OpenCV has it."""
    if image.ndim == 2:
        return image
    cv = opencv()
    single: Pixels = cv.cvtColor(image, cv.COLOR_BGR2GRAY)
    return single


def plain(image: Pixels) -> View:
    """As it is."""
    return View(image)


def scaled(image: Pixels, factor: float) -> View:
    """Enlarged with cubic interpolation."""
    cv = opencv()
    large = cv.resize(image, None, fx=factor, fy=factor, interpolation=cv.INTER_CUBIC)
    # Pixel centres: the middle of the first pixel is at half a pixel in both.
    shift = 0.5 / factor - 0.5
    return View(large, (1 / factor, 0, shift, 0, 1 / factor, shift))


def median(image: Pixels) -> View:
    """Single specks taken out."""
    return View(opencv().medianBlur(image, 3))


def stretched(image: Pixels) -> View:
    """Local contrast brought up: shadow, glare and faint print."""
    return View(opencv().createCLAHE(clipLimit=4.0, tileGridSize=(8, 8)).apply(image))


def inverted(image: Pixels) -> View:
    """Light bars on dark."""
    return View(opencv().bitwise_not(image))


def turned(image: Pixels, degrees: float) -> View:
    """Turned about its middle, on a sheet that holds all of it."""
    cv = opencv()
    high, wide = image.shape[:2]
    angle = math.radians(degrees)
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    across, down = round(wide * cos + high * sin), round(wide * sin + high * cos)
    there = cv.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    there[0, 2] += (across - wide) / 2
    there[1, 2] += (down - high) / 2
    sheet = cv.warpAffine(image, there, (across, down), borderMode=cv.BORDER_REPLICATE)
    (a, b, c), (d, e, f) = cv.invertAffineTransform(there).tolist()
    return View(sheet, (a, b, c, d, e, f))


def cut(image: Pixels, area: tuple[int, int, int, int]) -> View:
    """The part left, top, right, bottom; never empty where the area touches the picture."""
    high, wide = image.shape[:2]
    left, top = max(0, area[0]), max(0, area[1])
    right, bottom = min(wide, area[2]), min(high, area[3])
    return View(image[top:bottom, left:right], (1, 0, left, 0, 1, top))


def through(first: View, second: View) -> View:
    """``second`` was made of ``first``'s pixels: its points straight back to the whole."""
    a, b, c, d, e, f = first.back
    g, h, i, j, k, m = second.back
    back = (a * g + b * j, a * h + b * k, a * i + b * m + c)
    return View(second.pixels, (*back, d * g + e * j, d * h + e * k, d * i + e * m + f))


class Area(Struct, frozen=True):
    """Where a code may be: left, top, right, bottom, and how far its bars lean, in degrees."""

    box: tuple[int, int, int, int]
    lean: float


def areas(image: Pixels, most: int = 4) -> list[Area]:
    """Places full of edges, the fullest first: labels and codes, on any ground and in any light.

    Works on a picture of at most 480 pixels' width, so it costs a fraction of a decoding.
    """
    import numpy as np

    cv = opencv()
    high, wide = image.shape
    factor = max(1.0, wide / 480)
    small = (
        cv.resize(image, (round(wide / factor), round(high / factor)), interpolation=cv.INTER_AREA)
        if factor > 1
        else image
    )
    small = cv.GaussianBlur(small, (3, 3), 0)
    across, down = cv.Sobel(small, cv.CV_32F, 1, 0), cv.Sobel(small, cv.CV_32F, 0, 1)
    energy = cv.magnitude(across, down)
    dense = cv.blur(np.minimum(energy, 4 * energy.mean() + 1), (17, 17))
    least = dense.mean() + 0.9 * dense.std()
    _, mask = cv.threshold(dense, float(least), 255, cv.THRESH_BINARY)
    count, marks, stats, _ = cv.connectedComponentsWithStats(mask.astype(np.uint8))
    found = []
    for number in range(1, count):
        x, y, w, h, size = (int(v) for v in stats[number])
        if size < 150:
            continue
        part = (slice(y, y + h), slice(x, x + w))
        inside = marks[part] == number
        gx, gy = across[part][inside], down[part][inside]
        lean = 0.5 * np.degrees(np.arctan2(2 * (gx * gy).sum(), (gx * gx - gy * gy).sum()))
        weight = float(dense[part][inside].sum())
        margin = 14
        box = tuple(
            round(v * factor) for v in (x - margin, y - margin, x + w + margin, y + h + margin)
        )
        found.append((weight, Area(box, float(lean))))
    found.sort(key=lambda pair: -pair[0])
    return [area for _, area in found[:most]]
