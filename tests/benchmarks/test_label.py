"""`bench label` in this process, with a few parcels: its rows, and that they are measured."""

from __future__ import annotations

import json

import pytest

from packstation.benchmarks import label
from tests.cli.terminal import packstation


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_few_parcels_give_both_rows(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    del qapp
    monkeypatch.setattr(label, "WARM_UP", 1)
    rows = label.measure(quick=True)
    assert [row.name for row in rows] == ["label, from the scan", "label, from the weight"]
    for row in rows:
        assert row.shape["parcels"] == label.QUICK
        assert int(str(row.shape["label_bytes"])) > 500
        assert row.goal == {"p99_ms": label.GOAL_MS}
        assert 0 < row.figures["p50_ms"] <= row.figures["p99_ms"] < 10_000
        assert row.reference["p50_ms"] > 0


def test_the_command_knows_the_benchmark() -> None:
    done = packstation("bench", "nothing-of-the-kind", "--json")
    assert done.status == 2
    assert "label" in done.err
    json.dumps(done.err)
