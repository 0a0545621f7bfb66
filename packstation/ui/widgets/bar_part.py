"""A part of the top bar: it knows how wide it is at each level of detail."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from packstation.ui import icons
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas, printable
from packstation.ui.widgets.frame_part import FramePart


class BarPart(FramePart):
    """``level`` 0 says least; the bar raises it as far as there is room.

    ``wanted`` is the width at a level, 0 where there is nothing to show. ``top_level`` is what
    the profile allows.
    """

    level = 0
    elide = Qt.TextElideMode.ElideMiddle  # a number is known by its ends

    @property
    def top_level(self) -> int:
        """The most that this part can say on this screen."""
        return 0

    def wanted(self) -> int:
        """Pixels of width at its level."""
        raise NotImplementedError

    def advance(self, text: str, role: str, *, strong: bool = False) -> float:
        """Pixels of a text in one line."""
        return self.theme.metrics_of(role, strong=strong).horizontalAdvance(printable(text))

    def two_lines(self, canvas: Canvas, area: QRectF, upper: str, lower: str) -> None:
        """A strong line over a quiet one, set as one block in the middle of the bar."""
        t = self.theme
        rise, step = t.pick(12.5, 11.5), t.pick(25, 23)
        height = t.size("label") * 1.25
        top = QRectF(area.left(), area.center().y() - rise - height / 2, area.width() + 2, height)
        canvas.fitted(top, self._bold(upper, top.width()), "ink", MIDDLE_LEFT)
        top.translate(0, step)
        canvas.text(top, lower, ("fine", "ink2"), MIDDLE_LEFT)

    def widest(self, upper: str, lower: str) -> int:
        """Width of `two_lines`."""
        upper_width = QFontMetricsF(self._bold_font()).horizontalAdvance(printable(upper))
        return ceil(max(upper_width, self.advance(lower, "fine")))

    def _bold_font(self) -> QFont:
        return self.theme.font_px("label", self.theme.size("label"), 700)

    def _bold(self, text: str, width: float) -> Fitted:
        """One bold line, cut where the bar has no room."""
        font = self._bold_font()
        whole = printable(text)
        shown = QFontMetricsF(font).elidedText(whole, self.elide, width)
        return Fitted((shown,), font, self.theme.line_height("label"), elided=shown != whole)


class Chip(BarPart):
    """A plate with icon and words; ``segments`` are parted by a thin bar."""

    def look(self) -> tuple[str, str]:
        """Colour names of plate and words."""
        return ("sunken", "ink")

    def icon(self) -> str:
        """The icon's name."""
        raise NotImplementedError

    def segments(self, level: int) -> tuple[str, ...]:
        """What is said at a level."""
        raise NotImplementedError

    @property
    def _pads(self) -> tuple[int, int, int]:
        """Side padding, room between icon and words, icon side."""
        return self.theme.pick(16, 12), self.theme.pick(12, 10), self.theme.pick(24, 22)

    def wanted(self) -> int:
        """Padding, icon and words."""
        said = self.segments(self.level)
        pad, gap, side = self._pads
        words = sum(self.advance(text, "label", strong=True) for text in said)
        bars = max(0, len(said) - 1) * self._bar
        return round(2 * pad + side + (gap + words + bars + 1 if said else 0))

    @property
    def _bar(self) -> float:
        return float(self.theme.pick(33, 26))

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """The plate in the middle of the bar."""
        fill, ink = self.look()
        height = self.theme.pick(48, 42)
        plate = QRectF(0, area.center().y() - height / 2, area.width(), height)
        canvas.plate(plate, fill, radius="chip")
        pad, gap, side = self._pads
        box = QRectF(pad, plate.center().y() - side / 2, side, side)
        icons.draw_icon(canvas.painter, self.icon(), box, canvas.color(ink))
        x = box.right() + gap
        for index, text in enumerate(self.segments(self.level)):
            if index:
                self._thin_bar(canvas, x + self._bar / 2, plate)
                x += self._bar
            room = QRectF(x, plate.top(), plate.right() - pad - x + 2, plate.height())
            taken = canvas.text(room, text, ("label", ink), MIDDLE_LEFT, strong=True)
            x = taken.right()

    def _thin_bar(self, canvas: Canvas, x: float, plate: QRectF) -> None:
        color = canvas.color(self.look()[1])
        color.setAlphaF(0.45)
        tall = self.theme.pick(22, 20)
        canvas.painter.fillRect(QRectF(x - 1, plate.center().y() - tall / 2, 2, tall), color)
