"""Shows sample views on screens and overlays of their own, at the size of a profile's stage."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QThreadPool
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from packstation.station.views import Screen, StationView
from packstation.ui.screens import make_overlay, make_screen
from packstation.ui.stage import StageScreen
from packstation.ui.theme import Profile, Theme
from packstation.ui.widgets.canvas import Placed
from packstation.ui.widgets.painted import Painted
from packstation.ui.words import Speakers

PROFILES = {
    "wide": (Profile("wide"), 1920, 1080),
    "small": (Profile("small"), 1366, 768),
    "tight": (Profile("small", 0.75, tight=True), 960, 540),
}


def theme_of(
    profile: str = "wide",
    mode: str = "light",
    language: str = "en",
    percent: int = 100,
    hand: str = "right",
) -> Theme:
    """A theme without motion, so that what is painted is at rest."""
    return Theme(mode, PROFILES[profile][0], percent / 100, hand, language, motion=False)


def show(qtbot: QtBot, view: StationView, theme: Theme, profile: str = "wide") -> StageScreen:
    """The view on its stage, or on what covers it, at the real size."""
    _, width, height = PROFILES[profile]
    speaker = Speakers().of(theme.language)
    alert = view.alert
    if alert is not None and not view.locked:
        stage = make_overlay(alert.kind, theme, speaker)
        stage.resize(width, height - theme.metrics.top)
    else:
        stage = make_screen(Screen.SIGN_IN if view.locked else view.screen, theme, speaker)
        rail = (
            theme.metrics.rail
            if view.order or view.first or (view.adding and view.adding.rail)
            else 0
        )
        stage.resize(width, height - theme.metrics.top - rail - theme.metrics.foot)
    qtbot.addWidget(stage)
    stage.show_view(view)
    stage.show()
    paint(stage)
    return stage


def paint(stage: StageScreen) -> QImage:
    """Everything painted, product pictures read."""
    stage.grab()
    QThreadPool.globalInstance().waitForDone()
    QApplication.processEvents()
    return stage.grab().toImage()


def with_person(view: StationView, **changes: Any) -> StationView:  # noqa: ANN401 - any field
    """The view for a person who differs in these fields."""
    return replace(view, person=replace(view.person, **changes))


def parts(stage: StageScreen) -> list[Painted[Any]]:
    """All painted parts that are in sight."""
    found = [part for part in stage.findChildren(QWidget) if isinstance(part, Painted)]
    return [part for part in found if part.isVisible()]


def texts(stage: StageScreen) -> list[str]:
    """Every text that was painted."""
    return [placed.text for part in parts(stage) for placed in part.placed]


def cut(stage: StageScreen) -> list[str]:
    """Texts that had to end in an ellipsis."""
    return [placed.text for part in parts(stage) for placed in part.placed if placed.cut]


def outside(stage: StageScreen) -> list[str]:
    """Texts that reach over the edge of their part."""
    found = []
    for part in parts(stage):
        room = part.rect().toRectF().adjusted(-1, -1, 1, 1)
        found += [p.text for p in part.placed if not room.contains(p.area)]
    return found


def overlapping(stage: StageScreen) -> list[tuple[str, str]]:
    """Pairs of texts that lie over each other: where the ink of one meets that of the other."""
    found = []
    for part in parts(stage):
        found += [(a.text, b.text) for a, b in combinations(part.placed, 2) if _meet(a, b)]
    return found


def _meet(one: Placed, other: Placed) -> bool:
    """Ink fills the middle 60 % of a line's height; line boxes themselves may touch."""
    shared = one.area.intersected(other.area)
    if shared.width() < 3:
        return False
    return shared.height() > 0.4 * min(one.area.height(), other.area.height())
