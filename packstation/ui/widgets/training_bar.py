"""Amber on top for as long as nothing is real; it cannot be closed.

In a lesson it names the lesson at its right, and a second row says what to do now and how it goes.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from packstation.station.ports import CommandGiven
from packstation.station.views import LessonView, StationView
from packstation.ui import icons, paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas, Placed
from packstation.ui.words import Speaker


class TrainingBar(QWidget):
    """Says that nothing ships and nothing is billed; ``happened`` says that a finger left."""

    happened = Signal(object)

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.words = words
        self.lesson: LessonView | None = None
        self._way_out = QRectF()
        self.placed: list[Placed] = []
        self.setAccessibleName(words.say("frame.training"))

    def show_view(self, view: StationView) -> None:
        """There while training; paints again only where the lesson went on."""
        self.setVisible(view.training)
        if view.lesson != self.lesson:
            self.lesson = view.lesson
            self.setAccessibleName(self.spoken())
            self.update()

    def spoken(self) -> str:
        """The hint, for a screen reader."""
        mark = self.words.say("frame.training")
        return f"{mark}. {self.words.of(self.lesson.hint)}" if self.lesson else mark

    def _first(self) -> int:
        return self.theme.pick(60, 48)

    def wanted_height(self) -> int:
        """One row, two in a lesson."""
        second = self.theme.line_height("body") + self.theme.pick(20, 12)
        return self._first() + (round(second) if self.lesson else 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A finger on "all lessons" does what Home does."""
        if self.lesson is not None and self._way_out.contains(event.position()):
            self.happened.emit(CommandGiven("queue", source="touch"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon and words on amber; the hint on paper."""
        painter, t = QPainter(self), self.theme
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        area = QRectF(self.rect())
        painter.fillRect(area, t.color("warn.fill"))
        top = QRectF(0, 0, area.width(), self._first())
        side, left = t.pick(34, 28), t.metrics.margin
        box = QRectF(left, top.center().y() - side / 2, side, side)
        icons.draw_icon(painter, "help", box, t.color("warn.on"))
        room = top.adjusted(left + side + t.px(16), 0, -t.metrics.margin, 0)
        self.placed = []
        canvas = Canvas(painter, t, self.words, self.placed)
        if self.lesson is not None:
            room = self._lesson(canvas, room, self.lesson)
            self._hint(canvas, area.adjusted(0, self._first(), 0, 0), self.lesson)
        said = self.words.say("frame.training")
        canvas.text(room, said, ("body", "warn.on"), MIDDLE_LEFT, strong=True)
        painter.end()

    def _lesson(self, canvas: Canvas, room: QRectF, lesson: LessonView) -> QRectF:
        """Which lesson, right-aligned; the room that is left of it."""
        title = self.words.of(lesson.title)
        text = self.words.say("training.bar", i=lesson.number, of=lesson.of, name=title)
        wide = min(canvas.width(text, "body", strong=True) + 4, room.width() * 0.62)
        cell = QRectF(room.right() - wide, room.top(), wide, room.height())
        canvas.text(cell, text, ("body", "warn.on"), MIDDLE_RIGHT, strong=True)
        return room.adjusted(0, 0, -wide - self.theme.px(24), 0)

    def _hint(self, canvas: Canvas, row: QRectF, lesson: LessonView) -> None:
        """What to do now; how much is done, and which key leaves."""
        t = self.theme
        canvas.painter.fillRect(row, t.color("warn.tint"))
        room = row.adjusted(t.metrics.margin, 0, -t.metrics.margin, 0)
        room = self._leave(canvas, room)
        counts = self.words.say(
            "training.counts",
            lesson.mistakes,
            done=lesson.done,
            of=lesson.goals,
            n=lesson.mistakes,
            allowed=lesson.allowed,
        )
        strong = lesson.mistakes > lesson.allowed
        wide = min(canvas.width(counts, "label", strong=True) + 4, room.width() * 0.5)
        cell = QRectF(room.right() - wide, room.top(), wide, room.height())
        colour = "stop.ink" if strong else "ink2"
        canvas.text(cell, counts, ("label", colour), MIDDLE_RIGHT, strong=strong)
        room = room.adjusted(0, 0, -wide - t.px(20), 0)
        hint = self.words.of(lesson.hint)
        canvas.text(room, hint, ("body", "warn.ink"), MIDDLE_LEFT, strong=True)

    def _leave(self, canvas: Canvas, room: QRectF) -> QRectF:
        """The key back to the list of lessons, at the right end."""
        t = self.theme
        said = self.words.say("training.leave")
        wide = canvas.width(said, "label") + 4
        cell = QRectF(room.right() - wide, room.top(), wide, room.height())
        canvas.text(cell, said, ("label", "ink2"), MIDDLE_RIGHT)
        high = t.pick(34, 30)
        left = cell.left() - t.px(10) - paint.key_width(t, "Home")
        at = QPointF(left, room.center().y() - high / 2)
        cap = paint.key_cap(canvas.painter, t, at, "Home")
        # As wide as what is drawn, as high as both rows: no smaller than a finger.
        self._way_out = QRectF(cap.left(), 0, float(self.width()) - cap.left(), self.height())
        return room.adjusted(0, 0, -(room.right() - cap.left()) - t.px(24), 0)
