"""What the window shows of training. Part of ``station.views``."""

from __future__ import annotations

from msgspec import Struct

from packstation.station.words import Words


class LessonView(Struct, frozen=True):
    """The lesson on the bench: its number of how many, what to do now, how it goes."""

    number: int
    of: int
    title: Words
    hint: Words
    done: int
    goals: int
    mistakes: int = 0
    allowed: int = 0
