"""The EAC mark of the Eurasian Economic Union, drawn after its description in words.

Decision 711 of the Customs Union's Commission (15 July 2011), as public pages tell it: three
stylised letters E, A and C made with right angles, of equal height and width, that make up an
exact square in one colour, 5 mm or more. No official drawing was at hand: the widths of
strokes and gaps are this program's own, unverified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from packstation.documents.layout import Box
from packstation.domain.labels import Polygon

# Units across and down: three letters of five, two gaps of one; strokes are of two, bars of three.
SIDE: Final = 17
LEAST_MM: Final = 5.0
_PITCH, _WIDE, _STROKE, _BAR, _MIDDLE = 6, 5, 2, 3, 7
Points = tuple[tuple[int, int], ...]


def _rectangle(x: int, y: int, width: int, height: int) -> Points:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


# Left, top, width and height of the rectangles of each letter, in units.
_TOP, _BOTTOM = (0, 0, _WIDE, _BAR), (0, SIDE - _BAR, _WIDE, _BAR)
_STEM: Final = (0, 0, _STROKE, SIDE)
_LETTERS: Final = (
    (_STEM, _TOP, (0, _MIDDLE, _WIDE, _BAR), _BOTTOM),
    (_STEM, (_WIDE - _STROKE, 0, _STROKE, SIDE), _TOP, (0, _MIDDLE, _WIDE, _BAR)),
    (_STEM, _TOP, _BOTTOM),
)


def eac_mark(box: Box) -> Iterator[Polygon]:
    """The mark in a square at the top right of ``box``, as high as that."""
    unit = box.height / SIDE
    left = box.x + box.width - box.height
    for at, letter in enumerate(_LETTERS):
        for x, y, width, height in letter:
            corners = _rectangle(at * _PITCH + x, y, width, height)
            yield Polygon(tuple((left + unit * a, box.y + unit * b) for a, b in corners))
