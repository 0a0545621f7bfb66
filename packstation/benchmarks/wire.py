"""A pseudo-terminal to scan into, and the watch on what a seat says it has painted."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from typing import Final

from packstation.benchmarks.children import end

PATIENCE_S: Final = 60.0


class Wire:
    """The scanner's end of a cable; ``path`` is the host's end."""

    def __init__(self) -> None:
        import tty  # POSIX only, as ptys are

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def scan(self, text: str) -> int:
        """Write one code; the monotonic nanosecond just before its bytes went out."""
        data = text.encode() + b"\r"
        begun = time.monotonic_ns()
        os.write(self._master, data)
        return begun

    def close(self) -> None:
        """Pull the cable."""
        os.close(self._master)
        os.close(self._slave)


class Seat:
    """A measured program that says on its output what it painted, and when.

    A line is ``ns step done``: the monotonic nanosecond after the painting, what was painted
    (a screen's name), and how many scans it shows.
    """

    def __init__(self, process: subprocess.Popen[str], wire: Wire) -> None:
        self.wire = wire
        self._process = process
        self._changed = threading.Condition()
        self._step, self._done, self._rest = "", 0, ""
        self._ended = False
        self._painted_ns: dict[int, list[int]] = {}
        self._thread = threading.Thread(target=self._listen, name="seat", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            # A library may write there too, with or without an end of line.
            first, step, last = ("", "", "", *line.split())[-3:]
            if not last.isdigit() or not (first.isdigit() or first == "rest"):
                continue
            with self._changed:
                if first.isdigit():
                    self._step, self._done = step, int(last)
                    self._painted_ns.setdefault(self._done, []).append(int(first))
                else:
                    self._rest = last
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def until(self, step: str, done: int = 0) -> None:
        """Wait until it has painted ``step`` with ``done`` scans.

        Raises:
            TimeoutError: it did not, or it ended.
        """
        with self._changed:
            seen = self._changed.wait_for(
                lambda: self._ended or (self._step == step and self._done >= done), PATIENCE_S
            )
            if not seen or self._ended:
                raise TimeoutError(f"{step} {done}: {self._step} {self._done}")

    def painted_ns(self, done: int) -> tuple[int, int]:
        """When scan number ``done``, or one after it, was first on screen, and the whole screen.

        The window paints a verdict ahead of the rest; what paints at once has one moment only.
        """
        times = next(self._painted_ns[n] for n in sorted(self._painted_ns) if n >= done)
        return times[0], times[min(1, len(times) - 1)]

    def end(self) -> int:
        """Let it end; its resident memory in kilobytes, 0 where it does not say."""
        end(self._process, PATIENCE_S)
        self._thread.join()
        self.wire.close()
        return int(self._rest or 0)
