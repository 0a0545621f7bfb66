"""A journal that the server knows differently: keep what forked, go on in a new epoch."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from packstation.domain.events import GENESIS, Record
from packstation.station.ports import Head
from packstation.storage import records, texts
from packstation.storage.database import Database


def move(database: Database, head: Head, epoch: str, at: int) -> None:
    """Inside a transaction: records of ``head``'s epoch from ``at`` on become ``epoch``'s.

    They keep their order, ids, times and bodies; place and ``prev`` are new. The records
    as they were stay in ``quarantine``.
    """
    raw = database.raw
    forked = records.run_of(database, head.station, head.epoch, at - 1, head.seq)
    rows = [(head.epoch, old.seq, msgspec.json.encode(old).decode()) for old in forked]
    raw.executemany(texts.QUARANTINE.sql, rows)
    prev = GENESIS
    for seq, old in enumerate(forked, start=1):
        event = replace(old.event, prev=prev)
        texts.MOVE_EVENT.run(
            raw,
            to_epoch=epoch,
            to_seq=seq,
            to_prev=prev,
            of_station=head.station,
            of_epoch=head.epoch,
            of_seq=old.seq,
        )
        prev = Record(station=head.station, epoch=epoch, seq=seq, event=event).hash
    texts.SET_EPOCH.run(raw, to=epoch)
