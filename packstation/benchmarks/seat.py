"""Programs that are scanned into: the product's window over real ports, and a bare label.

``-m packstation.benchmarks.seat bench|bare ARGUMENTS`` says what it paints as
`packstation.benchmarks.wire.Seat` reads it, and ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packstation.benchmarks.spoken import at_end, say, say_resident

if TYPE_CHECKING:
    from packstation.station.views import StationView
    from packstation.ui.bare import BareLabel

SIZE: Final = (1920, 1080)


def bench(asked: Mapping[str, Any]) -> None:
    """The pack screen of `packstation station`, with the data folder of ``asked``.

    It is "deaf", whatever it shows, until its scanners are open.
    """
    from packstation.benchmarks.place import STATION, places, settings
    from packstation.bootstrap.window import Bench
    from packstation.ui.app import quit_soon
    from packstation.ui.watch import PaintWatch

    folder = Path(asked["data"])
    measured = Bench(settings(folder), STATION, places(folder))
    measured.window.resize(*SIZE)

    def painted() -> None:
        at, view = time.monotonic_ns(), measured.window.view
        step = view.screen if _hears(view) else "deaf"
        say(str(at), step, view.order.units_done if view.order else 0)

    PaintWatch(measured.window, painted)
    at_end(quit_soon)
    measured.run(full_screen=False)
    say_resident()


def _hears(view: StationView) -> bool:
    """Whether every scanner is open: a port drops what came before it was."""
    return all(one.state == "ok" for one in view.devices if one.kind == "scanner")


def bare(asked: Mapping[str, Any]) -> None:
    """A pyserial thread that gives each line to a label."""
    import serial

    from packstation.ui.app import quit_soon
    from packstation.ui.bare import run_label

    port = serial.Serial(asked["port"], timeout=None)

    def read(label: BareLabel) -> None:
        number, buffer = 0, b""
        while True:
            buffer += port.read(max(1, port.in_waiting))
            *whole, buffer = buffer.split(b"\r")
            for code in whole:
                number += 1
                label.give(f"{number} {code.decode()}")

    def ready(label: BareLabel) -> None:
        threading.Thread(target=read, args=(label,), name="port", daemon=True).start()
        say(str(time.monotonic_ns()), "ready", 0)
        at_end(quit_soon)

    def painted(text: str) -> None:
        number = text.partition(" ")[0]
        say(str(time.monotonic_ns()), "ready", number if number.isdigit() else 0)

    run_label(tuple(asked["size"]), painted, ready)
    say_resident()
    os._exit(0)  # the reading thread waits for ever


if __name__ == "__main__":
    {"bench": bench, "bare": bare}[sys.argv[1]](json.loads(sys.argv[2]))
