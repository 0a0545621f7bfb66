"""Pulling rows, in slices that leave the main thread its breath."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from packstation.client.puller import Puller
from packstation.client.wire import Who, Wire
from packstation.station.ports import RowsPulled
from packstation.storage.journal import SqliteJournalReader
from tests.client.conftest import Desk
from tests.client.scripted import Asked, Reply, Script
from tests.fake_storage import FakeClock

CHANGES = "/v1/changes"


def rows(first: int, count: int) -> list[dict[str, object]]:
    return [
        {"t": "sku", "id": f"S-{n}", "rev": 1, "op": "put", "body": {"sku": f"S-{n}"}}
        for n in range(first, first + count)
    ]


def page(cursor: str, found: list[dict[str, object]]) -> Reply:
    return Reply({"gen": 3, "cursor": cursor, "rows": found})


def query(asked: Asked) -> dict[str, str]:
    parts = parse_qs(urlsplit(asked.target).query, keep_blank_values=True)
    return {name: values[0] for name, values in parts.items()}


NewPuller = Callable[..., Puller]


@pytest.fixture
def new_puller(wire: Wire, desk: Desk, clock: FakeClock) -> Iterator[NewPuller]:
    reader = SqliteJournalReader(desk.store.database.path)

    def rest(seconds: float) -> None:
        clock.advance(seconds)
        desk.settle()

    def make(cursor: str = "") -> Puller:
        desk.store.orders.apply((), cursor)
        return Puller(
            wire,
            reader,
            desk.post,
            lambda: Who("B-01"),
            clock=clock,
            chance=lambda: 0.5,
            pause=rest,
        )

    yield make
    reader.close()


def pulled(desk: Desk) -> list[RowsPulled]:
    return [one for one in desk.heard if isinstance(one, RowsPulled)]


def test_rows_come_in_slices_and_the_last_moves_the_cursor(
    new_puller: NewPuller, script: Script, desk: Desk
) -> None:
    script.on(CHANGES, page("3.45", rows(1, 45)))
    assert new_puller("3.0").turn() == 0.0
    assert [len(one.rows) for one in pulled(desk)] == [20, 20, 5]
    assert [one.cursor for one in pulled(desk)] == ["3.0", "3.0", "3.45"]
    assert pulled(desk)[2].rows[4].body == {"sku": "S-45"}
    assert pulled(desk)[0].generation == 3


def test_the_next_poll_goes_on_from_the_cursor_and_waits(
    new_puller: NewPuller, script: Script, desk: Desk
) -> None:
    script.on(CHANGES, page("3.2", rows(1, 2)), page("3.2", []))
    puller = new_puller()
    puller.turn()
    puller.turn()
    first, second = script.of(CHANGES)
    assert query(first) == {"cursor": "", "limit": "500", "wait": "25"}
    assert query(second)["cursor"] == "3.2"
    assert len(pulled(desk)) == 1


def test_a_cursor_that_moved_without_rows_is_kept(
    new_puller: NewPuller, script: Script, desk: Desk
) -> None:
    script.on(CHANGES, page("3.9", []))
    new_puller("3.2").turn()
    assert [(one.rows, one.cursor) for one in pulled(desk)] == [((), "3.9")]


def test_a_cursor_of_another_time_pulls_everything_again(
    new_puller: NewPuller, script: Script, desk: Desk
) -> None:
    script.on(CHANGES, Reply({"code": "resync"}, 410), page("4.1", rows(1, 1)))
    puller = new_puller("3.9 & odd=1")
    assert puller.turn() == 0.0
    puller.turn()
    assert [query(asked)["cursor"] for asked in script.of(CHANGES)] == ["3.9 & odd=1", ""]
    assert pulled(desk)[-1].cursor == "4.1"


def test_failures_wait_longer_and_longer(new_puller: NewPuller, script: Script) -> None:
    script.on(CHANGES, Reply(status=0), Reply({}, 500), Reply(b"{", 200), page("1.1", []))
    puller = new_puller()
    assert [(puller.turn(), puller.unanswered) for _ in range(3)] == [
        (0.5, True),
        (1.0, False),
        (2.0, True),
    ]
    assert (puller.turn(), puller.unanswered) == (0.0, False)
    script.on(CHANGES, Reply({}, 502))
    puller.turn()
    assert puller.unanswered  # a gateway speaks for a server that is not there
    script.on(CHANGES, Reply({}, 503, {"Retry-After": "9"}))
    assert puller.turn() == 9.0


def test_rows_that_the_cache_could_not_take_are_pulled_again(
    new_puller: NewPuller, script: Script, desk: Desk
) -> None:
    script.on(CHANGES, page("3.1", rows(1, 1)), page("3.2", rows(2, 1)), page("3.2", rows(2, 1)))
    puller = new_puller()
    puller.turn()
    desk.deaf = True
    puller.turn()
    desk.deaf = False
    puller.turn()
    assert [query(asked)["cursor"] for asked in script.of(CHANGES)] == ["", "3.1", "3.1"]
    assert desk.store.orders.product("S-2") is not None
    assert desk.store.orders.cursor() == "3.2"
