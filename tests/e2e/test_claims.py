"""Claims between real benches and their server: taken away, and what was packed twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.station.views import Screen
from tests.e2e.test_flows import made
from tests.e2e.test_two_benches import FAR_S, Seat, Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def site(tmp_path: Path, qapp: object) -> Iterator[Site]:
    del qapp
    both = Site(tmp_path, made("P-1", "0*1 1*1", 0.5), made("P-2", "0*1", 2))
    yield both
    both.close()


def fence(seat: Seat) -> int:
    """That of the newest fact about an order."""
    core = seat.opened.station.core
    return core.store.session_events(core.session_id)[-1].fence


def test_what_a_supervisor_takes_away_stops_here_and_goes_on_there(site: Site) -> None:
    one, two = site.one, site.two
    one.scan_for("P-1", lambda view: view.screen is Screen.SCANNING)
    one.until(lambda _: "P-1" in one.opened.station.core.rights, FAR_S)
    one.item(0)
    assert fence(one) == 1
    two.sees("P-1", "other_bench")
    site.office.post("/v1/orders/P-1/take-away", {})
    one.until(lambda view: bool(view.alert and view.alert.kind == "stop"), FAR_S)
    alert = one.view.alert
    assert alert is not None
    assert alert.by is not None
    assert alert.by.key == "stop.taken"
    two.sees("P-1", "next", "ready")
    two.scan_for("P-1", lambda view: view.screen is Screen.SCANNING)
    two.until(lambda _: "P-1" in two.opened.station.core.rights, FAR_S)
    two.item(0)
    assert fence(two) == 3
    two.item(1)
    two.finish()
    one.scan_for("BOX-P-1", lambda _: one.opened.station.core.session.state == "cancelled")
    one.sound()
    two.sound()


def test_packed_by_both_while_the_server_was_away_one_parcel_is_pulled(site: Site) -> None:
    site.office.server_down()
    seats = (site.one, site.two)
    for seat in seats:
        seat.scan_for("P-2", lambda view: view.screen is Screen.SCANNING)
        seat.item(0)
        seat.finish()
    site.office.server_up()
    begun = time.monotonic()
    tasks: list[tuple[str, str]] = []
    while not tasks and time.monotonic() - begun < FAR_S:
        for seat in seats:
            seat.rest(0.2)
        open_ = [seat.opened.station.core.desk.flow.tasks for seat in seats]
        tasks = [(task.kind, task.cause) for one in open_ for task in one.values()]
    assert tasks == [("pull_parcel", "duplicate")]
