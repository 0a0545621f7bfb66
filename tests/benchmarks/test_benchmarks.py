"""Each benchmark runs and answers in its shape; what it measures is not judged here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from packstation.benchmarks import NAMES

LIMIT_S = 100
ROWS = {
    "scan": ["scan, 12-30 ms apart"],
    "start": ["start"],
    "label": [
        "label, from the scan",
        "label, from the weight",
        "label, model to ZPL, Latin",
        "label, model to ZPL, Cyrillic",
        "label, model to ZPL, Chinese",
    ],
    "lookup": ["lookup by order id", "lookup by tote"],
    "weights": [
        "weights (1 g scale)",
        "weights (5 g scale)",
        "weights (10 g scale)",
        "weights, one mix (5 g scale)",
    ],
    "verify": ["verify (decide + evolve)", "verify, serials and IMEI"],
    "papers": ["papers, check of an order", "papers, CN 23 + invoice + packing list"],
    "quote": ["quote, 60 services", "quote, 100 services", "quote, flat rows"],
}


def answers(name: str, repository: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "packstation.benchmarks", "--quick", name],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_answers_figures_beside_their_reference(name: str, repository: Path) -> None:
    rows = answers(name, repository)
    assert [row["name"] for row in rows] == ROWS[name]
    for row in rows:
        assert set(row["goal"]) <= set(row["figures"]) | {"ratio"}
        measured = {**row["figures"], **row["reference"]}
        # Time passes with everything; of false alarms there may be none.
        assert all(value > 0 or name.endswith("permille") for name, value in measured.items())
        assert all(value >= 0 for value in measured.values())
        assert row["ratio"] > 0
        assert row["reached"] is (not row["missed"])
