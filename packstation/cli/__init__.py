"""The commands of FORMATS.md; thin, and nothing is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from packstation.cli.running import REFUSED, run


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; answers its exit status: 0 done, 1 refused, 2 wrong usage or input."""
    try:
        return run(sys.argv[1:] if argv is None else argv, sys.stdout, sys.stderr)
    except Exception:  # noqa: BLE001 - a bug, and logged as one; Python's own report would quote
        # what the program was working on, a buyer's address for one.
        return REFUSED
