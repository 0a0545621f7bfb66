"""A page of help: search on top, topics beside, what the state asks and what to do when."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF

from packstation.station.help_book import CODES
from packstation.station.views import HelpView, StationView
from packstation.ui import paint
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import Painted

# Where the second column of cases begins.
_SPLIT: Final = 0.36


class HelpSearch(Painted[str]):
    """What was typed; keys write into it, no focus, and no scan lands in it."""

    def share(self, view: StationView) -> str:
        """The query."""
        return view.help.query if view.help else ""

    def spoken(self) -> str:
        """The query, else what to do."""
        return self.shown or self.words.say("screen.helping.type")

    def draw(self, canvas: Canvas, area: QRectF, shown: str) -> None:
        """A field with a glass; a bar stands where the next letter goes."""
        theme = self.theme
        canvas.plate(area, "surface", "edge", radius="chip")
        pad = theme.pick(20, 14)
        side = theme.pick(34, 28)
        icon = QRectF(area.left() + pad, area.center().y() - side / 2, side, side)
        canvas.icon("find", icon, "ink2")
        left = icon.right() + theme.px(14)
        room = QRectF(left, area.top(), area.right() - pad - left, area.height())
        words = shown or self.words.say("screen.helping.type")
        taken = canvas.text(room, words, ("body", "ink" if shown else "ink2"), MIDDLE_LEFT)
        if shown:
            line = theme.line_height("body")
            bar = QRectF(taken.right() + 3, area.center().y() - line * 0.4, 3, line * 0.8)
            canvas.painter.fillRect(bar, theme.color("now.fill"))


class HelpTopics(Painted[HelpView]):
    """Topics found, each with its digit; the open one is outlined."""

    def share(self, view: StationView) -> HelpView | None:
        """What was found, and which is open."""
        return view.help

    def spoken(self) -> str:
        """The titles."""
        return ". ".join(self._title(hit.id, hit.title) for hit in (self.shown or HelpView()).hits)

    def rows(self, area: QRectF) -> list[QRectF]:
        """A row each; high enough for a finger where there is room."""
        count = max(1, len(self.shown.hits) if self.shown else 1)
        gap = self.theme.px(8)
        high = min(self.theme.metrics.touch, (area.height() - gap * (count - 1)) / count)
        return [
            QRectF(area.left(), area.top() + place * (high + gap), area.width(), high)
            for place in range(count)
        ]

    def _title(self, topic: str, title: str) -> str:
        if topic in CODES:
            return self.words.say(f"screen.helping.{topic}")
        return title or self.words.say("screen.helping.all" if topic else "screen.help.title")

    def draw(self, canvas: Canvas, area: QRectF, shown: HelpView) -> None:
        """Digit and title."""
        theme = self.theme
        if not shown.hits:
            words = self.words.say("screen.helping.none")
            canvas.text(area, words, ("body", "ink2"), lines=5)
            return
        for place, (hit, row) in enumerate(zip(shown.hits, self.rows(area), strict=True), 1):
            here = hit.id == shown.id
            canvas.plate(row, "now.tint" if here else "surface", "now.fill" if here else "line")
            pad = theme.pick(16, 10)
            corner = QPointF(row.left() + pad, row.center().y() - theme.pick(34, 30) / 2)
            cap = paint.key_cap(canvas.painter, theme, corner, str(place))
            left = cap.right() + theme.px(12)
            room = QRectF(left, row.top(), row.right() - pad - left, row.height())
            ink = "now.ink" if here else "ink"
            title = self._title(hit.id, hit.title)
            fitted = canvas.fit((room.width(), room.height()), title, "label", 2, strong=here)
            canvas.fitted(room, fitted, ink, MIDDLE_LEFT)


class HelpPage(Painted[HelpView]):
    """One topic: what the screen asks, keys, and what to do when something happens."""

    def share(self, view: StationView) -> HelpView | None:
        """The open topic; None while all keys are shown."""
        shown = view.help
        return shown if shown and not shown.board and not shown.codes else None

    def spoken(self) -> str:
        """All of it."""
        shown = self.shown or HelpView()
        rows = (f"{first}: {second}" for first, second in (*shown.keys, *shown.when))
        return ". ".join((shown.title, shown.asks, *rows))

    def draw(self, canvas: Canvas, area: QRectF, shown: HelpView) -> None:
        """Title and question above, keys and cases below; each row as high as it needs."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = theme.pick(34, 18)
        inner = area.adjusted(pad, theme.pick(20, 10), -pad, -theme.pick(16, 8))
        title = canvas.fit(
            (inner.width(), theme.line_height("head")), shown.title, "title", 1, strong=True
        )
        canvas.fitted(inner, title, "ink")
        y = inner.top() + title.height + theme.px(4)
        asks = canvas.fit((inner.width(), inner.height() * 0.3), shown.asks, "body", 3)
        canvas.fitted(QRectF(inner.left(), y, inner.width(), asks.height), asks, "ink")
        y += asks.height + theme.px(8)
        y = self._keys(canvas, QRectF(inner.left(), y, inner.width(), inner.bottom() - y), shown)
        self._cases(canvas, QRectF(inner.left(), y, inner.width(), inner.bottom() - y), shown)

    def _keys(self, canvas: Canvas, room: QRectF, shown: HelpView) -> float:
        """Two columns of key caps; answers where they end."""
        theme = self.theme
        if not shown.keys:
            return room.top()
        line = max(theme.line_height("label"), theme.pick(34, 30)) + theme.px(6)
        gap = theme.pick(28, 16)
        wide = (room.width() - gap) / 2
        for place, (key, words) in enumerate(shown.keys):
            row, column = divmod(place, 2)
            x, y = room.left() + column * (wide + gap), room.top() + row * line
            high = theme.pick(34, 30)
            cap = paint.key_cap(canvas.painter, theme, QPointF(x, y + (line - high) / 2), key)
            left = cap.right() + theme.px(12)
            canvas.text(
                QRectF(left, y, x + wide - left, line), words, ("label", "ink"), MIDDLE_LEFT
            )
        rows = -(-len(shown.keys) // 2)
        return room.top() + rows * line + theme.px(8)

    def _cases(self, canvas: Canvas, room: QRectF, shown: HelpView) -> None:
        """As large as all of them fit."""
        for role in ("body", "label"):
            rows = [self._case(canvas, room, row, role) for row in shown.when]
            air = self.theme.px(16 if role == "body" else 10)
            high = sum(max(first.height, second.height) + air for first, second in rows)
            if role == "label" or (high <= room.height() and not any(map(_cut, rows))):
                break
        y = room.top()
        for first, second in rows if shown.when else ():
            canvas.rule(QPointF(room.left(), y), QPointF(room.right(), y))
            top, left = y + air / 2, room.left() + room.width() * _SPLIT
            canvas.fitted(QRectF(room.left(), top, left, first.height), first, "ink")
            beside = QRectF(left, top, room.right() - left, second.height)
            canvas.fitted(beside, second, "ink2")
            y = top + max(first.height, second.height) + air / 2

    def _case(
        self, canvas: Canvas, room: QRectF, row: tuple[str, str], role: str
    ) -> tuple[Fitted, Fitted]:
        """What happens, and what to do; three lines at most."""
        left = room.width() * _SPLIT - self.theme.pick(24, 14)
        first = canvas.fit((left, room.height()), row[0], role, 3, strong=True)
        right = room.width() * (1 - _SPLIT)
        return first, canvas.fit((right, room.height()), row[1], role, 3)


def _cut(row: tuple[Fitted, Fitted]) -> bool:
    return row[0].elided or row[1].elided
