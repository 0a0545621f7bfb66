"""Benches killed at random moments: nothing lost, nothing printed or numbered twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.demo.hall import killed_halls
from packstation.demo.kills import killed_runs

KILLS = 10


@pytest.mark.kills
@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_bench_goes_on_where_it_stood(tmp_path: Path, seed: int) -> None:
    score = killed_runs(tmp_path, kills=KILLS, seed=seed)

    assert score.kills == KILLS
    assert score.findings.facts > 0
    assert score.findings.well, score.findings


@pytest.mark.kills
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_benches_at_a_shared_printer_print_once_whoever_is_killed(tmp_path: Path) -> None:
    score = killed_halls(tmp_path, kills=KILLS, seed=3)

    assert score.kills == KILLS
    assert score.labels > 0
    assert score.asked_twice == 0
    assert score.findings.well, score.findings
