from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.storage.store import FILE, open_store
from packstation.ui import fonts
from tests.e2e.rig import STATION, furnish
from tests.situations.goods import own_products


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where pictures of the situations' last states go."""
    parser.addoption("--shots", default="", help="write a picture of each situation's end there")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bench's own database with people, boxes and goods, but none of the samples' orders."""
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder, orders=())
    with open_store(folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids()) as store:
        store.intake.import_products(own_products())
    return folder


@pytest.fixture(scope="session")
def letters(qapp: QApplication) -> QApplication:
    """All letters of all languages."""
    fonts.load_first("zh_Hans")
    fonts.load_rest("zh_Hans")
    return qapp


@pytest.fixture(scope="session")
def shots(pytestconfig: pytest.Config) -> Path | None:
    """The folder for pictures, where somebody wants them."""
    named = pytestconfig.getoption("--shots", default="")
    return Path(named) if named else None
