"""Folds made anew from the journal: a healthy server changes nothing, a damaged one is mended."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest
from sqlalchemy import delete, select, update

from packstation.domain.packing import facts as f
from packstation.server.keeping import rebuilding
from packstation.server.run import Running
from packstation.server.tables import DEVICE, ORDERS, SESSION, TALLY
from tests.cli.terminal import packstation
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import NewBench
from tests.server.test_intake import order

Look = Callable[[], list[object]]


@pytest.fixture
def look(running: Running, api: httpx.Client, new_bench: NewBench, clock: Clock) -> Look:
    """A morning at two benches, one with a wrong clock; answers what the folds are."""
    for name in ("A-1", "A-2", "A-3", "B-1"):
        assert api.post("/v1/import/orders", json=[order(name)]).json()["accepted"] == 1
    one, two = new_bench("01"), new_bench("02")
    _work(one, clock)
    two.note(*packed("B-1", "WB-9"), session="s-9", order="B-1")
    two.note(f.DeviceChanged(device="scale", state="fault", cause="off"), session="", order=None)
    pushed = msgspec.to_builtins(two.push_of())
    pushed["sent_at"] = "2026-11-21T02:00:00Z"
    assert two.post("/v1/journal", pushed).status_code == 200

    def folded() -> list[object]:
        with running.server.store.read() as connection:
            tables = [
                rebuilding.rows_of(connection, t, [c.name for c in t.columns])
                for t in (SESSION, DEVICE, TALLY)
            ]
            return [*tables, rebuilding.rows_of(connection, ORDERS, rebuilding.OUTCOME)]

    return folded


def _work(bench: Bench, clock: Clock) -> None:
    bench.note(*packed("A-1", "WB-1"))
    assert bench.push().status_code == 200
    clock.forward(minutes=11)
    facts = packed("A-2", "WB-2")
    bench.note(*facts[:5], session="s-2", order="A-2")
    assert bench.push(14).status_code == 200
    bench.note(*facts[5:], session="s-2", order="A-2")
    assert bench.push(19).status_code == 200


def test_a_healthy_server_changes_nothing(running: Running, look: Look) -> None:
    before = look()
    told: list[tuple[int, int]] = []
    done = rebuilding.rebuild(running.server, progress=lambda *at: told.append(at))
    assert done.changed == 0
    assert done.events == 40
    assert told[-1] == (40, 40)
    assert all(one.before == one.after for one in done.tables)
    assert look() == before


def test_what_was_damaged_is_mended_and_what_the_office_said_stays(
    running: Running, look: Look
) -> None:
    whole = look()
    with running.server.store.write() as connection:
        connection.execute(delete(SESSION).where(SESSION.c.session == "s-1"))
        connection.execute(update(SESSION).values(units=99))
        connection.execute(update(TALLY).values(orders=TALLY.c.orders + 1))
        connection.execute(delete(DEVICE))
        columns = {"outcome": "", "finished": None, "hold": "address"}
        connection.execute(update(ORDERS).where(ORDERS.c.order == "A-1").values(**columns))
    looked = rebuilding.rebuild(running.server, keep=True)
    assert looked.changed > 0
    assert look() != whole, "a look changes nothing"
    assert rebuilding.rebuild(running.server).changed == looked.changed
    assert look() == whole
    with running.server.store.read() as connection:
        held = connection.scalar(select(ORDERS.c.hold).where(ORDERS.c.order == "A-1"))
    assert held == "address"


def test_by_command(running: Running, look: Look, database: str) -> None:
    at = ("--database", database)
    assert packstation("server", "rebuild", "--check", *at).status == 0
    with running.server.store.write() as connection:
        connection.execute(delete(SESSION))
    assert packstation("server", "rebuild", "--check", *at).status == 1
    done = packstation("server", "rebuild", *at)
    assert done.status == 0
    assert "40 facts folded" in done.out
    assert "session: 3 rows, 3 changed" in done.out
    assert packstation("server", "rebuild", "--check", *at).status == 0
    assert look()
