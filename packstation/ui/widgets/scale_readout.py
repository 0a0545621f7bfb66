"""The live weight: padlock, number, unit, state; always in sight, never without its age."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from packstation.station.views import ScaleView, StationView
from packstation.ui import icons
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import Canvas, Placed, printable
from packstation.ui.widgets.frame_part import FramePart
from packstation.ui.words import Speaker

# How a state reads and in which colour; the number of a state in _HIDDEN is never shown.
_STATES = {
    "STABLE": ("stable", "ok.ink"),
    "ZERO": ("zero", "ok.ink"),
    "MOTION": ("moving", "ink3"),
    "MOVING": ("moving", "ink3"),
    "NET": ("net", "ink"),
    "OVER": ("over", "stop.ink"),
    "UNDER": ("under", "warn.ink"),
    "NOT_READY": ("not_ready", "warn.ink"),
    "ASLEEP": ("asleep", "ink3"),
    "NO_SCALE": ("none", "stop.ink"),
    "FAULT": ("fault", "stop.ink"),
    "UNKNOWN": ("fault", "stop.ink"),
}
_HIDDEN = frozenset({"OVER", "UNDER", "NOT_READY", "ASLEEP", "NO_SCALE", "FAULT", "UNKNOWN"})
_STALE_MS = 1000


class ScaleReadout(FramePart):
    """``grams`` and ``state_text`` tell tests what a person reads."""

    def __init__(self, theme: Theme, words: Speaker) -> None:
        super().__init__(theme, words)
        self._scale = ScaleView()

    def share(self, view: StationView) -> Hashable:
        """What is said; an age repaints once a second."""
        self._scale = view.scale
        scale = view.scale
        return (
            scale.state,
            scale.grams,
            scale.value,
            scale.unit,
            scale.net,
            scale.taken,
            self._age_s,
        )

    @property
    def _age_s(self) -> int:
        """Whole seconds once data are older than one."""
        age = self._scale.age_ms
        return age // 1000 if age > _STALE_MS and not self._scale.taken else 0

    @property
    def number(self) -> str:
        """The figure as shown: whole grams, or the scale's own value where its unit is another."""
        scale = self._scale
        if scale.state in _HIDDEN and not scale.taken:
            return ""
        if scale.grams is not None:
            return self.words.show(scale.grams)
        return scale.value

    @property
    def unit(self) -> str:
        """Grams in the person's script, else the scale's own unit."""
        scale = self._scale
        return self.words.say("frame.unit.g") if scale.grams is not None else scale.unit

    def states(self) -> tuple[tuple[str, str], ...]:
        """Texts and colours of the lower line."""
        scale, say = self._scale, self.words.say
        name, color = _STATES.get(scale.state, _STATES["UNKNOWN"])
        found = [(say(f"frame.scale.{name}"), color)]
        if scale.taken:
            return (say("frame.scale.stable"), "ok.ink"), (say("frame.scale.taken"), "ink2")
        if scale.net and self.number:
            found.append((say("frame.scale.net"), "ink2"))
        if not self.number:
            return tuple(found)
        age = self._age_s
        found.append(
            (say("frame.scale.age", age), "warn.ink") if age else (say("frame.scale.live"), "ink2")
        )
        return tuple(found)

    @property
    def state_text(self) -> str:
        """The lower line as read."""
        return " · ".join(text for text, _ in self.states())

    def spoken(self) -> str:
        """Number, unit, state."""
        weight = f"{self.number} {self.unit}, " if self.number else ""
        return weight + self.state_text.replace(" · ", ", ")

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Padlock on the left, two lines beside it."""
        t = self.theme
        side = t.pick(72, 56)
        plate = QRectF(area.left(), area.center().y() - side / 2, side, side)
        self._padlock(canvas, plate)
        left = plate.right() + t.pick(18, 18)
        room = QRectF(left, area.center().y(), area.right() - left, 0)
        self._figure(canvas, room)
        self._state_line(canvas, room)

    def _padlock(self, canvas: Canvas, plate: QRectF) -> None:
        t = self.theme
        taken = self._scale.taken
        canvas.plate(plate, "ok.fill" if taken else "sunken", radius="card")
        side = t.pick(36, 32)
        box = QRectF(0, 0, side, side)
        box.moveCenter(plate.center())
        name = "lock-closed" if taken else "lock-open" if self.number else "scale"
        icons.draw_icon(canvas.painter, name, box, t.color("ok.on" if taken else "ink2"))

    def _figure(self, canvas: Canvas, room: QRectF) -> None:
        """Number and unit stand on one line."""
        t = self.theme
        moving = self._scale.state in {"MOTION", "MOVING"} and not self._scale.taken
        ink = "ink3" if moving or not self.number else "ink"
        base = room.top() + t.pick(10, 3)
        font = t.font_px("num", t.pick(64, 46), 700)
        x = _stand(canvas, QPointF(room.left(), base), self.number or "\u2013", font, ink)
        if self.number:
            unit = t.font_px("title", t.pick(36, 32), 600)
            _stand(canvas, QPointF(x + t.pick(10, 9), base), self.unit, unit, "ink2")

    def _state_line(self, canvas: Canvas, room: QRectF) -> None:
        t = self.theme
        x, base = room.left(), room.top() + t.pick(41, 29)
        for index, (text, color) in enumerate(self.states()):
            if index:
                x = _stand(canvas, QPointF(x + t.px(9), base), "·", t.font("fine"), "ink3") + t.px(
                    9
                )
            x = _stand(canvas, QPointF(x, base), text, t.font("fine", strong=index == 0), color)

    def wanted(self) -> int:
        """Width that the longest words of this language take, so that nothing ever moves."""
        t, say = self.theme, self.words.say
        fine, strong = t.metrics_of("fine"), t.metrics_of("fine", strong=True)
        first = max(strong.horizontalAdvance(say(f"frame.scale.{n}")) for n in ("stable", "moving"))
        second = max(fine.horizontalAdvance(say(f"frame.scale.{n}")) for n in ("live", "taken"))
        middle = fine.horizontalAdvance("·") + 2 * t.px(9)
        return t.pick(72, 56) + t.pick(18, 18) + round(first + middle + second) + 2


def _stand(canvas: Canvas, at: QPointF, text: str, font: QFont, color: str) -> float:
    """Writes on a base line; where it ends."""
    measure = QFontMetricsF(font)
    shown = printable(text)
    canvas.painter.setFont(font)
    canvas.painter.setPen(canvas.color(color))
    canvas.painter.drawText(at, shown)
    wide = measure.horizontalAdvance(shown)
    cap = measure.capHeight()
    area = QRectF(at.x(), at.y() - cap, wide, cap)
    canvas.placed.append(Placed(shown, area, font.pixelSize(), cut=False))
    return at.x() + wide
