"""Journal rows to events and back, and reading runs of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from packstation.domain.errors import EventConflict, StorageError
from packstation.domain.events import GENESIS, Event, Record, verify_chain
from packstation.storage import texts
from packstation.storage.database import Database, Raw, Row

TAIL: Final = 200  # records whose chain is checked at every opening
_PAGE: Final = 1000

_to_json = msgspec.json.Encoder().encode
_from_json = msgspec.json.Decoder(dict).decode


def to_row(record: Record) -> tuple[object, ...]:
    """Values for ``texts.INSERT_EVENT``; SQLite counts ``n``."""
    event = record.event
    return (
        None,
        record.station,
        record.epoch,
        record.seq,
        event.id,
        event.kind,
        event.v,
        event.session,
        event.parcel,
        event.order,
        event.claim,
        event.fence,
        event.actor,
        event.at,
        event.mono_ns,
        event.prev,
        _to_json(event.body).decode(),
    )


def to_event(row: Row) -> Event:
    """The event of a row of ``texts.RUN``."""
    return Event(
        id=row[3],
        kind=row[4],
        v=row[5],
        session=row[6],
        parcel=row[7],
        order=row[8],
        claim=row[9],
        fence=row[10],
        actor=row[11],
        at=row[12],
        mono_ns=row[13],
        prev=row[14],
        body=_from_json(row[15]),
    )


def to_record(row: Row) -> Record:
    """The record of a row of ``texts.RUN``."""
    return Record(station=row[0], epoch=row[1], seq=row[2], event=to_event(row))


class Gap(Struct, frozen=True):
    """A run of records that went (``compaction``), and the hash of the last of them."""

    first: int
    last: int
    hash: str


_WHOLE: Final[Mapping[int, Gap]] = {}


def gaps_of(raw: Raw, station: str, epoch: str) -> dict[int, Gap]:
    """The runs of an epoch that went, by their first record."""
    rows = texts.GAPS.run(raw, of_station=station, of_epoch=epoch).fetchall()
    return {int(row[0]): Gap(int(row[0]), int(row[1]), str(row[2])) for row in rows}


def last_seq(database: Database, station: str, epoch: str) -> int:
    """The highest seq of an epoch, 0 when it is empty."""
    row = database.one(texts.LAST_SEQ, of_station=station, of_epoch=epoch)
    return int(row[0]) if row and row[0] is not None else 0


def run_of(database: Database, station: str, epoch: str, after: int, count: int) -> list[Record]:
    """At most ``count`` records after seq ``after``, in order."""
    rows = database.all(texts.RUN, of_station=station, of_epoch=epoch, after=after, count=count)
    return [to_record(row) for row in rows]


def all_of(database: Database, station: str, epoch: str) -> Iterator[Record]:
    """Every record of an epoch, read page by page."""
    after = 0
    while page := run_of(database, station, epoch, after, _PAGE):
        yield from page
        after = page[-1].seq


def verify_tail(database: Database, station: str, epoch: str, count: int = TAIL) -> tuple[str, int]:
    """Check the chain of the last ``count`` records; answer hash and seq of the end.

    Raises:
        StorageError: a record was changed, lost or reordered; field ``at``.
    """
    after = max(0, last_seq(database, station, epoch) - count)
    records = run_of(database, station, epoch, after, count)
    if records and records[-1].seq - after != len(records):  # some went
        gaps = gaps_of(database.raw, station, epoch)
        if after:
            return _checked(records, records[0].event.prev, records[0].seq - 1, gaps)
        return _checked(records, GENESIS, 0, gaps)
    prev = records[0].event.prev if after else GENESIS
    return _checked(records, prev, after)


def verify_all(database: Database) -> int:
    """Check every epoch from its first record on; answer how many records there are.

    Runs that went (``compaction``) are passed over by the hash that was kept of them.

    Raises:
        StorageError: a record was changed, lost or reordered; field ``at``.
    """
    count = 0
    for place in database.all(texts.PLACES):
        gaps = gaps_of(database.raw, *place)
        _, seq = _checked(all_of(database, *place), GENESIS, 0, gaps)
        count += seq - sum(gap.last - gap.first + 1 for gap in gaps.values() if gap.last <= seq)
    return count


def _checked(
    records: Iterable[Record], prev: str, seq: int, gaps: Mapping[int, Gap] = _WHOLE
) -> tuple[str, int]:
    try:
        for record in records:
            gap = gaps.get(seq + 1)
            if gap is not None and gap.last + 1 == record.seq:
                prev, seq = gap.hash, gap.last
            prev, seq = verify_chain((record,), prev, seq)
        return prev, seq
    except EventConflict as exc:
        raise StorageError("error.storage.chain", **exc.fields) from exc
    except msgspec.DecodeError as exc:
        raise StorageError("error.storage.chain", cause=str(exc)) from exc
