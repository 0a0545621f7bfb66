"""The Python that has karrio; `make test` makes it (setup/prepare.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def karrio_python() -> str:
    python = ROOT / ".venv-karrio" / "bin" / "python"
    if not python.exists():
        pytest.skip("no .venv-karrio here: `make test` makes it")
    return str(python)
