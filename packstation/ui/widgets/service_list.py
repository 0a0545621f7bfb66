"""Services by rank: the chosen one as a now card, others in rows, refused ones with the reason."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen

from packstation.station.views import LabelView, Screen, ServiceRow, StationView
from packstation.ui import tokens
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.take_label import draw_take

_ICONS = {"express": "plane", "dedicated_line": "truck", "postal": "letter"}


class ServiceShare(Struct, frozen=True):
    """Services and what is being done with the chosen one."""

    screen: Screen
    services: tuple[ServiceRow, ...]
    label: LabelView | None
    country: str = ""
    box: str = ""


def main_words(screen: Screen, label: LabelView | None) -> tuple[str, str]:
    """Keys of the main and the second line."""
    if label is not None and label.unsure:
        return "screen.print.unsure", "screen.print.unsure_why"
    if label is not None and label.take is not None:
        return "screen.print.take", label.take.key
    if screen == Screen.PRINTING:
        return "screen.print.run", "screen.print.stick"
    return "screen.rate.take", "screen.rate.how"


class ServiceList(Painted[ServiceShare]):
    """RATING and PRINTING (picture 05)."""

    def share(self, view: StationView) -> ServiceShare:
        """Rows, and whether a label is under way."""
        country = view.order.country if view.order else ""
        box = view.carton.code if view.carton else ""
        return ServiceShare(view.screen, view.services, view.label, country, box)

    def spoken(self) -> str:
        """The main line."""
        if self.shown is None:
            return ""
        return self.words.say(main_words(self.shown.screen, self.shown.label)[0])

    def draw(self, canvas: Canvas, area: QRectF, shown: ServiceShare) -> None:
        """Main line, then as many rows as there is room for."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = theme.pick(41, 22)
        inner = area.adjusted(pad, theme.pick(26, 12), -pad, -theme.pick(24, 10))
        top = self._head(canvas, inner, shown)
        if shown.label is not None and shown.label.unsure:
            return
        if shown.label is not None and shown.label.take is not None:
            self._take(canvas, inner.adjusted(0, top - inner.top(), 0, 0), shown)
            return
        chosen = [row for row in shown.services if row.state == "chosen"]
        others = [row for row in shown.services if row.state == "possible"]
        refused = [row for row in shown.services if row.state == "refused"]
        for row in chosen:
            high = theme.pick(118, 92)
            self._chosen(canvas, QRectF(inner.left(), top, inner.width(), high), row)
            top += high + theme.px(6)
        top = self._rows(canvas, inner, top, others, refused=False)
        if refused:
            self._refused(canvas, inner, top, refused)

    def _head(self, canvas: Canvas, inner: QRectF, shown: ServiceShare) -> float:
        """Main and second line with the count of sheets at the right; where rows begin."""
        theme = self.theme
        main, second = main_words(shown.screen, shown.label)
        row = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("head"))
        taken = canvas.text(row, canvas.words.say(main), ("head", "ink"))
        low = QRectF(inner.left(), taken.bottom(), inner.width(), theme.line_height("title"))
        take = shown.label.take if shown.label and not shown.label.unsure else None
        said = canvas.words.of(take) or canvas.words.say(second)
        fitted = canvas.fit((low.width(), low.height()), said, "title")
        canvas.thin(low, fitted, "ink2")
        return low.bottom() + theme.pick(14, 8)

    def _take(self, canvas: Canvas, room: QRectF, shown: ServiceShare) -> None:
        """The printer with its label out fills what is left: prices are no matter any more."""
        label, theme = shown.label or LabelView(), self.theme
        canvas.plate(room, "picture")
        inset = theme.pick(24, 10)
        paper = canvas.on(theme.paper)
        inside = room.adjusted(inset, inset, -inset, -inset)
        draw_take(paper, inside, shown.country, shown.box, label.waybill)

    def _chosen(self, canvas: Canvas, area: QRectF, row: ServiceRow) -> None:
        theme = self.theme
        canvas.plate(area, "now.tint", "now.fill", width=tokens.CURRENT_LINE)
        side = theme.pick(46, 38)
        icon = QRectF(area.left() + theme.pick(31, 20), area.center().y() - side / 2, side, side)
        canvas.icon(_ICONS.get(row.channel, "letter"), icon, "now.fill")
        right = area.right() - theme.pick(32, 18)
        wide = canvas.width(row.price, "price") + 4
        price = QRectF(right - wide, area.top(), wide, area.height())
        canvas.text(price, row.price, ("price", "ink"), MIDDLE_RIGHT)
        days = self._days(
            canvas,
            QRectF(area.left(), area.top(), price.left() - area.left(), area.height()),
            row,
            "ink2",
        )
        left = icon.right() + theme.pick(27, 18)
        self._named(canvas, QRectF(left, area.top(), days - left, area.height()), row, "title")

    def _days(self, canvas: Canvas, room: QRectF, row: ServiceRow, color: str) -> float:
        """Days right-aligned left of the price; where names must end."""
        text = canvas.words.say("screen.rate.days", d=row.days) if row.days else ""
        right = room.right() - self.theme.pick(48, 22)
        wide = canvas.width(text, "label") + 2
        cell = QRectF(right - wide, room.top(), wide, room.height())
        canvas.text(cell, text, ("label", color), MIDDLE_RIGHT)
        return cell.left() - self.theme.px(16)

    def _named(self, canvas: Canvas, room: QRectF, row: ServiceRow, role: str) -> None:
        """Name, and under it why this one or why not."""
        theme = self.theme
        refused = row.state == "refused"
        why = canvas.words.of(row.why)
        name_high = theme.line_height("body") if role == "body" else theme.line_height("title")
        high = room.height() - name_high
        under = canvas.fit(
            (room.width(), max(high, 10.0)), why, "label", 2 if role == "title" else 1
        )
        below = under.height if why else 0.0
        top = room.center().y() - (name_high + below) / 2
        look = (role, "ink3" if refused else "ink")
        first = QRectF(room.left(), top, room.width(), name_high)
        canvas.text(first, row.name, look, MIDDLE_LEFT, strong=not refused)
        if why:
            low = QRectF(room.left(), first.bottom(), room.width(), below)
            canvas.fitted(low, under, "ink2")

    def _rows(
        self, canvas: Canvas, inner: QRectF, top: float, rows: list[ServiceRow], *, refused: bool
    ) -> float:
        """Rows under each other until there is no room; where the next thing may begin."""
        theme = self.theme
        for index, row in enumerate(rows):
            high = theme.line_height("body") + theme.px(14)
            if row.why is not None:
                high += theme.line_height("label")
            if top + high > inner.bottom() + 2:
                return self._left_out(canvas, inner, top, len(rows) - index)
            area = QRectF(inner.left(), top, inner.width(), high)
            self._row(canvas, area, row)
            top = area.bottom()
            if index + 1 < len(rows) or not refused:
                canvas.rule(QPointF(area.left(), top), QPointF(area.right(), top))
        return top

    def _left_out(self, canvas: Canvas, inner: QRectF, top: float, count: int) -> float:
        room = QRectF(inner.left(), top, inner.width(), inner.bottom() - top)
        if room.height() >= self.theme.line_height("label") * 0.9:
            text = canvas.words.say("screen.rate.more", count)
            canvas.text(room, text, ("label", "ink2"), MIDDLE_LEFT, strong=True)
        return inner.bottom()

    def _row(self, canvas: Canvas, area: QRectF, row: ServiceRow) -> None:
        theme = self.theme
        refused = row.state == "refused"
        side = theme.pick(36, 30)
        icon = QRectF(area.left() + theme.pick(27, 16), area.center().y() - side / 2, side, side)
        canvas.icon(_ICONS.get(row.channel, "letter"), icon, "ink3" if refused else "ink2")
        right = area.right() - theme.pick(28, 16)
        price = row.price or "—"
        wide = max(canvas.width(price, "body", strong=True), theme.pick(110, 90)) + 4
        cell = QRectF(right - wide, area.top(), wide, area.height())
        color = "ink3" if refused else "ink"
        taken = canvas.text(cell, price, ("body", color), MIDDLE_RIGHT, strong=not refused)
        if refused and row.price:
            canvas.painter.setPen(QPen(canvas.color("ink3"), 2))
            middle = taken.center().y() + theme.px(2)
            canvas.painter.drawLine(QPointF(taken.left(), middle), QPointF(taken.right(), middle))
        room = QRectF(
            area.left(), area.top(), right - theme.pick(162, 116) - area.left(), area.height()
        )
        days = self._days(canvas, room, row, color if refused else "ink2")
        left = area.left() + theme.pick(100, 66)
        self._named(canvas, QRectF(left, area.top(), days - left, area.height()), row, "body")

    def _refused(self, canvas: Canvas, inner: QRectF, top: float, rows: list[ServiceRow]) -> None:
        theme = self.theme
        high = theme.line_height("label") + theme.px(18)
        if top + high > inner.bottom() + 4:
            return
        side = theme.px(26)
        left = inner.left() + theme.pick(27, 16)
        icon = QRectF(left, top + theme.px(6) + high / 2 - side / 2, side, side)
        canvas.icon("octagon", icon, "ink2")
        row = QRectF(icon.right() + theme.px(12), top + theme.px(6), inner.width() * 0.8, high)
        row.setRight(inner.right())
        text = canvas.words.say("screen.rate.none", len(rows))
        canvas.text(row, text, ("label", "ink2"), MIDDLE_LEFT, strong=True)
        self._rows(canvas, inner, row.bottom(), rows, refused=True)
