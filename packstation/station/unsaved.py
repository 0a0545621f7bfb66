"""What could not be committed, because the disk was full or failed, and is told only once.

A person sees the plate and does again what did not turn green. Devices, the background and
the server do not: their words wait here, and are taken again with the next ticks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from packstation.domain.errors import StorageError
from packstation.station.flow import Flow, Rated
from packstation.station.labelling import LabelReplied, VoidReplied
from packstation.station.ports import Happening, NumbersLeased, PrintProgress
from packstation.station.printing import PaperMade

_ONCE: Final = (PrintProgress, PaperMade, LabelReplied, VoidReplied, Rated, NumbersLeased)
# More waits only where the disk stays full for hours; the newest count.
_MOST: Final = 256


class Unsaved:
    """Happenings whose facts found no room."""

    def __init__(self, take: Callable[[Happening], None], flow: Flow) -> None:
        """``take`` handles a happening, or raises `StorageError` again."""
        self._take, self._flow = take, flow
        self._waiting: deque[Happening] = deque(maxlen=_MOST)
        self._due = False

    def keep(self, happening: Happening) -> None:
        """Its commit failed, or that of a step that followed from it."""
        self._due = True
        if isinstance(happening, _ONCE):
            self._waiting.append(happening)

    def again(self) -> None:
        """Take what waits, oldest first, then start what the session waits for."""
        if not self._due:
            return
        try:
            while self._waiting:
                self._take(self._waiting[0])
                self._waiting.popleft()
            self._flow.again()
        except StorageError:
            return
        self._due = False
