"""Services by rank: the chosen one as a now card, others in rows, refused ones with the reason."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen

from packstation.station.views import LabelView, Screen, ServiceRow, StationView, Words
from packstation.ui import paint, tokens
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.take_label import draw_take

# So many remarks stand over the list at once.
_NOTES = 2
_ICONS = {"express": "plane", "dedicated_line": "truck", "postal": "letter", "freight": "box"}


class ServiceShare(Struct, frozen=True):
    """Services and what is being done with the chosen one."""

    screen: Screen
    services: tuple[ServiceRow, ...]
    label: LabelView | None
    country: str = ""
    box: str = ""
    notes: tuple[Words, ...] = ()

    @property
    def groups(self) -> tuple[list[ServiceRow], list[ServiceRow], list[ServiceRow]]:
        """The one that leads, the others that are possible, and those that are not.

        The chosen one leads; before one is chosen, the first that may be picked.
        """
        refused = [row for row in self.services if row.state == "refused"]
        rest = [row for row in self.services if row.state != "refused"]
        leads = bool(rest) and (rest[0].state == "chosen" or bool(rest[0].key))
        return rest[: int(leads)], rest[int(leads) :], refused


def main_words(
    screen: Screen, label: LabelView | None, *, picking: bool = False
) -> tuple[str, str]:
    """Keys of the main and the second line; ``picking``: a person may pick one now."""
    if label is not None and label.unsure:
        return "screen.print.unsure", "screen.print.unsure_why"
    if label is not None and label.take is not None:
        return "screen.print.take", label.take.key
    if screen == Screen.PRINTING:
        return "screen.print.run", "screen.print.stick"
    return "screen.rate.take", "screen.rate.pick" if picking else "screen.rate.how"


class Line(Struct):
    """A thing under the head: ``kind`` notes, lead, row, heading or more, and where it stands."""

    kind: str
    area: QRectF
    row: ServiceRow | None = None
    count: int = 0
    ruled: bool = False


class ServiceList(Painted[ServiceShare]):
    """RATING and PRINTING (picture 05)."""

    def share(self, view: StationView) -> ServiceShare:
        """Rows, and whether a label is under way."""
        country = view.order.country if view.order else ""
        box = view.carton.code if view.carton else ""
        return ServiceShare(
            view.screen, view.services, view.label, country, box, view.service_notes
        )

    def spoken(self) -> str:
        """The main line."""
        if self.shown is None:
            return ""
        return self.words.say(main_words(self.shown.screen, self.shown.label)[0])

    def draw(self, canvas: Canvas, area: QRectF, shown: ServiceShare) -> None:
        """Main line, then as many rows as there is room for."""
        canvas.card(area, radius="hero")
        inner = self._inner(area)
        self._head(canvas, inner, shown)
        if shown.label is not None and shown.label.unsure:
            return
        if shown.label is not None and shown.label.take is not None:
            top = inner.top() + self._head_height()
            self._take(canvas, inner.adjusted(0, top - inner.top(), 0, 0), shown)
            return
        for line in self._lines(area, shown):
            self._line(canvas, line, shown)

    def _line(self, canvas: Canvas, line: Line, shown: ServiceShare) -> None:
        row, area = line.row, line.area
        if row is not None and line.kind == "lead":
            self._chosen(canvas, area, row)
        elif row is not None:
            self._row(canvas, area, row, keyed=any(one.key for one in shown.services))
            if line.ruled:
                canvas.rule(area.bottomLeft(), area.bottomRight())
        elif line.kind == "notes":
            self._notes(canvas, area, shown.notes)
        elif line.kind == "heading":
            self._heading(canvas, area, line.count)
        else:
            text = canvas.words.say("screen.rate.more", line.count)
            canvas.text(area, text, ("label", "ink2"), MIDDLE_LEFT, strong=True)

    def places(self, area: QRectF) -> list[tuple[ServiceRow, QRectF]]:
        """Where rows stand that a finger may pick."""
        shown = self.shown
        if shown is None or (shown.label is not None and (shown.label.unsure or shown.label.take)):
            return []
        lines = self._lines(area, shown)
        return [(one.row, one.area) for one in lines if one.row is not None and one.row.key]

    # --- where things stand -------------------------------------------------------------

    def _inner(self, area: QRectF) -> QRectF:
        theme = self.theme
        pad = theme.pick(41, 22)
        return area.adjusted(pad, theme.pick(26, 12), -pad, -theme.pick(24, 10))

    def _head_height(self) -> float:
        theme = self.theme
        return theme.line_height("head") + theme.line_height("title") + theme.pick(14, 8)

    def _lines(self, area: QRectF, shown: ServiceShare) -> list[Line]:
        """Everything below the head, from above, as far as there is room."""
        theme, inner = self.theme, self._inner(area)
        lead, others, refused = shown.groups
        top, found = inner.top() + self._head_height(), list[Line]()

        def add(kind: str, high: float, row: ServiceRow | None = None, count: int = 0) -> None:
            nonlocal top
            found.append(Line(kind, QRectF(inner.left(), top, inner.width(), high), row, count))
            top += high

        if shown.notes:
            said = len(shown.notes[:_NOTES])
            add("notes", theme.line_height("label") * said + 2 * theme.pick(12, 8))
            top += theme.px(10)
        for row in lead:
            add("lead", theme.pick(118, 92), row)
            top += theme.px(6)
        heading = theme.line_height("label") + theme.px(18)
        for group in (others, refused):
            if group is refused and group:
                if top + theme.px(6) + heading > inner.bottom() + 4:
                    return found
                top += theme.px(6)
                add("heading", heading, count=len(group))
            for at, row in enumerate(group):
                high = self._row_height(row)
                if top + high > inner.bottom() + 2:
                    rest = inner.bottom() - top
                    if rest >= theme.line_height("label") * 0.9:
                        add("more", rest, count=len(group) - at)
                    top = inner.bottom()
                    break
                add("row", high, row)
                found[-1].ruled = at + 1 < len(group) or group is others
        return found

    def _row_height(self, row: ServiceRow) -> float:
        theme = self.theme
        two = row.why is not None or bool(row.arrives) or bool(row.home)
        low = theme.line_height("label") if two else 0
        return theme.line_height("body") + low + theme.px(9 if low else 14)

    # --- what stands there --------------------------------------------------------------

    def _head(self, canvas: Canvas, inner: QRectF, shown: ServiceShare) -> None:
        """Main and second line."""
        theme = self.theme
        picking = any(row.key for row in shown.services)
        main, second = main_words(shown.screen, shown.label, picking=picking)
        row = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("head"))
        canvas.text(row, canvas.words.say(main), ("head", "ink"))
        low = QRectF(inner.left(), row.bottom(), inner.width(), theme.line_height("title"))
        take = shown.label.take if shown.label and not shown.label.unsure else None
        said = canvas.words.of(take) or canvas.words.say(second)
        fitted = canvas.fit((low.width(), low.height()), said, "title")
        canvas.thin(low, fitted, "ink2")

    def _notes(self, canvas: Canvas, band: QRectF, notes: tuple[Words, ...]) -> None:
        """How services were compared, where a person should know: a line for each."""
        theme = self.theme
        line, pad = theme.line_height("label"), theme.pick(12, 8)
        canvas.plate(band, "warn.tint", radius="chip")
        side = theme.px(24)
        left = band.left() + theme.pick(20, 14)
        middle = band.top() + pad + line / 2
        icon = QRectF(left, middle - side / 2, side, side)
        offline = notes[0].key == "choice.note.offline"
        canvas.icon("cloud-off" if offline else "warn", icon, "warn.ink")
        text = QRectF(icon.right() + theme.px(12), band.top() + pad, 0.0, line)
        text.setRight(band.right() - theme.px(12))
        for one in notes[:_NOTES]:
            fitted = canvas.fit((text.width(), line), canvas.words.of(one), "label", 1)
            canvas.fitted(text, fitted, "warn.ink")
            text.translate(0, line)

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
        if row.key:
            right = self._cap(canvas, area, right, row.key)
        wide = canvas.width(row.price, "price") + 4
        price = QRectF(right - wide, area.top(), wide, area.height())
        upper = self._over(canvas, price, row.home, "ink2")
        canvas.text(upper, row.price, ("price", "ink"), MIDDLE_RIGHT)
        days = self._days(
            canvas,
            QRectF(area.left(), area.top(), price.left() - area.left(), area.height()),
            row,
            "ink2",
        )
        left = icon.right() + theme.pick(27, 18)
        self._named(canvas, QRectF(left, area.top(), days - left, area.height()), row, "title")

    def _cap(self, canvas: Canvas, area: QRectF, right: float, key: str) -> float:
        """The digit that picks a row, or its room; where everything else must end."""
        wide, high = paint.key_width(self.theme, "1"), self.theme.pick(34, 30)
        if key:
            corner = QPointF(right - wide, area.center().y() - high / 2)
            paint.key_cap(canvas.painter, self.theme, corner, key)
        return right - wide - self.theme.pick(22, 12)

    def _over(self, canvas: Canvas, cell: QRectF, under: str, color: str) -> QRectF:
        """The upper part of a cell with a small second line; all of it where there is none."""
        if not under:
            return cell
        low = self.theme.line_height("label")
        below = QRectF(cell.left(), cell.bottom() - low - self.theme.px(8), cell.width(), low)
        canvas.text(below, f"≈ {under}", ("label", color), MIDDLE_RIGHT)
        return cell.adjusted(0, 0, 0, -low * 0.8)

    def _days(self, canvas: Canvas, room: QRectF, row: ServiceRow, color: str) -> float:
        """Days, and the day of arrival under them, left of the price; where names must end."""
        text = canvas.words.say("screen.rate.days", d=row.days) if row.days else ""
        by = canvas.words.say("screen.rate.by", d=row.arrives) if row.arrives else ""
        right = room.right() - self.theme.pick(48, 22)
        wide = max(canvas.width(text, "label"), canvas.width(by, "label")) + 2
        line = self.theme.line_height("label")
        high = line * (bool(text) + bool(by))
        cell = QRectF(right - wide, room.center().y() - high / 2, wide, line)
        canvas.text(cell, text, ("label", color), MIDDLE_RIGHT)
        if by:
            canvas.text(cell.translated(0, line), by, ("label", color), MIDDLE_RIGHT)
        return cell.left() - self.theme.px(16)

    def _named(self, canvas: Canvas, room: QRectF, row: ServiceRow, role: str) -> None:
        """Name, and under it why this one or why not."""
        theme = self.theme
        refused = row.state == "refused"
        name_high = theme.line_height("body") if role == "body" else theme.line_height("title")
        under = self._under(canvas, (room.width(), max(room.height() - name_high, 10.0)), row, role)
        below = under.height if under else 0.0
        top = room.center().y() - (name_high + below) / 2
        look = (role, "ink3" if refused else "ink")
        first = QRectF(room.left(), top, room.width(), name_high)
        canvas.text(first, row.name, look, MIDDLE_LEFT, strong=not refused)
        if under:
            low = QRectF(room.left(), first.bottom(), room.width(), below)
            canvas.fitted(low, under, "ink2")

    def _under(
        self, canvas: Canvas, size: tuple[float, float], row: ServiceRow, role: str
    ) -> Fitted | None:
        """As much as fits of what is said of a service, the first always; None for nothing."""
        said = [canvas.words.of(one) for one in (row.why, *row.more) if one is not None]
        lines, fitted = 2 if role == "title" else 1, None
        for count in range(len(said), 0, -1):
            text = "\N{NO-BREAK SPACE}· ".join(said[:count])
            fitted = canvas.fit(size, text, "label", lines)
            if not fitted.elided:
                break
        return fitted

    def _row(self, canvas: Canvas, area: QRectF, row: ServiceRow, *, keyed: bool) -> None:
        """A possible or refused service; ``keyed``: room is left for the digits of others."""
        theme = self.theme
        refused = row.state == "refused"
        side = theme.pick(36, 30)
        icon = QRectF(area.left() + theme.pick(27, 16), area.center().y() - side / 2, side, side)
        canvas.icon(_ICONS.get(row.channel, "letter"), icon, "ink3" if refused else "ink2")
        right = area.right() - (theme.pick(32, 18) if keyed else theme.pick(28, 16))
        if keyed:
            right = self._cap(canvas, area, right, row.key)
        price = row.price or "—"
        wide = max(canvas.width(price, "body", strong=True), theme.pick(110, 90)) + 4
        cell = QRectF(right - wide, area.top(), wide, area.height())
        color = "ink3" if refused else "ink"
        upper = self._over(canvas, cell, row.home, "ink2")
        taken = canvas.text(upper, price, ("body", color), MIDDLE_RIGHT, strong=not refused)
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

    def _heading(self, canvas: Canvas, area: QRectF, count: int) -> None:
        """How many are not possible."""
        theme = self.theme
        side = theme.px(26)
        left = area.left() + theme.pick(27, 16)
        icon = QRectF(left, area.center().y() - side / 2, side, side)
        canvas.icon("octagon", icon, "ink2")
        row = QRectF(icon.right() + theme.px(12), area.top(), 0.0, area.height())
        row.setRight(area.right())
        text = canvas.words.say("screen.rate.none", count)
        canvas.text(row, text, ("label", "ink2"), MIDDLE_LEFT, strong=True)
