"""Facts that are committed while a batch is put together."""

from __future__ import annotations

from pathlib import Path

from packstation.client.pusher import Pusher
from packstation.client.wire import Wire
from packstation.domain.events import Event
from packstation.station.sync import JournalPlace
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import Store
from tests.client.conftest import Desk
from tests.client.scripted import Script
from tests.client.test_pusher import JOURNAL, ack, pushed
from tests.fake_storage import FakeClock, FakeIds
from tests.storage.samples import draft, packed, verified


class Busy(SqliteJournalReader):
    """A journal whose bench commits another fact between two looks of the syncer."""

    def __init__(self, path: Path, store: Store) -> None:
        super().__init__(path)
        self._store = store
        self._reads = 0

    def events(self, place: JournalPlace, after: int, count: int) -> tuple[Event, ...]:
        self._reads += 1
        if self._reads == 2:  # the first look counts what waits, the second takes the batch
            self._store.events.append([draft(verified())])
        return super().events(place, after, count)


def test_a_fact_of_the_last_moment_is_no_lost_journal(
    wire: Wire, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append(packed())
    head = store.events.head().seq
    reader = Busy(store.database.path, store)
    pusher = Pusher(wire, reader, desk.post, clock=clock, ids=FakeIds("req"), chance=lambda: 0.5)
    script.on(JOURNAL, ack(head), ack(head + 1))

    while len(script.of(JOURNAL)) < 2:
        clock.advance(pusher.turn())
    reader.close()

    sizes = [len(pushed(asked).events) for asked in script.of(JOURNAL)]
    assert sizes == [head, 1]
    assert desk.told.cause == ""
    assert desk.told.hw == head + 1
