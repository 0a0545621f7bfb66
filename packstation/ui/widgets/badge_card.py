"""Scan your badge: at the start of a shift, and after the idle lock, which keeps the parcel."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPen

from packstation.station.views import OrderView, StationView
from packstation.ui import paint, tokens
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.hero_card import draw_eyebrow, hero_pad
from packstation.ui.widgets.painted import Painted


class BadgeShare(Struct, frozen=True):
    """Locked with a parcel open, or nobody signed in."""

    locked: bool
    order: OrderView | None
    bench: str
    asked: bool


class BadgeCard(Painted[BadgeShare]):
    """SIGN_IN and the idle lock."""

    def share(self, view: StationView) -> BadgeShare:
        """What is kept, and where."""
        return BadgeShare(view.locked, view.order, view.person.bench, view.entry is not None)

    def spoken(self) -> str:
        """The main line."""
        return self.words.say("screen.badge.scan")

    def draw(self, canvas: Canvas, area: QRectF, shown: BadgeShare) -> None:
        """A badge at the left, the line at the right, what is kept at the foot."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = hero_pad(theme)
        wide = round(area.width() * (0.3 if shown.asked else 0.42))
        picture = QRectF(area.left() + pad, area.top() + pad, wide, area.height() - 2 * pad)
        canvas.plate(picture, "picture")
        self._badge(canvas.on(theme.paper), picture)
        left = picture.right() + theme.pick(64, 34)
        # The keypad stands at the right while a PIN is asked.
        reserve = theme.pick(400, 350) if shown.asked else 0
        column = QRectF(left, picture.top(), area.right() - pad - reserve - left, picture.height())
        icon = "lock-closed" if shown.locked else "badge"
        key = "screen.badge.locked" if shown.locked else "screen.badge.bench"
        eyebrow = canvas.words.say(key, b=shown.bench)
        middle = QRectF(column)
        middle.setTop(column.top() + column.height() * 0.22)
        below = draw_eyebrow(canvas, middle, icon, eyebrow, "now.ink")
        room = QRectF(below.left(), below.top(), below.width(), below.height() * 0.5)
        largest = theme.pick(88, 64)
        main = canvas.fit_name((room.width(), room.height()), self.spoken(), largest)
        taken = canvas.fitted(room, main, "ink")
        row = QRectF(column.left(), taken.bottom() + theme.px(10), column.width(), 0)
        row.setHeight(theme.line_height("title") * 2)
        second = canvas.fit(
            (row.width(), row.height()), canvas.words.say("screen.badge.how"), "title", 2
        )
        canvas.thin(row, second, "ink2")
        if shown.locked and shown.order is not None:
            self._kept(canvas, column, shown.order)

    def _kept(self, canvas: Canvas, column: QRectF, order: OrderView) -> None:
        """The open parcel waits."""
        theme = self.theme
        high = theme.pick(92, 72)
        row = QRectF(column.left(), column.bottom() - high, column.width(), high)
        canvas.plate(row, "ok.tint")
        side = theme.pick(40, 34)
        mark = QRectF(row.left() + theme.px(24), row.center().y() - side / 2, side, side)
        paint.ok_disc(canvas.painter, theme, mark)
        text = canvas.words.say(
            "screen.badge.kept", o=order.order_id, d=order.units_done, n=order.units_total
        )
        room = QRectF(mark.right() + theme.px(18), row.top() + 4, 0, row.height() - 8)
        room.setRight(row.right() - theme.px(20))
        canvas.text(room, text, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)

    def _badge(self, canvas: Canvas, picture: QRectF) -> None:
        """A drawn badge on its clip, bars hatched."""
        painter = canvas.painter
        high = min(picture.height() * 0.72, picture.width() * 1.0)
        card = QRectF(0, 0, high * 0.7, high)
        card.moveCenter(picture.center())
        ink = QColor(tokens.LIGHT.ink)
        unit = high / 400
        strap = QRectF(card.center().x() - 26 * unit, picture.top(), 52 * unit, 0)
        strap.setBottom(card.top() + 20 * unit)
        painter.fillRect(strap, canvas.color("now.fill"))
        painter.setPen(QPen(ink, 3 * unit))
        painter.setBrush(canvas.color("surface"))
        painter.drawRoundedRect(card, 18 * unit, 18 * unit)
        slot = QRectF(card.center().x() - 34 * unit, card.top() + 18 * unit, 68 * unit, 14 * unit)
        paint.rounded(painter, slot, 7 * unit, canvas.color("sunken"), ink, 2 * unit)
        photo = QRectF(
            card.center().x() - 62 * unit, card.top() + 62 * unit, 124 * unit, 124 * unit
        )
        paint.rounded(painter, photo, 14 * unit, canvas.color("now.tint"))
        inset = 18 * unit
        canvas.icon("person", photo.adjusted(inset, inset, -inset, -inset), "now.fill")
        for top, wide in ((206, 150), (226, 104)):
            bar = QRectF(
                card.center().x() - wide * unit / 2, card.top() + top * unit, wide * unit, 9 * unit
            )
            painter.fillRect(bar, canvas.color("ink2"))
        code = QRectF(card.left() + 34 * unit, card.bottom() - 128 * unit, 0, 84 * unit)
        code.setRight(card.right() - 34 * unit)
        paint.hatch(painter, code, ink)
        grown = 26 * unit
        paint.brackets(
            painter, code.adjusted(-grown, -grown, grown, grown), canvas.color("now.fill"), 7 * unit
        )
