from __future__ import annotations

import os

import pytest

from tests.e2e.runs import Run, shared_demo


@pytest.fixture(scope="session")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Twenty orders with all faults, packed once for the whole test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return shared_demo(shared / "twenty-orders", "--orders", "20")
