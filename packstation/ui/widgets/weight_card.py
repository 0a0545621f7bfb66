"""The weight as the giant: live or taken, the band it must fall into, and what that proves."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import ScaleView, StationView, WeighView, Words
from packstation.ui.widgets.alert_plate import draw_band
from packstation.ui.widgets.canvas import (
    MIDDLE_CENTRE,
    MIDDLE_LEFT,
    MIDDLE_RIGHT,
    Canvas,
)
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.verdict_strip import draw_band as draw_strip
from packstation.ui.widgets.verdict_strip import strip_height

_NO_NUMBER = frozenset({"FAULT", "NO_SCALE", "ASLEEP", "NOT_READY", "UNKNOWN"})
# No weight comes from these however long one waits.
_LOST = frozenset({"FAULT", "NO_SCALE"})
_SAID = _NO_NUMBER | {"OVER", "UNDER"}


class WeightShare(Struct, frozen=True):
    """What the scale says and what is expected."""

    scale: ScaleView
    weigh: WeighView


def weight_shown(scale: ScaleView, weigh: WeighView) -> int | None:
    """Grams to show: those taken, else the live ones; None where there is no number."""
    if scale.taken and weigh.read_g is not None:
        return weigh.read_g
    return None if scale.state in _NO_NUMBER else scale.grams


class WeightCard(Painted[WeightShare]):
    """Picture 04, right side."""

    def share(self, view: StationView) -> WeightShare:
        """Scale and band."""
        return WeightShare(view.scale, view.weigh or WeighView())

    def main_line(self, scale: ScaleView) -> str:
        """Put the box on the scale, lift what lay there before, or: weight taken."""
        if scale.taken:
            return self.words.say("screen.weigh.taken")
        if scale.state in _LOST:
            return self.words.say(f"screen.weigh.lost.{scale.state}")
        return self.words.say("screen.weigh.lift" if scale.stale else "screen.weigh.put")

    def spoken(self) -> str:
        """The main line."""
        return self.main_line(self.shown.scale) if self.shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: WeightShare) -> None:
        """Main line, weight, band, proof."""
        theme = self.theme
        canvas.card(area, radius="hero")
        lost = shown.scale.state in _LOST and not shown.scale.taken
        proves = bool(shown.weigh.expected_g) and not lost
        foot = self._guard(canvas, area, shown.weigh) if proves else 0.0
        pad = theme.pick(52, 28)
        inner = area.adjusted(pad, pad * 0.85, -pad, -foot - theme.pick(30, 14))
        low = self._words(canvas, inner, shown.scale)
        floor = self._band(canvas, inner, shown)
        self._weight(canvas, QRectF(inner.left(), low, inner.width(), floor - low), shown)

    def _words(self, canvas: Canvas, inner: QRectF, scale: ScaleView) -> float:
        theme = self.theme
        room = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("head"))
        done = canvas.text(room, self.main_line(scale), ("head", "ink"))
        lost = scale.state in _LOST and not scale.taken
        key = "screen.weigh.close" if scale.taken else "screen.weigh.wait"
        key = "screen.weigh.lost.type" if lost else key
        row = QRectF(inner.left(), done.bottom() + 2, inner.width(), theme.line_height("title"))
        second = canvas.fit((row.width(), row.height()), canvas.words.say(key), "title")
        canvas.thin(row, second, "ink2")
        return row.bottom() + theme.pick(24, 10)

    def _weight(self, canvas: Canvas, room: QRectF, shown: WeightShare) -> None:
        theme = self.theme
        side = theme.pick(120, 92)
        state = canvas.words.say(f"screen.scale.{shown.scale.state}")
        wide = max(side, min(canvas.width(state, "title", strong=True) + 4, room.width() * 0.3))
        right = QRectF(room.right() - wide, room.top(), wide, room.height())
        self._lock(canvas, right, side, shown.scale, state)
        left = QRectF(room.left(), room.top(), right.left() - theme.px(16) - room.left(), 0)
        left.setBottom(room.bottom())
        grams = weight_shown(shown.scale, shown.weigh)
        if grams is None:
            state = shown.scale.state if shown.scale.state in _SAID else "UNKNOWN"
            text = canvas.words.say(f"screen.weigh.{state}")
            canvas.text(left, text, ("title", "ink2"), MIDDLE_LEFT, lines=3)
            return
        moving = shown.scale.state == "MOTION" and not shown.scale.taken
        color = "ink3" if moving else "ink"
        number = canvas.words.show(grams)
        unit = canvas.words.say("screen.unit.g")
        unit_wide = canvas.width(unit, "num") + theme.px(26)
        cap = left.height() - theme.pick(24, 8)
        role = "count4" if len(number) > 3 else "count"
        baseline = QPointF(left.left(), left.bottom() - theme.pick(20, 6))
        taken = canvas.giant(baseline, (left.width() - unit_wide, cap), number, color, role)
        size = min(theme.size("num"), int(taken.height() * 0.6))
        fitted = canvas.fit((unit_wide, size * 1.4), unit, "num", largest=size)
        row = QRectF(taken.right() + theme.px(24), baseline.y() - size * 0.9, unit_wide, size)
        canvas.fitted(row, fitted, "ink2")

    def _lock(
        self, canvas: Canvas, column: QRectF, side: float, scale: ScaleView, state: str
    ) -> None:
        """A closed padlock on ok once the weight is taken, an open one while it is live."""
        theme = self.theme
        text = theme.line_height("title")
        top = column.bottom() - text - side - theme.pick(28, 12)
        box = QRectF(column.center().x() - side / 2, max(column.top(), top), side, side)
        ok = scale.taken
        canvas.plate(box, "ok.fill" if ok else "sunken", radius="hero")
        inset = side * 0.25
        icon = box.adjusted(inset, inset, -inset, -inset)
        canvas.icon("lock-closed" if ok else "lock-open", icon, "ok.on" if ok else "ink2")
        row = QRectF(column.left(), box.bottom() + theme.pick(12, 4), column.width(), text)
        calm = scale.state in {"STABLE", "ZERO"}
        color = "ok.ink" if calm else "ink2"
        canvas.text(row, state, ("title", color), MIDDLE_CENTRE, strong=True)

    def _band(self, canvas: Canvas, inner: QRectF, shown: WeightShare) -> float:
        """Expected weight, verdict and band at the foot; where the giant ends."""
        theme = self.theme
        weigh = shown.weigh
        if weigh.expected_g is None:
            text = canvas.words.of(weigh.rests) or canvas.words.say("screen.weigh.no_expected")
            row = QRectF(inner.left(), inner.bottom() - 40, inner.width(), 40)
            canvas.text(row, text, ("label", "ink2"), MIDDLE_LEFT)
            return row.top() - theme.pick(24, 10)
        label = theme.line_height("label")
        bar = theme.pick(22, 18)
        high = label + theme.pick(22, 18) + bar + theme.pick(18, 12) + label
        top = inner.bottom() - high
        row = QRectF(inner.left(), top, inner.width(), label)
        self._expected(canvas, row, weigh)
        band = QRectF(inner.left(), row.bottom() + theme.pick(22, 18), inner.width(), bar)
        draw_band(canvas, band, weigh.expected_g, weigh.tolerance_g, _pointer(shown), off=False)
        return top - theme.pick(46, 10)

    def _expected(self, canvas: Canvas, row: QRectF, weigh: WeighView) -> None:
        words = canvas.words
        right = 0.0
        if weigh.read_g is not None:
            inside = abs(weigh.deviation_g) <= weigh.tolerance_g
            verdict = words.say("screen.weigh.inside")
            if not inside:
                key = "light" if weigh.deviation_g < 0 else "heavy"
                verdict = words.say(f"screen.weigh.{key}", g=abs(weigh.deviation_g))
            color = "ok.ink" if inside else "stop.ink"
            taken = canvas.text(row, verdict, ("label", color), MIDDLE_RIGHT, strong=True)
            right = taken.width() + canvas.theme.px(16)
        text = words.say("screen.weigh.expected", g=weigh.expected_g or 0, t=weigh.tolerance_g)
        room = row.adjusted(0, 0, -right, 0)
        canvas.text(room, text, ("label", "ink2"), MIDDLE_LEFT)

    def _guard(self, canvas: Canvas, area: QRectF, weigh: WeighView) -> float:
        """Whether this scale would notice a missing item, and why so; the strip's height."""
        theme = self.theme
        sees = weigh.guard and weigh.doubt is None
        tone = "ok" if sees else "warn"
        band = draw_strip(canvas, area, strip_height(theme), f"{tone}.tint")
        side = theme.pick(44, 34)
        left = band.left() + theme.pick(33, 22)
        icon = QRectF(left, band.center().y() - side / 2, side, side)
        canvas.icon("shield" if sees else "warn", icon, f"{tone}.ink")
        left = icon.right() + theme.px(20)
        room = QRectF(left, band.top(), band.right() - theme.px(24) - left, band.height())
        key = "screen.weigh.guard" if weigh.guard else "screen.weigh.no_guard"
        said = canvas.words.of(weigh.doubt) if weigh.doubt else canvas.words.say(key)
        note = Words("weigh.leans.cure") if weigh.doubt else weigh.rests
        self._proof(canvas, room.adjusted(0, 4, 0, -4), said, canvas.words.of(note))
        return band.height()

    def _proof(self, canvas: Canvas, room: QRectF, said: str, note: str) -> None:
        """What it proves, and below it what that rests on."""
        if not note:
            canvas.text(room, said, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)
            return
        low = min(self.theme.line_height("label"), room.height() * 0.42)
        high = min(self.theme.line_height("body"), room.height() - low)
        top = room.center().y() - (low + high) / 2
        first = QRectF(room.left(), top, room.width(), high)
        canvas.text(first, said, ("body", "ink"), MIDDLE_LEFT, strong=True)
        second = QRectF(room.left(), first.bottom(), room.width(), low)
        canvas.text(second, note, ("label", "ink2"), MIDDLE_LEFT)


def _pointer(shown: WeightShare) -> int | None:
    if shown.weigh.read_g is not None:
        return shown.weigh.read_g
    grams = weight_shown(shown.scale, shown.weigh)
    return grams or None
