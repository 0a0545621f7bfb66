"""The benchmark of customs papers runs from end to end; so short a run says nothing of speed."""

from __future__ import annotations

from datetime import UTC, datetime

from packstation.assets import resource
from packstation.benchmarks.papers import measure, raw_order
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check


def test_papers_are_looked_at_while_they_are_measured() -> None:
    check, papers = measure(quick=True)
    assert set(check.goal) <= set(check.figures)
    assert papers.shape["fonts_not_embedded"] == papers.shape["descriptions_lost"] == 0
    assert papers.figures["largest_kib"] <= 60


def test_orders_that_nobody_has_seen_are_judged_as_the_first() -> None:
    pack, tables = read_folder(resource("customs")), Tables()
    found = [
        check(raw_order(other=other), pack, tables, datetime(2026, 11, 22, 9, tzinfo=UTC))
        for other in (0, 1, 2, 200)
    ]
    assert len({one.digest for one in found}) == 4
    assert {tuple(one.rule for one in them.findings) for them in found} == {("R03", "R04", "R24")}
    shared = set.intersection(*(_texts(raw_order(other=one)["products"]) for one in (1, 2)))
    assert not {text for text in shared if "TS-" in text or "T-shirt" in text or "T恤" in text}


def _texts(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for one in value.values() for text in _texts(one)}
    if isinstance(value, list):
        return {text for one in value for text in _texts(one)}
    return {value} if isinstance(value, str) else set()
