"""Bytes of lamps: relay boards and towers as tables of frames, without input or output."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from packstation.devices.lights.colours import COLOURS, NAMES, colour_of
from packstation.domain.errors import SettingsError

# Channels of a relay board where its row says nothing else.
CHANNELS: Final[Mapping[str, int]] = MappingProxyType({"green": 1, "amber": 2, "red": 3})
_MOST_CHANNELS: Final = 8

# A tower of the network, mood by mood. PATLITE's NH series takes two bytes, "W" and a bit a
# lamp (1 red, 2 amber, 4 green); written from memory, tried on none: `frames` of the row
# replaces it for another tower.
TOWER: Final[Mapping[str, bytes]] = MappingProxyType(
    {
        "off": b"W\x00",
        "idle": b"W\x00",
        "working": b"W\x04",
        "waiting": b"W\x02",
        "stopped": b"W\x01",
    }
)


def relay_frame(channel: int, *, on: bool) -> bytes:
    """LCUS relay boards (CH340): ``A0``, channel, state, sum (reference/devices.md section 5)."""
    body = bytes((0xA0, channel, int(on)))
    return body + bytes((sum(body) & 0xFF,))


def relay_frames(channels: Mapping[str, int]) -> dict[str, bytes]:
    """For each mood all channels, those that go dark first: two lamps are never lit at once."""
    return {mood: _relay_mood(mood, channels) for mood in COLOURS}


def _relay_mood(mood: str, channels: Mapping[str, int]) -> bytes:
    lit = channels.get(colour_of(mood).name)
    dark = [number for number in channels.values() if number != lit]
    frames = [relay_frame(number, on=False) for number in dark]
    return b"".join([*frames, relay_frame(lit, on=True)] if lit is not None else frames)


def channels_of(value: object) -> Mapping[str, int]:
    """``channels`` of a row: {"green": 1, "amber": 2, "red": 3}; `SettingsError` otherwise."""
    if value is None:
        return CHANNELS
    rows = value if isinstance(value, Mapping) else {}
    good = rows and all(
        name in NAMES and type(number) is int and 1 <= number <= _MOST_CHANNELS
        for name, number in rows.items()
    )
    if not good or len(set(rows.values())) < len(rows):
        allowed = f"{{{', '.join(NAMES)}: each another of 1 to {_MOST_CHANNELS}}}"
        raise SettingsError(name="channels", value=value, allowed=allowed)
    return dict(rows)


def tower_frames(value: object) -> Mapping[str, bytes]:
    """``frames`` of a row: hex bytes by mood, "off" among them; `SettingsError` otherwise."""
    if value is None:
        return TOWER
    rows = value if isinstance(value, Mapping) else {}
    try:
        frames = {str(mood): bytes.fromhex(str(text)) for mood, text in rows.items()}
    except ValueError:
        frames = {}
    if "off" not in frames or not frames.keys() <= COLOURS.keys() or not all(frames.values()):
        allowed = f'{{"off": "57 00", ...}} for {", ".join(COLOURS)}'
        raise SettingsError(name="frames", value=value, allowed=allowed)
    return {mood: frames.get(mood, frames["off"]) for mood in COLOURS}
