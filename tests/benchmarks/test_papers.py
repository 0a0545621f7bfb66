"""The benchmark of customs papers runs from end to end; so short a run says nothing of speed."""

from __future__ import annotations

from packstation.benchmarks.papers import measure


def test_papers_are_looked_at_while_they_are_measured() -> None:
    check, papers = measure(quick=True)
    assert set(check.goal) <= set(check.figures)
    assert papers.shape["fonts_not_embedded"] == papers.shape["descriptions_lost"] == 0
    assert papers.figures["largest_kib"] <= 60
