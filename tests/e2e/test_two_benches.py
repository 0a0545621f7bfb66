"""Two benches and their real server: an order is parked at one and finished at the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.server import connect_to
from packstation.bootstrap.station import Setup
from packstation.client.enrol import enrol
from packstation.client.wire import Access
from packstation.demo import samples
from packstation.demo.goods import code_of
from packstation.demo.office import DemoOffice
from packstation.domain.orders import Order
from packstation.station.ports import Happening
from packstation.station.views import Screen, StationView
from tests.e2e.rig import NUMBERS, Rig
from tests.e2e.test_flows import made, plain

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
FAR_S = 40.0


class Seat(Rig):
    """A bench that has nothing but what its server gives it."""

    def __init__(self, folder: Path, office: DemoOffice, bench: str) -> None:
        folder.mkdir()
        access = Access(office.url)
        self.bench = bench
        self.known = enrol(
            access, office.enrol_token(), Uuid7Ids().new(), bench, folder, clock=SystemClock()
        )
        super().__init__(folder, connect_to(self.known, folder))
        self.until(lambda view: bool(view.sync.labels_left), FAR_S)
        self.ready()
        self.until(lambda _: bool(self.opened.station.core.cache.people()), FAR_S)
        badge = f"%PB:{samples.people()[0].badge}"
        self.scan_for(badge, lambda view: view.screen is Screen.QUEUE)

    def _furnish(self) -> tuple[Order, ...]:
        return ()

    def _setup(self) -> Setup:
        return Setup(
            self.folder, self.known.station_id, self.bench, self.sim.configs(), unaged=True
        )

    def _take(self, happening: Happening) -> None:
        """Its numbers are leased of the server, so that no other bench has them."""
        if happening is not NUMBERS:
            super()._take(happening)

    def item(self, place: int) -> None:
        """Scan one of the plain products."""
        before = self.facts("ItemVerified")
        self.scan(*code_of(plain()[place], "x"))
        self.until(lambda _: len(self.facts("ItemVerified")) > len(before))

    def row(self, order_id: str) -> str:
        """How an order's row stands in the queue; "" where it is not there."""
        rows = self.view.queue.rows if self.view.queue else ()
        return next((row.state for row in rows if row.order_id == order_id), "")

    def sees(self, order_id: str, *states: str) -> StationView:
        """Wait until the queue shows it so."""
        return self.until(lambda _: self.row(order_id) in states, FAR_S)

    def park(self, place: str) -> None:
        """Put the open order aside."""
        self.scan_for("%PS:park", lambda _: self.opened.station.core.desk.parking)
        self.scan_for(place, lambda _: self.opened.station.core.session.state == "parked")
        self.scan_for("%PS:queue", lambda view: view.screen is Screen.QUEUE)

    def finish(self) -> None:
        """From a full box to the scanned label."""
        core = self.opened.station.core
        while core.session.state != "completed":
            self.step()


class Site:
    """The office with its server, and two benches."""

    def __init__(self, folder: Path, *orders: Order) -> None:
        (folder / "office").mkdir()
        self.office = DemoOffice(folder / "office")
        self.office.fill(orders)
        self.one = Seat(folder / "one", self.office, "01")
        self.two = Seat(folder / "two", self.office, "02")

    def close(self) -> None:
        """Stop all."""
        self.one.close()
        self.two.close()
        self.office.server_down()


@pytest.fixture
def site(tmp_path: Path, qapp: object) -> Iterator[Site]:
    del qapp
    both = Site(tmp_path, made("P-1", "0*1 1*1", 0.5), made("P-2", "0*1", 2))
    yield both
    both.close()


def test_parked_at_one_bench_finished_at_the_other(site: Site) -> None:
    one, two = site.one, site.two
    one.scan_for("P-1", lambda view: view.screen is Screen.SCANNING)
    two.sees("P-1", "other_bench")
    one.item(0)
    one.park("SHELF-4")
    two.sees("P-1", "parked")
    assert two.view.queue is not None
    words = two.view.queue.rows[0].state_words
    assert words is not None
    assert dict(words.args) == {"t": "SHELF-4", "b": "01"}
    two.scan_for("BOX-P-1", lambda view: view.screen is Screen.SCANNING)
    assert two.view.hints[0].key == "hint.passed"
    assert dict(two.view.hints[0].args)["what"] == f"1 × {plain()[0].sku}"
    one.sees("P-1", "other_bench")
    one.scan_for("P-1", lambda view: view.alert is not None)
    assert one.view.alert is not None
    assert one.view.alert.headline.key == "no.order.at_bench"
    two.item(1)
    two.finish()
    one.dismiss()
    one.scan_for("%PS:queue", lambda view: view.screen is Screen.QUEUE)
    one.until(lambda view: bool(view.queue) and not one.row("P-1"), FAR_S)
    one.scan_for("%PS:history", lambda view: view.entry is not None)
    one.scan_for("P-1", lambda view: view.page_rows is not None)
    said = {row.words.key for row in one.view.page_rows.rows if row.words}  # type: ignore[union-attr]
    assert {"hist.SessionParked", "hist.SessionTakenOver", "hist.SessionCompleted"} <= said
    session = two.opened.station.core.session_id
    folded = site.office.fold(session)
    assert (folded["state"], folded["came_bench"]) == ("completed", "01")
    one.sound()
    two.sound()


def test_both_began_it_while_the_server_was_away(site: Site) -> None:
    one, two = site.one, site.two
    site.office.server_down()
    for seat in (one, two):
        seat.scan_for("P-1", lambda view: view.screen is Screen.SCANNING)
        seat.item(0)
    site.office.server_up()
    begun = time.monotonic()
    stopped: list[Seat] = []
    while not stopped and time.monotonic() - begun < FAR_S:
        for seat in (one, two):
            seat.rest(0.2)
        held = [seat for seat in (one, two) if seat.view.alert is not None]
        stopped += [seat for seat in held if seat.view.alert and seat.view.alert.kind == "stop"]
    assert len(stopped) == 1
    loser = stopped[0]
    winner = two if loser is one else one
    alert = loser.view.alert
    assert alert is not None
    assert alert.by is not None
    assert alert.by.key == "stop.by_bench"
    loser.scan_for("BOX-P-1", lambda _: loser.opened.station.core.session.state == "cancelled")
    winner.item(1)
    winner.finish()
    assert [len(seat.facts("SessionCompleted")) for seat in (winner, loser)] == [1, 0]


def test_a_cancel_stops_the_bench_within_a_second(site: Site) -> None:
    one = site.one
    one.scan_for("P-2", lambda view: view.screen is Screen.SCANNING)
    one.rest(1.0)
    begun = time.monotonic()
    site.office.post("/v1/orders/P-2/cancel", {})
    one.until(lambda view: bool(view.alert and view.alert.kind == "stop"), FAR_S)
    # A loaded machine may be slow; docs/benchmarks.md has the figure.
    assert time.monotonic() - begun < 5.0
