"""A headless run, made once for all tests that look at it."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """What the command answered, and the folder it filled."""

    folder: Path
    status: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.stdout)
        return found


def no_display() -> dict[str, str]:
    """The environment without a display and without anybody's settings."""
    dropped = ("QT_", "PACKSTATION_", "DISPLAY", "WAYLAND_DISPLAY")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}


def demo(folder: Path, *arguments: str, timeout: float = 240) -> Run:
    """`packstation demo --headless` into ``folder``."""
    command = [sys.executable, "-m", "packstation", "demo", "--headless", "--json"]
    done = subprocess.run(
        [*command, "--out", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
        env=no_display(),
    )
    return Run(folder, done.returncode, done.stdout, done.stderr)


def shared_demo(place: Path, *arguments: str) -> Run:
    """The run in ``place``; the first of several test processes makes it, the others wait."""
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = place / "answer.json"
        if not answer.exists():
            run = demo(place / "out", *arguments)
            answer.write_text(json.dumps([run.status, run.stdout, run.stderr]))
        status, stdout, stderr = json.loads(answer.read_text())
    return Run(place / "out", status, stdout, stderr)
