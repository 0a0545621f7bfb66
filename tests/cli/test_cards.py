"""`cards`: the sheets that hang at a bench."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import packstation

ROWS = """
[[DEVICES]]
kind = "label"
model = "zpl"
address = "tcp://192.0.2.7:9100"
id = "label-2"
options = {name = "ZD421"}
"""


@pytest.mark.parametrize("which", ["commands", "scanner", "printers"])
def test_a_sheet_is_written_as_pdf(tmp_path: Path, which: str) -> None:
    config, out = tmp_path / "c.toml", tmp_path / "sheet.pdf"
    config.write_text(ROWS, "utf-8")
    done = packstation("cards", which, "--out", str(out), "--config", str(config), "--lang", "ru")
    assert done.status == 0, done.err
    assert out.read_bytes().startswith(b"%PDF-")


def test_a_bench_without_printers_says_so(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("", "utf-8")
    done = packstation(
        "cards", "printers", "--out", str(tmp_path / "x.pdf"), "--config", str(tmp_path / "c.toml")
    )
    assert done.status != 0
    assert "printer" in done.err


def test_badges_come_from_a_file_of_people(tmp_path: Path) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "badges.pdf"
    people.write_text("badge,name,role,pin\nPK-1,Lin Yue,packer,1111\n", "utf-8")
    done = packstation("cards", "badges", "--people", str(people), "--out", str(out), "--json")
    assert done.status == 0, done.err
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("rows", ["", "PK-1,Lin Yue,astronaut,\n"])
def test_people_that_cannot_be_read_are_named(tmp_path: Path, rows: str) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f"badge,name,role,pin\n{rows}", "utf-8")
    out = tmp_path / "x.pdf"
    done = packstation("cards", "badges", "--people", str(people), "--out", str(out))
    assert done.status == 2
    assert not out.exists()
    assert packstation("cards", "badges", "--out", str(out)).status == 2
