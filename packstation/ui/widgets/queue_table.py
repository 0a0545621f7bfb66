"""The queue: the plate that says what to do, the cut-offs beside it, and the rows."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import FilterView, QueueRow, QueueView, StationView, Words
from packstation.ui import paint, tokens
from packstation.ui.theme import Theme
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.canvas import CENTRE, MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.count_badge import draw_disc
from packstation.ui.widgets.filter_chips import draw_chips
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.product_picture import draw_product
from packstation.ui.words import Speaker

_STATE_ICONS = {
    "next": "next",
    "ready": "check",
    "other_bench": "person",
    "held": "hold",
    "parked": "tote",
}
# Left edges of the columns as parts of the table's width, as drawn in picture 09.
_COLUMNS = (0.0287, 0.157, 0.333, 0.564, 0.7136, 0.862)
_SMALL_COLUMNS = (0.02, 0.155, 0.368, 0.56, 0.69, 0.858)
_HEADS = ("hand_over", "late", "order", "items", "box", "state")


def plate_height(theme: Theme) -> int:
    """Pixels of the upper row."""
    return theme.pick(160, 128)


def row_height(theme: Theme) -> float:
    """Pixels of a row: two lines and air, so that a finger finds it."""
    text = theme.line_height("body") + theme.line_height("label") + theme.px(16)
    return max(theme.pick(97, 84), text)


class QueuePlate(Painted[Words | str]):
    """Scan any tote or item: the one thing to do."""

    def share(self, view: StationView) -> Words | str:
        """The first order in line."""
        queue = view.queue or QueueView()
        if queue.empty is not None:
            return ""  # the table says why, large
        if queue.changed is not None:
            return queue.changed
        first = next((row for row in queue.rows if row.state == "next"), None)
        return _first_words(first) if first else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: Words | str) -> None:
        """A now-filled plate with brackets."""
        theme = self.theme
        canvas.plate(area, "now.fill", radius="hero")
        side = theme.pick(66, 52)
        left = area.left() + theme.pick(36, 24)
        icon = QRectF(left, area.center().y() - side / 2, side, side)
        canvas.icon("scanner", icon, "now.on")
        left = icon.right() + theme.pick(36, 22)
        room = QRectF(left, area.top(), area.right() - theme.px(28) - left, area.height())
        second = shown if isinstance(shown, str) else canvas.words.of(shown)
        largest = theme.pick(46, 40)
        head = canvas.fit(
            (room.width(), room.height() * 0.6), self._main(), "head", 2, largest=largest
        )
        under = canvas.fit((room.width(), room.height() * 0.4), second, "body", 1)
        top = area.center().y() - (head.height + (under.height if second else 0)) / 2
        canvas.fitted(QRectF(room.left(), top, room.width(), head.height), head, "now.on")
        if second:
            row = QRectF(room.left(), top + head.height, room.width(), under.height)
            canvas.fitted(row, under, "now.on")

    def _main(self) -> str:
        return self.words.say("screen.queue.scan")

    def spoken(self) -> str:
        """The main line."""
        return self._main()


def _first_words(row: QueueRow) -> Words:
    if not row.tote:
        return Words("screen.queue.first", (("order", row.order_id),))
    return Words("screen.queue.first_tote", (("order", row.order_id), ("t", row.tote)))


class Cutoff(Struct, frozen=True):
    """A hand-over: its name, its time, and how many orders are still to go."""

    name: str
    at: str
    left: int


class CutoffCards(Painted[tuple[Cutoff, ...]]):
    """When the carriers come, and how many orders each still waits for."""

    def share(self, view: StationView) -> tuple[Cutoff, ...]:
        """At most three."""
        return tuple(Cutoff(*entry) for entry in (view.queue or QueueView()).cutoffs[:3])

    def draw(self, canvas: Canvas, area: QRectF, shown: tuple[Cutoff, ...]) -> None:
        """Cards side by side."""
        gutter = self.theme.metrics.gutter
        wide = (area.width() - 2 * gutter) / 3
        for index, cutoff in enumerate(shown):
            left = area.left() + index * (wide + gutter)
            self._card(canvas, QRectF(left, area.top(), wide, area.height()), cutoff)

    def _card(self, canvas: Canvas, area: QRectF, cutoff: Cutoff) -> None:
        theme = self.theme
        canvas.card(area)
        pad = theme.pick(28, 18)
        inner = area.adjusted(pad, 0, -pad, 0)
        name = canvas.fit((inner.width(), 40), cutoff.name, "label")
        size = theme.pick(46, 38)
        left = canvas.words.say("screen.queue.to_go", cutoff.left)
        time = canvas.fit((inner.width(), size * 1.2), cutoff.at, "num", largest=size)
        beside = inner.width() - time.width - theme.px(16)
        low = beside < canvas.width(left, "label", strong=True)
        gap = 0 if low else theme.px(10)
        under = theme.line_height("label") if low else 0.0
        top = area.center().y() - (name.height + gap + size * 1.2 + under) / 2
        canvas.fitted(QRectF(inner.left(), top, inner.width(), name.height), name, "ink2")
        row = QRectF(inner.left(), top + name.height + gap, inner.width(), size * 1.2)
        taken = canvas.fitted(row, time, "ink", MIDDLE_LEFT)
        if low:
            row = QRectF(inner.left(), row.bottom(), inner.width(), under)
        else:
            row = row.adjusted(taken.width() + theme.px(16), theme.px(10), 0, 0)
        role = "label" if low else "body"
        canvas.text(row, left, (role, "ink"), MIDDLE_LEFT, strong=True)


class FilterStrip(Painted[tuple[FilterView, ...]]):
    """What kinds of rows there are, between plate and table; F5 goes on to the next."""

    def share(self, view: StationView) -> tuple[FilterView, ...]:
        """The kinds of rows."""
        return view.queue.filters if view.queue else ()

    def draw(self, canvas: Canvas, area: QRectF, shown: tuple[FilterView, ...]) -> None:
        """Chips from the left."""
        draw_chips(canvas, area, shown)


class QueueTable(Painted[QueueView]):
    """Rows by deadline and money."""

    def share(self, view: StationView) -> QueueView:
        """The rows."""
        return view.queue or QueueView()

    def draw(self, canvas: Canvas, area: QRectF, shown: QueueView) -> None:
        """Heads, rows that fit, and how many more there are."""
        canvas.card(area)
        if not shown.rows:
            self._empty(canvas, area, shown)
            return
        theme = self.theme
        columns = _SMALL_COLUMNS if theme.small else _COLUMNS
        edges = [area.left() + area.width() * part for part in columns]
        edges.append(area.right() - theme.pick(53, 24))
        total = max(shown.total, len(shown.rows))
        head = self._head()
        self._heads(canvas, QRectF(area.left(), area.top(), area.width(), head), edges, total)
        step, top = row_height(theme), area.top() + head
        seen = shown.rows[: len(self.places(area))]
        for index, (row, line) in enumerate(zip(seen, self.places(area), strict=True)):
            self._row(canvas, line, edges, row)
            if 0 < index < len(seen) and row.state != "next" and seen[index - 1].state != "next":
                inset = theme.pick(20, 12)
                canvas.rule(QPointF(line.left() + inset, top), QPointF(line.right() - inset, top))
            top += step
        hidden = max(shown.total, len(shown.rows)) - len(seen)
        if hidden > 0 and area.bottom() - top > theme.line_height("label"):
            high = min(area.bottom() - top, step)
            rest = QRectF(edges[0], top, area.right() - edges[0], high)
            text = canvas.words.say("screen.queue.more", hidden)
            canvas.text(rest, text, ("label", "ink2"), MIDDLE_LEFT, strong=True)

    def _head(self) -> float:
        return max(self.theme.pick(57, 44), self.theme.line_height("label"))

    def places(self, area: QRectF) -> list[QRectF]:
        """Where the rows stand that fit."""
        step, head = row_height(self.theme), self._head()
        room = area.height() - head - self.theme.px(8)
        fits = max(1, int((room + self.theme.px(6)) // step))
        rows = len(self.shown.rows) if self.shown else 0
        return [
            QRectF(area.left(), area.top() + head + index * step, area.width(), step)
            for index in range(min(fits, rows))
        ]

    def _empty(self, canvas: Canvas, area: QRectF, shown: QueueView) -> None:
        text = canvas.words.of(shown.empty) or canvas.words.say("screen.queue.empty")
        side = self.theme.px(96)
        icon = QRectF(area.center().x() - side / 2, area.top() + area.height() * 0.22, side, side)
        paint.ok_disc(canvas.painter, self.theme, icon)
        room = area.adjusted(80, 0, -80, 0)
        room.setTop(icon.bottom() + self.theme.px(24))
        taken = canvas.text(room, text, ("head", "ink"), CENTRE, lines=2)
        room.setTop(taken.bottom() + self.theme.px(12))
        canvas.text(room, canvas.words.of(shown.cause), ("title", "ink2"), CENTRE, lines=2)

    def _heads(self, canvas: Canvas, row: QRectF, edges: list[float], total: int) -> None:
        for index, key in enumerate(_HEADS):
            cell = QRectF(edges[index], row.top(), edges[index + 1] - edges[index], row.height())
            align = MIDDLE_RIGHT if key == "state" else MIDDLE_LEFT
            cell.setRight(cell.right() - (0 if key == "state" else 12))
            text = canvas.words.say(f"screen.queue.{key}")
            if key == "order":
                text = f"{text} · {canvas.words.show(total)}"
            canvas.text(cell, text, ("label", "ink2"), align)

    def _row(self, canvas: Canvas, area: QRectF, edges: list[float], row: QueueRow) -> None:
        theme = self.theme
        if row.state == "next":
            inset = theme.pick(18, 10)
            plate = area.adjusted(inset, 0, -inset, 0)
            canvas.plate(plate, "now.tint", "now.fill", width=tokens.CURRENT_LINE)
        cells = [
            QRectF(left, area.top(), right - left - theme.px(14), area.height())
            for left, right in pairwise(edges)
        ]
        words = canvas.words
        late = "warn.ink" if row.urgent else "ink2"
        self._two(canvas, cells[0], (row.hand_over, words.of(row.time_left)), late, bold=row.urgent)
        self._two(canvas, cells[1], (row.late_cost, words.of(row.late_why)))
        self._two(canvas, cells[2], (row.order_id, row.place))
        self._items(canvas, cells[3], row)
        box = row.box or words.say("screen.box.own")
        weight = _weight(words, row.weight_g)
        tote = words.say("screen.queue.tote", t=row.tote) if row.tote else ""
        self._two(canvas, cells[4], (box, " · ".join(part for part in (weight, tote) if part)))
        self._state(canvas, QRectF(cells[5].left(), area.top(), 0, area.height()), edges[6], row)

    def _two(
        self,
        canvas: Canvas,
        cell: QRectF,
        text: tuple[str, str],
        color: str = "ink2",
        *,
        bold: bool = False,
    ) -> None:
        first = self.theme.line_height("body")
        gap = -self.theme.px(2)
        below = self._under(canvas, (cell.width(), cell.height() - first), text[1], bold=bold)
        height = first + (below.height + gap if text[1] else 0)
        upper = QRectF(cell.left(), cell.center().y() - height / 2, cell.width(), first)
        canvas.text(upper, text[0], ("body", "ink"), MIDDLE_LEFT, strong=True)
        if text[1]:
            lower = QRectF(cell.left(), upper.bottom() + gap, cell.width(), below.height)
            canvas.fitted(lower, below, color)

    def _under(self, canvas: Canvas, room: tuple[float, float], text: str, *, bold: bool) -> Fitted:
        """One line, a little smaller where it must be; two only where that is not enough."""
        one = canvas.fit(room, text, "label", strong=bold)
        if not one.elided:
            return one
        return canvas.fit(room, text, "fine", 2, strong=bold)

    def _items(self, canvas: Canvas, cell: QRectF, row: QueueRow) -> None:
        theme = self.theme
        side = theme.pick(68, 56)
        step = theme.pick(88, 70)
        fits = max(1, int((cell.width() + step - side) // step))
        shown = row.items[: fits if len(row.items) <= fits else max(1, fits - 1)]
        area = QRectF(cell.left(), cell.center().y() - side / 2, side, side)
        for product, count in shown:
            draw_product(canvas, self.kit.pictures, area, product, radius="chip")
            corner = QPointF(area.right() - side * 0.1, area.bottom() - side * 0.1)
            draw_disc(canvas, corner, count, theme.pick(30, 28))
            area = area.translated(step, 0)
        if len(shown) < len(row.items):
            area.setRight(cell.right())
            text = f"+{len(row.items) - len(shown)}"
            canvas.text(area, text, ("label", "ink2"), MIDDLE_LEFT, strong=True)

    def _state(self, canvas: Canvas, cell: QRectF, right: float, row: QueueRow) -> None:
        theme = self.theme
        color = {"next": "now.ink", "held": "ink", "parked": "ink"}.get(row.state, "ink2")
        side = theme.px(24)
        text = canvas.words.of(row.state_words)
        room = QRectF(cell.left() + side + 8, cell.top(), 0, cell.height())
        room.setRight(right)
        if since := canvas.words.of(row.since):
            fine = theme.line_height("fine")
            low = QRectF(cell.left(), cell.bottom() - fine - theme.px(4), right - cell.left(), fine)
            canvas.text(low, since, ("fine", "ink2"), MIDDLE_RIGHT)
            room.setBottom(low.top())
            cell.setBottom(low.top())
        taken = canvas.text(room, text, ("label", color), MIDDLE_RIGHT, lines=2, strong=True)
        icon = QRectF(taken.left() - side - theme.px(12), cell.center().y() - side / 2, side, side)
        canvas.icon(_STATE_ICONS.get(row.state, "check"), icon, color)


def _weight(words: Speaker, grams: int | None) -> str:
    """Grams below a kilogram, else kilograms with one decimal."""
    if not grams:
        return ""
    if grams < 1000:
        return words.say("screen.grams", g=grams)
    return words.say("screen.kg", kg=(Decimal(grams) / 1000).quantize(Decimal("0.1")))
