"""The product's start as a program that says when it was ready: ``-m`` this, then a data folder.

It says ``painted ns`` when the journal is checked, the open parcel folded and the window painted
for the first time; ``rest rss kB`` when its standard input ends, and ends itself. What it
imports before the product is a few small modules of the standard library.
"""

from __future__ import annotations

import sys

from packstation.benchmarks.spoken import at_end, mark, say_resident


def main(folder: str) -> None:
    """What `packstation station` does, on a screen of 1920 x 1080."""
    from packstation.bootstrap.interpreter import rest

    rest()
    from pathlib import Path

    from packstation.benchmarks.place import STATION, places, settings
    from packstation.bootstrap.window import Bench
    from packstation.ui.app import quit_soon
    from packstation.ui.watch import FirstPaint

    path = Path(folder)
    bench = Bench(settings(path), STATION, places(path))
    bench.window.resize(1920, 1080)

    def painted() -> None:
        mark("painted")
        at_end(quit_soon)

    FirstPaint(bench.window, painted)
    bench.run(full_screen=False)
    say_resident()


if __name__ == "__main__":
    main(sys.argv[1])
