"""TEST_CARD: the codes of the card, ticked as they are read, and what they say of the scanner."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF

from packstation.domain.testcard import NEEDED_CODES
from packstation.station.views import CardRow, CardView, FindingView, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.first_start import draw_step
from packstation.ui.widgets.hero_card import hero_pad
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.verdict_strip import draw_band, strip_height

# The worst first; what is in order is said last.
_ORDER: Final = ("stop", "mended", "advice", "ok")
_MARKS: Final = {"stop": "stop", "mended": "ok", "advice": "warn", "ok": "ok"}
_MOST: Final = 4


def due_codes(card: CardView) -> int:
    """How many codes are still to come."""
    return sum(row.state == "due" for row in card.rows)


def main_key(card: CardView) -> str:
    """The main line: scan on, or how the scanner is."""
    if not card.done:
        return "screen.first.scan_card"
    if not card.works:
        return "screen.card.not_mended"
    mended = any(one.level == "mended" for one in card.findings)
    return "screen.card.mended" if mended else "screen.card.fine"


class TestCardHero(Painted[CardView]):
    """Left the codes, right what was found, at the foot a text that is no code of the card."""

    def share(self, view: StationView) -> CardView:
        """The card so far."""
        return view.card or CardView(rows=tuple(CardRow(name, "due") for name in NEEDED_CODES))

    def spoken(self) -> str:
        """The main line."""
        return self.words.say(main_key(self.shown)) if self.shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: CardView) -> None:
        """How many are still to come, what each read, what it means."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = hero_pad(theme)
        inner = area.adjusted(pad, pad * 0.75, -pad, -pad * 0.75)
        if shown.strange:
            inner.setBottom(area.bottom() - strip_height(theme) - theme.px(12))
            self._strange(canvas, area, shown.strange)
        main = canvas.fit_name((inner.width(), inner.height() * 0.3), self.spoken())
        taken = canvas.fitted(inner, main, "ink")
        room = QRectF(inner.left(), taken.bottom() + theme.px(16), inner.width(), 0)
        room.setBottom(inner.bottom())
        left = QRectF(room.left(), room.top(), room.width() * 0.46, room.height())
        right = QRectF(left.right() + pad, room.top(), 0, room.height())
        right.setRight(room.right())
        self._reads(canvas, left, shown)
        if shown.findings:
            self._findings(canvas, right, shown)
        else:
            self._due(canvas, right, due_codes(shown))

    def _due(self, canvas: Canvas, room: QRectF, due: int) -> None:
        theme = self.theme
        more = canvas.words.say("screen.scan.more", due)
        beside = canvas.width(more, "title", strong=True) + theme.px(24)
        cap = min(room.height() * 0.8, float(theme.pick(220, 140)))
        baseline = QPointF(room.left(), room.center().y() + cap / 2)
        number = canvas.giant(baseline, (room.width() - beside, cap), str(due), "now.fill")
        high = theme.line_height("title")
        row = QRectF(number.right() + theme.px(20), baseline.y() - high * 0.86, beside, high)
        canvas.text(row, more, ("title", "now.ink"), strong=True)

    def _reads(self, canvas: Canvas, room: QRectF, shown: CardView) -> None:
        theme = self.theme
        step = min(room.height() / len(shown.rows), theme.pick(132, 96))
        for index, one in enumerate(shown.rows):
            row = QRectF(room.left(), room.top() + index * step, room.width(), step)
            side = theme.pick(48, 38)
            mark = QRectF(row.left(), row.center().y() - side / 2, side, side)
            known = one.state != "due"
            draw_step(canvas, mark, index + 1, done=known)
            left = mark.right() + theme.px(22)
            first = theme.line_height("body")
            second = theme.line_height("label") if known else 0
            top = row.center().y() - (first + second) / 2
            head = QRectF(left, top, row.right() - left, first)
            name = canvas.words.say(f"screen.card.code.{one.name}")
            canvas.text(head, name, ("body", "ink" if known else "ink2"), MIDDLE_LEFT, strong=known)
            if known:
                low = QRectF(left, head.bottom(), head.width(), second)
                canvas.mono(low, one.text, "ink2", "label")

    def _findings(self, canvas: Canvas, room: QRectF, shown: CardView) -> None:
        """Each with its shape, its name, and what to do or what was done."""
        theme = self.theme
        rows = sorted(shown.findings, key=lambda one: _ORDER.index(one.level))[:_MOST]
        step = min(room.height() / len(rows), theme.pick(132, 96))
        for index, one in enumerate(rows):
            row = QRectF(room.left(), room.top() + index * step, room.width(), step)
            self._finding(canvas, row, one)

    def _finding(self, canvas: Canvas, row: QRectF, one: FindingView) -> None:
        theme = self.theme
        side = theme.pick(44, 34)
        mark = QRectF(row.left(), row.center().y() - side / 2, side, side)
        paint.state_mark(canvas.painter, theme, mark, _MARKS[one.level])
        left = mark.right() + theme.px(18)
        wide = row.right() - left
        words = canvas.words.of(one.words)
        if one.about is not None:
            words = f"{words}: {canvas.words.of(one.about)}"
        head = canvas.fit((wide, row.height() * 0.6), words, "body", 2, strong=True)
        low = row.height() - head.height
        cure = canvas.fit((wide, low), canvas.words.of(one.cure), "label", 2)
        top = row.center().y() - (head.height + cure.height) / 2
        canvas.fitted(QRectF(left, top, wide, head.height), head, "ink")
        canvas.fitted(QRectF(left, top + head.height, wide, cure.height), cure, "ink2")

    def _strange(self, canvas: Canvas, area: QRectF, text: str) -> None:
        theme = self.theme
        band = draw_band(canvas, area, strip_height(theme), "warn.tint")
        side = theme.pick(44, 34)
        mark = QRectF(band.left() + theme.pick(32, 22), band.center().y() - side / 2, side, side)
        paint.state_mark(canvas.painter, theme, mark, "warn")
        room = QRectF(mark.right() + theme.px(18), band.top() + 4, 0, band.height() - 8)
        room.setRight(band.right() - theme.px(24))
        words = canvas.words.say("screen.card.strange")
        taken = canvas.text(room, words, ("body", "warn.ink"), MIDDLE_LEFT, strong=True)
        rest = room.adjusted(taken.width() + theme.px(24), 0, 0, 0)
        canvas.mono(rest, text, "ink", "label")
