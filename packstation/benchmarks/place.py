"""Where a measured bench has its settings; small, because measured programs import it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from packstation.settings import DeviceSection, Places, Settings, load, save

STATION: Final = "benchmark"
BENCH: Final = "07"


def places(folder: Path) -> Places:
    """Where this bench's settings are: all in its folder, none of the machine's."""
    return Places(folder / "policy", folder / "installed.toml", folder / "config.toml", folder)


def settings(folder: Path) -> Settings:
    """What was configured."""
    return load(places=places(folder), environ={})


def configure(folder: Path, devices: Sequence[DeviceSection]) -> None:
    """Name the bench and its devices."""
    own = {"STATION_ID": STATION, "STATION_NAME": BENCH, "DEVICES": tuple(devices)}
    save(own, settings(folder), places=places(folder))
