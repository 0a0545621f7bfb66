"""Where the parcel is: a segment a step, done, current or still to come; not clickable."""

from __future__ import annotations

from collections.abc import Hashable

from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt, QVariantAnimation
from PySide6.QtWidgets import QWidget

from packstation.station.views import Screen, StationView
from packstation.ui import icons, tokens
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.frame_part import FramePart
from packstation.ui.words import Speaker

PACKING = ("scan", "box", "weigh", "label", "close")
FIRST_START = ("enrol", "find", "card")
ADDING = ("dev_kind", "dev_port", "dev_find", "dev_try", "dev_save")
_FIRST_SCREENS = {Screen.ENROL: 1, Screen.FIND_DEVICES: 2, Screen.TEST_CARD: 3}


def rail_of(view: StationView) -> tuple[tuple[str, ...], int]:
    """The steps and the current one (from 1); no steps where there is nothing to walk through."""
    again = view.card is not None and view.first is None  # the test card, from the Devices page
    if view.screen in _FIRST_SCREENS and not again:
        return FIRST_START, _FIRST_SCREENS[view.screen]
    if view.adding is not None and view.adding.rail and not view.locked:
        return ADDING, view.adding.rail
    return (PACKING, view.step) if view.step and not view.locked else ((), 0)


class StepRail(FramePart):
    """Five steps while packing, three at the first start."""

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._steps: tuple[str, ...] = ()
        self._current = 0
        self._filled = 1.0
        self._advance = QVariantAnimation(self)
        self._advance.setStartValue(0.0)
        self._advance.setEndValue(1.0)
        self._advance.valueChanged.connect(self._fill)

    def share(self, view: StationView) -> Hashable:
        """Steps and current one."""
        before = (self._steps, self._current)
        self._steps, self._current = rail_of(view)
        self._moved = before[0] == self._steps and self._current == before[1] + 1
        return (self._steps, self._current)

    def changed(self) -> None:
        """One step on fills the segment from left to right; any other change is at once."""
        self._advance.stop()
        self._filled = 1.0
        if self._moved and self.theme.motion and self.isVisible():
            self._filled = 0.0
            self._advance.setDuration(tokens.MOTION_MS["rail"])
            self._advance.start()

    def _fill(self, part: float) -> None:
        self._filled = part
        self.update()

    def spoken(self) -> str:
        """Which of how many, and its name."""
        if not self._steps:
            return ""
        name = self.words.say(f"frame.step.{self._steps[min(self._current, len(self._steps)) - 1]}")
        return self.words.say("frame.step.of", i=self._current, of=len(self._steps), name=name)

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Segments of equal width."""
        t = self.theme
        canvas.painter.fillRect(area, t.color("canvas"))
        count = len(self._steps)
        if not count:
            return
        gap = t.px(6)
        width = (area.width() - 2 * t.metrics.margin - gap * (count - 1)) / count
        for index, step in enumerate(self._steps):
            cell = QRectF(t.metrics.margin + index * (width + gap), 0, width, area.height())
            self._segment(canvas, cell, index + 1, step)

    def _segment(self, canvas: Canvas, cell: QRectF, number: int, step: str) -> None:
        t = self.theme
        done, current = number < self._current, number == self._current
        ink = "ok.ink" if done else "now.ink" if current else "ink3"
        tall = t.px(6)
        bar = QRectF(cell.left(), cell.bottom() - tall, cell.width(), tall)
        canvas.painter.fillRect(bar, t.color("ok.fill" if done else "line"))
        if current:
            bar.setWidth(bar.width() * self._filled)
            canvas.painter.fillRect(bar, t.color("now.fill"))
        line = QRectF(cell.left(), t.pick(17, 3), cell.width(), t.pick(34, 34))
        mark = t.pick(24, 22)
        if done:
            box = QRectF(line.left() + t.px(2), line.center().y() - mark / 2, mark, mark)
            icons.draw_icon(canvas.painter, "check", box, t.color(ink))
            left = float(mark + t.px(12))
        else:
            taken = canvas.text(line, str(number), ("label", ink), MIDDLE_LEFT, strong=True)
            left = taken.width() + t.px(10)
        if not t.profile.tight:
            room = line.adjusted(left, 0, 0, 0)
            self._name(canvas, room, step, ink)

    def _name(self, canvas: Canvas, room: QRectF, step: str, ink: str) -> None:
        """The current step is the boldest; its number and those of the others are not."""
        t = self.theme
        text = self.words.say(f"frame.step.{step}")
        fitted = canvas.fit((room.width(), room.height()), text, "label", strong=True)
        if ink == "now.ink":
            fitted = replace(fitted, font=t.font_px("label", fitted.font.pixelSize(), 700))
        canvas.fitted(room, fitted, ink, MIDDLE_LEFT)
