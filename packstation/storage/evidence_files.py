"""Photos and films on the bench's own disk, by their SHA-256, within a budget.

Two folders say all there is to know of a file: ``waiting`` has what the server has not, ``sent``
what it has. A file is written beside its place, synced and renamed: no half of one is ever read.
What makes room is first the oldest that was sent. What was not sent goes only where all of it fills
the budget twice over, and the caller is told, loudly: that evidence is lost. Whatever the budget
says, `SPARE` bytes of the disk stay free: the journal lies on it too.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct

WAITING: Final = "waiting"
SENT: Final = "sent"
# Bytes that photos and films leave free: a bench whose journal has no room packs nothing.
SPARE: Final = 512 * 1024**2
_TORN: Final = ".part"


def short_of(folder: Path, more: int = 0) -> int:
    """How many bytes the disk of ``folder`` lacks for ``more`` besides `SPARE`; 0 for none."""
    return max(0, SPARE + more - shutil.disk_usage(folder).free)


def kept_days(path: Path) -> int:
    """The days in ``HASH.DAYS.jpg``; 0 where there are none."""
    parts = path.name.split(".")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else 0


def _aged(path: Path, now_s: float) -> bool:
    days = kept_days(path)
    return bool(days) and path.stat().st_mtime + days * 86400 < now_s


class Dropped(Struct, frozen=True):
    """A file that made room; ``sent`` False is lost evidence."""

    sha256: str
    sent: bool


class Kept(Struct, frozen=True):
    """A file on the disk, and what made room for it."""

    sha256: str
    bytes: int
    dropped: tuple[Dropped, ...] = ()


class EvidenceFiles:
    """One folder; for one thread at a time. Every call may raise OSError."""

    def __init__(self, folder: Path, budget: int) -> None:
        """``budget`` in bytes; what an end of the program has torn is swept."""
        self._folder, self._budget = folder, budget
        for name in (WAITING, SENT):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for torn in folder.glob(f"*/*{_TORN}"):
            torn.unlink(missing_ok=True)

    def keep(self, data: bytes, suffix: str) -> Kept:
        """Store ``data`` under its hash; the same twice is one file.

        ``suffix`` such as ".30.jpg": how many days it is to be kept, and what it is.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        if self.path(sha256) is not None:
            return Kept(sha256, len(data))
        dropped = self.make_room(len(data), new=len(data))
        target = self._folder / WAITING / f"{sha256}{suffix}"
        torn = target.with_name(target.name + _TORN)
        with torn.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        torn.replace(target)
        return Kept(sha256, len(data), dropped)

    def adopt(self, made: Path, sha256: str, suffix: str) -> Kept:
        """Take in a whole file of that hash, written and synced elsewhere on the same disk."""
        size = made.stat().st_size
        if self.path(sha256) is not None:
            made.unlink()
            return Kept(sha256, size)
        dropped = self.make_room(size)
        made.replace(self._folder / WAITING / f"{sha256}{suffix}")
        return Kept(sha256, size, dropped)

    def path(self, sha256: str) -> Path | None:
        """Where a file lies, None where it is not here (any more)."""
        found = (
            path for name in (WAITING, SENT) for path in (self._folder / name).glob(f"{sha256}.*")
        )
        return next((path for path in found if not path.name.endswith(_TORN)), None)

    def waiting(self) -> tuple[Path, ...]:
        """What the server has not, oldest first."""
        return tuple(self._oldest(WAITING))

    def sent(self, sha256: str) -> None:
        """The server has it; from now on it may make room."""
        for path in (self._folder / WAITING).glob(f"{sha256}.*"):
            path.replace(self._folder / SENT / path.name)

    def make_room(self, more: int, new: int = 0) -> tuple[Dropped, ...]:
        """Let go what ``more`` bytes need: sent ones first, others only over twice the budget.

        ``new`` of them are not on the disk yet; OSError, and nothing goes, where it is so full
        that sent ones cannot make room for these.
        """
        short = short_of(self._folder, new)
        if new and short > self._total(SENT):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sent = self._drop(SENT, min(self._budget - more, self._total(SENT, WAITING) - short))
        return (*sent, *self._drop(WAITING, 2 * self._budget - more))

    def over(self, now_s: float) -> tuple[str, ...]:
        """Files that the server has and whose days are over, by the days in their names."""
        found = (path for path in self._oldest(SENT) if _aged(path, now_s))
        return tuple(path.name.partition(".")[0] for path in found)

    def let_go(self, sha256: str) -> None:
        """A file that the server has goes."""
        for path in (self._folder / SENT).glob(f"{sha256}.*"):
            path.unlink(missing_ok=True)

    def _drop(self, name: str, limit: int) -> Iterable[Dropped]:
        total = self._total(SENT, WAITING)
        for path in self._oldest(name):
            if total <= limit:
                return
            total -= path.stat().st_size
            path.unlink()
            yield Dropped(path.name.partition(".")[0], sent=name == SENT)

    def _total(self, *names: str) -> int:
        return sum(path.stat().st_size for name in names for path in self._oldest(name))

    def _oldest(self, name: str) -> list[Path]:
        found = [path for path in (self._folder / name).iterdir() if path.suffix != _TORN]
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
