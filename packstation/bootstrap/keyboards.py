"""What keyboards of a bench mean: rows of devices as the filter of keys and the pedals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from packstation.devices.bench import DeviceConfig
from packstation.domain.errors import SettingsError
from packstation.station.pedal import Pedals, Step, steps_of
from packstation.station.wedge import BurstRule, Wedge

_MODEL: Final = "keyboard"


def wedge_of(devices: Sequence[DeviceConfig]) -> Wedge:
    """The filter for scanners and badge readers of the model "keyboard".

    A row may hold ``prefix``, the name of the key that its device sends before a code; one row
    may go without. With no such row the bench still takes codes from any keyboard.
    """
    rows = [row for row in devices if row.model == _MODEL and row.kind in {"scanner", "badge"}]
    framed = [(str(row.settings["prefix"]), row) for row in rows if row.settings.get("prefix")]
    bare = [row for row in rows if not row.settings.get("prefix")]
    _check_bare(bare)
    frames = tuple((prefix, row.device) for prefix, row in framed)
    if len({prefix for prefix, _ in frames}) < len(frames):
        raise SettingsError(name="prefix", value=frames[-1][0], allowed="one a device")
    return Wedge(BurstRule(frames=frames), source=bare[0].device if bare else "wedge")


def _check_bare(rows: Sequence[DeviceConfig]) -> None:
    """A badge without a prefix could be an item, and two such devices each other."""
    if len(rows) > 1 or any(row.kind == "badge" for row in rows):
        allowed = "a key such as F13 that the device sends before each code"
        raise SettingsError(name="prefix", value="", allowed=allowed)


def pedals_of(devices: Sequence[DeviceConfig]) -> Pedals:
    """Pedals by their ``keys``: ``{"F13": "accept", "F14": "next-parcel"}``."""
    keys: dict[str, Step] = {}
    for row in devices:
        if row.kind == "pedal":
            keys |= steps_of(row.device, row.settings)
    return Pedals(keys)
