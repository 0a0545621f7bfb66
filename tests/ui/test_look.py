"""The camera's picture in the window: pulled while seen, marked, and never a code to scan."""

from __future__ import annotations

import time

import numpy as np
import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from packstation.devices.camera.ladder import CodeReader
from packstation.devices.camera.showing import shown
from packstation.devices.sim.camera import in_rows, mat_picture
from packstation.station.frames import Frame, FrameMark
from packstation.station.look_view import LookView
from packstation.station.views import StationView
from packstation.ui.app import make_stages
from packstation.ui.main_window import MainWindow
from packstation.ui.widgets.look_panel import LookPanel
from tests.ui.frame_views import NOW
from tests.ui.sample_camera import FULL, camera, camera_frozen, camera_none, scanning_look
from tests.ui.stage_views import show, texts, theme_of

pytestmark = pytest.mark.usefixtures("product_fonts")
CODES = ("6901234567892", "4006381333931", "LX123456785CN")


class Reel:
    """A camera with one picture, and how often it was asked."""

    def __init__(self, frame: Frame | None) -> None:
        self.frame = frame
        self.asked = 0

    def latest(self) -> Frame | None:
        self.asked += 1
        return self.frame


def frame(seq: int = 1) -> Frame:
    """What the camera's thread makes of a mat with three labels."""
    picture = mat_picture(in_rows([*CODES, "[01]09521234543213[21]A1"]), FULL)
    reads = {read.text: read for read in CodeReader().read(picture)}
    marks = tuple(FrameMark(r.text, r.format, r.engine, r.corners) for r in reads.values())
    return shown(picture, 640, seq, time.monotonic_ns(), 14.6, marks)


@pytest.fixture
def reel() -> Reel:
    return Reel(frame())


def window_of(qtbot: QtBot, view: StationView, reel: Reel, size: tuple[int, int]) -> MainWindow:
    window = MainWindow(make_stages(), None, lambda: NOW, 96.0, motion=False)
    qtbot.addWidget(window)
    window.set_cameras({"camera": reel})
    window.resize(*size)
    window.show_view(view)
    window.show()
    qtbot.waitUntil(lambda: reel.asked > 2)
    return window


def image_of(window: MainWindow) -> QImage:
    return window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_no_code_of_the_picture_can_be_scanned_off_the_screen(
    qtbot: QtBot, reel: Reel, size: tuple[int, int]
) -> None:
    for view in (scanning_look("en"), camera("en")):
        look = view.look
        assert look
        unmarked = replace(view, look=LookView(look.device, look.size))
        image = image_of(window_of(qtbot, unmarked, reel, size))
        raw = bytes(image.constBits())
        seen = Image.frombytes("RGB", size, raw, "raw", "RGB", image.bytesPerLine())
        found = [code.text for code in zxingcpp.read_barcodes(seen)]
        assert all(text.startswith("%PS:") for text in found), found


def test_the_picture_stands_under_the_lines_and_marks_on_it(qtbot: QtBot, reel: Reel) -> None:
    window = window_of(qtbot, scanning_look("en"), reel, (1920, 1080))
    (panel,) = window.findChildren(LookPanel)
    assert panel.isVisible()
    assert panel.accessibleName() == "Camera: 2 counted"
    image = panel.grab().toImage()
    green = window.theme.color("ok.fill").rgb()
    rows = [image.pixel(x, y) for x in range(image.width()) for y in range(image.height())]
    assert rows.count(green) > 200


def test_without_a_camera_the_column_is_the_lines_own(qtbot: QtBot) -> None:
    with_look = show(qtbot, scanning_look("en"), theme_of())
    lines = with_look.parts[1].height()  # type: ignore[attr-defined]
    with_look.show_view(replace(scanning_look("en"), look=None))
    assert with_look.parts[1].height() > lines + 200  # type: ignore[attr-defined]
    assert not with_look.parts[2].isVisible()  # type: ignore[attr-defined]


def test_pictures_are_pulled_only_while_they_can_be_seen(qtbot: QtBot, reel: Reel) -> None:
    window = window_of(qtbot, scanning_look("en"), reel, (1366, 768))
    window.show_view(replace(scanning_look("en"), look=None))
    asked = reel.asked
    qtbot.wait(200)
    assert reel.asked == asked


def test_a_lost_picture_leaves_words(qtbot: QtBot, reel: Reel) -> None:
    window = window_of(qtbot, scanning_look("en"), reel, (1366, 768))
    (panel,) = window.findChildren(LookPanel)
    window.grab()
    assert "No picture yet" not in [placed.text for placed in panel.placed]
    reel.frame = None
    qtbot.waitUntil(lambda: bool(panel.grab()) and bool(panel.placed))
    assert [placed.text for placed in panel.placed] == ["No picture yet"]


def test_the_cameras_page_tells_rate_age_light_and_what_is_read(qtbot: QtBot, reel: Reel) -> None:
    window = window_of(qtbot, camera("en"), reel, (1920, 1080))
    stage = window.frame.stage
    assert stage is not None
    assert stage.main_line == "Hold a code before the camera"
    qtbot.waitUntil(lambda: bool(window.grab()) and "14.6" in texts(stage))
    said = texts(stage)
    assert "1280 × 720" in said
    assert set(CODES[:2]) <= set(said)
    assert "EAN-13 · zxing" in said


def test_a_frozen_camera_says_its_cure_and_a_missing_one_that_it_is_missing(qtbot: QtBot) -> None:
    frozen = show(qtbot, camera_frozen("en"), theme_of())
    assert frozen.main_line == "Unplug its cable and plug it in again; nothing is lost"
    assert frozen.banner_role == "stop"
    none = show(qtbot, camera_none("en"), theme_of())
    assert none.main_line == "No camera is set up"


def test_pulling_and_painting_a_picture_fits_a_frame_of_the_screen(
    qtbot: QtBot, reel: Reel
) -> None:
    window = window_of(qtbot, scanning_look("en"), reel, (1920, 1080))
    (panel,) = window.findChildren(LookPanel)
    assert reel.frame
    times = []
    for seq in range(2, 22):
        reel.frame = replace(reel.frame, seq=seq)
        begun = time.process_time()
        panel.pull()
        panel.repaint()
        times.append(time.process_time() - begun)
    assert sorted(times)[10] < 0.016
    assert np.mean(times) > 0


@pytest.mark.parametrize("profile", ["wide", "small"])
def test_the_current_line_stays_in_sight_over_the_picture(qtbot: QtBot, profile: str) -> None:
    stage = show(qtbot, scanning_look("en"), theme_of(profile), profile)
    column = stage.parts[1]  # type: ignore[attr-defined]
    shown = [placed.text for placed in column.placed]
    assert any(text.startswith("Enamel mug") for text in shown), shown
