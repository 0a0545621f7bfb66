"""What stands on the bench beside scale and printers, as the station has it in its hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, field

from packstation.domain.evidence import EvidenceRules
from packstation.station.filming import EvidenceMoved, Filmer, NoFilmer, no_moves
from packstation.station.help_book import HelpBook
from packstation.station.pedal import Pedals
from packstation.station.photographing import NoPhotographer, Photographer
from packstation.station.portraits import NoPortraits, Portraits
from packstation.station.wedge import Wedge


class ScannerHand(Protocol):
    """A scanner that does something on command."""

    @property
    def actions(self) -> tuple[str, ...]:
        """What it knows of trigger, release and beep."""

    def do(self, action: str) -> bool:
        """Do it; False where it knows no such command. Never blocks."""


class Light(Protocol):
    """An andon light; it is never the only sign, so nothing waits for it."""

    def show(self, mood: str) -> None:
        """Show a `packstation.station.mood.Mood`; the last one counts. Never blocks."""

    def test(self) -> None:
        """Go through all colours once, then show the last mood again. Never blocks."""


def no_books(_: str) -> HelpBook:
    """A bench without the files of help: the keys alone."""
    return HelpBook({})


def nowhere(_data: bytes, _days: int) -> None:
    """A bench without a place for files: the fact alone says that somebody signed."""


class Gear(Struct):
    """Scanners that obey commands, lights, keyboard scanners' filter, pedals, and books of help.

    Filled when the devices are open, which is after the station was made.
    """

    wedge: Wedge | None = None
    pedals: Pedals = field(default_factory=Pedals)
    scanners: dict[str, ScannerHand] = field(default_factory=dict)
    lights: dict[str, Light] = field(default_factory=dict)
    books: Callable[[str], HelpBook] = no_books
    photographer: Photographer = field(default_factory=NoPhotographer)
    filmer: Filmer = field(default_factory=NoFilmer)
    evidence: EvidenceRules = EvidenceRules()
    settled: Callable[[EvidenceMoved], None] = no_moves
    portraits: Portraits = field(default_factory=NoPortraits)
    # Stores the file of a driver's signature for so many days.
    keep: Callable[[bytes, int], None] = nowhere
