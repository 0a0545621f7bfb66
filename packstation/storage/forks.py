"""A journal that the server knows differently: keep what forked, go on in a new epoch."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.domain.events import GENESIS, Record
from packstation.station.ports import Head
from packstation.storage import records
from packstation.storage.database import Database

_MOVE: Final = (
    "UPDATE event SET epoch = ?, seq = ?, prev = ? WHERE station = ? AND epoch = ? AND seq = ?"
)


def move(database: Database, head: Head, epoch: str, at: int) -> None:
    """Inside a transaction: records of ``head``'s epoch from ``at`` on become ``epoch``'s.

    They keep their order, ids, times and bodies; place and ``prev`` are new. The records
    as they were stay in ``quarantine``.
    """
    raw = database.raw
    forked = records.run_of(database, head.station, head.epoch, at - 1, head.seq)
    rows = [(head.epoch, old.seq, msgspec.json.encode(old).decode()) for old in forked]
    raw.executemany("INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?)", rows)
    prev = GENESIS
    for seq, old in enumerate(forked, start=1):
        event = replace(old.event, prev=prev)
        raw.execute(_MOVE, (epoch, seq, prev, head.station, head.epoch, old.seq))
        prev = Record(station=head.station, epoch=epoch, seq=seq, event=event).hash
    raw.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (epoch,))
