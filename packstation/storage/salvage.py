"""What a bench's database on an old disk still holds: read only, up to where the chain breaks."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from packstation.domain.errors import EventConflict, StorageError
from packstation.domain.events import GENESIS, verify_chain
from packstation.storage import records, texts
from packstation.storage.database import Database
from packstation.storage.migrations import require_known


class Found(Struct, frozen=True, kw_only=True):
    """Whose journal it is; ``sound``: the last seq up to which it holds, ``head`` its last.

    ``acknowledged``: what it knew the server to have.
    """

    station: str
    epoch: str
    sound: int
    head: int
    acknowledged: int

    @property
    def waiting(self) -> int:
        """Facts that hold and were not acknowledged."""
        return max(0, self.sound - self.acknowledged)


def look(path: Path) -> Found:
    """Read the journal at ``path``.

    Raises:
        StorageError: no such file, no database of a bench, or a newer program's.
    """
    if not path.is_file():
        raise StorageError("error.storage.missing", path=str(path))
    database = Database(path, read_only=True)
    try:
        require_known(database)
        meta: dict[str, str] = dict(database.all(texts.META))
        station, epoch = meta.get("station", ""), meta.get("epoch", "")
        row = database.one(texts.HIGH_WATER, of=epoch)
        return Found(
            station=station,
            epoch=epoch,
            sound=_sound(database, station, epoch),
            head=records.last_seq(database, station, epoch),
            acknowledged=int(row[0]) if row else 0,
        )
    finally:
        database.close()


def _sound(database: Database, station: str, epoch: str) -> int:
    """Up to where each record is the one that the next follows."""
    gaps = records.gaps_of(database.raw, station, epoch)
    prev, seq = GENESIS, 0
    try:
        for record in records.all_of(database, station, epoch):
            gap = gaps.get(seq + 1)
            if gap is not None and gap.last + 1 == record.seq:
                prev, seq = gap.hash, gap.last
            prev, seq = verify_chain((record,), prev, seq)
    except EventConflict as exc:
        # The record before the break was changed, or the one behind it: neither is trusted.
        return seq - 1 if exc.fields.get("code") == "fork" else seq
    except (StorageError, msgspec.DecodeError):
        return seq
    return seq
