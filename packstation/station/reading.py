"""Large rows that the window's thread must not read: one reading at a time, beside it.

What changes while they are read is read after it, so that an older reading never comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from packstation.station.core import Core
from packstation.station.ports import Happening

# Takes the bodies of all rows of a kind, in whatever thread has the time.
Take = Callable[[Sequence[Mapping[str, object]]], None]


class Reading:
    """All rows of one kind, taken in the background; what was taken before holds until then."""

    def __init__(self, core: Core, kind: str, take: Take, done: Happening) -> None:
        """``done`` is what is reported after each reading, whatever came of it."""
        self._core, self._kind, self._take, self._done = core, kind, take, done
        self._under_way = False
        self._old = False

    def begin(self) -> None:
        """Read what is there now."""
        if self._under_way:
            self._old = True
            return
        self._under_way = True
        # The database is this thread's; its text is got here and read there.
        bodies, take, done = self._core.cache.unread(self._kind), self._take, self._done

        def work() -> Happening:
            take(bodies.read())
            return done

        self._core.run(work, done)

    def want(self) -> None:
        """Read, unless that is under way."""
        if not self._under_way:
            self.begin()

    def ended(self) -> None:
        """The reading came back; what has changed meanwhile is read now."""
        self._under_way, old, self._old = False, self._old, False
        if old:
            self.begin()
