"""Record a bench's work, cut the power after every call, open what is left and compare.

A cut may leave what was promised last, or the whole of the transaction under way; anything older
is a lost promise, anything else is a corrupt file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

from msgspec import Struct

from packstation.domain.errors import PackstationError
from packstation.fleet.powercut.disk import CUTS, Disk, Image
from packstation.fleet.powercut.recorder import Op, Recorder
from packstation.fleet.powercut.work import AGAIN, Shown, opened, shown, work
from packstation.storage.store import FILE

_FINE, _LOST, _CORRUPT = "fine", "lost", "corrupt"
_CHECK: Final = "PRAGMA quick_check"
PAGE: Final = 4096
FRAMES: Final = 1000  # of the log: SQLite's own limit, at which it is written into the database


class Promise(Struct, frozen=True):
    """After so many calls to the disk the station held this."""

    after: int
    held: Shown


class Run(Struct, frozen=True):
    """A recorded run: every call to the disk, and what was promised when."""

    ops: Sequence[Op]
    promises: Sequence[Promise]


class Tally(Struct):
    """States looked at; ``disks`` of them differ from all others."""

    states: int = 0
    disks: int = 0
    lost: int = 0
    corrupt: int = 0
    promises: int = 0

    def add(self, other: Tally) -> None:
        """Count another run in."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def recorded(folder: Path, seed: int, steps: int, *, goods: int = 4, synchronous: str = "") -> Run:
    """Let a bench work in ``folder``; ``synchronous`` as of `Recorder`."""
    folder.mkdir(parents=True)
    recorder = Recorder(f"powercut-{seed}-{synchronous}", synchronous)
    try:
        held = work(folder, recorder.connect, Random(seed), steps, goods)
        promises = [Promise(len(recorder.ops), each) for each in held]
    finally:
        recorder.close()
        shutil.rmtree(folder)
    return Run(recorder.ops, promises)


def around_checkpoint(run: Run) -> range:
    """The calls around the log's way into the database while the station works on.

    Empty where the log never grew to the thousand pages at which SQLite does so.
    """
    frames = 0
    for count, op in enumerate(run.ops, start=1):
        if op.file.endswith("-wal"):
            frames = 0 if op.what == "delete" else frames + (len(op.content) == PAGE)
        elif op.what == "write" and frames >= FRAMES:
            return range(count - 60, count + 240)
    return range(0)


def judged(
    run: Run,
    folder: Path,
    seed: int,
    tell: Callable[[str], None] = lambda _: None,
    only: range | None = None,
) -> Tally:
    """Cut after every call in each of the ways of `disk.CUTS`; ``tell`` hears what was wrong.

    ``only`` after these calls, counted from 1.
    """
    disk, random, tally = Disk(), Random(seed), Tally(promises=len(run.promises))
    seen: dict[Image, Shown | str] = {}
    for count, op in enumerate(run.ops, start=1):
        disk.take(op)
        if only is not None and count not in only:
            continue
        at = _last(run.promises, count)
        for cut in CUTS:
            image = disk.image(cut, random)
            if image not in seen:
                tally.disks += 1
                seen[image] = reopened(disk.files(image), folder)
            verdict = _verdict(run.promises, at, seen[image])
            tally.states += 1
            tally.lost += verdict == _LOST
            tally.corrupt += verdict == _CORRUPT
            if verdict != _FINE:
                tell(f"seed {seed} call {count} ({op.what} {op.file}) cut {cut}: {verdict}")
    return tally


def _last(promises: Sequence[Promise], count: int) -> int:
    """The number of promises that were made before the call ``count`` + 1."""
    low, high = 0, len(promises)
    while low < high:
        middle = (low + high) // 2
        if promises[middle].after <= count:
            low = middle + 1
        else:
            high = middle
    return low


def _verdict(promises: Sequence[Promise], made: int, found: Shown | str) -> str:
    if isinstance(found, str):
        return _CORRUPT
    if made == 0:  # not even the first opening has ended: there is nothing to lose
        return _FINE if found.seq == 0 else _CORRUPT
    around = [promise.held for promise in promises[made - 1 : made + 1]]
    if found in around:
        return _FINE
    if found.epoch.startswith(AGAIN):  # a new journal was made: the old one is no more
        return _LOST
    older = any(found == promise.held for promise in promises[:made])
    return _LOST if older or found.seq < promises[made - 1].held.seq else _CORRUPT


def reopened(files: Mapping[str, bytes], folder: Path) -> Shown | str:
    """What the station reads there, with its own driver; or why it does not open."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        with opened(folder) as store:
            word = store.database.raw.execute(_CHECK).fetchone()
            return shown(store) if word == ("ok",) else f"{FILE}: {word}"
    except PackstationError as exc:
        return str(exc)
