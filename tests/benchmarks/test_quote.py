"""The benchmark of quotes: its answers, what it says of karrio, and that the rows are the same."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from packstation.benchmarks import quote, quote_rows
from packstation.benchmarks.quote_rows import NotMeasured


def test_a_short_run_says_what_the_law_says() -> None:
    sixty, hundred, flat = quote.measure(quick=True)
    for row in (sixty, hundred):
        assert row.shape["same_as_the_law"] is True
        assert row.shape["priced"] > 10
        assert set(row.goal) <= set(row.figures)
    assert "not asked" in flat.note
    assert flat.goal == {}


def test_the_same_seed_draws_the_same_services() -> None:
    one, other = ([quote.service(at, Random(at)) for at in range(12)] for _ in range(2))
    assert one == other


# Prices the rows as a rate sheet does, and speaks as karrio's child.
STAND_IN = """
import json, sys
services = json.loads(sys.stdin.readline())
for line in sys.stdin:
    asked = json.loads(line)
    prices = {
        one["service_code"]: next(
            row["rate"]
            for row in one["zones"]
            if row["country_codes"] == [asked["country"]]
            and row["min_weight"] <= asked["kg"] < row["max_weight"]
        )
        for one in services
    }
    print(json.dumps({"us": 60000.0, "prices": prices}), flush=True)
"""


def test_the_rows_are_the_same_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Sequence[str]] = []

    def done(command: Sequence[str]) -> None:
        made.append(command)
        if "venv" in command:
            interpreter = Path(command[-1]) / "bin" / "python"
            interpreter.parent.mkdir()
            interpreter.symlink_to(sys.executable)

    monkeypatch.setattr(quote_rows, "_done", done)
    monkeypatch.setattr(quote_rows, "CHILD", STAND_IN)
    monkeypatch.setattr(quote_rows, "PARCELS", 12)
    row = quote_rows.rows(quote.timed, quick=False)
    assert row.shape["differing"] == 0
    assert row.reference["karrio_p50_us"] == 60_000
    assert row.goal == {"ratio": 1 / 500}
    assert "karrio==2026.1.32" in made[1]
    sheets: list[dict[str, Any]] = quote_rows.sheets()
    assert {len(one["zones"]) for one in sheets} == {300}
    for child in ("", "import sys; sys.stdin.readline(); sys.stdin.readline(); print('odd')"):
        monkeypatch.setattr(quote_rows, "CHILD", child)
        row = quote_rows.rows(quote.timed, quick=False)
        assert row.note.startswith("karrio was not measured: ")
        assert "law_p50_us" in row.reference


def test_what_cannot_be_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    row = quote_rows.rows(quote.timed, quick=False)
    assert "karrio was not measured: the installed program" in row.note
    assert row.goal == {}
    monkeypatch.setattr(sys, "frozen", False)
    with pytest.raises(NotMeasured, match="exit status 3: no luck"):
        quote_rows._done(
            [sys.executable, "-c", "import sys; print('no luck', file=sys.stderr); sys.exit(3)"]
        )
    with pytest.raises(NotMeasured, match="exit status 2: no word"):
        quote_rows._done([sys.executable, "-c", "raise SystemExit(2)"])
    with pytest.raises(NotMeasured, match="nothing-of-this-name"):
        quote_rows._done(["/nothing-of-this-name"])


def test_no_process_of_ours_imports_karrio() -> None:
    assert not [name for name in sys.modules if name.partition(".")[0] == "karrio"]
