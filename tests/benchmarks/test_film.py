"""The film benchmark runs from end to end; its figures in so short a time mean nothing."""

from __future__ import annotations

import pytest

from packstation.benchmarks.film import measure


@pytest.mark.slow
def test_scans_are_measured_with_films_and_without() -> None:
    (result,) = measure(quick=True)
    assert result.shape["scans"] == 6
    assert set(result.figures) == set(result.reference) == {"p50_ms", "p99_ms", "max_ms"}
