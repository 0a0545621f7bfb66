"""Lists of restricted parties as pulled: got as text, read by whoever looks at them first.

A list may have thousands of names: reading it, and laying it out to be searched, takes longer than
a picture of the screen. So the first check after a change is done beside the window's thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from packstation.station.order_ports import Unread

Bodies = tuple[Mapping[str, object], ...]
# Bytes of text that are read, and laid out, at once: some hundred names.
LIGHT: Final = 4000


class PartyLists:
    """All of one state of the rows. Two threads may read them at once; both read the same."""

    def __init__(self, text: Unread) -> None:
        self._text = text
        self._bodies: Bodies | None = None

    @property
    def light(self) -> bool:
        """Whether looking at them takes no time to speak of: they were read, or are short."""
        return self._bodies is not None or self._text.size <= LIGHT

    def read(self) -> Bodies:
        """The bodies of the rows; read once."""
        found = self._bodies
        if found is None:
            found = self._bodies = self._text.read()
        return found
