"""The quality table says something of every model there is, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packstation.devices import catalogue

TABLE = (Path(__file__).parents[2] / "docs" / "device-quality.md").read_text("utf-8")
SECTIONS = {
    "Scales": [row.id for row in catalogue.SCALES],
    "Dimensioners": [row.id for row in catalogue.DIMENSIONERS],
    "Scanners and readers": [row.id for row in catalogue.SCANNERS],
    "Label printers and papers": [row.id for row in catalogue.PRINTERS],
    "Cameras and lights": [row.id for row in (*catalogue.CAMERAS, *catalogue.LIGHTS)],
}


def rows(section: str) -> list[list[str]]:
    body = TABLE.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in body.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_model_has_its_row(section: str) -> None:
    named = [name for cells in rows(section) for name in re.findall(r"`([^`]+)`", cells[0])]
    assert sorted(named) == sorted(SECTIONS[section])


@pytest.mark.parametrize("section", SECTIONS)
def test_every_row_says_everything(section: str) -> None:
    assert {len(cells) for cells in rows(section)} == {8}
    assert all(all(cells) for cells in rows(section))
    assert {cells[7].split(":")[0] for cells in rows(section)} <= {"yes", "no"}
