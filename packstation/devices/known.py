"""The device's own serial number: asked after opening, remembered, and another one noticed.

The port tells whose adapter it is, not what hangs on it: behind the same cable may stand the
scale of the next bench. Pure but for the memory, which somebody else keeps (`Known`).
"""

from __future__ import annotations

from typing import Final, Protocol

TRIES: Final = 5


class Known(Protocol):
    """Remembers which device was at a place (a row's id, model and address); thread-safe."""

    def serial(self, place: str) -> str:
        """The serial number of the device that belongs there; "" where none was told yet."""

    def remember(self, place: str, serial: str) -> None:
        """From now on this one belongs there."""


class InMind:
    """A memory that ends with the program: command line, tests."""

    def __init__(self) -> None:
        self._serials: dict[str, str] = {}

    def serial(self, place: str) -> str:
        return self._serials.get(place, "")

    def remember(self, place: str, serial: str) -> None:
        self._serials[place] = serial


class Introduction:
    """Asking a device for its serial number, on a line that may damage the answer.

    The number that is expected is believed at once; any other when it was told twice on end.
    ``tries`` questions at most; a device that was known by its number, goes on weighing and does
    not tell it any more is another one, whose number is "".
    """

    def __init__(self, expected: str, tries: int = TRIES) -> None:
        """``expected`` is "" for a place where no number was told yet."""
        self._expected = expected
        self._tries = tries
        self._last = ""
        self.found: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether to ask (again)."""
        return self.found is None and self._tries > 0

    @property
    def open(self) -> bool:
        """Whether it is not known yet that the device is the one that is expected."""
        return self.found is None and bool(self._expected)

    def asked(self) -> None:
        """One question went out."""
        self._tries -= 1

    def told(self, serial: str) -> bool:
        """A number came; True where it is believed now."""
        if self.found is None and serial in {self._expected, self._last}:
            self.found = serial
            return True
        self._last = serial
        return False

    def spoke(self) -> bool:
        """Something else came; True where that settles that the device tells no number."""
        if not self.open or self._tries > 0:
            return False
        self.found = ""
        return True
