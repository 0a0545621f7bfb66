"""How far the label is: asked, number got, sent, printing, scanned back; never a silent retry."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QHideEvent, QPen, QShowEvent

from packstation.station.views import LabelView, PaperView, RungView, StationView, Words
from packstation.ui import paint
from packstation.ui.tokens import MOTION_MS
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.painted import Painted


class PrintLadder(Painted[LabelView]):
    """The rungs, with the number as text."""

    turn = 0.0

    def changed(self, before: LabelView | None) -> None:
        """The ring turns while a rung runs."""
        del before
        self._turn()

    def _turn(self) -> None:
        rungs = self.shown.rungs if self.shown else ()
        if self.isVisible() and any(rung.state == "running" for rung in rungs):
            self.motion.turn(MOTION_MS["ring_turn"])
        else:
            self.motion.stop()

    def moved(self, value: float) -> None:
        """How far the ring has turned; only the column of marks is painted again."""
        self.turn = value
        self.update(0, 0, self.theme.pick(90, 60), self.height())

    def showEvent(self, _event: QShowEvent) -> None:
        """In sight again."""
        self._turn()

    def hideEvent(self, _event: QHideEvent) -> None:
        """Nothing turns where nobody looks."""
        self.motion.stop()

    def share(self, view: StationView) -> LabelView | None:
        """The label."""
        return view.label

    def spoken(self) -> str:
        """The rung that runs."""
        rungs = self.shown.rungs if self.shown else ()
        running = next((rung for rung in rungs if rung.state not in {"done", "waiting"}), None)
        return self.words.of(running.words) if running else ""

    def heading(self, _shown: LabelView) -> str:
        """The title."""
        return self.words.say("screen.label.title")

    def draw(self, canvas: Canvas, area: QRectF, shown: LabelView) -> None:
        """Title and number, then the rungs joined by a line."""
        theme = self.theme
        canvas.card(area)
        pad = theme.pick(32, 18)
        inner = area.adjusted(pad, theme.pick(20, 8), -pad, -theme.pick(16, 8))
        head = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("title"))
        title = self.heading(shown)
        taken = canvas.text(head, title, ("title", "ink"), MIDDLE_LEFT, strong=True)
        _number(canvas, head.adjusted(taken.width() + theme.px(16), 0, 0, 0), shown.waybill)
        rungs = shown.rungs
        if not rungs:
            return
        room = QRectF(inner.left(), head.bottom() + theme.pick(6, 2), inner.width(), 0)
        room.setBottom(inner.bottom())
        step = min(room.height() / len(rungs), theme.pick(56, 46))
        side = min(theme.pick(40, 32), step * 0.8)
        self._joints(canvas, room, step, side, len(rungs))
        rows = [
            QRectF(room.left(), room.top() + index * step, room.width(), step)
            for index in range(len(rungs))
        ]
        says = [self._room(canvas, row, side, rung) for row, rung in zip(rows, rungs, strict=True)]
        texts = [canvas.words.of(rung.words) for rung in rungs]
        rooms = (say.width() for say in says)
        alike = canvas.alike(zip(texts, rooms, strict=True), "body", strong=True)
        for row, say, text, rung in zip(rows, says, texts, rungs, strict=True):
            self._rung(canvas, row, side, rung)
            self._said(canvas, say, rung, alike.get(text))

    def _joints(self, canvas: Canvas, room: QRectF, step: float, side: float, count: int) -> None:
        x = room.left() + side / 2
        pen = QPen(canvas.color("line"), self.theme.px(3))
        canvas.painter.setPen(pen)
        for index in range(count - 1):
            middle = room.top() + step * (index + 1)
            half = (step - side) / 2
            if half > 1:
                canvas.painter.drawLine(
                    int(x), int(middle - half + 1), int(x), int(middle + half - 1)
                )

    def _rung(self, canvas: Canvas, row: QRectF, side: float, rung: RungView) -> None:
        mark = QRectF(row.left(), row.center().y() - side / 2, side, side)
        self._mark(canvas, mark, rung.state)
        canvas.text(row, canvas.words.told(rung.note), ("label", "ink2"), MIDDLE_RIGHT)

    def _room(self, canvas: Canvas, row: QRectF, side: float, rung: RungView) -> QRectF:
        """Where a rung's words stand: between its mark and its note."""
        left = row.left() + side + self.theme.px(20)
        note = canvas.words.told(rung.note)
        beside = canvas.width(note, "label") + self.theme.px(14) if note else 0.0
        return QRectF(left, row.top(), row.right() - beside - left, row.height())

    def _said(self, canvas: Canvas, room: QRectF, rung: RungView, fitted: Fitted | None) -> None:
        """The words in the size of the whole ladder; what has not begun is lighter."""
        if fitted is None:
            return
        color = {"running": "now.ink", "unsure": "warn.ink", "failed": "stop.ink"}.get(rung.state)
        if rung.state != "waiting":
            canvas.fitted(room, fitted, color or "ink", MIDDLE_LEFT)
            return
        light = self.theme.font_px("body", fitted.font.pixelSize(), 400)
        thin = Fitted(fitted.lines, light, fitted.line_height)
        canvas.fitted(room, thin, "ink2", MIDDLE_LEFT)

    def _mark(self, canvas: Canvas, mark: QRectF, state: str) -> None:
        painter, theme = canvas.painter, self.theme
        if state == "running":
            paint.ring(painter, theme, mark, self.turn)
        elif state == "waiting":
            paint.empty_ring(painter, mark, canvas.color("edge"), max(2.0, mark.width() * 0.08))
        else:
            tone = {"done": "ok", "unsure": "warn"}.get(state, "stop")
            paint.state_mark(painter, theme, mark, tone)


