"""What could not be committed, because the disk was full or failed, and is told only once.

A person sees the plate and does again what did not turn green. Devices, the background and
the server do not: their words wait here, and are taken again with the next ticks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from packstation.domain.errors import StorageError
from packstation.station.filming import EvidenceMoved, FilmMade
from packstation.station.flow import Rated
from packstation.station.labelling import LabelReplied, VoidReplied
from packstation.station.photographing import PhotoMade
from packstation.station.ports import Happening, NumbersLeased, PrintProgress
from packstation.station.printing import PaperMade

_ONCE: Final = (
    PrintProgress,
    PaperMade,
    LabelReplied,
    VoidReplied,
    Rated,
    NumbersLeased,
    PhotoMade,
    FilmMade,
    EvidenceMoved,
)
# More waits only where the disk stays full for hours; the newest count.
_MOST: Final = 256


class Unsaved:
    """Happenings whose facts found no room."""

    def __init__(self, take: Callable[[Happening], None], *then: Callable[[], None]) -> None:
        """``take`` handles a happening, or raises `StorageError` again; ``then`` what is due."""
        self._take, self._then = take, then
        self._waiting: deque[Happening] = deque(maxlen=_MOST)
        self._due = False

    def keep(self, happening: Happening) -> None:
        """Its commit failed, or that of a step that followed from it."""
        self._due = True
        if isinstance(happening, _ONCE):
            self._waiting.append(happening)

    def again(self) -> None:
        """Take what waits, oldest first, then start what else is due."""
        if not self._due:
            return
        try:
            while self._waiting:
                self._take(self._waiting[0])
                self._waiting.popleft()
            for again in self._then:
                again()
        except StorageError:
            return
        self._due = False
