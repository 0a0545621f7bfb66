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