def _number(canvas: Canvas, room: QRectF, waybill: str) -> None:
    """The waybill in the fixed font at the right."""
    if not waybill:
        return
    font = canvas.theme.font_px("label", canvas.theme.size("label"), 400, mono=True)
    wide = canvas.mono_width(waybill, font) + 2
    left = max(room.left(), room.right() - wide)
    canvas.mono(
        QRectF(left, room.top(), room.right() - left, room.height()), waybill, "ink", "label"
    )


class PapersCard(Painted[LabelView]):
    """The customs set: what is printed where, and whether every field is there."""

    def share(self, view: StationView) -> LabelView | None:
        """The label carries its papers."""
        return view.label

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.papers.title")

    def draw(self, canvas: Canvas, area: QRectF, shown: LabelView) -> None:
        """Title with completeness, a row a paper."""
        theme = self.theme
        canvas.card(area)
        pad = theme.pick(32, 18)
        inner = area.adjusted(pad, theme.pick(20, 8), -pad, -theme.pick(16, 8))
        head = QRectF(inner.left(), inner.top(), inner.width(), theme.pick(52, 40))
        right = self._completeness(canvas, head, shown) if shown.needed else head.right()
        title = canvas.words.say("screen.papers.title")
        cell = QRectF(head.left(), head.top(), right - head.left(), head.height())
        canvas.text(cell, title, ("title", "ink"), MIDDLE_LEFT, strong=True)
        if shown.note is not None:
            inner.setBottom(inner.bottom() - self._note(canvas, inner, shown.note))
        if not shown.papers:
            row = QRectF(inner.left(), head.bottom(), inner.width(), inner.bottom() - head.bottom())
            none = Words("screen.papers.none")
            text = canvas.words.of(shown.bare or none)
            canvas.text(row, text, ("label", "ink2"), lines=2)
            return
        step = min((inner.bottom() - head.bottom()) / len(shown.papers), theme.pick(54, 44))
        rows = [
            QRectF(inner.left(), head.bottom() + index * step, inner.width(), step)
            for index in range(len(shown.papers))
        ]
        pairs = list(zip(rows, shown.papers, strict=True))
        noted = all(self._fits(canvas, row, paper) for row, paper in pairs)
        rooms = [self._name(canvas, row, paper, noted=noted) for row, paper in pairs]
        names = [canvas.words.of(paper.words) for paper in shown.papers]
        widths = (room.width() for room in rooms)
        alike = canvas.alike(zip(names, widths, strict=True), "body", strong=True)
        for (row, paper), room, name in zip(pairs, rooms, names, strict=True):
            self._paper(canvas, row, paper, noted=noted)
            if name in alike:
                canvas.fitted(room, alike[name], "ink", MIDDLE_LEFT)

    def _note(self, canvas: Canvas, inner: QRectF, note: Words) -> float:
        """What is to be known of the printer, at the foot; answers how high it is."""
        theme = self.theme
        high = 2 * theme.line_height("label")
        side = theme.px(24)
        foot = QRectF(inner.left(), inner.bottom() - high, inner.width(), high)
        mark = QRectF(foot.left(), foot.center().y() - side / 2, side, side)
        canvas.icon("label", mark, "ink2")
        room = foot.adjusted(side + theme.px(12), 0, 0, 0)
        canvas.text(room, canvas.words.of(note), ("label", "ink2"), MIDDLE_LEFT, lines=2)
        return high

    def _completeness(self, canvas: Canvas, head: QRectF, shown: LabelView) -> float:
        """The chip at the right; where the title must end."""
        theme = self.theme
        full = shown.complete >= shown.needed
        tone, icon = ("ok", "check") if full else ("warn", "warn")
        key = "screen.papers.full" if full else "screen.papers.part"
        text = canvas.words.say(key, d=shown.complete, n=shown.needed)
        wide = canvas.width(text, "label", strong=True) + theme.px(66)
        high = theme.pick(44, 36)
        chip = QRectF(head.right() - wide, head.center().y() - high / 2, wide, high)
        canvas.plate(chip, f"{tone}.tint", radius="chip")
        side = theme.px(24)
        mark = QRectF(chip.left() + theme.px(16), chip.center().y() - side / 2, side, side)
        canvas.icon(icon, mark, f"{tone}.ink")
        room = QRectF(mark.right() + theme.px(10), chip.top(), 0, chip.height())
        room.setRight(chip.right() - theme.px(8))
        canvas.text(room, text, ("label", f"{tone}.ink"), MIDDLE_LEFT, strong=True)
        return chip.left() - theme.px(12)

    def _fits(self, canvas: Canvas, row: QRectF, paper: PaperView) -> bool:
        """Whether a paper's name stands beside its note without being cut."""
        room = self._name(canvas, row, paper, noted=True).width()
        return canvas.width(canvas.words.of(paper.words), "fine", strong=True) <= room

    def _name(self, canvas: Canvas, row: QRectF, paper: PaperView, *, noted: bool) -> QRectF:
        """Where a paper's name stands: between icon and note; the note gives way."""
        theme = self.theme
        left = row.left() + theme.pick(36, 28) + theme.px(14)
        right = row.right() - theme.px(28 + 16)
        note = canvas.words.of(paper.note) if noted else ""
        if note:
            right -= min(canvas.width(note, "label") + 2, row.width() * 0.4) + theme.px(12)
        return QRectF(left, row.top(), right - left, row.height())

    def _paper(self, canvas: Canvas, row: QRectF, paper: PaperView, *, noted: bool) -> None:
        theme = self.theme
        side = theme.pick(36, 28)
        icon = QRectF(row.left(), row.center().y() - side / 2, side, side)
        canvas.icon("document", icon, "ink2")
        mark = theme.px(28)
        tick = QRectF(row.right() - mark, row.center().y() - mark / 2, mark, mark)
        if paper.done:
            canvas.icon("check", tick, "ok.ink")
        elif paper.place:
            canvas.icon("put-in", tick, "now.ink")
        else:
            paint.empty_ring(canvas.painter, tick.adjusted(3, 3, -3, -3), canvas.color("edge"), 2.5)
        right = tick.left() - theme.px(16)
        note = canvas.words.of(paper.note) if noted else ""
        if note:
            wide = min(canvas.width(note, "label") + 2, row.width() * 0.4)
            cell = QRectF(right - wide, row.top(), wide, row.height())
            canvas.text(cell, note, ("label", "ink2"), MIDDLE_RIGHT)
