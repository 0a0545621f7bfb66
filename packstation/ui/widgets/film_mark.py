"""The recording sign: whoever stands at the bench sees that the camera films, or does not."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui import paint
from packstation.ui.widgets.bar_part import BarPart
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas


class FilmMark(BarPart):
    """A red disc and a word while an order is filmed, a ring between orders, struck in trouble.

    The disc stays where the word has no room: the sign is never left out.
    """

    _state = ""

    def share(self, view: StationView) -> Hashable:
        """Off, filming, waiting or in trouble."""
        self._state = view.filming
        return self._state

    def spoken(self) -> str:
        """In words."""
        return self._word() if self._state else ""

    def _word(self) -> str:
        return self.words.say(f"frame.film.{self._state}")

    @property
    def top_level(self) -> int:
        """A small screen has the word only in trouble."""
        return 0 if self.theme.small and self._state != "fault" else 1

    @property
    def _pads(self) -> tuple[int, int, int]:
        """Side padding, room between mark and word, side of the mark."""
        return self.theme.pick(14, 10), self.theme.pick(10, 8), self.theme.pick(20, 18)

    def wanted(self) -> int:
        """The plate around mark and word."""
        if not self._state:
            return 0
        pad, gap, side = self._pads
        word = gap + self.advance(self._word(), "label", strong=True) if self.level else 0
        return round(2 * pad + side + word + 1)

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """In the middle of the bar."""
        if not self._state:
            return
        t, painter = self.theme, canvas.painter
        height, (pad, gap, side) = t.pick(48, 42), self._pads
        plate = QRectF(0, area.center().y() - height / 2, area.width(), height)
        fault = self._state == "fault"
        canvas.plate(plate, "warn.tint" if fault else "sunken", radius="chip")
        mark = QRectF(pad, plate.center().y() - side / 2, side, side)
        # The ink of red, not its fill: it must be seen on the dark plate as well.
        red = canvas.color("stop.ink")
        if fault:
            paint.struck_ring(painter, mark, red, t.px(3))
        elif self._state == "film":
            paint.rounded(painter, mark, side / 2, red)
        else:
            paint.empty_ring(painter, mark, red, t.px(3))
        if self.level:
            room = QRectF(mark.right() + gap, plate.top(), plate.width(), plate.height())
            ink = "warn.ink" if fault else "ink"
            canvas.text(room, self._word(), ("label", ink), MIDDLE_LEFT, strong=True)
