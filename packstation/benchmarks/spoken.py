"""What a measured program says on its standard output, and when it ends."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path


def say(first: str, *rest: object) -> None:
    """One line, unbuffered: the words of it."""
    os.write(1, f"{' '.join(map(str, (first, *rest)))}\n".encode())


def mark(name: str) -> None:
    """Say that ``name`` is reached now."""
    say(name, time.monotonic_ns())


def say_resident() -> None:
    """Say how much memory is resident, in kilobytes; 0 where the system has no /proc."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        status = "VmRSS: 0"
    say("rest", "rss", status.partition("VmRSS:")[2].split()[0])


def at_end(stop: Callable[[], None]) -> None:
    """Call ``stop``, in a thread, once standard input is closed."""

    def wait() -> None:
        sys.stdin.read()
        stop()

    threading.Thread(target=wait, name="stdin", daemon=True).start()
