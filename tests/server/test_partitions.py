"""The journal on PostgreSQL by months: made ahead, filled with what came before, put away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from packstation.cli import main
from packstation.domain.errors import InputInvalid
from packstation.server import partitions
from packstation.server.core import Server
from packstation.server.store import Store, open_engine
from packstation.server.tables import JOURNAL
from tests.clusters import Copies
from tests.server.bench import Clock


@pytest.fixture
def url(copies: Copies) -> Iterator[str]:
    with copies.own() as made:
        yield made


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    store = Store(open_engine(url))
    yield Server(store, clock=Clock())
    store.close()


def receive(server: Server, seq: int, at: str) -> None:
    place = {"site": "GZ-1", "station": "s-1", "epoch": "e-1", "seq": seq}
    with server.store.write() as connection:
        connection.execute(JOURNAL.insert().values(**place, received=at))


def counts(server: Server) -> dict[str, int]:
    return {one.month: one.events for one in partitions.listed(server)}


def test_months_are_made_ahead_and_take_what_was_received_in_them(server: Server) -> None:
    for seq, at in enumerate(("2026-10-31T23:59:59.999Z", "2026-11-01T00:00:00.000Z"), 1):
        receive(server, seq, at)
    assert partitions.ahead(server) == ("2026-11", "2026-12", "2027-01")
    assert counts(server) == {"2026-11": 1, "2026-12": 0, "2027-01": 0, "": 1}
    receive(server, 3, "2026-12-31T23:59:59.999Z")
    receive(server, 4, "2027-02-01T00:00:00.000Z")
    assert counts(server) == {"2026-11": 1, "2026-12": 1, "2027-01": 0, "": 2}
    assert partitions.ahead(server) == ()  # nothing to do a second time
    assert isinstance(server.clock, Clock)
    server.clock.forward(days=40)
    assert partitions.ahead(server) == ("2027-02",)
    assert counts(server)["2027-02"] == 1
    with server.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(JOURNAL)) == 4


def test_a_place_in_a_stream_is_taken_once_in_a_month(server: Server) -> None:
    partitions.ahead(server)
    receive(server, 1, "2026-11-21T06:14:00.000Z")
    with pytest.raises(Exception, match="journal_2026_11_place"):
        receive(server, 1, "2026-11-21T06:15:00.000Z")


def test_old_months_are_put_away_and_are_still_there(
    server: Server, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(server.clock, Clock)
    server.clock.time -= timedelta(days=730)
    partitions.ahead(server)
    receive(server, 1, "2024-11-05T06:14:00.000Z")
    server.clock.time += timedelta(days=730)
    partitions.ahead(server)
    receive(server, 2, "2026-11-05T06:14:00.000Z")
    for mistake in ("2026-01", "2024-13", "x", "2024-1"):
        with pytest.raises(InputInvalid):
            partitions.put_away(server, mistake)
    assert main(["server", "months", "--put-away-before", "2024-12", "--database", url]) == 0
    assert "2024-11: put away" in capsys.readouterr().out
    assert "2024-11" not in counts(server)
    with server.store.read() as connection:
        assert connection.scalars(select(JOURNAL.c.seq)).all() == [2]
        assert connection.scalars(text("SELECT seq FROM journal_2024_11")).all() == [1]


def test_sqlite_has_one_table(tmp_path: Path) -> None:
    store = Store(open_engine(f"sqlite:///{tmp_path / 's.sqlite3'}"))
    server = Server(store, clock=Clock())
    assert (partitions.ahead(server), partitions.listed(server)) == ((), ())
    assert partitions.put_away(server, "2024-01") == ()
    store.close()
