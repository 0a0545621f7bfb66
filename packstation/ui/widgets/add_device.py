"""The hero of adding a device: what is asked, how far it is, what it says, what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import AddDeviceView, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.hero_card import hero_pad
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.pedal_picture import draw_pedal
from packstation.ui.widgets.verdict_strip import draw_band, strip_height


class AddHero(Painted[AddDeviceView]):
    """Main line on top, the rows' room in the middle, a problem with its cure at the foot."""

    def share(self, view: StationView) -> AddDeviceView | None:
        """The step."""
        return view.adding

    def spoken(self) -> str:
        """The main line."""
        return self.words.of(self.shown.main) if self.shown else ""

    def _tops(self, shown: AddDeviceView) -> tuple[float, float, float]:
        """Heights of main line, second line, and what stands between them and the rows."""
        theme = self.theme
        main = theme.line_height("head") * 1.05
        second = theme.line_height("title") * 2.1 if shown.second else 0.0
        giant = float(theme.pick(150, 96)) if shown.giant else 0.0
        bar = float(theme.pick(110, 80)) if shown.progress[1] else 0.0
        return main, second, giant + bar

    def rows_room(self, area: QRectF) -> QRectF:
        """Where the rows lie in the hero at ``area``."""
        pad = hero_pad(self.theme)
        room = area.adjusted(pad, pad * 0.75, -pad, -pad * 0.8)
        if self.shown is None:
            return room
        room.setTop(room.top() + sum(self._tops(self.shown)) + self.theme.pick(20, 8))
        if self.shown.problem is not None:
            room.setBottom(area.bottom() - strip_height(self.theme) - self.theme.pick(16, 8))
        return room

    def draw(self, canvas: Canvas, area: QRectF, shown: AddDeviceView) -> None:
        """All but the rows."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = hero_pad(theme)
        inner = area.adjusted(pad, pad * 0.75, -pad, -pad * 0.8)
        main, second, more = self._tops(shown)
        fitted = canvas.fit_name((inner.width(), main), self.spoken(), theme.size("head"))
        canvas.fitted(QRectF(inner.left(), inner.top(), inner.width(), main), fitted, "ink")
        row = QRectF(inner.left(), inner.top() + main, inner.width(), second)
        if shown.second is not None:
            text = canvas.fit(
                (row.width(), row.height()), canvas.words.of(shown.second), "title", 2
            )
            canvas.thin(row, text, "ink2")
        below = QRectF(inner.left(), row.bottom(), inner.width(), more)
        if shown.giant:
            self._giant(canvas, below, shown.giant)
        if shown.progress[1]:
            self._progress(canvas, below, shown)
        if shown.problem is not None:
            self._problem(canvas, area, shown)
        if shown.step == "press":
            draw_pedal(canvas.on(theme.paper), self.rows_room(area))

    def _giant(self, canvas: Canvas, room: QRectF, text: str) -> None:
        """What the device says now."""
        cap = min(self.theme.pick(100, 64), room.height() * 0.72)
        baseline = QPointF(room.left(), room.top() + room.height() * 0.86)
        canvas.giant(baseline, (room.width(), cap), text, "ink", "num")

    def _progress(self, canvas: Canvas, room: QRectF, shown: AddDeviceView) -> None:
        """How far, and which setting is being tried."""
        theme = self.theme
        done, of = shown.progress
        high = theme.pick(14, 10)
        bar = QRectF(room.left(), room.bottom() - high - theme.px(6), room.width(), high)
        canvas.plate(bar, "sunken", radius="key")
        part = QRectF(bar.left(), bar.top(), bar.width() * min(1.0, done / of), high)
        canvas.plate(part, "now.fill", radius="key")
        line = theme.line_height("body")
        row = QRectF(room.left(), bar.top() - line - theme.px(8), room.width(), line)
        count = canvas.words.say("add.progress", i=done, of=of)
        taken = canvas.text(row, count, ("body", "ink2"), MIDDLE_RIGHT)
        row.setRight(taken.left() - theme.px(16))
        canvas.mono(row, shown.now, "ink", "body")

    def _problem(self, canvas: Canvas, area: QRectF, shown: AddDeviceView) -> None:
        """What is wrong and what to do, in one band."""
        theme = self.theme
        band = draw_band(canvas, area, strip_height(theme), "warn.tint")
        side = theme.pick(44, 34)
        mark = QRectF(band.left() + theme.pick(32, 22), band.center().y() - side / 2, side, side)
        paint.state_mark(canvas.painter, theme, mark, "warn")
        room = QRectF(mark.right() + theme.px(18), band.top() + 3, 0, band.height() - 6)
        room.setRight(band.right() - theme.px(24))
        words, cure = canvas.words.of(shown.problem), canvas.words.of(shown.cure)
        text = canvas.words.say("add.trouble", what=words, cure=cure) if cure else words
        canvas.text(room, text, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)
