"""The matrix of benches counts what is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from packstation.benchmarks import matrix
from packstation.devices.sim.models import EXTRAS, LABELS, SCALES, BenchModels


def test_every_scale_and_every_language_has_a_bench() -> None:
    assert {bench.scale for bench in matrix.BENCHES} == set(SCALES)
    assert {bench.label for bench in matrix.BENCHES} == set(LABELS)
    assert {extra for bench in matrix.BENCHES for extra in bench.extras} == set(EXTRAS)


def test_a_bench_that_packs_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_: BenchModels, __: Path) -> Mapping[str, Any]:
        return {"status": 3, "orders": [], "faults": [{"kind": "paper_out", "seen": False}]}

    class Found:
        lost = 0
        double_prints = 1
        violations = ("order S-1 twice",)

    monkeypatch.setattr(matrix, "pack", ended)
    monkeypatch.setattr(matrix, "after_end", lambda *_: Found())
    (row,) = matrix.measure(quick=True)
    assert row.figures == {"benches_failed": 2, "findings": 10}
    assert "status 3" in row.shape["findings"]
    assert "paper_out not seen" in row.shape["findings"]


def test_a_label_that_was_not_kept_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        lost = 2
        double_prints = 0
        violations = ()

    monkeypatch.setattr(matrix, "after_end", lambda *_: Found())
    rows = [
        {"outcome": "packed", "label": "", "waybill": "LP1"},
        {"outcome": "packed", "label": "labels/LP2.zpl", "waybill": "LP2"},
    ]
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "LP2.zpl").write_bytes(b"no label")
    found = matrix.wrong_with({"status": 0, "orders": rows}, "zpl", tmp_path)
    assert found == ["2 lost", "label of LP1", "label of LP2"]
