"""A bench with a real journal, and a server that says what a test wants."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from packstation.client.keys import key_of
from packstation.client.pusher import Pusher
from packstation.client.wire import Access, Wire, open_http
from packstation.station.ports import CursorMoved, Happening, RowsPulled, SyncChanged
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import FILE, Store, open_store
from tests.client.scripted import Script, scripted
from tests.fake_storage import FakeClock, FakeIds


@dataclass
class Desk:
    """The main thread's part: takes what is posted and moves the store's cursor."""

    store: Store
    heard: list[Happening] = field(default_factory=list)
    arrived: queue.Queue[Happening] = field(default_factory=queue.Queue)
    deaf: bool = False  # takes nothing in, as with a full disk

    def post(self, happening: Happening) -> None:
        self.heard.append(happening)
        self.arrived.put(happening)

    def settle(self) -> None:
        """Handle what came, as ``Station.handle`` does."""
        while not self.arrived.empty():
            happening = self.arrived.get_nowait()
            if self.deaf:
                continue
            if isinstance(happening, CursorMoved):
                self.store.events.rewind(happening.seq)
                self.store.events.acknowledge(happening.seq)
            elif isinstance(happening, RowsPulled):
                self.store.orders.apply(happening.rows, happening.cursor)

    def of(self, kind: type[Happening]) -> list[Happening]:
        return [happening for happening in self.heard if type(happening) is kind]

    @property
    def told(self) -> SyncChanged:
        said = [one for one in self.heard if isinstance(one, SyncChanged)]
        return said[-1]


@pytest.fixture
def script() -> Iterator[Script]:
    with scripted() as made:
        yield made


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    path = tmp_path / FILE
    with open_store(path, station="B-01", clock=clock, ids=FakeIds()) as made:
        yield made


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def wire(script: Script, tmp_path: Path, clock: FakeClock) -> Iterator[Wire]:
    made = Wire(open_http(Access(script.url)), key_of(tmp_path), clock)
    yield made
    made.close()


@pytest.fixture
def pusher(wire: Wire, store: Store, desk: Desk, clock: FakeClock) -> Iterator[Pusher]:
    reader = SqliteJournalReader(store.database.path)
    yield Pusher(wire, reader, desk.post, clock=clock, ids=FakeIds("req"), chance=lambda: 0.5)
    reader.close()
