"""`packstation demo` on benches of other models; `packstation bench matrix` has all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from packstation.benchmarks.matrix import BENCHES, wrong_with
from packstation.devices.sim.models import EXTRAS, LABELS, SCALES
from tests.e2e.runs import Run, demo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]


def run(folder: Path, *told: str) -> Run:
    return demo(folder, "--orders", "2", *told, timeout=150)


def wrong(packed: Run, language: str) -> Sequence[str]:
    document: dict[str, Any] = packed.document | {"status": packed.status}
    return wrong_with(document, language, packed.folder, orders=2)


def test_a_streaming_scale_and_a_drawn_label_end_to_end(tmp_path: Path) -> None:
    packed = run(tmp_path / "out", "--scale", "yaohua-a9", "--label", "brother-ql")
    assert wrong(packed, "brother-ql") == [], packed.stderr
    labels = [row["label"] for row in packed.document["orders"]]
    assert all(name.startswith("labels/LP") and name.endswith(".brother-ql") for name in labels)


def test_a_scale_that_says_nothing_of_an_empty_pan_end_to_end(tmp_path: Path) -> None:
    packed = run(tmp_path / "out", "--scale", "adam", "--label", "cpcl")
    assert wrong(packed, "cpcl") == [], packed.stderr


def test_a_bench_with_everything_on_it_packs(tmp_path: Path) -> None:
    told = ("--scale", "toledo-8217", "--label", "tspl", "--with", ",".join(EXTRAS))
    packed = run(tmp_path / "out", *told)
    assert wrong(packed, "tspl") == [], packed.stderr
    label = tmp_path / "out" / packed.document["orders"][0]["label"]
    label.write_bytes(label.read_bytes()[:200])
    assert wrong(packed, "tspl") == [f"label of {packed.document['orders'][0]['waybill']}"]


def test_a_model_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    refused = run(tmp_path / "out", "--with", "drone")
    assert refused.status == 2
    assert "camera" in json.dumps(refused.stderr)
    assert not (tmp_path / "out").exists()


def test_the_matrix_has_every_scale_and_every_language() -> None:
    assert [models.scale for models in BENCHES] == list(SCALES)
    assert {models.label for models in BENCHES} == set(LABELS)
