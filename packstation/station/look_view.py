"""A camera's picture as a screen shows it: which one, and the marks on it."""

from __future__ import annotations

from msgspec import Struct


class LookMark(Struct, frozen=True):
    """A thing in a camera's picture, ``corners`` in its pixels.

    ``state``: counted, due, scan (its code does not carry all that is asked), other (neutral) or
    unsure (seen once); ``covered`` while something hides it.
    """

    corners: tuple[tuple[int, int], ...]
    state: str
    covered: bool = False


class LookView(Struct, frozen=True):
    """A camera's picture: whose frames to draw, their full size, and the marks on them."""

    device: str
    size: tuple[int, int] = (0, 0)
    marks: tuple[LookMark, ...] = ()
