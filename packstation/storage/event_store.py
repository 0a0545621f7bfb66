"""The append-only journal of one station, in SQLite.

One transaction an input, seq 1, 2, 3, ... without gaps in an epoch, each record chained
to the one before (ARCHITECTURE "The log is the outbox").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
import rfc8785

from packstation.domain.errors import StorageError
from packstation.domain.events import Event, Record, encode
from packstation.domain.learning.folding import TEACHES
from packstation.domain.packing.facts import LabelIssued, SessionOpened
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.person_facts import PersonSettingChosen
from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.station.ports import Clock, Draft, Head, Ids
from packstation.storage import forks, held, order_rows, records, texts, units, weights
from packstation.storage.compaction import Compaction
from packstation.storage.database import Database, Raw
from packstation.storage.times import rfc3339

# What a session is after these facts; all others leave it as it was.
_STATE_AFTER: Final[Mapping[str, str]] = {
    "SessionCompleted": "completed",
    "SessionCancelled": "cancelled",
    "SessionReopened": "open",
}


def open_epoch(database: Database, station: str, ids: Ids) -> str:
    """The journal's epoch, made with the file.

    Raises:
        StorageError: the file is another station's.
    """
    with database.transaction() as raw:
        kept: dict[str, str] = dict(texts.META.run(raw).fetchall())
        if kept.setdefault("station", station) != station:
            raise StorageError("error.storage.station", have=kept["station"], want=station)
        if "epoch" not in kept:
            kept["epoch"] = ids.new()
            new = [(name, kept[name]) for name in ("station", "epoch")]
            raw.executemany(texts.INSERT_META.sql, new)
        return kept["epoch"]


class SqliteEventStore:
    """``station.ports.EventStore`` over an open, migrated database that nobody else writes."""

    def __init__(self, database: Database, station: str, clock: Clock, ids: Ids) -> None:
        """Find the epoch and the head, and check the chain's tail.

        Raises:
            StorageError: the file is another station's, or its tail is damaged.
        """
        self._database = database
        self._clock = clock
        self._ids = ids
        self._station = station
        self._look(open_epoch(database, station, ids))
        self._sound = True
        self._compaction = Compaction(database, clock)

    def _look(self, epoch: str) -> None:
        digest, seq = records.verify_tail(self._database, self._station, epoch)
        self._head = Head(self._station, epoch, seq, digest)
        row = self._database.one(texts.HIGH_WATER, of=epoch)
        self._hw = int(row[0]) if row else 0

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        """Write all drafts in one durable transaction, in order, or none.

        Raises:
            StorageError: none was written, or the disk is in such a state that nobody knows:
                then every later call is refused until the journal is opened again.
        """
        if not self._sound:
            self._recover(self._head)
        made, head = self._records(drafts)
        if not made:
            return ()
        try:
            with self._database.transaction() as raw:
                raw.executemany(texts.INSERT_EVENT.sql, [records.to_row(record) for record in made])
                for draft in drafts:
                    _project(raw, draft, made[0].event.at)
        except StorageError:
            self._sound = False
            if not self._recover(head):
                raise
        self._head = head
        if any(isinstance(draft.fact, UnitMeasured) for draft in drafts):
            self._database.rows_changed()
        return made

    def _recover(self, wanted: Head) -> bool:
        """Reopen after an error; whether the journal now ends at ``wanted``.

        A commit whose sync failed may be in the file none the less: it counts when it can
        be read and synced again.
        """
        self._database.reopen()
        before = self._head
        digest, seq = records.verify_tail(self._database, self._station, before.epoch)
        ends = {(before.seq, before.hash): False, (wanted.seq, wanted.hash): True}
        if (seq, digest) not in ends:
            raise StorageError("error.storage.moved", at=seq, head=before.seq)
        self._sound = True
        return ends[seq, digest]

    def _records(self, drafts: Sequence[Draft]) -> tuple[tuple[Record, ...], Head]:
        at, mono_ns = rfc3339(self._clock.now()), str(self._clock.mono_ns())
        seq, prev = self._head.seq, self._head.hash
        made: list[Record] = []
        for draft in drafts:
            kind, v, body = encode(draft.fact)
            event = Event(
                id=self._ids.new(),
                kind=kind,
                v=v,
                session=draft.session,
                actor=draft.actor,
                at=at,
                mono_ns=mono_ns,
                prev=prev,
                body=body,
                parcel=draft.parcel,
                order=draft.order,
                claim=draft.right.claim or None,
                fence=draft.right.fence,
            )
            seq += 1
            record = Record(station=self._station, epoch=self._head.epoch, seq=seq, event=event)
            try:
                prev = record.hash
            except rfc8785.CanonicalizationError as exc:
                raise StorageError("error.event.body", kind=kind, cause=str(exc)) from exc
            made.append(record)
        return tuple(made), Head(self._station, self._head.epoch, seq, prev)

    def head(self) -> Head:
        """Where the journal ends."""
        return self._head

    def session_events(self, session: str) -> tuple[Event, ...]:
        """All events of a session, oldest first."""
        rows = self._database.all(texts.OF_SESSION, of=session)
        return tuple(records.to_event(row) for row in rows)

    def open_sessions(self) -> tuple[str, ...]:
        """Sessions that are neither completed nor cancelled, oldest first."""
        return tuple(row[0] for row in self._database.all(texts.OPEN_SESSIONS))

    def bench_events(self, kinds: Iterable[str], limit: int | None = None) -> tuple[Event, ...]:
        """All events of these kinds over all sessions, or the last ``limit``; oldest first."""
        wanted = msgspec.json.encode(sorted(set(kinds))).decode()
        if limit is None:
            rows = self._database.all(texts.OF_KINDS, keys=wanted)
        else:
            rows = list(self._database.all(texts.LAST_OF_KINDS, keys=wanted, count=limit))[::-1]
        return tuple(records.to_event(row) for row in rows)

    def events_about(
        self, kinds: Iterable[str], name: str, values: Iterable[str], since: str = ""
    ) -> tuple[Event, ...]:
        """Events of these kinds whose body has one of ``values`` as ``name``, oldest first.

        ``since``: an order before whose first event none of them can be.
        """
        rows = self._database.all(
            texts.ABOUT,
            keys=msgspec.json.encode(sorted(set(kinds))).decode(),
            since=since,
            path=f"$.{name}",
            values=msgspec.json.encode(sorted(set(values))).decode(),
        )
        return tuple(records.to_event(row) for row in rows)

    def count_since(self, kind: str, since: str) -> int:
        """How many events of ``kind`` came after the last of kind ``since``; all without one."""
        row = self._database.one(texts.COUNT_SINCE, kind=kind, since=since)
        return int(row[0]) if row else 0

    def seen_elsewhere(self, codes: Iterable[str], session: str) -> str:
        """The first of these codes of a unit in a box of another session, here or at the site."""
        wanted = msgspec.json.encode(list(codes)).decode()
        row = self._database.one(texts.UNIT_SEEN, keys=wanted, of=session)
        return row[0] if row else ""

    def last_session(self, order_id: str) -> str | None:
        """The newest session of an order, if any."""
        row = self._database.one(texts.LAST_OF_ORDER, of=order_id)
        return row[0] if row else None

    def order_events(self, order_id: str) -> tuple[Event, ...]:
        """All events of an order over all its sessions, oldest first."""
        rows = self._database.all(texts.OF_ORDER, of=order_id)
        return tuple(records.to_event(row) for row in rows)

    def acknowledged(self) -> int:
        """Highest seq of this epoch that the server has."""
        return self._hw

    def acknowledge(self, seq: int) -> None:
        """Move the server's cursor on; one that points back or past the head is ignored."""
        if self._hw < seq <= self._head.seq:
            self._set_cursor(seq)

    def rewind(self, seq: int) -> None:
        """Move the server's cursor back (gap, or a restored server)."""
        if 0 <= seq < self._hw:
            self._set_cursor(seq)

    def _set_cursor(self, seq: int) -> None:
        with self._database.transaction() as raw:
            texts.SET_HIGH_WATER.run(raw, of=self._head.epoch, to=seq)
            held.release(raw, self._head.epoch, seq)
        self._database.rows_changed()
        self._hw = seq

    def compact(self, durable: int) -> int:
        """Let go of a few old facts up to seq ``durable``; answer how many (``compaction``)."""
        return self._compaction.step(self._station, self._head.epoch, min(durable, self._hw))

    def begin_epoch(self, at: int) -> Head:
        """After a fork at seq ``at``: quarantine what the server never took, write it anew.

        The records from ``at`` on go into ``quarantine``; their facts, unchanged, start a
        new epoch (reference/sync.md section 1.1, 409 ``fork``).
        """
        epoch = self._ids.new()
        with self._database.transaction():
            forks.move(self._database, self._head, epoch, at)
        self._look(epoch)
        return self._head


def _project(raw: Raw, draft: Draft, at: str) -> None:
    fact = draft.fact
    if isinstance(fact, TEACHES):
        weights.learn(raw, fact, at)
    if isinstance(fact, SessionOpened | SessionTakenOver):
        texts.SESSION_OPENED.run(raw, of=draft.session, order_id=fact.order_id)
    elif isinstance(fact, LabelIssued):
        texts.WAYBILL_ISSUED.run(raw, waybill=fact.waybill, order_id=draft.order or "")
    elif isinstance(fact, PersonSettingChosen):
        order_rows.choose_setting(raw, fact.badge, fact.setting, fact.value)
    elif state := _STATE_AFTER.get(type(fact).__name__):
        texts.SESSION_MOVED.run(raw, to=state, of=draft.session)
    units.project(raw, draft.session, fact)
