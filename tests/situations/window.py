"""What a person reads in the window: the words that were really drawn, and in which colours."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QThreadPool
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from packstation.station.views import StationView
from packstation.ui.main_window import MainWindow
from packstation.ui.widgets.answer_keys import AnswerKey
from packstation.ui.widgets.frame_part import FramePart
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.task_bar import TaskBar
from packstation.ui.widgets.training_bar import TrainingBar

# Longer than every movement of the window.
STILL_MS = 220
# A state's colour fills at least so much of what covers the stage.
COVERED = 0.05
_STEP = 8
# What says which words it drew.
_PARTS = (Painted, FramePart, TaskBar, TrainingBar)


class Look:
    """One look at a window: its picture, the words on it."""

    def __init__(self, window: MainWindow, *, calm: bool = False) -> None:
        """``calm`` waits for pictures and movements, as a photograph wants it."""
        self._window = window
        self.image = _grab(window, calm=calm)
        self.words = " ".join(" ".join(_drawn(window)).split())

    def says(self) -> str:
        """The main line: of the question asked, of what covers the stage, or the stage's own."""
        frame = self._window.frame
        if frame.keypad is not None and frame.keypad.isVisible():
            return frame.keypad.accessibleName().strip()
        shown = frame.overlay or frame.stage
        return shown.main_line if shown is not None else ""

    def over(self) -> str:
        """What covers the stage: refusal, hold, stop, entry or nothing."""
        frame, view = self._window.frame, self._window.view
        if frame.keypad is not None and frame.keypad.isVisible():
            return "entry"
        return view.alert.kind if frame.overlay is not None and view.alert else ""

    def tone(self) -> str:
        """The role of the stage's or the cover's colour."""
        frame = self._window.frame
        shown = frame.overlay or frame.stage
        return shown.banner_role if shown is not None else ""

    def share(self, colour: str) -> float:
        """How much of the picture has the fill of a state, 0 to 1."""
        wanted = self._window.theme.color(f"{colour}.fill").rgb()
        wide, high = range(0, self.image.width(), _STEP), range(0, self.image.height(), _STEP)
        found = sum(self.image.pixel(x, y) == wanted for x in wide for y in high)
        return found / (len(wide) * len(high))

    def save(self, path: Path) -> None:
        """As a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.image.save(str(path))


def pictured(view: StationView) -> set[str]:
    """SKUs of the products whose picture is large on the screen."""
    alert, shown = view.alert, []
    if alert is not None:
        shown += [alert.in_hand, alert.needed]
    elif view.entry is not None and view.entry.product is not None:
        shown += [view.entry.product]
    else:
        shown += [view.verdict.product if view.verdict else None]
        shown += [view.current.product if view.current else None]
    return {product.sku for product in shown if product is not None}


def _grab(window: MainWindow, *, calm: bool) -> QImage:
    window.grab()
    if calm:
        QThreadPool.globalInstance().waitForDone()
        still = QDeadlineTimer(STILL_MS)
        while not still.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    return window.grab().toImage()


def _drawn(window: MainWindow) -> list[str]:
    """Every text that was painted, and those of keys and keypad, which paint their own."""
    parts = [part for part in window.frame.findChildren(QWidget) if part.isVisible()]
    found = [text.text for part in parts if isinstance(part, _PARTS) for text in part.placed]
    found += [part.accessibleName() for part in parts if isinstance(part, AnswerKey)]
    keypad = window.frame.keypad
    if keypad is not None and keypad.isVisible() and keypad.entry is not None:
        found.append(keypad.accessibleName())
        found += [row.accessibleName() for row in keypad.rows]
        found.append(keypad.words.of(keypad.entry.problem))
    return found
