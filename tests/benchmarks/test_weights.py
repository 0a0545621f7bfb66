"""A short run of the benchmarks of weights and of the heart, through the command."""

import json
from argparse import Namespace
from typing import Any

import pytest

from packstation.benchmarks import command
from packstation.benchmarks.weights import Count, by_seed
from packstation.domain.errors import InputInvalid


class Paper:
    """Keeps the one answer."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.text = ""

    def show(self, document: object, text: str) -> None:
        self.rows = json.loads(json.dumps(document))["benchmarks"]
        self.text = text


def answer(name: str, seeds: str = "") -> Paper:
    out = Paper()
    assert command.run(Namespace(names=[name], seeds=seeds, quick=True), out) == 0
    return out


def test_weights_are_judged_on_the_seeds_that_were_asked_for() -> None:
    rows = answer("weights", "77").rows
    assert [row["name"] for row in rows] == [
        "weights (1 g scale)",
        "weights (5 g scale)",
        "weights (10 g scale)",
        "weights, one mix (5 g scale)",
    ]
    for row in rows:
        assert row["shape"]["seeds"] == [77]
        assert all(0 <= value <= 1000 for value in row["figures"].values())
    scales, one_mix = rows[:3], rows[3]
    for row in scales:
        by = row["shape"]["by_seed"]
        assert by["caught_worst_permille"] == by["caught_median_permille"]
        assert row["shape"]["judged"] == 200
        assert set(row["shape"]["caught_permille_by_kind"]) == {"missing", "extra", "swapped"}
    assert {name.partition("_")[0] for name in one_mix["figures"]} == {
        "true",
        "creeping",
        "jumped",
        "alone",
    }


def test_the_published_seeds_are_the_usual_ones_and_each_run_is_the_same() -> None:
    first, again = answer("weights").rows, answer("weights").rows
    assert first == again
    assert first[0]["shape"]["seeds"] == [1]


def test_the_heart_is_timed_on_long_orders_and_on_marked_units() -> None:
    out = answer("verify")
    assert [row["name"] for row in out.rows] == [
        "verify (decide + evolve)",
        "verify, serials and IMEI",
    ]
    for row in out.rows:
        assert row["goal"] == {"p50_us": 50.0, "p99_us": 50.0}
        assert row["figures"]["p99_us"] >= row["figures"]["p50_us"] > 0
        assert row["ratio"] > 0
    assert "verify, serials and IMEI" in out.text


def test_the_worst_seed_is_the_one_that_catches_least_and_the_one_that_cries_most() -> None:
    quiet, loud = Count(right=1000, false=1), Count(right=1000, false=3)
    quiet.wrong["missing"], loud.wrong["missing"] = 100, 100
    quiet.caught["missing"], loud.caught["missing"] = 90, 95
    found = by_seed([quiet, loud])
    assert found["caught_worst_permille"] == 900.0
    assert found["false_worst_permille"] == 3.0


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("", ()), ("7", (7,)), ("3-5,9", (3, 4, 5, 9)), ("2001-2003", (2001, 2002, 2003))],
)
def test_seeds_are_numbers_and_ranges(text: str, seeds: tuple[int, ...]) -> None:
    assert command.seeds_of(text) == seeds


@pytest.mark.parametrize("text", ["x", "5-1", "1-9999", "-3", "1-", "12345678901", "²"])
def test_what_is_no_seed_is_refused(text: str) -> None:
    with pytest.raises(InputInvalid):
        command.seeds_of(text)


def test_a_benchmark_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputInvalid):
        answer("nothing")
