"""Programs that a benchmark starts: each in a process of its own, all with warm byte code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from packstation.domain.errors import PackstationError


def environment(scratch: Path) -> dict[str, str]:
    """No display, byte code kept under ``scratch``: the second start of a program is warm."""
    cleaned = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith(("QT_", "PACKSTATION_"))
    }
    return cleaned | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPYCACHEPREFIX": str(scratch / "bytecode"),
    }


def start(arguments: Sequence[str], scratch: Path) -> subprocess.Popen[str]:
    """A Python program whose input and output are pipes; its complaints go to ``scratch``.

    Raises:
        PackstationError: this is the installed program, which carries no interpreter to start.
    """
    if getattr(sys, "frozen", False):
        raise PackstationError("error.benchmark.frozen")
    with (scratch / "complaints.log").open("ab") as complaints:
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=environment(scratch),
        )


def end(process: subprocess.Popen[str], patience_s: float) -> None:
    """Close its input and wait until it has ended."""
    if process.stdin is not None:
        process.stdin.close()
    process.wait(patience_s)
    if process.stdout is not None:
        process.stdout.close()
