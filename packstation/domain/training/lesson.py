"""What a lesson is: orders, troubles that come on the way, and what must be done."""

from __future__ import annotations

from msgspec import Struct

Match = tuple[tuple[str, str], ...]


class Sign(Struct, frozen=True):
    """A fact of the bench by its kind and some of its fields, as text; ``count``th one."""

    kind: str
    where: Match = ()
    count: int = 1


class Goal(Struct, frozen=True):
    """Something to do, done once its sign was seen; words are ``training.goal.<id>``."""

    id: str
    sign: Sign


class Act(Struct, frozen=True):
    """What happens to the packer once ``after`` was seen (None: at the lesson's start).

    ``does``: fault (``device``'s switch ``fault`` on or off), cancel or hold (of order ``order``,
    counted from 1).
    """

    does: str
    after: Sign | None = None
    order: int = 1
    device: str = ""
    fault: str = ""
    on: bool = True


class Practice(Struct, frozen=True):
    """An order of a lesson: (SKU, units) of the sample goods."""

    lines: tuple[tuple[str, int], ...]
    allow_partial: bool = False
    hours_left: int = 8


class Lesson(Struct, frozen=True):
    """One lesson. Its words are ``training.lesson.<id>`` and ``training.lesson.<id>.about``.

    ``mistakes`` is how many it forgives, ``minutes`` how long it takes the first time; a slow
    packer fails nothing.
    """

    id: str
    minutes: int
    mistakes: int
    orders: tuple[Practice, ...]
    goals: tuple[Goal, ...]
    acts: tuple[Act, ...] = ()
    edition: int = 1
