"""The commands of FORMATS.md; thin, and nothing is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from packstation.cli.running import REFUSED, run

# An installed program starts itself as the recorder of films (devices.film.worker).
RECORDER: Final = "film-recorder"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; answers its exit status: 0 done, 1 refused, 2 wrong usage or input."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == [RECORDER] and len(given) == 2:
        from packstation.devices.film.recorder import main as record

        return record(given[1])
    try:
        return run(given, sys.stdout, sys.stderr)
    except Exception:  # noqa: BLE001 - a bug, and logged as one; Python's own report would quote
        # what the program was working on, a buyer's address for one.
        return REFUSED
