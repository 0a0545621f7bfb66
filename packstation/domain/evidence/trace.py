"""The weight trace of a parcel: readings thinned to where they changed. Pure."""

from __future__ import annotations

from typing import Final

# A scale says ten numbers a second for minutes: what repeats is left out, and no parcel keeps more.
STEP_G: Final = 2
MOST: Final = 400

Points = tuple[tuple[int, int], ...]


def thinned(points: Points, reading: tuple[int, int], step_g: int = STEP_G) -> Points:
    """``points`` with a newer (milliseconds, grams), where it is another weight.

    Beyond `MOST` the trace ends: what is heaped up by then is a scale that shakes, no packing.
    """
    if len(points) >= MOST:
        return points
    if points and abs(points[-1][1] - reading[1]) < step_g:
        return points
    return (*points, reading)
