"""The benchmark of devices runs and answers; its figures are not judged, its leaks are."""

from __future__ import annotations

import sys

import pytest

from packstation.benchmarks import devices


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ptys and /proc")
def test_devices_answer_and_nothing_leaks() -> None:
    rows = {row.name: row for row in devices.measure(quick=True)}
    assert list(rows) == [
        "devices, wire to reading",
        "devices, port back to use",
        "devices, plugged and pulled",
    ]
    for row in rows.values():
        assert set(row.goal) <= set(row.figures) | {"ratio"}
        assert row.ratio > 0
    pulled = rows["devices, plugged and pulled"]
    assert (pulled.figures["leaked_threads"], pulled.figures["leaked_files"]) == (0, 0)
    assert pulled.shape["closed"]["threads"] <= 4
