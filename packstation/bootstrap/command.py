"""``packstation station``: settings become a bench."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from packstation.bootstrap.clock import Uuid7Ids
from packstation.bootstrap.interpreter import rest
from packstation.domain.errors import SettingsError
from packstation.settings import load
from packstation.settings.sources import Places

ID_FILE = "station-id"


def run(args: Namespace, _: Any) -> int:  # noqa: ANN401 - the answer's stream; a window answers none
    """Open the bench until its window is closed."""
    if args.training:
        raise SettingsError(name="training", value=True, allowed="packstation demo")
    places = Places.here()
    if args.config:
        places = replace(places, user=Path(args.config))
    settings = load(places=places)
    data = settings.station.data
    data.mkdir(parents=True, exist_ok=True)
    station = settings.station.id or station_id(data)
    rest()
    from packstation.bootstrap.window import Bench

    bench = Bench(settings, station, places)
    return bench.run(full_screen=settings.station.kiosk or sys.platform != "darwin")


def station_id(folder: Path) -> str:
    """The bench's id, made at the first start and kept in the data folder."""
    path = folder / ID_FILE
    if not path.exists():
        path.write_text(Uuid7Ids().new(), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
