"""``packstation station``: settings become a bench."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from packstation.bootstrap.clock import Uuid7Ids
from packstation.bootstrap.interpreter import rest
from packstation.domain.errors import InputInvalid, SettingsError
from packstation.settings import load
from packstation.settings.sources import Places

ID_FILE = "station-id"


def run(args: Namespace, _: Any) -> int:  # noqa: ANN401 - the answer's stream; a window answers none
    """Open the bench until its window is closed.

    Raises:
        InputInvalid: there is no display for the window.
        SettingsError: the data folder cannot be made.
        StorageError: for training, the bench itself is running.
    """
    if not has_display():
        raise InputInvalid(path="display", value="none", allowed="a display, or QT_QPA_PLATFORM")
    places = Places.here()
    if args.config:
        places = replace(places, user=Path(args.config))
    settings = load(places=places)
    data = settings.station.data
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        allowed = f"a folder that can be made ({exc.strerror})"
        raise SettingsError(name="DATADIR", value=str(data), allowed=allowed) from exc
    station = settings.station.id or station_id(data)
    rest()
    from packstation.bootstrap.window import Bench

    bench = Bench(settings, station, places)
    whole = settings.station.kiosk or sys.platform != "darwin"
    return bench.run(full_screen=whole, training=args.training)


def has_display() -> bool:
    """Whether a window can be opened here; Qt would end the process where there is none."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def station_id(folder: Path) -> str:
    """The bench's id, made at the first start and kept in the data folder."""
    path = folder / ID_FILE
    if not path.exists():
        path.write_text(Uuid7Ids().new(), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
