"""The application: nothing heavy before the first paint, fonts and sound after it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from packstation.station.views import Screen
from packstation.ui import app, fonts
from tests.ui.conftest import MakeWindow
from tests.ui.frame_views import scanning

HEAVY = "numpy PIL zxingcpp reportlab sqlalchemy babel cv2 miniaudio httpx pypdfium2 biip".split()

_RUN = """
import sys
from PySide6.QtCore import QTimer
from packstation.ui.app import make_application, make_stages, run
from packstation.ui.main_window import MainWindow
from tests.ui.frame_views import scanning

application = make_application()
window = MainWindow(make_stages())
window.resize(1366, 768)
window.show_view(scanning())
window.show()
application.processEvents()
found = [name for name in sys.argv[1:] if name in sys.modules]
assert not found, found
assert window.grab().toImage().pixelColor(683, 30).isValid()
QTimer.singleShot(300, window.close)
sys.exit(run(window))
"""


def test_the_first_paint_needs_nothing_heavy_and_the_program_ends_well(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *HEAVY],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr[-2000:]


def test_there_is_one_application(product_fonts: QApplication) -> None:
    assert app.make_application() is product_fonts


def test_keys_of_the_application_reach_the_window(
    make_window: MakeWindow, qapp: QApplication
) -> None:
    window = make_window(scanning())
    found = app.listen(window, qapp)
    assert found.parent() is window
    qapp.removeEventFilter(found)


def test_a_font_that_is_missing_is_told_and_the_rest_is_there(
    product_fonts: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    assert fonts.load(("NoSuch.ttf", "NotoSans-400.ttf")) == ("Noto Sans",)
    assert [record.message for record in caplog.records] == ["font.missing"]


def test_the_way_of_a_parcel_is_made_ahead(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(scanning())
    window.warm()
    qtbot.waitUntil(lambda: not window.frame.warm(), timeout=5000)
    stage = window.frame.stage
    window.show_view(scanning())
    assert window.frame.stage is stage
    assert stage is not None
    assert stage.isVisible()


def test_the_products_own_stages_are_made_for_every_state(
    product_fonts: QApplication, make_window: MakeWindow
) -> None:
    stages = app.make_stages()
    window = make_window(scanning())
    for screen in Screen:
        made = stages.screen(screen, window.theme, window.frame.words)
        made.setParent(window)
        assert made.focusPolicy() == window.focusPolicy()
