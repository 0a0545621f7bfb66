"""Foot pedals and buttons: keyboards of one or a few keys, each of which is a command.

They send F13 to F24, or whatever they are set to (reference/devices.md section 5). A pedal
bounces, so the same key within 50 ms is the same step; a foot that stays down repeats, which
is no further step. A pedal may show itself to the system as three keyboards: keys tell no
device, so that makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from packstation.domain.barcodes import COMMANDS
from packstation.domain.errors import SettingsError
from packstation.station.views import Words
from packstation.station.wedge import Key

DEBOUNCE_NS: Final = 50_000_000
# What a pedal may do beside the commands of FORMATS.md: the keys' own.
KEYS_OWN: Final = frozenset({"back", "queue", "devices", "test-card"})
# What is offered for a foot, the likeliest first.
MEANINGS: Final = tuple(
    (
        "accept next-parcel undo hold yes no reprint short "
        "back open carton service manual supervisor help queue "
        "void printer roll devices test-card reopen quantity cancel"
    ).split()
)
# Keys that nobody misses on a keyboard and that mean nothing to the window.
LEARNED: Final = frozenset(
    ("Pause", "ScrollLock", "PageUp", "PageDown", *(f"F{number}" for number in range(13, 36)))
)
# While a pedal is learned these go on being what they are.
_HELD_BACK: Final = frozenset(
    ("Shift", "Control", "Alt", "AltGr", "Meta", "CapsLock", "Return", "Enter", "Tab")
)


class Step(Struct, frozen=True):
    """What a pedal's key does: a command, and which pedal it was."""

    command: str
    device: str


class Pedals:
    """All pedals of a bench; ``keys`` by the name of the key.

    While ``listening`` no key does anything: `heard` tells which one it was, so that a new
    pedal can be learned.
    """

    def __init__(self, keys: Mapping[str, Step] | None = None) -> None:
        self.keys: Mapping[str, Step] = dict(keys or {})
        self.listening = False
        self._last: dict[str, int] = {}

    def knows(self, key: Key) -> bool:
        """Whether a pedal sends this key, which then is nobody else's."""
        if not key.name:
            return False
        return key.name in self.keys or (self.listening and key.name not in _HELD_BACK)

    def heard(self, key: Key) -> str:
        """The key that a foot has pressed, while it is learned; "" for a bounce or a repeat."""
        return key.name if self.listening and self._fresh(key) else ""

    def press(self, key: Key) -> Step | None:
        """The step, or None for a bounce, a repeat, or a key of no pedal."""
        step = self.keys.get(key.name) if key.name else None
        return step if step is not None and self._fresh(key) else None

    def _fresh(self, key: Key) -> bool:
        last = self._last.get(key.name)
        self._last[key.name] = key.at_ns
        bounced = last is not None and key.at_ns - last < DEBOUNCE_NS
        return not (key.repeat or bounced)


def steps_of(device: str, options: Mapping[str, object]) -> dict[str, Step]:
    """The keys of one pedal by its row's ``keys``: ``{"F13": "accept", "F14": "next-parcel"}``.

    Raises:
        SettingsError: there are none, or one of them means nothing.
    """
    named = options.get("keys")
    if not isinstance(named, Mapping) or not named:
        raise SettingsError(name="keys", value=named, allowed='{"F13": "accept"}')
    return {str(key): Step(_command(str(command)), device) for key, command in named.items()}


def _command(name: str) -> str:
    allowed = COMMANDS | KEYS_OWN
    if name not in allowed:
        raise SettingsError(name="keys", value=name, allowed=", ".join(sorted(allowed)))
    return name


def meaning(command: str) -> Words:
    """A command as people call it."""
    own = command in KEYS_OWN
    return Words(f"pedal.{command}" if own else f"card.command.{command}")
