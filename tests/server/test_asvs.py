"""docs/asvs.csv: every test that it names is there, and what has none says why."""

from __future__ import annotations

import csv
import re

from tests.walls.sources import ROOT

STATES = {"tested", "reasoned", "not_applicable", "open"}


def sheet() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_item_stands_once_with_its_state() -> None:
    rows = sheet()
    assert len({row["item"] for row in rows}) == len(rows) > 240
    assert all(re.fullmatch(r"V(1[0-7]|[1-9])\.[0-9]+\.[0-9]+", row["item"]) for row in rows)
    assert {row["state"] for row in rows} == STATES
    assert {row["level"] for row in rows} <= {"1", "2", "3"}


def test_what_is_tested_names_tests_that_are_there() -> None:
    missing = []
    for row in sheet():
        if row["state"] != "tested":
            assert not row["tests"], row["item"]
            continue
        assert row["tests"], row["item"]
        for named in row["tests"].split():
            path, _, test = named.partition("::")
            where = ROOT / path
            if not where.exists() or (test and f"def {test}(" not in where.read_text("utf-8")):
                missing.append((row["item"], named))
    assert missing == []


def test_what_has_no_test_says_why() -> None:
    assert [row["item"] for row in sheet() if row["state"] != "tested" and not row["words"]] == []
