"""Drawings that several marks of dangerous goods share, as shapes with straight sides."""

from __future__ import annotations

from typing import Final

Corners = tuple[tuple[float, float], ...]

# In units of the drawing's height, from the top left: bodies, caps, the fire, the broken one.
_BODIES: Final = ((0.0, 0.42), (0.5, 0.92), (1.0, 1.42))
_FIRE: Final = (
    (1.79, 0.44),
    (1.66, 0.40),
    (1.60, 0.30),
    (1.64, 0.20),
    (1.72, 0.12),
    (1.72, 0.00),
    (1.82, 0.06),
    (1.88, 0.16),
    (1.92, 0.11),
    (1.94, 0.05),
    (2.02, 0.16),
    (2.04, 0.28),
    (1.99, 0.38),
    (1.89, 0.44),
    (1.94, 0.34),
    (1.90, 0.24),
    (1.85, 0.31),
    (1.80, 0.20),
    (1.75, 0.30),
    (1.76, 0.37),
)
_BROKEN: Final = (
    (
        (1.62, 0.52),
        (2.04, 0.52),
        (2.04, 0.68),
        (1.93, 0.62),
        (1.84, 0.74),
        (1.73, 0.66),
        (1.62, 0.76),
    ),
    (
        (1.62, 0.84),
        (1.73, 0.74),
        (1.84, 0.82),
        (1.93, 0.70),
        (2.04, 0.76),
        (2.04, 1.0),
        (1.62, 1.0),
    ),
)


def _upright(left: float, right: float) -> tuple[Corners, Corners]:
    """A battery's body and its cap."""
    body = ((left, 0.16), (right, 0.16), (right, 1.0), (left, 1.0))
    narrow, wide = left + 0.13, right - 0.13
    return body, ((narrow, 0.02), (wide, 0.02), (wide, 0.12), (narrow, 0.12))


# Three batteries and a fourth that is broken and burns; its width is WIDE of its height.
BATTERIES: Final[tuple[Corners, ...]] = (
    *(shape for left, right in _BODIES for shape in _upright(left, right)),
    _FIRE,
    *_BROKEN,
)
WIDE: Final = 2.04

# An aircraft from its left side, nose to the left, over three packages; its length is LONG of the
# drawing's height. The program's own drawing: fuselage, fin, tailplane, wing, packages.
AIRCRAFT: Final[tuple[Corners, ...]] = (
    (
        (0.00, 0.44),
        (0.06, 0.37),
        (0.18, 0.31),
        (0.34, 0.28),
        (1.95, 0.28),
        (2.42, 0.30),
        (2.42, 0.35),
        (2.10, 0.46),
        (1.80, 0.51),
        (0.30, 0.53),
        (0.10, 0.50),
    ),
    ((1.90, 0.30), (2.20, 0.00), (2.40, 0.00), (2.32, 0.32)),
    ((1.04, 0.50), (1.30, 0.50), (1.78, 0.68), (1.60, 0.68)),
    ((0.78, 0.74), (1.04, 0.74), (1.04, 1.00), (0.78, 1.00)),
    ((1.08, 0.74), (1.34, 0.74), (1.34, 1.00), (1.08, 1.00)),
    ((1.38, 0.74), (1.64, 0.74), (1.64, 1.00), (1.38, 1.00)),
)
LONG: Final = 2.42
