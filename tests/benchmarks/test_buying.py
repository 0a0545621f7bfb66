"""The benchmark of purchases: it counts what was paid, and sees a server that pays twice."""

from __future__ import annotations

from packstation.benchmarks import buying


def test_a_short_run_pays_for_nothing_twice() -> None:
    (row,) = buying.measure(quick=True)
    assert (row.missed, row.figures["parcels_count"]) == ((), buying.QUICK)
    assert row.figures["faults_count"] > 20
    assert row.figures["killed_count"] >= 1
    assert row.reference["second_count"] > 0


def test_a_server_that_takes_not_found_for_never_bought_is_seen() -> None:
    outcome, books, _ = buying.bought(12, {"buy": {"late": 0.5}}, settle_s=0)
    assert buying.judged(outcome, books, 12)["second"] > 0
