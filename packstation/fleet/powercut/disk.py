"""What a disk may hold after its power went: everything synced, and any part of what was not.

Writes reach the platter in any order and in whole sectors of 512 bytes. A file that was made is
there once it was synced; one that was deleted is gone once its folder was: SQLite does so with the
first sync of every log or journal it opens (``unixSync``), and where a delete asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

from packstation.fleet.powercut.recorder import Op

CUTS: Final = ("none", "all", "some", "torn")
SECTOR: Final = 512
_LOGS: Final = ("-wal", "-journal")

# Which pending calls reached the disk (their numbers), and the one of which only some sectors did.
Image = tuple[int, tuple[int, ...], tuple[int, tuple[int, ...]] | None]


class Disk:
    """Follows the calls; ``image`` says what a cut right now may leave."""

    def __init__(self) -> None:
        """An empty folder."""
        self._synced: dict[str, bytearray] = {}
        self._pending: list[tuple[int, Op]] = []
        self._count = 0
        self._version = 0
        self._fresh: set[str] = set()  # their first sync syncs the folder too

    def take(self, op: Op) -> None:
        """The next call."""
        self._count += 1
        if op.what == "sync":
            self._sync(op.file)
            self._sync_folder(op.file)
        elif op.what == "delete" and op.at:
            self._sync(op.file)
            self._synced.pop(op.file, None)
            self._version += 1
        else:
            if op.what == "open" and op.file.endswith(_LOGS):
                self._fresh.add(op.file)
            self._pending.append((self._count, op))

    def _sync_folder(self, file: str) -> None:
        if file in self._fresh:
            self._fresh.discard(file)
            for gone in {op.file for _, op in self._pending if op.what == "delete"}:
                self._sync(gone)

    def _sync(self, file: str) -> None:
        mine = [op for _, op in self._pending if op.file == file]
        self._pending = [(at, op) for at, op in self._pending if op.file != file]
        for op in mine:
            _apply(self._synced, op)
        self._version += bool(mine)

    def image(self, cut: str, random: Random) -> Image:
        """One of the disks that this cut may leave; equal images are equal disks."""
        numbers = tuple(at for at, _ in self._pending)
        if cut == "none":
            return (self._version, (), None)
        if cut == "all":
            return (self._version, numbers, None)
        if cut == "some":
            kept = tuple(at for at in numbers if random.random() < 0.5)
            return (self._version, kept, None)
        return self._torn(random)

    def _torn(self, random: Random) -> Image:
        """All up to one write, of which some sectors came, and nothing after it."""
        long = [(at, op) for at, op in self._pending if len(_sectors(op)) > 1]
        if not long:
            return self.image("some", random)
        at, op = random.choice(long)
        sectors = _sectors(op)
        kept = tuple(n for n in range(len(sectors)) if random.random() < 0.5)
        return (self._version, tuple(n for n, _ in self._pending if n < at), (at, kept))

    def files(self, image: Image) -> Mapping[str, bytes]:
        """The content of every file of an image of this very moment."""
        _, kept, torn = image
        files = {name: bytearray(content) for name, content in self._synced.items()}
        wanted = frozenset(kept)
        for at, op in self._pending:
            if at in wanted:
                _apply(files, op)
            elif torn and at == torn[0]:
                sectors = _sectors(op)
                for n in torn[1]:
                    _apply(files, sectors[n])
        return {name: bytes(content) for name, content in files.items()}


def _sectors(op: Op) -> list[Op]:
    """A write as the sectors it touches."""
    if op.what != "write":
        return []
    parts, start, end = [], op.at, op.at + len(op.content)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        parts.append(Op("write", op.file, start, op.content[start - op.at : stop - op.at]))
        start = stop
    return parts


def _apply(files: dict[str, bytearray], op: Op) -> None:
    if op.what == "delete":
        files.pop(op.file, None)
        return
    content = files.setdefault(op.file, bytearray())
    if op.what == "write":
        if len(content) < op.at:
            content.extend(bytes(op.at - len(content)))
        content[op.at : op.at + len(op.content)] = op.content
    elif op.what == "truncate":
        del content[op.at :]
