"""Which models stand on a simulated bench, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from msgspec import Struct

from packstation.devices.catalogue import scale_model
from packstation.devices.recording import Recording, read_recording
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.dialect import Dialect
from packstation.devices.sim.printers.zpl import ZplDialect
from packstation.devices.sim.speeches import SPEECHES
from packstation.domain.errors import InputInvalid
from packstation.domain.quantities import GRAMS_PER_UNIT

SCALES: Final = tuple(SPEECHES)
LABELS: Final = tuple(DIALECTS)
# What stands there only when it is asked for.
EXTRAS: Final = ("cubiscan", "label-2", "badge", "light", "camera")
# Scales whose frames have no word for too much: the row has to know what they carry.
_NEVER_OVER: Final = frozenset({"yaohua-a9", "yaohua-reversed", "yaohua-forward", "adam"})
# The bench's Zebra has older firmware, whose ~HS answers in every trouble.
_DIALECTS: Final[Mapping[str, Callable[[], Dialect]]] = {**DIALECTS, "zpl": ZplDialect}


class BenchModels(Struct, frozen=True):
    """A scale of `SCALES`, label printers of `LABELS`, and some of `EXTRAS`.

    With ``played`` the scale says what was recorded, whatever lies on it.
    """

    scale: str = "mt-sics"
    label: str = "zpl"
    extras: tuple[str, ...] = ()
    played: Recording | None = None


def checked(scale: str, label: str, extras: str, recording: Path | None = None) -> BenchModels:
    """The models of a command line; ``extras`` separated by commas.

    Without a ``scale`` it is the recording's, or the first of all.

    Raises:
        InputInvalid: there is no such simulator, which names those that there are, or the file
            is no recording of a scale.
    """
    played = None if recording is None else _recorded(recording)
    scale = scale or (played.subject.model if played else SCALES[0])
    names = tuple(dict.fromkeys(filter(None, (one.strip() for one in extras.split(",")))))
    for path, value, allowed in (
        ("--scale", scale, SCALES),
        ("--label", label, LABELS),
        *(("--with", name, EXTRAS) for name in names),
    ):
        if value not in allowed:
            raise InputInvalid(path=path, value=value, allowed=", ".join(allowed))
    return BenchModels(scale, label, names, played)


def _recorded(path: Path) -> Recording:
    try:
        found = read_recording(path)
    except OSError as failure:
        allowed = f"a recording ({failure.strerror})"
        raise InputInvalid(path="--replay", value=str(path), allowed=allowed) from None
    if found.subject.kind != "scale":
        allowed = "a recording of a scale"
        raise InputInvalid(path="--replay", value=found.subject.kind, allowed=allowed)
    return found


def dialect_of(label: str) -> Dialect:
    """A new printer's language."""
    return _DIALECTS[label]()


def scale_settings(model: str, facts: ScaleFacts) -> dict[str, object]:
    """What a scale's row must say because its frames do not: unit, capacity in that unit."""
    settings: dict[str, object] = {}
    if not scale_model(model).unit_sent:
        settings["unit"] = facts.unit
    if model in _NEVER_OVER:
        settings["capacity"] = str(Decimal(facts.capacity_g) / GRAMS_PER_UNIT[facts.unit])
    return settings
