"""The commands of FORMATS.md; thin, and nothing is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from packstation.cli.running import run


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; answers its exit status: 0 done, 1 refused, 2 wrong usage or input."""
    return run(sys.argv[1:] if argv is None else argv, sys.stdout, sys.stderr)
