"""Old facts that are safe elsewhere go; the chain is still checked across the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.domain.errors import StorageError
from packstation.domain.packing.facts import ItemVerified, PoolLeased, SessionCancelled
from packstation.station.sync import JournalPlace
from packstation.storage.compaction import NEWEST, Compaction, Run, runs
from packstation.storage.journal import SqliteJournalReader, verify_file
from packstation.storage.store import FILE, Store, open_store
from tests.fake_storage import FakeClock, FakeIds
from tests.storage.samples import draft, opened_fact, order, order_row, packed

DAY_S = 86_400.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


@pytest.fixture
def store(path: Path, clock: FakeClock) -> Store:
    return open_store(path, station="B-01", clock=clock, ids=FakeIds())


def seqs(store: Store) -> list[int]:
    rows = store.database.raw.execute("SELECT seq FROM event ORDER BY n").fetchall()
    return [row[0] for row in rows]


def gaps(store: Store) -> list[tuple[int, int]]:
    rows = store.database.raw.execute("SELECT first, last FROM let_go ORDER BY first")
    return [(row[0], row[1]) for row in rows.fetchall()]


def step(store: Store, clock: FakeClock, durable: int = 999, newest: int = 2) -> int:
    head = store.events.head()
    return Compaction(store.database, clock, newest).step(head.station, head.epoch, durable)


def lease(n: int = 1) -> PoolLeased:
    return PoolLeased(
        lease=f"l-{n}",
        carrier="chinapost",
        service="e-packet",
        prefix="LP",
        country="CN",
        first=n,
        last=n,
    )


def filled(store: Store, clock: FakeClock) -> None:
    """Two packed orders, numbers between them, an order under way; all of long ago."""
    store.events.append(packed("s-1", "O-1"))  # 1 to 4
    store.events.append([draft(lease(), "bench", None)])  # 5
    store.events.append(packed("s-2", "O-2"))  # 6 to 9
    store.events.append([draft(opened_fact("O-3"), "s-3", "O-3")])  # 10
    clock.advance(15 * DAY_S)
    store.events.append(packed("s-4", "O-4"))  # 11 to 14, of today
    store.events.acknowledge(14)


def test_only_what_is_durable_old_and_closed_goes(
    store: Store, clock: FakeClock, path: Path
) -> None:
    filled(store, clock)
    assert step(store, clock, durable=3) == 3
    assert step(store, clock) == 5
    assert seqs(store) == [5, 10, 11, 12, 13, 14]
    assert gaps(store) == [(1, 4), (6, 9)]
    assert step(store, clock) == 0
    assert store.events.open_sessions() == ("s-3",)
    assert len(store.events.bench_events(["PoolLeased"])) == 1
    assert verify_file(path) == 6
    store.close()
    again = open_store(path, station="B-01", clock=clock, ids=FakeIds("more"))
    assert again.events.head().seq == 14
    again.events.append(packed("s-5", "O-5"))
    assert verify_file(path) == 10
    again.close()


def test_what_is_young_or_of_an_order_that_may_come_again_stays(
    store: Store, clock: FakeClock
) -> None:
    store.events.append(packed("s-1", "O-1"))
    store.events.append(packed("s-2", "O-2"))
    store.events.append([draft(opened_fact("O-2"), "s-3", "O-2")])
    store.events.append(packed("s-4", "O-9"))
    clock.advance(13 * DAY_S)
    assert step(store, clock, newest=0) == 0
    clock.advance(2 * DAY_S)
    store.orders.apply([order_row(order(1))], "c-1")
    assert step(store, clock, newest=0) == 3, "all of O-9 but the end of the chain"
    assert seqs(store) == [*range(1, 10), 13]
    store.close()


def test_the_newest_stay_whatever_they_are(store: Store, clock: FakeClock) -> None:
    for number in range(NEWEST // 100 + 1):
        facts: list[ItemVerified | SessionCancelled] = [
            ItemVerified(line=1, sku="SKU-A") for _ in range(98)
        ]
        session, name = f"s-{number}", f"O-{number}"
        store.events.append(
            [draft(f, session, name) for f in (opened_fact(name), *facts, SessionCancelled())]
        )
    clock.advance(30 * DAY_S)
    assert store.events.compact(10_100) == 0, "the server has none of it"
    store.events.acknowledge(10_100)
    clock.advance(2 * 3600)
    assert store.events.compact(10_100) == 100
    assert len(seqs(store)) == NEWEST
    assert store.events.compact(10_100) == 0
    store.close()


def test_it_goes_on_in_steps_and_then_rests(store: Store, clock: FakeClock) -> None:
    head = store.events.head()
    for number in range(30):
        facts = [ItemVerified(line=1, sku="SKU-A") for _ in range(98)]
        session, name = f"s-{number}", f"O-{number}"
        all_ = (opened_fact(name), *facts, SessionCancelled())
        store.events.append([draft(fact, session, name) for fact in all_])
    clock.advance(30 * DAY_S)
    going = Compaction(store.database, clock, newest=10)
    assert going.step(head.station, head.epoch, 3000) == 2000
    assert going.step(head.station, head.epoch, 3000) == 990
    assert gaps(store) == [(1, 2990)]
    assert going.step(head.station, head.epoch, 3000) == 0
    clock.advance(3601)
    assert going.step(head.station, head.epoch, 3000) == 0
    store.close()


def test_a_run_that_somebody_deleted_is_still_found(
    store: Store, clock: FakeClock, path: Path
) -> None:
    filled(store, clock)
    assert step(store, clock) == 8
    raw = store.database.raw
    raw.execute("UPDATE let_go SET hash = 'x' WHERE first = 6", ())
    with pytest.raises(StorageError):
        verify_file(path)
    raw.execute("DELETE FROM let_go WHERE first = 6", ())
    with pytest.raises(StorageError):
        verify_file(path)
    store.close()


def test_the_reader_ends_before_what_went_and_a_new_epoch_goes_on_behind_it(
    store: Store, clock: FakeClock, path: Path
) -> None:
    """A server of an older copy than 14 days lacks it: what is here is told in a new epoch."""
    filled(store, clock)
    step(store, clock)
    reader = SqliteJournalReader(path)
    place = reader.place()
    assert isinstance(place, JournalPlace)
    assert reader.events(place, 2, 10) == ()
    assert len(reader.events(place, 4, 10)) == 1
    assert len(reader.events(place, 9, 10)) == 5
    head = store.events.begin_epoch(3)
    assert head.seq == 6
    fresh = reader.events(reader.place(), 0, 10)
    assert [event.kind for event in fresh][:2] == ["PoolLeased", "SessionOpened"]
    assert verify_file(path) == 6
    reader.close()
    store.close()


def test_runs() -> None:
    assert list(runs([1])) == [Run(1, 1)]
    assert list(runs([1, 2, 4, 7, 8])) == [Run(1, 2), Run(4, 4), Run(7, 8)]
