"""The benchmark of the journal endpoint runs and answers in its shape."""

from __future__ import annotations

from packstation.benchmarks import ingest


def test_pushes_are_measured_beside_copy() -> None:
    *sizes, projection = ingest.measure(quick=True)
    assert [row.name for row in sizes] == [f"ingest, pushes of {size}" for size in ingest.SIZES]
    assert all(row.figures["events_a_second"] > 0 for row in (*sizes, projection))
