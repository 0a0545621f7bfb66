"""A page of rows: what to do on top, then rows with time, icon, words, more words and a note."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import ListRow, ListView, StationView, Words
from packstation.ui import paint
from packstation.ui.icons import icon_names
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import CENTRE, MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.filter_chips import chips_height, draw_chips
from packstation.ui.widgets.painted import Painted

NUMBERED = "1234567890"
_INKS = {"ok": "ok.ink", "warn": "warn.ink", "stop": "stop.ink", "now": "now.ink"}
# A tone is told by a shape too, where no words stand at the row's end.
_MARKED = frozenset({"ok", "warn", "stop"})


def row_pitch(theme: Theme, shown: ListView) -> float:
    """Pixels of a row: enough for a finger where rows can be picked, little in a timeline."""
    if shown.filters:
        return theme.line_height("label") + theme.px(14)
    lines = theme.line_height("body") + theme.line_height("label") + theme.px(12)
    if any(row.id for row in shown.rows):
        return max(float(theme.metrics.touch + theme.px(8)), lines)
    return lines


class RowPage(Painted[ListView]):
    """ROWS: title, what to do, kinds of rows, and as many rows as fit."""

    def share(self, view: StationView) -> ListView:
        """The page."""
        return view.page_rows or ListView("", Words("screen.rows.title"))

    def spoken(self) -> str:
        """What to do, else the title."""
        shown = self.shown
        return self.words.of(shown.todo or shown.title) if shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: ListView) -> None:
        """One card; nothing on it is giant but its title."""
        canvas.card(area, radius="hero")
        body = self._head(canvas, area, shown)
        if not shown.rows:
            self._empty(canvas, body, shown)
            return
        for row, place in self.places(body):
            self._row(canvas, place, row)
        self._rest(canvas, body, shown)

    def _empty(self, canvas: Canvas, body: QRectF, shown: ListView) -> None:
        """Why there is nothing, large; a tick where that is good."""
        top = body.top() + body.height() * 0.18
        if shown.tone == "ok":
            side = self.theme.px(96)
            disc = QRectF(body.center().x() - side / 2, top, side, side)
            paint.ok_disc(canvas.painter, self.theme, disc)
            top = disc.bottom() + self.theme.px(24)
        room = QRectF(body.left(), top, body.width(), body.bottom() - top)
        canvas.text(room, canvas.words.of(shown.empty), ("head", "ink"), CENTRE, lines=2)

    def _inner(self, area: QRectF) -> QRectF:
        pad = self.theme.pick(36, 20)
        return area.adjusted(pad, self.theme.pick(18, 8), -pad, -self.theme.pick(12, 6))

    def body(self, area: QRectF) -> QRectF:
        """Where the rows stand in ``area``."""
        inner, theme = self._inner(area), self.theme
        inner.setTop(inner.top() + theme.line_height("head") + theme.px(6))
        shown = self.shown
        if shown is not None and shown.todo is not None:
            inner.setTop(inner.top() + theme.line_height("title") + theme.px(4))
        if shown is not None and shown.filters:
            inner.setTop(inner.top() + chips_height(theme) + theme.px(10))
        return inner

    def _head(self, canvas: Canvas, area: QRectF, shown: ListView) -> QRectF:
        theme, inner = self.theme, self._inner(area)
        row = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("head"))
        size = theme.pick(46, 36)
        fitted = canvas.fit(
            (row.width(), row.height()), canvas.words.of(shown.title), "head", largest=size
        )
        canvas.fitted(row, fitted, "ink", MIDDLE_LEFT)
        top = row.bottom() + theme.px(2)
        if shown.todo is not None:
            line = QRectF(inner.left(), top, inner.width(), theme.line_height("title"))
            ink = _INKS.get(shown.tone, "now.ink")
            canvas.text(line, canvas.words.of(shown.todo), ("title", ink), MIDDLE_LEFT, strong=True)
            top = line.bottom() + theme.px(6)
        if shown.filters:
            chips = QRectF(inner.left(), top, inner.width(), chips_height(theme))
            draw_chips(canvas, chips, shown.filters)
        return self.body(area)

    def places(self, body: QRectF) -> list[tuple[ListRow, QRectF]]:
        """The rows that fit, and where."""
        shown = self.shown
        if shown is None:
            return []
        pitch, caption = row_pitch(self.theme, shown), self.theme.line_height("label") * 1.5
        columns = self._columns(body.height(), shown)
        counted = columns == 1 and self._hidden(body, shown)
        rest = self.theme.line_height("label") if counted else 0.0
        gap = self.theme.metrics.gutter
        wide = (body.width() - gap * (columns - 1)) / columns
        each = -(-len(shown.rows) // columns)
        if columns > 1:
            pitch = min(pitch * 1.2, body.height() / max(1, each))
        found: list[tuple[ListRow, QRectF]] = []
        for column in range(columns):
            top, left = body.top(), body.left() + column * (wide + gap)
            for row in shown.rows[column * each : (column + 1) * each]:
                high = caption if row.head else pitch
                if top + high > body.bottom() - rest + 1:
                    break
                found.append((row, QRectF(left, top, wide, high)))
                top += high
        return found

    def _columns(self, high: float, shown: ListView) -> int:
        """Two where a short list to pick from is too long for one: nothing of it is hidden."""
        pitch = row_pitch(self.theme, shown)
        plain = not shown.first and not shown.filters and not any(row.at for row in shown.rows)
        whole = shown.total <= len(shown.rows) and not any(row.head for row in shown.rows)
        fits = -(-len(shown.rows) // 2) * pitch <= high + 1
        return 2 if plain and whole and fits and len(shown.rows) * pitch > high else shown.columns

    def _hidden(self, body: QRectF, shown: ListView) -> bool:
        """Whether rows are left out, so that a line must say how many."""
        fits = int((body.height() + 1) // row_pitch(self.theme, shown))
        return bool(shown.first) or max(shown.total, len(shown.rows)) > fits

    def _rest(self, canvas: Canvas, body: QRectF, shown: ListView) -> None:
        """How many more there are above and below."""
        below = shown.total - shown.first - len(self.places(body))
        parts = []
        if shown.first:
            parts.append(canvas.words.say("screen.rows.above", shown.first))
        if below > 0:
            parts.append(canvas.words.say("screen.rows.below", below))
        high = self.theme.line_height("label")
        row = QRectF(body.left(), body.bottom() - high, body.width(), high)
        canvas.text(row, " · ".join(parts), ("label", "ink2"), MIDDLE_LEFT, strong=True)

    def _row(self, canvas: Canvas, place: QRectF, row: ListRow) -> None:
        if row.head:
            canvas.text(
                place, canvas.words.of(row.words), ("label", "ink2"), MIDDLE_LEFT, strong=True
            )
            return
        canvas.rule(place.topLeft(), place.topRight())
        left = self._cap(canvas, place, row)
        left = self._time(canvas, place, row, left)
        left = self._icon(canvas, place, row, left)
        right = self._note(canvas, place, row, left)
        self._say(canvas, QRectF(left, place.top(), right - left, place.height()), row)

    def _cap(self, canvas: Canvas, place: QRectF, row: ListRow) -> float:
        shown = self.shown
        ids = [one.id for one in shown.rows if one.id] if shown else []
        if not row.id or ids.index(row.id) >= len(NUMBERED):
            return place.left() + (self.theme.pick(58, 50) if ids else 0)
        high = self.theme.pick(34, 30)
        corner = QPointF(place.left(), place.center().y() - high / 2)
        paint.key_cap(canvas.painter, self.theme, corner, NUMBERED[ids.index(row.id)])
        return place.left() + self.theme.pick(58, 50)

    def _time(self, canvas: Canvas, place: QRectF, row: ListRow, left: float) -> float:
        shown = self.shown
        if shown is None or not any(one.at for one in shown.rows):
            return left
        role = "label" if shown.filters else "body"
        wide = max(canvas.width(one.at, role, strong=True) for one in shown.rows) + 2
        cell = QRectF(left, place.top(), wide, place.height())
        canvas.text(cell, row.at, (role, "ink"), MIDDLE_LEFT, strong=True)
        return cell.right() + self.theme.pick(24, 16)

    def _icon(self, canvas: Canvas, place: QRectF, row: ListRow, left: float) -> float:
        side = min(float(self.theme.pick(34, 28)), place.height() * 0.7)
        box = QRectF(left, place.center().y() - side / 2, side, side)
        if row.icon in icon_names():
            canvas.icon(row.icon, box, _INKS.get(row.tone, "ink2"))
        return box.right() + self.theme.px(16)

    def _note(self, canvas: Canvas, place: QRectF, row: ListRow, left: float) -> float:
        note = canvas.words.of(row.note)
        if not note:
            return self._mark(canvas, place, row)
        room = (place.right() - left) * 0.45
        wide = min(canvas.width(note, "label", strong=True) + 2, room)
        cell = QRectF(place.right() - wide, place.top(), wide, place.height())
        # Of a timeline who did it is no warning.
        timeline = self.shown is not None and bool(self.shown.filters)
        ink = "ink2" if timeline else _INKS.get(row.tone, "ink2")
        lines = 1 if timeline else 2
        canvas.text(cell, note, ("label", ink), MIDDLE_RIGHT, lines=lines, strong=not timeline)
        return cell.left() - self.theme.px(16)

    def _mark(self, canvas: Canvas, place: QRectF, row: ListRow) -> float:
        """The shape of the row's tone at its end: a colour alone says nothing."""
        if row.tone not in _MARKED:
            return place.right()
        side = self.theme.pick(32, 26)
        box = QRectF(place.right() - side, place.center().y() - side / 2, side, side)
        paint.state_mark(canvas.painter, self.theme, box, row.tone)
        return box.left() - self.theme.px(16)

    def _say(self, canvas: Canvas, room: QRectF, row: ListRow) -> None:
        said = canvas.words.of(row.words)
        text = f"{said} · {row.text}" if said and row.text else said or row.text
        detail = canvas.words.of(row.detail)
        if self.shown is not None and self.shown.filters:
            self._told(canvas, room, text, detail)
            return
        body = self.theme.line_height("body")
        low = self.theme.line_height("label") if detail else 0.0
        top = room.center().y() - (body + low) / 2
        head = QRectF(room.left(), top, room.width(), body)
        canvas.text(head, text, ("body", "ink"), MIDDLE_LEFT, strong=True)
        if detail:
            line = QRectF(room.left(), head.bottom(), room.width(), low)
            canvas.text(line, detail, ("label", "ink2"), MIDDLE_LEFT)

    def _told(self, canvas: Canvas, room: QRectF, text: str, detail: str) -> None:
        """One line of a timeline: what became so, and why."""
        taken = canvas.text(room, text, ("label", "ink"), MIDDLE_LEFT, strong=True)
        rest = room.adjusted(taken.right() - room.left() + self.theme.px(14), 0, 0, 0)
        if detail and rest.width() > self.theme.px(40):
            canvas.text(rest, detail, ("label", "ink2"), MIDDLE_LEFT)

    def halves(self, area: QRectF) -> tuple[QRectF, QRectF] | None:
        """Where a finger goes back and on in a timeline that is longer than the page."""
        body, shown = self.body(area), self.shown
        if shown is None or not shown.filters or not self._hidden(body, shown):
            return None
        high = body.height() / 2
        upper = QRectF(body.left(), body.top(), body.width(), high)
        return upper, upper.translated(0, high)
