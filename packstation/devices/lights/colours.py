"""What a mood looks like: one table for all lights (UI_DESIGN "State shapes" has the shapes).

Nothing flashes: a lamp that flashes faster than 2 Hz is a hazard, and a packing bench wants
no lamp that moves in the corner of an eye at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct


class Colour(Struct, frozen=True):
    """A colour of a lamp: its name on towers and relays, and red, green, blue (0 to 255)."""

    name: str
    rgb: tuple[int, int, int]


OFF: Final = Colour("", (0, 0, 0))
GREEN: Final = Colour("green", (0, 160, 60))
AMBER: Final = Colour("amber", (255, 110, 0))
RED: Final = Colour("red", (255, 0, 0))
WHITE: Final = Colour("white", (60, 60, 60))
# Moods are those of `packstation.station.mood`.
COLOURS: Final[Mapping[str, Colour]] = MappingProxyType(
    {"off": OFF, "idle": WHITE, "working": GREEN, "waiting": AMBER, "stopped": RED}
)
NAMES: Final = ("green", "amber", "red", "white")
TOUR: Final = ("working", "waiting", "stopped")


def colour_of(mood: str) -> Colour:
    """The colour of a mood; dark for one that is not known."""
    return COLOURS.get(mood, OFF)
