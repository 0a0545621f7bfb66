"""A program run over a kernel that umockdev makes up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def told(repository: Path, script: str) -> dict[str, Any]:
    """What the program at ``script`` prints as JSON; skips where there is no umockdev."""
    if sys.platform != "linux" or shutil.which("umockdev-wrapper") is None:
        pytest.skip("umockdev is Linux's")
    done = subprocess.run(
        ["umockdev-wrapper", sys.executable, script],
        cwd=repository,
        env={"PYTHONPATH": str(repository), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
