"""Percentiles, verdicts and the table."""

import argparse
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.benchmarks.command import run as run_command
from packstation.benchmarks.figures import Result, median, percentile, spread
from packstation.benchmarks.run import run, table
from packstation.domain.errors import InputInvalid

ROW = Result(
    name="scan",
    figures={"p50_ms": 2.0, "p99_ms": 20.0, "rss_mb": 150.5},
    reference={"p50_ms": 0.5},
    ratio=4.0,
    goal={"p99_ms": 16.7, "ratio": 4.0},
)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_with_that_share_at_or_below(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)


def test_the_median_of_three_is_the_middle_one() -> None:
    assert median([3.0, 1.0, 2.0]) == 2.0


def test_a_spread_names_median_tail_and_worst() -> None:
    values = [float(n) for n in range(1, 101)]
    assert spread(values) == {"p50_ms": 50.0, "p99_ms": 99.0, "max_ms": 100.0}


def test_a_goal_holds_at_its_limit_and_is_missed_above_it() -> None:
    assert ROW.missed == ("p99_ms",)
    assert ROW.document()["reached"] is False


def test_the_table_has_a_row_each_with_units_and_what_was_missed() -> None:
    head, row = table([ROW.document()]).splitlines()
    assert head.split() == ["benchmark", "measured", "reference", "ratio", "goal", "reached"]
    assert "p99 20 ms" in row
    assert "rss 150.5 MB" in row
    assert "p99 <= 16.7 ms, ratio <= 4" in row
    assert row.endswith("no: p99")


def test_an_unknown_benchmark_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="sqan"):
        run(["sqan"])


def test_the_command_refuses_a_name_that_it_does_not_know() -> None:
    shown: list[Any] = []

    class Answer:
        def show(self, document: object, text: str) -> None:
            shown.append((document, text))

    with pytest.raises(InputInvalid) as refused:
        run_command(argparse.Namespace(names=["sqan"]), Answer())
    assert refused.value.fields["value"] == "sqan"
    assert not shown
