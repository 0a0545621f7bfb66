"""The clock in the head of the window: the site's time, and until that is known the machine's."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from packstation.station import ports as p
from tests.fake_storage import START
from tests.station.desk import Bench

SITE: dict[str, object] = {"code": "GZ-1", "zone": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that stands in India."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a Windows machine cannot be set for a test")
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def told(bench: Bench) -> None:
    bench.say(p.RowsPulled((p.Row("site", "GZ-1", 1, "put", SITE),), "1", 1))


def test_a_clock_that_is_about_to_jump_is_not_shown() -> None:
    bench = Bench().start()
    assert (START.hour, bench.view.clock) == (8, "")
    bench.clock.advance(2)
    assert bench.say(p.Ticked()).clock == ""
    told(bench)
    assert bench.view.clock == "16:00"


def test_a_bench_that_never_reached_its_server_shows_the_machines_time() -> None:
    bench = Bench().start()
    bench.clock.advance(4)
    assert bench.say(p.Ticked()).clock == "13:30"
    told(bench)
    assert bench.view.clock == "16:00"
