"""One application with the product's own fonts for every test of the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from packstation.station.ports import Happening
from packstation.station.views import Screen, StationView
from packstation.ui import fonts
from packstation.ui.app import make_stages
from packstation.ui.main_window import MainWindow, Stages
from packstation.ui.sounds import NullPlayer
from packstation.ui.stage import StageScreen
from packstation.ui.theme import Theme
from packstation.ui.words import Speaker
from tests.ui.frame_views import NOW


@pytest.fixture(scope="session")
def product_fonts(qapp: QApplication) -> QApplication:
    """All bundled fonts are there, so that what is measured is what is shown."""
    fonts.load_first("zh_Hans")
    fonts.load_rest("zh_Hans")
    return qapp


class PlainStage(StageScreen):
    """A stage that shows nothing and remembers the view."""

    view: StationView | None = None

    def show_view(self, view: StationView) -> None:
        """Remembered."""
        self.view = view


class OwnEntryStage(PlainStage):
    """A stage that asks for entries itself."""

    shows_entry = True


def plain_screen(screen: Screen, theme: Theme, speaker: Speaker) -> StageScreen:
    """Sign-in asks itself, as the product's does."""
    kind = OwnEntryStage if screen is Screen.SIGN_IN else PlainStage
    return kind(theme, speaker)


def plain_overlay(kind: str, theme: Theme, speaker: Speaker) -> StageScreen:
    """The same for every alert."""
    return PlainStage(theme, speaker)


def click(widget: QWidget) -> None:
    """A finger on the middle of a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


MakeWindow = Callable[..., MainWindow]
MakeShown = Callable[[tuple[int, int]], MainWindow]


@pytest.fixture
def player() -> NullPlayer:
    """Remembers what was sounded."""
    return NullPlayer()


@pytest.fixture
def make_window(qtbot: QtBot, product_fonts: QApplication, player: NullPlayer) -> MakeWindow:
    """Makes windows of a size that show a view."""

    kept: list[MainWindow] = []  # a part alone does not keep its window alive

    def make(view: StationView, size: tuple[int, int] = (1920, 1080)) -> MainWindow:
        window = MainWindow(Stages(plain_screen, plain_overlay), player, lambda: NOW)
        qtbot.addWidget(window)
        kept.append(window)
        window.resize(*size)
        window.show_view(view)
        window.show()
        qtbot.waitExposed(window)
        return window

    return make


@pytest.fixture
def make_shown(qtbot: QtBot, product_fonts: QApplication) -> MakeShown:
    """Makes windows with the product's own stages."""
    kept: list[MainWindow] = []

    def make(size: tuple[int, int]) -> MainWindow:
        window = MainWindow(make_stages(), NullPlayer(), lambda: NOW, 96.0, motion=False)
        qtbot.addWidget(window)
        kept.append(window)
        window.resize(*size)
        window.show()
        return window

    return make


@pytest.fixture
def heard() -> list[Happening]:
    """Where a test lets a window's inputs go."""
    return []
