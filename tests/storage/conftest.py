"""A station's database in a folder of the test, and its fake twin."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from packstation.station.ports import EventStore, OrderCache
from packstation.storage.store import FILE, Store, open_store
from tests.fake_storage import FakeClock, FakeEventStore, FakeIds, FakeOrderCache


@dataclass(frozen=True)
class Twin:
    """One of the two: the real thing or the fake, by the ports only."""

    events: EventStore
    orders: OrderCache


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


def opened(path: Path, station: str = "B-01") -> Store:
    return open_store(path, station=station, clock=FakeClock(), ids=FakeIds(path.parent.name))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with opened(path) as made:
        yield made


@pytest.fixture(params=["sqlite", "fake"])
def twin(request: pytest.FixtureRequest) -> Twin:
    if request.param == "sqlite":
        real: Store = request.getfixturevalue("store")
        return Twin(real.events, real.orders)
    fake = FakeEventStore("B-01", FakeClock(), FakeIds())
    return Twin(fake, FakeOrderCache(fake))
