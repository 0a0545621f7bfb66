"""`bench label` in this process, with a few parcels: its rows, and that they are measured."""

from __future__ import annotations

import json

import pytest

from packstation.benchmarks import label, label_bytes
from packstation.documents.fonts import Fonts
from packstation.domain.labels import Text
from tests.cli.terminal import packstation
from tests.documents.samples import FONTS


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_few_parcels_give_both_rows(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    del qapp
    monkeypatch.setattr(label, "WARM_UP", 1)
    rows = label.measure(quick=True)
    assert [row.name for row in rows[:2]] == ["label, from the scan", "label, from the weight"]
    assert len(rows) == 2 + len(label_bytes.SCRIPTS)
    for row in rows[:2]:
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


def test_models_become_zpl_of_a_fraction_of_their_picture() -> None:
    rows = label_bytes.measure(quick=True)
    assert [row.name.rpartition(" ")[2] for row in rows] == ["Latin", "Cyrillic", "Chinese"]
    for row in rows:
        assert row.shape["bitmap_bytes"] == 119_800
        assert 1000 < row.shape["label_bytes"] < row.shape["packed_bitmap_bytes"]
        assert 0 < row.ratio < 0.1
        assert row.goal == {"p50_ms": 2.0 if "Latin" in row.name else 5.0, "ratio": 0.04}


@pytest.mark.parametrize("script", label_bytes.SCRIPTS, ids=lambda script: script.name)
def test_no_two_labels_have_the_same_lines(script: label_bytes.Script) -> None:
    made = label_bytes.labels(script, Fonts(FONTS), 20)
    shown = [tuple(one.lines for one in label.elements if isinstance(one, Text)) for label in made]
    assert len(set(shown)) == 20
