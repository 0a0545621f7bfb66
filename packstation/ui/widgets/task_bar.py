"""What goes in beside the goods, above the stage: said when it is needed, in nobody's way."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from packstation.station.ports import CommandGiven
from packstation.station.views import StationView, TaskView
from packstation.ui import paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas, Placed
from packstation.ui.widgets.painted import SMOOTH
from packstation.ui.widgets.touch_area import TouchArea
from packstation.ui.words import Speaker

_ICONS = {"item": "shield", "carton": "box", "closing": "document"}


class TaskBar(QWidget):
    """Icon and moment at the left, what to do in the middle, how it is confirmed at the right."""

    happened = Signal(object)

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self.words = theme, words
        self.placed: list[Placed] = []
        self.shown: TaskView | None = None
        self._area = TouchArea(self)
        self._area.clicked.connect(self._touched)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_view(self, view: StationView) -> None:
        """The bar is there while something is asked for."""
        if view.task != self.shown:
            self.shown = view.task
            self.setAccessibleName(" ".join(self._lines()))
            self._area.setAccessibleName(self.words.say("task.explicit"))
            self.update()
        self.setVisible(view.task is not None)

    def wanted_height(self) -> int:
        """A finger's height and air."""
        return self.theme.metrics.touch + self.theme.pick(16, 8)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """All of it may be touched."""
        self._area.setGeometry(self.rect())

    def _touched(self) -> None:
        self.happened.emit(CommandGiven("done", source="touch"))

    def _lines(self) -> tuple[str, str]:
        """What to do, and with what."""
        shown = self.shown
        if shown is None:
            return "", ""
        say = self.words.say
        parts = []
        if shown.container:
            parts.append(say("task.container", names=shown.container))
        if shown.materials:
            names = ", ".join(name for name, _ in shown.materials)
            parts.append(say("task.materials", names=names))
        if shown.collect:
            parts.append(say("task.collect", name=shown.collect))
        first = shown.text or shown.title
        if not first:
            first, parts = (parts[0], parts[1:]) if parts else (shown.rule, [])
        return first, " · ".join(parts)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A tinted strip: amber where it wants its own word, calm where the next scan says so."""
        painter, theme = QPainter(self), self.theme
        painter.setRenderHints(SMOOTH)
        area = QRectF(self.rect())
        painter.fillRect(area, theme.color("canvas"))
        self.placed = []
        if self.shown is not None:
            canvas = Canvas(painter, theme, self.words, self.placed)
            inner = area.adjusted(
                theme.metrics.margin, theme.px(4), -theme.metrics.margin, -theme.px(2)
            )
            self._draw(canvas, inner, self.shown)
        painter.end()

    def _draw(self, canvas: Canvas, area: QRectF, shown: TaskView) -> None:
        theme = self.theme
        tone = "warn" if shown.explicit else "now"
        canvas.plate(area, f"{tone}.tint", f"{tone}.fill", radius="card", width=2)
        side, pad = theme.pick(44, 36), theme.pick(20, 14)
        icon = QRectF(area.left() + pad, area.center().y() - side / 2, side, side)
        canvas.icon(_ICONS[shown.moment], icon, f"{tone}.ink")
        right = self._confirm(canvas, area, shown, tone)
        left = icon.right() + pad
        room = QRectF(
            left, area.top() + theme.px(4), right - pad - left, area.height() - theme.px(8)
        )
        first, second = self._lines()
        high = room.height() * (0.55 if second else 1.0)
        head = canvas.fit((room.width(), high), first, "body", 1 if second else 2, strong=True)
        under = canvas.fit((room.width(), room.height() - head.height), second, "label", 1)
        total = head.height + (under.height if second else 0)
        top = room.center().y() - total / 2
        canvas.fitted(QRectF(room.left(), top, room.width(), head.height), head, "ink")
        if second:
            low = QRectF(room.left(), top + head.height, room.width(), under.height)
            canvas.fitted(low, under, "ink2")

    def _confirm(self, canvas: Canvas, area: QRectF, shown: TaskView, tone: str) -> float:
        """The key and its words at the right; answers where they begin."""
        theme = self.theme
        pad = theme.pick(20, 14)
        key = "F2" if shown.collect else "Enter"
        words = self.words.say(_confirmed_by(shown))
        wide = min(area.width() * 0.3, theme.pick(420, 300))
        cap_wide = paint.key_width(theme, key)
        left = area.right() - pad - wide
        corner = QPointF(left, area.center().y() - theme.pick(34, 30) / 2)
        paint.key_cap(canvas.painter, theme, corner, key)
        begin = left + cap_wide + theme.px(12)
        room = QRectF(begin, area.top(), area.right() - pad - begin, area.height())
        more = self.words.say("task.more", n=shown.more) if shown.more else ""
        high = area.height() / (2 if more else 1)
        upper = QRectF(room.left(), room.top(), room.width(), high)
        fitted = canvas.fit((upper.width(), upper.height()), words, "label", 1 if more else 2)
        canvas.fitted(upper, fitted, f"{tone}.ink", MIDDLE_LEFT)
        if more:
            lower = QRectF(room.left(), area.center().y(), room.width(), high)
            canvas.text(lower, more, ("label", "ink2"), MIDDLE_LEFT)
        return left


def _confirmed_by(shown: TaskView) -> str:
    if shown.collect:
        return "task.value"
    return "task.explicit" if shown.explicit else "task.next"
