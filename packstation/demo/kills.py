"""Runs that are killed at random moments, resumed until they are through, and audited.

Each kill is a SIGKILL of ``packstation demo --headless --resume`` with everything in it: bench,
window, server and printer. The moments follow a seed.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from msgspec import Struct, field

from packstation.demo.audit import Book, Findings, after_end, after_kill

# The line that a run writes once its robot is at the bench.
READY: Final = "ready"
# One kill in so many falls into the start, the others into the packing.
EARLY: Final = 5
START_S: Final = 1.6
# An order takes about this long.
ORDER_S: Final = 1.6
FINISH_S: Final = 180.0


class Moment(Struct, frozen=True):
    """When to kill: seconds after the start, or after the robot stands at the bench."""

    seconds: float
    packing: bool


class Score(Struct):
    """What came of all kills."""

    kills: int = 0
    runs: int = 0
    seconds: float = 0.0
    findings: Findings = field(default_factory=Findings)


def killed_runs(
    folder: Path,
    *,
    kills: int,
    orders: int = 2,
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Score:
    """Kill until there were ``kills``; every run is resumed to its end and audited."""
    score, begun = Score(), time.monotonic()
    chance = random.Random(seed)
    while score.kills < kills:
        score.runs += 1
        run = _KilledRun(folder / f"run-{score.runs:03}", orders, seed * 1000 + score.runs)
        score.kills += run.through(chance, kills - score.kills)
        score.findings.add(run.findings)
        tell(f"{score.kills} of {kills} kills: {run.findings}")
    score.seconds = round(time.monotonic() - begun, 1)
    return score


class _KilledRun:
    """One folder: killed some times, then let through."""

    def __init__(self, folder: Path, orders: int, seed: int) -> None:
        self.findings = Findings()
        self._folder, self._orders = folder, orders
        self._arguments = [
            *(sys.executable, "-m", "packstation", "demo", "--headless", "--resume"),
            *("--orders", str(orders), "--seed", str(seed), "--out", str(folder), "--json"),
        ]
        self._book: Book = {}

    def through(self, chance: random.Random, most: int) -> int:
        """How many kills it took; ``most`` at the most."""
        kills = 0
        wanted = min(most, chance.randint(4, 8))
        while kills < wanted and self._attempt(_moment(chance, self._orders)):
            kills += 1
            self._book, found = after_kill(self._folder, self._book)
            self.findings.add(found)
        if kills == wanted:
            self._attempt(None)
        self.findings.add(after_end(self._folder, self._orders, self._book))
        return kills

    def _attempt(self, moment: Moment | None) -> bool:
        """Run, and kill at the moment; False when the run ended before."""
        process = subprocess.Popen(
            self._arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        heard = _Ear(process)
        if moment is not None and heard.wait(moment):
            process.kill()
            heard.end()
            return True
        try:
            process.wait(FINISH_S)
        except subprocess.TimeoutExpired:
            process.kill()
            self.findings.violations.append("a resumed run hangs")
        if text := heard.end():
            self.findings.violations.append(f"exit {process.returncode}: {text[-2000:]}")
        return False


class _Ear:
    """Hears when the run is ready and what it says otherwise."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._ready = threading.Event()
        self._said: list[str] = []
        self._thread = threading.Thread(target=self._listen, args=(process.stderr,))
        self._thread.start()

    def _listen(self, stream: IO[str] | None) -> None:
        for line in stream or ():
            self._said.append(line)
            if line.strip() == READY:
                self._ready.set()
        self._ready.set()

    def wait(self, moment: Moment) -> bool:
        """Until the moment; False when the run ended before."""
        if moment.packing:
            self._ready.wait(FINISH_S)
        try:
            self._process.wait(moment.seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def end(self) -> str:
        """What it said on its way to a bad end; "" after a kill and after a good end."""
        code = self._process.wait()
        self._thread.join()
        if self._process.stderr is not None:
            self._process.stderr.close()
        return "".join(self._said) or "?" if code > 0 else ""


def _moment(chance: random.Random, orders: int) -> Moment:
    packing = chance.randrange(EARLY) > 0
    return Moment(chance.uniform(0, ORDER_S * orders if packing else START_S), packing)
