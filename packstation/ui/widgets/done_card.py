"""Closed and put away: the verdict plate of a finished parcel, and the place of a parked one."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import DoneView, StationView
from packstation.ui import paint
from packstation.ui.tokens import MOTION_MS
from packstation.ui.widgets.canvas import Canvas
from packstation.ui.widgets.hero_card import draw_eyebrow, hero_pad
from packstation.ui.widgets.number_groups import draw_grouped, grouped_width
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.side_card import draw_number
from packstation.ui.widgets.tote_picture import draw_tote


class DonePlate(Painted[DoneView]):
    """Parcel complete, its waybill, and the bag or pallet to put it on."""

    progress = 1.0

    def changed(self, before: DoneView | None) -> None:
        """The tick is drawn once a parcel."""
        if self.shown is not None and (before is None or before.waybill != self.shown.waybill):
            self.motion.run(0.0, 1.0, MOTION_MS["verdict"])

    def moved(self, value: float) -> None:
        """How much of the tick is drawn."""
        self.progress = value
        self.update()

    def share(self, view: StationView) -> DoneView:
        """What was closed."""
        return view.done or DoneView("", None, 0, 0)

    def spoken(self) -> str:
        """The main line."""
        return self.words.say("screen.done")

    def draw(self, canvas: Canvas, area: QRectF, shown: DoneView) -> None:
        """Green, with the disc turned over: it is the one moment that is only good news."""
        theme = self.theme
        canvas.plate(area, "ok.fill", radius="hero")
        pad = hero_pad(theme) * 1.6
        side = min(area.height() * 0.46, area.width() * 0.24)
        disc = QRectF(area.left() + pad, area.center().y() - side / 2, side, side)
        painter = canvas.painter
        painter.setPen(canvas.color("ok.on"))
        painter.setBrush(canvas.color("ok.on"))
        painter.drawEllipse(disc)
        inset = side * 0.2
        mark = disc.adjusted(inset, inset, -inset, -inset)
        paint.tick(painter, mark, canvas.color("ok.fill"), self.progress)
        left = disc.right() + theme.pick(64, 34)
        room = QRectF(left, area.top() + pad, area.right() - pad - left, area.height() - 2 * pad)
        main = canvas.fit((room.width(), room.height() * 0.4), self.spoken(), "alarm", 2)
        place = canvas.words.of(shown.next_place)
        below = canvas.fit((room.width(), room.height() * 0.25), place, "title", 2)
        high = min(theme.pick(129, 92), room.height() * 0.3) if shown.waybill else 0.0
        gap = theme.pick(36, 18) if shown.waybill else 0.0
        tall = main.height + (below.height if place else 0) + gap + high
        top = room.center().y() - tall / 2
        canvas.fitted(QRectF(left, top, room.width(), main.height), main, "ok.on")
        top += main.height
        if place:
            canvas.fitted(QRectF(left, top, room.width(), below.height), below, "ok.on")
            top += below.height
        if shown.waybill:
            self._waybill(canvas, QRectF(left, top + gap, room.width(), high), shown.waybill)

    def _waybill(self, canvas: Canvas, plate: QRectF, waybill: str) -> None:
        theme = self.theme
        paper = canvas.on(theme.paper)
        size = int(plate.height() * 0.58)
        inset = theme.pick(34, 20)
        plate.setWidth(min(grouped_width(canvas, waybill, size) + 2 * inset, plate.width()))
        paper.plate(plate, "surface")
        draw_grouped(paper, plate.adjusted(inset, 0, -inset + 8, 0), waybill, size)


class DayNumbers(Painted[DoneView]):
    """Orders and units of the day."""

    def share(self, view: StationView) -> DoneView | None:
        """The counts."""
        return view.done

    def draw(self, canvas: Canvas, area: QRectF, shown: DoneView) -> None:
        """Two cards under each other."""
        gutter = self.theme.metrics.gutter
        high = (area.height() - gutter) / 2
        rows = (
            (shown.orders_today, "screen.done.orders"),
            (shown.units_today, "screen.done.units"),
        )
        for index, (count, key) in enumerate(rows):
            card = QRectF(area.left(), area.top() + index * (high + gutter), area.width(), high)
            draw_number(canvas, card, canvas.words.show(count), canvas.words.say(key, count))


class ParkShare(Struct, frozen=True):
    """Where the goods go, and how many pieces they are."""

    place: str
    pieces: int


class ParkCard(Painted[ParkShare]):
    """Put into the tote, scan it: the place code is the giant."""

    def share(self, view: StationView) -> ParkShare:
        """Place and pieces."""
        return ParkShare(view.park_place, sum(line.done for line in view.lines))

    def main_line(self, place: str) -> str:
        """Put into tote T-131, or: scan a tote."""
        if not place:
            return self.words.say("screen.park.any")
        return self.words.say("screen.park.into", t=place)

    def spoken(self) -> str:
        """The main line."""
        return self.main_line(self.shown.place) if self.shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: ParkShare) -> None:
        """An open tote at the left, the line and the code at the right."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = hero_pad(theme)
        wide = round(area.width() * 0.42)
        picture = QRectF(area.left() + pad, area.top() + pad, wide, area.height() - 2 * pad)
        canvas.plate(picture, "picture")
        inset = picture.width() * 0.14
        draw_tote(canvas, picture.adjusted(inset, inset, -inset, -inset), min(6, shown.pieces))
        left = picture.right() + theme.pick(56, 32)
        column = QRectF(left, picture.top(), area.right() - pad - left, picture.height())
        eyebrow = canvas.words.say("screen.park.later")
        below = draw_eyebrow(canvas, column, "tote", eyebrow, "now.ink")
        room = QRectF(below.left(), below.top(), below.width(), below.height() * 0.45)
        main = canvas.fit_name((room.width(), room.height()), self.main_line(shown.place))
        taken = canvas.fitted(room, main, "ink")
        text = canvas.words.say("screen.park.scan")
        row = QRectF(column.left(), 0, column.width(), theme.line_height("title") * 2)
        row.moveBottom(column.bottom())
        second = canvas.fit((row.width(), row.height()), text, "title", 2)
        low = QRectF(row.left(), row.bottom() - second.height, row.width(), second.height)
        canvas.thin(low, second, "ink2")
        floor = low.top() - theme.pick(40, 18)
        cap = floor - taken.bottom() - theme.px(16)
        if shown.place:
            canvas.giant(
                QPointF(column.left(), floor), (column.width(), cap), shown.place, "now.fill"
            )
