"""The power goes at every write of a bench's database: promises lost, files that do not open.

No reference: the goal is nothing. The station's own code works on a disk that notes every call;
after each of them the disk is rebuilt as a cut may leave it, opened again by the station's own
code, and compared with what was promised (``packstation.fleet.powercut``). ``synchronous`` NORMAL
and OFF are controls: a proof in which they lose nothing would see nothing. apsw comes with the
tests; an installed program has not got it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final

from packstation.benchmarks.figures import Result
from packstation.fleet.powercut.judge import Tally, around_checkpoint, judged, recorded

STATES: Final = 100_000
CONTROL_STATES: Final = 3_000
QUICK_STATES: Final = 1_000
STEPS: Final = 40
QUICK_STEPS: Final = 1
# Every so many runs one that works on until its log goes into the database by itself.
LONG_EVERY: Final = 8
LONG_STEPS: Final = 160
LONG_GOODS: Final = 250
# In memory where the system has such a folder: the proof's disk is the recorded one.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


def measure(*, quick: bool = False) -> list[Result]:
    """A row for the station as it is, and one for each control."""
    wanted, control, steps = (1, 1, QUICK_STEPS) if quick else (STATES, CONTROL_STATES, STEPS)
    return [
        _row("FULL", wanted, steps, {"lost": 0, "corrupt": 0}),
        _row("NORMAL", control, steps, {"harmless": 0}),
        _row("OFF", control, steps, {"harmless": 0}),
    ]


def cut(mode: str, wanted: int, usual: int = STEPS) -> tuple[Tally, float]:
    """Run after run of ``usual`` steps until ``wanted`` states were looked at, and the seconds."""
    swapped = "" if mode == "FULL" else mode
    memory = _MEMORY if _MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="packstation-powercut-", dir=memory))
    tally, seed, start = Tally(), 1, perf_counter()
    try:
        while tally.states < wanted:
            long = not swapped and seed % LONG_EVERY == 0
            steps, goods = (LONG_STEPS, LONG_GOODS) if long else (usual, 4)
            run = recorded(folder / "bench", seed, steps, goods=goods, synchronous=swapped)
            only = around_checkpoint(run) if long else None
            tell = _tell if not swapped else _nothing
            tally.add(judged(run, folder / "cut", seed, tell, only))
            seed += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tally, perf_counter() - start


def _row(mode: str, wanted: int, steps: int, goal: dict[str, float]) -> Result:
    tally, seconds = cut(mode, wanted, steps)
    figures: dict[str, float] = {
        "states": tally.states,
        "states_s": round(tally.states / seconds),
        "lost": tally.lost,
        "corrupt": tally.corrupt,
    }
    if "harmless" in goal:
        figures["harmless"] = float(tally.lost == 0)
    return Result(
        name=f"power cut, {mode}" + (" (control)" if "harmless" in goal else ""),
        figures=figures,
        reference={},
        ratio=0.0,
        goal=goal,
        note="after every call to the disk: nothing, all, some or half of what was not synced",
        shape={"disks": tally.disks, "promises": tally.promises},
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _nothing(_: str) -> None:
    """What a control loses is counted, not told."""
