"""`packstation demo` on a display: the product's window with the virtual bench at its right."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.runs import no_display

SCREEN = (1920, 1080)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="apt install xvfb")
def test_a_guest_signs_in_opens_an_order_and_scans_at_the_virtual_bench(
    tmp_path: Path, repository: Path
) -> None:
    server = "-screen 0 {}x{}x24".format(*SCREEN)
    program = [sys.executable, "-m", "tests.e2e.windowed", str(tmp_path)]

    done = subprocess.run(
        ["xvfb-run", "-a", "-s", server, *program],
        env=no_display() | {"QT_QPA_PLATFORM": "xcb"},
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["seen"] == ["sign_in", "queue", "scanning", "scanned"], done.stderr
    assert seen["platform"] == "xcb"
    with Image.open(tmp_path / "scanning.png") as picture:
        assert picture.size == SCREEN


def test_without_a_display_the_window_names_the_cure(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "packstation", "demo", "--out", str(tmp_path / "out")],
        env=no_display(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 2
    assert "--headless" in done.stderr
    assert not (tmp_path / "out").exists()
