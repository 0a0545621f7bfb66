"""The size of the box: three sides, the one being read marked in the drawing."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import CartonView, StationView
from packstation.ui import iso, paint
from packstation.ui.iso import Iso
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, Canvas
from packstation.ui.widgets.hero_card import draw_eyebrow, hero_pad
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.side_card import draw_facts

SIDES = ("length", "width", "height")


class SizeShare(Struct, frozen=True):
    """Sides that are known, and which one is asked for."""

    sides: tuple[int, int, int]
    asked: str
    typed: str


def sides_of(carton: CartonView | None) -> tuple[int, int, int]:
    """The box's sides; zeros where there is none."""
    return carton.inner_mm if carton is not None else (0, 0, 0)


class SizeHero(Painted[SizeShare]):
    """MEASURING."""

    def share(self, view: StationView) -> SizeShare:
        """Sides from the box, the question from the entry."""
        entry = view.entry
        asked = entry.kind if entry is not None and entry.kind in SIDES else ""
        return SizeShare(sides_of(view.carton), asked, entry.value if entry and asked else "")

    def spoken(self) -> str:
        """The main line."""
        return self.words.say("screen.measure")

    def giant(self, shown: SizeShare) -> str:
        """L x W x H, a dash where a side is still to come."""
        return " × ".join(str(side) if side else "–" for side in shown.sides)

    def draw(self, canvas: Canvas, area: QRectF, shown: SizeShare) -> None:
        """Drawing left, sides right."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = hero_pad(theme)
        wide = round(area.width() * (0.34 if theme.profile.tight else 0.47))
        picture = QRectF(area.left() + pad, area.top() + pad, wide, area.height() - 2 * pad)
        canvas.plate(picture, "picture")
        self._drawing(canvas.on(theme.paper), picture, shown)
        left = picture.right() + theme.pick(56, 30)
        column = QRectF(left, picture.top(), area.right() - pad - left, picture.height())
        eyebrow = canvas.words.say(f"screen.measure.{shown.asked or 'reading'}")
        below = draw_eyebrow(canvas, column, "dimensioner", eyebrow, "now.ink")
        room = QRectF(below.left(), below.top(), below.width(), below.height() * 0.4)
        taken = canvas.fitted(
            room, canvas.fit_name((room.width(), room.height()), self.spoken()), "ink"
        )
        high = theme.line_height("title")
        hint = canvas.words.say("screen.measure.hint")
        second = canvas.fit((column.width(), high * 2), hint, "title", 2)
        floor = column.bottom() - second.height - theme.pick(36, 20)
        cap = floor - taken.bottom() - theme.px(16)
        unit = canvas.words.say("screen.unit.mm")
        beside = canvas.width(unit, "title") + theme.px(24)
        number = canvas.giant(
            QPointF(column.left(), floor),
            (column.width() - beside, cap),
            self.giant(shown),
            "now.fill",
            "count4",
        )
        row = QRectF(number.right() + theme.px(16), floor - high * 0.82, beside, high)
        canvas.text(row, unit, ("title", "now.ink"))
        low = QRectF(column.left(), column.bottom() - second.height, column.width(), high * 2)
        canvas.thin(low, second, "ink2")

    def _drawing(self, canvas: Canvas, picture: QRectF, shown: SizeShare) -> None:
        inset = picture.width() * 0.14
        room = picture.adjusted(inset, inset, -inset, -inset)
        length, width, height = (float(side or 200) for side in shown.sides)
        view = iso.iso_box(canvas.painter, canvas.theme, room, (length, width, height))
        ends = {
            "length": ((0.0, width, 0.0), (length, width, 0.0)),
            "width": ((length, 0.0, 0.0), (length, width, 0.0)),
            "height": ((length, 0.0, 0.0), (length, 0.0, height)),
        }
        for side in SIDES:
            self._mark(canvas, view, ends[side], side, marked=side == shown.asked)

    def _mark(
        self,
        canvas: Canvas,
        view: Iso,
        ends: tuple[tuple[float, float, float], tuple[float, float, float]],
        side: str,
        *,
        marked: bool,
    ) -> None:
        """The edge in now where it is asked for, its letter on a plate beside it."""
        theme = canvas.theme
        start, end = view.point(*ends[0]), view.point(*ends[1])
        if marked:
            pen = paint.stroke(canvas.color("now.fill"), theme.pick(12, 9))
            canvas.painter.setPen(pen)
            canvas.painter.drawLine(start, end)
        high = theme.pick(48, 38)
        plate = QRectF(0, 0, high * 1.1, high)
        away = {
            "length": QPointF(-high * 0.6, high * 0.7),
            "width": QPointF(high * 0.7, high * 0.7),
        }
        plate.moveCenter((start + end) / 2 + away.get(side, QPointF(high * 0.9, 0)))
        fill, ink = ("now.fill", "now.on") if marked else ("surface", "ink")
        canvas.plate(plate, fill, None if marked else "edge", radius="chip")
        letter = canvas.words.say(f"screen.measure.{side}_letter")
        canvas.text(plate, letter, ("body", ink), MIDDLE_CENTRE, strong=True)


class LimitsCard(Painted[tuple[tuple[str, str], ...]]):
    """What the service allows."""

    def share(self, view: StationView) -> tuple[tuple[str, str], ...]:
        """Names and values."""
        return tuple((self.words.of(words), value) for words, value in view.limits)

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.limits")

    def draw(self, canvas: Canvas, area: QRectF, shown: tuple[tuple[str, str], ...]) -> None:
        """A card as high as its rows."""
        if not shown:
            return
        high = self.theme.pick(90, 64) + self.theme.pick(56, 48) * len(shown)
        card = QRectF(area.left(), area.top(), area.width(), min(area.height(), high))
        draw_facts(canvas, card, self.spoken(), shown)
