"""Letting go of old facts that are safe elsewhere (reference/sync.md section 1.1, ack rule).

A fact goes when a verified copy of the server holds it, it is older than 14 days, its session
is closed and its order gone from the cache, so that nobody can open it again; never one of the
newest 10,000, never the end of an epoch. A row in ``let_go`` stands for each run that went,
with the hash of its last record, so that the chain is still checked across it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import msgspec
from msgspec import Struct

from packstation.station.ports import Clock
from packstation.storage import texts
from packstation.storage.database import Database, Raw
from packstation.storage.records import Gap, gaps_of
from packstation.storage.times import rfc3339

AGE: Final = timedelta(days=14)
NEWEST: Final = 10_000
WINDOW: Final = 2000  # seqs that one step looks at: a few milliseconds
REST: Final = timedelta(hours=1)  # after a look at all of it

# What benches read over all sessions, however old: pools, tasks, devices, lessons, hand-over.
KEPT: Final = (
    "LessonEnded",
    "NumberUsed",
    "NumberVoided",
    "ParcelTendered",
    "PoolLeased",
    "PrinterConfirmed",
    "PrinterSwitched",
    "ScaleChecked",
    "ScannerTaught",
    "TaskClosed",
    "TaskRaised",
)
_KEPT: Final = msgspec.json.encode(KEPT).decode()


class Run(Struct, frozen=True):
    """Records that go together, the first and the last of them."""

    first: int
    last: int


class Compaction:
    """Goes through an epoch in steps, from its start to what is durable, then rests."""

    def __init__(self, database: Database, clock: Clock, newest: int = NEWEST) -> None:
        """Nothing was looked at yet; the ``newest`` records of the file are never let go of."""
        self._database, self._clock, self._newest = database, clock, newest
        self._epoch, self._mark = "", 0
        self._rests_until = clock.now()

    def step(self, station: str, epoch: str, durable: int) -> int:
        """Look at the next few records of an epoch; how many went.

        Raises:
            StorageError: nothing went.
        """
        now = self._clock.now()
        if epoch != self._epoch:
            self._epoch, self._mark = epoch, 0
        elif now < self._rests_until:
            return 0
        until = min(durable, self._mark + WINDOW)
        rows = self._database.all(
            texts.COMPACTABLE,
            of_station=station,
            of_epoch=epoch,
            after=self._mark,
            until=until,
            before=rfc3339(now - AGE),
            newest=self._newest,
            keys=_KEPT,
        )
        gone = 0
        if rows:
            with self._database.transaction() as raw:
                known = gaps_of(raw, station, epoch)
                for run in runs([int(row[0]) for row in rows]):
                    gone += _let_go(raw, (station, epoch), run, known)
        self._mark = until
        if until >= durable:
            self._mark, self._rests_until = 0, now + REST
        return gone


def runs(seqs: Sequence[int]) -> Iterator[Run]:
    """Rising numbers as runs without a gap."""
    first = last = seqs[0]
    for seq in seqs[1:]:
        if seq != last + 1:
            yield Run(first, last)
            first = seq
        last = seq
    yield Run(first, last)


def _let_go(raw: Raw, place: tuple[str, str], run: Run, known: dict[int, Gap]) -> int:
    """Delete a run and note it, one note for what lies side by side; how many went."""
    station, epoch = place
    where = {"of_station": station, "of_epoch": epoch}
    after = known.get(run.last + 1)
    if after is None:
        row = texts.PREV_OF.run(raw, **where, of_seq=run.last + 1).fetchone()
        if row is None:  # the end of an epoch stays
            less = Run(run.first, run.last - 1)
            return _let_go(raw, place, less, known) if less.last >= less.first else 0
        gap = Gap(run.first, run.last, str(row[0]))
    else:
        texts.DROP_GAP.run(raw, **where, first=after.first)
        gap = Gap(run.first, after.last, after.hash)
    before = next((one for one in known.values() if one.last == run.first - 1), None)
    if before is not None:
        gap = Gap(before.first, gap.last, gap.hash)
    texts.DELETE_RUN.run(raw, **where, first=run.first, last=run.last)
    texts.PUT_GAP.run(
        raw, station=station, epoch=epoch, first=gap.first, last=gap.last, hash=gap.hash
    )
    known.pop(run.last + 1, None)
    known[gap.first] = gap
    return run.last - run.first + 1
