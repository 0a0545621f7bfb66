"""Settings of the whole run: no display is needed, and no user's own settings are read."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.clusters import cluster as cluster  # noqa: PLC0414 - fixtures of all tests
from tests.clusters import copies as copies  # noqa: PLC0414

# How long one example takes says more of the machine's other work than of the code.
settings.register_profile("packstation", deadline=None)
settings.load_profile("packstation")

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings of the machine do not reach a test; its data folder is its own."""
    for name in [name for name in os.environ if name.startswith("PACKSTATION_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PACKSTATION_DATADIR", str(tmp_path / "data"))
