"""The class 9 label for lithium batteries (9A), beside or instead of the battery mark.

Packages of sections I, IA and IB bear it (reference: customs, section 2.7 [61]). A square of 100 mm
that is stuck on its corner: a line 5 mm inside its edge, seven stripes in the upper half, batteries
of which one burns and an underlined 9 in the lower (UN Model Regulations 5.2.2.2, as 49 CFR 172.447
tells it; proportions that no text gives are this program's own). It is black on white, so label
printers print it as it has to be. On the sheet it lies turned: its upper corner is at the top left.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin, sqrt
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet
from packstation.documents.papers.pictograms import BATTERIES, WIDE
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import Label, Media, Polygon

SIDE: Final = 100.0
_INSIDE, _LINE, _EDGE, _SLACK = 5.0, 0.8, 0.3, 0.05
_STRIPES: Final = 7
# How far a stripe reaches into the line.
_OVER: Final = 0.4
# From the middle of the square to the corners of what lies inside the line.
_HALF: Final = (SIDE / 2 - _INSIDE - _LINE) * sqrt(2)
# The picture: its top and height below the middle.
_PICTURE, _HIGH = 4.0, 21.0
# The figure: middle of its ring, radii, how far down its foot curves.
_RING, _OUTER, _INNER, _FOOT = 32.5, 4.6, 2.5, 38.5
_UNDER, _THICK, _SPAN = 45.0, 1.5, 5.0
_STEPS: Final = 36

Point = tuple[float, float]


def class_9(media: Media, fonts: Fonts) -> Label:
    """The label on a page of ``media``; FormOverflow (``media``) where that is smaller."""
    if min(media.width_mm, media.height_mm) + _SLACK < SIDE:
        raise FormOverflow(field="media", limit=int(SIDE))
    sheet = Sheet(media, fonts)
    left = (media.width_mm - SIDE) / 2
    sheet.frame(Box(left, 0.0, SIDE, SIDE), _EDGE)
    sheet.frame(Box(left + _INSIDE, _INSIDE, SIDE - 2 * _INSIDE, SIDE - 2 * _INSIDE), _LINE)
    sheet.elements += [_turned(shape, left) for shape in (*_stripes(), *_batteries(), *_nine())]
    return sheet.label()


def _turned(corners: tuple[Point, ...], left: float) -> Polygon:
    """A shape seen upright, from the middle of the label, as it lies on the sheet."""
    middle, root = SIDE / 2, sqrt(2)
    return Polygon(
        tuple((left + middle + (x + y) / root, middle + (y - x) / root) for x, y in corners)
    )


def _stripes() -> Iterator[tuple[Point, ...]]:
    """Stripes and gaps of one width, from the middle up to the line."""
    wide = 2 * _HALF / (2 * _STRIPES + 1)
    for at in range(_STRIPES):
        left = -_HALF + wide * (2 * at + 1)
        right = left + wide
        top = [(x, abs(x) - _HALF - _OVER) for x in (left, right)]
        if left < 0 < right:
            top.insert(1, (0.0, -_HALF - _OVER))
        yield (*top, (right, 0.0), (left, 0.0))


def _batteries() -> Iterator[tuple[Point, ...]]:
    left = -_HIGH * WIDE / 2
    for corners in BATTERIES:
        yield tuple((left + x * _HIGH, _PICTURE + y * _HIGH) for x, y in corners)


def _nine() -> Iterator[tuple[Point, ...]]:
    """A ring, a straight back, a foot that curves to the left, a line under it."""
    yield from _arc(_RING, 0.0, 2 * pi)
    yield ((_INNER, _RING), (_OUTER, _RING), (_OUTER, _FOOT), (_INNER, _FOOT))
    yield from _arc(_FOOT, 0.0, 0.85 * pi)
    yield tuple(
        (x, y)
        for x, y in (
            (-_SPAN, _UNDER),
            (_SPAN, _UNDER),
            (_SPAN, _UNDER + _THICK),
            (-_SPAN, _UNDER + _THICK),
        )
    )


def _arc(middle: float, first: float, last: float) -> Iterator[tuple[Point, ...]]:
    """Part of a ring around (0, middle), from the right and down, as many-sided pieces."""
    step = (last - first) / _STEPS
    for at in range(_STEPS):
        # Pieces lie over each other a little, so that no hair of white shows between them.
        one, other = first + at * step, min(last, first + (at + 1.3) * step)
        yield (
            (_INNER * cos(one), middle + _INNER * sin(one)),
            (_OUTER * cos(one), middle + _OUTER * sin(one)),
            (_OUTER * cos(other), middle + _OUTER * sin(other)),
            (_INNER * cos(other), middle + _INNER * sin(other)),
        )
