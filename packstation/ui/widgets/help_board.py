"""All commands with their keys, in columns; the codes are on the laminated card."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import Screen, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import Painted

# Key cap and name in the catalogue; UI_DESIGN "Keys".
COMMANDS = (
    ("Enter", "accept"),
    ("Esc", "back"),
    ("F1", "help"),
    ("F2", "manual"),
    ("F3", "carton"),
    ("F4", "undo"),
    ("F5", "next_parcel"),
    ("F6", "short"),
    ("F7", "service"),
    ("F8", "hold"),
    ("F9", "reprint"),
    ("F10", "void"),
    ("F11", "person"),
    ("F12", "supervisor"),
    ("1–4", "pick"),
    ("7 *", "quantity"),
    ("Ctrl Alt M", "mute"),
)


class HelpBoard(Painted[bool]):
    """HELP: key, word, and in one line what it does."""

    def share(self, view: StationView) -> bool:
        """The same for every view; whether sound is off is said in the bar."""
        return view.screen == Screen.HELP

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.help.title")

    def draw(self, canvas: Canvas, area: QRectF, shown: bool) -> None:
        """Three columns on one card."""
        theme = self.theme
        if not shown:
            return
        canvas.card(area, radius="hero")
        pad = theme.pick(41, 22)
        inner = area.adjusted(pad, theme.pick(22, 10), -pad, -theme.pick(18, 8))
        head = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("head"))
        size = theme.pick(52, 42)
        fitted = canvas.fit((head.width(), head.height()), self.spoken(), "head", largest=size)
        canvas.fitted(head, fitted, "ink", MIDDLE_LEFT)
        columns = 3
        rows = -(-len(COMMANDS) // columns)
        gap = theme.pick(36, 20)
        wide = (inner.width() - gap * (columns - 1)) / columns
        top = head.bottom() + theme.px(6)
        step = (inner.bottom() - top) / rows
        for index, (key, name) in enumerate(COMMANDS):
            column, row = divmod(index, rows)
            cell = QRectF(inner.left() + column * (wide + gap), top + row * step, wide, step)
            if row:
                canvas.rule(cell.topLeft(), cell.topRight())
            self._entry(canvas, cell, key, name)

    def _entry(self, canvas: Canvas, cell: QRectF, key: str, name: str) -> None:
        theme = self.theme
        x = cell.left()
        cap_wide = paint.key_width(theme, key)
        slot = max(theme.pick(86, 74), cap_wide)
        high = theme.pick(34, 30)
        corner = QPointF(x, cell.center().y() - high / 2)
        paint.key_cap(canvas.painter, theme, corner, key)
        x += slot + theme.px(16)
        room = QRectF(x, cell.top(), cell.right() - x, cell.height())
        text = canvas.words.say(f"screen.help.{name}")
        why = canvas.words.say(f"screen.help.{name}_why")
        roomy = theme.line_height("body") + 2 * theme.line_height("label") < room.height()
        role, smaller = ("body", "label") if roomy else ("label", "fine")
        first = canvas.fit((room.width(), room.height() * 0.5), text, role, 1, strong=True)
        second = canvas.fit((room.width(), room.height() - first.height), why, smaller, 2)
        top = cell.center().y() - (first.height + second.height) / 2
        canvas.fitted(QRectF(x, top, room.width(), first.height), first, "ink")
        low = QRectF(x, top + first.height, room.width(), second.height)
        canvas.fitted(low, second, "ink2")
