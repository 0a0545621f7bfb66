"""Earcons as samples: the table of design/UI_DESIGN.md "Sound", rendered without a device.

48 kHz, mono, signed 16 bit. Good news rises at 880 Hz and above, bad news falls or stays flat
under 420 Hz, so that the two share no pitch; news of devices and network lie between.
"""

from __future__ import annotations

from array import array
from math import exp, log10, pi, sin
from types import MappingProxyType

from msgspec import Struct

RATE = 48_000
PEAK_DB = -6.0
ATTACK_S = 0.005
LONGEST_REPEAT_S = 60.0
# Sets of sounds by how far all pitches are moved: a fourth down for ears that lose the high ones.
_SETS = MappingProxyType({"standard": 1.0, "low": 0.75})

# Harmonics as (multiple of the fundamental, strength).
_TIMBRES = MappingProxyType(
    {
        "good": ((1, 1.0), (2, 0.3)),
        "bad": ((1, 1.0), (3, 1 / 3), (5, 1 / 5)),
        "triangle": ((1, 1.0), (3, -1 / 9), (5, 1 / 25)),
    }
)


class Tone(Struct, frozen=True):
    """``hz`` sounding together for ``ms``; ``to_hz`` glides the first; no ``hz`` is a pause."""

    hz: tuple[float, ...]
    ms: int
    to_hz: float | None = None


class Earcon(Struct, frozen=True):
    """A sound: ``every_s`` is how often it repeats until answered, None for once."""

    tones: tuple[Tone, ...]
    timbre: str
    every_s: float | None = None
    level_db: float = PEAK_DB


def _tones(text: str) -> tuple[Tone, ...]:
    """Reads the design's notation: `311x180 233x240`, `_40`, `277>185x500`, `208+220x200`."""
    return tuple(_tone(word) for word in text.split())


def _tone(word: str) -> Tone:
    if word.startswith("_"):
        return Tone((), int(word[1:]))
    pitch, _, length = word.partition("x")
    first, _, last = pitch.partition(">")
    together = tuple(float(hz) for hz in first.split("+"))
    return Tone(together, int(length), float(last) if last else None)


_STOPPED = "349x160 262x160 "
_WRONG_LABEL = "208+220x200 _80 "
EARCONS = MappingProxyType(
    {
        "ok": Earcon(_tones("1319x70"), "good"),
        "line_complete": Earcon(_tones("1109x60 1319x110"), "good"),
        "parcel_complete": Earcon(_tones("880x70 1109x70 1319x70 1760x240"), "good"),
        "order_opened": Earcon(_tones("988x60 _40 988x60"), "good"),
        "weight_taken": Earcon(_tones("1760x50"), "good"),
        "wrong_item": Earcon(_tones("311x180 233x240"), "bad", 2.5),
        "wrong_variant": Earcon(_tones("311x110 _40 311x110 233x240"), "bad", 2.5),
        "over_scan": Earcon(_tones("392x90 _60 392x90 _60 392x90"), "bad", 2.5),
        "unknown_code": Earcon(_tones("208x160"), "bad"),
        "weight_off": Earcon(_tones("277>185x500"), "bad", 4.0),
        "wrong_label": Earcon(_tones(_WRONG_LABEL * 3), "bad", 2.0),
        "order_stopped": Earcon(_tones(_STOPPED * 3), "bad", 2.0),
        "device_lost": Earcon(_tones("622x150 466x150"), "triangle"),
        "device_back": Earcon(_tones("466x120 622x150"), "triangle"),
        "offline": Earcon(_tones("622x90 554x90"), "triangle", level_db=-12.0),
        "online": Earcon(_tones("554x90 622x90"), "triangle", level_db=-12.0),
        "key": Earcon(_tones("2000x8"), "good", level_db=-18.0),
    }
)
VOLUME_TEST = ("ok", "wrong_item", "order_stopped")


def pitches(earcon: Earcon) -> frozenset[float]:
    """All fundamentals of an earcon, the end of a glide included."""
    found = {hz for tone in earcon.tones for hz in tone.hz}
    return frozenset(found | {tone.to_hz for tone in earcon.tones if tone.to_hz})


def length_s(earcon: Earcon) -> float:
    """Seconds of one run."""
    return sum(tone.ms for tone in earcon.tones) / 1000


def voiced(earcon: Earcon, sounds: str, volume: int) -> Earcon:
    """An earcon as a person hears it: lower by a fourth, or not as loud.

    Both sets keep good and bad news apart, for all pitches are moved alike.
    """
    ratio = _SETS.get(sounds, 1.0)
    tones = tuple(
        Tone(tuple(hz * ratio for hz in t.hz), t.ms, t.to_hz and t.to_hz * ratio)
        for t in earcon.tones
    )
    quieter = 20 * log10(min(max(volume, 1), 100) / 100)
    return Earcon(tones, earcon.timbre, earcon.every_s, earcon.level_db + quieter)


def render(earcon: Earcon) -> bytes:
    """One run as samples, its loudest at ``level_db`` of full scale."""
    samples: list[float] = []
    for tone in earcon.tones:
        samples.extend(_samples(tone, _TIMBRES[earcon.timbre]))
    loudest = max((abs(sample) for sample in samples), default=0.0) or 1.0
    gain = 32767 * 10 ** (earcon.level_db / 20) / loudest
    return array("h", (round(sample * gain) for sample in samples)).tobytes()


def _samples(tone: Tone, timbre: tuple[tuple[int, float], ...]) -> list[float]:
    count = RATE * tone.ms // 1000
    total = [0.0] * count
    for hz in tone.hz:
        end = tone.to_hz or hz
        phase, step = 0.0, 2 * pi / RATE
        for index in range(count):
            total[index] += sum(part * sin(phase * multiple) for multiple, part in timbre)
            phase += step * (hz + (end - hz) * index / count)
    return [sample * _envelope(index, count) for index, sample in enumerate(total)]


def _envelope(index: int, count: int) -> float:
    """Linear attack, exponential decay to a fifth, and an end without a click."""
    edge = RATE * ATTACK_S
    attack = min(1.0, index / edge)
    release = min(1.0, (count - 1 - index) / min(edge, count / 4))
    return attack * release * exp(-1.6 * index / count)
