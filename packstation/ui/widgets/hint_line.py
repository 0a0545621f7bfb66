"""What is to be known of the open order besides its lines, in one line over the stage."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView, Words
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import Painted


def hint_height(theme: Theme) -> int:
    """Pixels of the line."""
    return max(theme.pick(52, 40), round(theme.line_height("label")) + theme.px(8))


class StageLine(Painted[tuple[Words, ...]]):
    """A line over the stage: a mark and words."""

    plate, mark, ink = "sunken", "bell", "ink2"

    def spoken(self) -> str:
        """All in one."""
        return " · ".join(self.words.of(words) for words in self.shown or ())

    def draw(self, canvas: Canvas, area: QRectF, shown: tuple[Words, ...]) -> None:
        """A plate with a mark."""
        if not shown:
            return
        theme = self.theme
        canvas.plate(area, self.plate, radius="chip")
        side = theme.pick(28, 22)
        left = area.left() + theme.pick(18, 12)
        canvas.icon(self.mark, QRectF(left, area.center().y() - side / 2, side, side), self.ink)
        room = area.adjusted(left - area.left() + side + theme.px(12), 0, -theme.pick(18, 12), 0)
        canvas.text(room, self.spoken(), ("label", "ink"), MIDDLE_LEFT, strong=True)


class HintLine(StageLine):
    """Batch, totes, the next order of the tote, the buyer's other orders; how the box is felt."""

    def share(self, view: StationView) -> tuple[Words, ...]:
        """All of them."""
        return (view.note, *view.hints) if view.note else view.hints


class WarnLine(StageLine):
    """What is missing of this parcel though it may go on."""

    plate, mark, ink = "warn.tint", "warn", "warn.ink"

    def share(self, view: StationView) -> tuple[Words, ...]:
        """The warning alone."""
        return view.warning


def under_hints(line: StageLine, area: QRectF) -> QRectF:
    """Places the line over ``area`` where there is something to say; the room that is left."""
    shown = bool(line.shown)
    line.setVisible(shown)
    if not shown:
        return area
    high = hint_height(line.theme)
    line.setGeometry(QRectF(area.left(), area.top(), area.width(), high).toRect())
    return area.adjusted(0, high + line.theme.metrics.gutter / 2, 0, 0)
