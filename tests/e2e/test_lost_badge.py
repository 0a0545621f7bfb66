"""A lost badge at a bench with a server: it ends within five seconds, the new number works."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from packstation.demo import samples
from packstation.demo.office import DemoOffice
from packstation.station.ports import TextEntered
from packstation.station.views import Screen
from tests.e2e.test_flows import made
from tests.e2e.test_two_benches import Seat

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
WITHIN_S = 5.0


def _has(seat: Seat, badge: str) -> bool:
    return any(one.badge == badge for one in seat.opened.station.core.cache.people())


def test_a_lost_badge_ends_within_seconds_and_the_new_number_works(
    tmp_path: Path, qapp: object
) -> None:
    del qapp
    (tmp_path / "office").mkdir()
    office = DemoOffice(tmp_path / "office")
    office.fill((made("P-1", "0*1 1*1", 0.5),))
    seat = Seat(tmp_path / "one", office, "01")
    try:
        lost = samples.people()[0].badge
        begun = time.monotonic()
        issued = office.post(f"/v1/people/{lost}/replace", {"reason": "lost"})
        seat.until(lambda view: view.screen is Screen.SIGN_IN, WITHIN_S)
        assert time.monotonic() - begun < WITHIN_S
        assert seat.facts("PersonSignedOut")[-1]["cause"] == "revoked"
        seat.until(lambda _: _has(seat, issued["badge"]), WITHIN_S)
        seat.scan_for(f"%PB:{lost}", lambda view: view.alert is not None)
        assert seat.view.alert is not None
        assert seat.view.alert.headline.key == "no.badge.unknown"
        seat.dismiss()
        typed = TextEntered("sign_in", f"{issued['badge']} {issued['pin']}")
        seat.opened.station.handle(typed)
        seat.until(lambda view: view.screen is Screen.QUEUE)
    finally:
        seat.close()
        office.server_down()
