"""A site's time zone that this machine does not know stops no bench."""

from __future__ import annotations

import pytest

from packstation.station import ports as p
from tests.station.desk import signed_in
from tests.station.dock import pulled


@pytest.mark.parametrize("zone", ["Asia", "Mars/Base", "x" * 5000, "\x00"])
def test_a_zone_that_is_none_is_utc(zone: str) -> None:
    bench = signed_in()
    pulled(bench, p.Row("site", "GZ-1", 1, "put", {"code": "GZ-1", "zone": zone}))
    assert bench.core.zone.key == "UTC"
    bench.scan("T-O-1")
    assert bench.core.session.order_id == "O-1"
