"""What a scale said while a parcel was packed, thinned to the changes that mean something."""

from __future__ import annotations

from typing import Final

Point = tuple[int, int]
"""Milliseconds since the trace begun, grams at rest."""

# So many points tell a parcel: each thing in, a thing out, the lid, the filling.
MOST: Final = 24


def traced(points: tuple[Point, ...], point: Point, least_g: int) -> tuple[Point, ...]:
    """``points`` with one more weight at rest, where it differs by more than ``least_g``.

    Over ``MOST`` the smallest change goes; the first and the last point stay.
    """
    if points and abs(point[1] - points[-1][1]) <= least_g:
        return points
    longer = (*points, point)
    if len(longer) <= MOST:
        return longer
    steps = [abs(longer[n][1] - longer[n - 1][1]) for n in range(1, MOST)]
    gone = steps.index(min(steps)) + 1
    return longer[:gone] + longer[gone + 1 :]
