"""Lines of the order: always in the order's own sequence, never re-sorted."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QRegion, QWheelEvent

from packstation.station.views import CartonView, LineView, OrderView, ProductView, StationView
from packstation.ui import iso, tokens
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.count_badge import badge_width, draw_badge
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.product_picture import Pictures, draw_product


def card_height(theme: Theme) -> int:
    """Pixels of a line card, more for a person with larger text."""
    text = theme.line_height("body") * 2 + theme.line_height("fine") + theme.px(16)
    return max(theme.pick(126, 98), round(text) if theme.text_scale > 1 else 0)


def sku_line(product: ProductView) -> str:
    """SKU and variant in one line."""
    return " · ".join(part for part in (product.sku, product.variant) if part)


def draw_line_card(canvas: Canvas, pictures: Pictures, area: QRectF, line: LineView) -> None:
    """Picture, name of up to two lines, SKU and variant, count."""
    theme = canvas.theme
    closed = line.state in {"done", "short"}
    if line.state == "current":
        canvas.plate(area, "now.tint", "now.fill", width=tokens.CURRENT_LINE)
    else:
        canvas.plate(area, "canvas" if closed or line.state == "kit" else "surface", "line")
    inset = theme.pick(15, 11)
    side = min(area.height() - 2 * inset, theme.pick(96, 76))
    picture = QRectF(area.left() + inset, area.center().y() - side / 2, side, side)
    draw_product(
        canvas, pictures, picture, line.product, radius="chip", fade=0.62 if closed else 1.0
    )
    right = area.right() - theme.pick(24, 17)
    badge = badge_width(canvas, line)
    draw_badge(canvas, QRectF(right - badge, area.top(), badge, area.height()), line)
    left = picture.right() + theme.pick(20, 14)
    room = QRectF(left, area.top(), right - badge - theme.px(14) - left, area.height())
    _name(canvas, room, line, closed=closed)


def _name(canvas: Canvas, room: QRectF, line: LineView, *, closed: bool) -> None:
    """Name and SKU as one block in the middle of the card."""
    theme = canvas.theme
    below = sku_line(line.product)
    if line.parcel is not None:
        below = f"{canvas.words.say('screen.parcel', n=line.parcel)} · {below}"
    fine = theme.line_height("fine")
    size = (room.width(), room.height() - fine - theme.px(8))
    name = canvas.fit(size, line.product.name, "body", 2, strong=not closed)
    top = room.center().y() - (name.height + fine) / 2 - theme.px(3)
    canvas.fitted(
        QRectF(room.left(), top, room.width(), name.height), name, "ink2" if closed else "ink"
    )
    row = QRectF(room.left(), top + name.height, room.width(), fine)
    shown = canvas.cut_middle(below, "fine", room.width())
    canvas.text(row, shown, ("fine", "ink2"), MIDDLE_LEFT)


class LinesShare(Struct, frozen=True):
    """What the right column shows."""

    lines: tuple[LineView, ...]
    order: OrderView | None
    carton: CartonView | None


class LineColumn(Painted[LinesShare]):
    """All lines under a heading, the proposed box at the foot while there is room for it.

    Only the cards in sight are painted, so an order may have any number of lines; the current
    one is kept in sight, and what is hidden above and below is counted.
    """

    ground = "canvas"
    first = 0
    _scrolled = False

    def share(self, view: StationView) -> LinesShare:
        """Lines, their count, the box."""
        return LinesShare(view.lines, view.order, view.carton)

    def changed(self, before: LinesShare | None) -> None:
        """Keeps the current line in sight; the packer's own scrolling ends with a new line."""
        if self.shown is None:
            return
        was = self.first
        if before is None or _current(before.lines) != _current(self.shown.lines):
            self.first = self._first_for(_current(self.shown.lines))
        self._scrolled = self.first != was

    def spoken(self) -> str:
        """How many lines are complete."""
        return self._progress(self.shown) if self.shown else ""

    def _progress(self, shown: LinesShare) -> str:
        if shown.order is None:
            return ""
        return self.words.say(
            "screen.lines.complete", d=shown.order.lines_done, n=shown.order.lines_total
        )

    def _step(self) -> float:
        return card_height(self.theme) + self.theme.px(12)

    def _head(self) -> float:
        return max(self.theme.pick(47, 43), self.theme.line_height("label") + self.theme.px(12))

    def _fits(self) -> int:
        return max(1, int((self.height() - self._head() + self.theme.px(12)) // self._step()))

    def _first_for(self, current: int) -> int:
        """The first card in sight: one line before the current one stays, where two have room."""
        count = len(self.shown.lines) if self.shown else 0
        fits = self._fits()
        if count <= fits:
            return 0
        fits = max(1, fits - 1)
        return max(0, min(current - (fits > 1), count - fits))

    def resizeEvent(self, event: object) -> None:
        """Another height shows another number of cards."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self.shown is not None:
            self.first = self._first_for(_current(self.shown.lines))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Looks further up or down until the next scan."""
        if self.shown is None:
            return
        step = -1 if event.angleDelta().y() > 0 else 1
        last = max(0, len(self.shown.lines) - self._fits() + 1)
        self.first = max(0, min(self.first + step, last))
        self.update()

    def draw(self, canvas: Canvas, area: QRectF, shown: LinesShare) -> None:
        """Heading, cards in sight, what is hidden, box."""
        if self.theme.profile.tight:
            self._draw_strip(canvas, area, shown)
            return
        if canvas.touches(self._title_row(area)):
            self._heading(canvas, area, shown)
        seen = self._seen(shown)
        for place, line in enumerate(seen):
            card = self._card(area, place)
            if canvas.touches(card):
                draw_line_card(canvas, self.kit.pictures, card, line)
        rest, count = self._rest(area, len(seen)), len(shown.lines)
        if count > self._fits():
            self._hidden(canvas, rest, (self.first, count - self.first - len(seen)))
        elif shown.carton is not None and canvas.touches(rest):
            draw_box_card(canvas, rest, shown.carton)

    def _seen(self, shown: LinesShare) -> tuple[LineView, ...]:
        """The lines in sight; where some are hidden, their number takes the last place."""
        fits = self._fits()
        hidden = len(shown.lines) > fits
        return shown.lines[self.first : self.first + (max(1, fits - 1) if hidden else fits)]

    def _title_row(self, area: QRectF) -> QRectF:
        return QRectF(area.left(), area.top(), area.width(), self._head())

    def _card(self, area: QRectF, place: int) -> QRectF:
        top = area.top() + self._head() + place * self._step()
        card = QRectF(area.left(), top, area.width(), card_height(self.theme))
        seen = self._seen(self.shown) if self.shown else ()
        if place < len(seen) and seen[place].part:
            card.setLeft(card.left() + self.theme.pick(40, 26))
        return card

    def _rest(self, area: QRectF, cards: int) -> QRectF:
        top = self._card(area, cards).top()
        return QRectF(area.left(), top, area.width(), area.bottom() - top)

    def dirt(self, before: LinesShare | None) -> QRegion:
        """The cards whose lines changed, and what stands over and under them where that did."""
        shown = self.shown
        if before is None or shown is None or self.theme.profile.tight:
            return super().dirt(before)
        if self._scrolled or len(before.lines) != len(shown.lines):
            return super().dirt(before)
        area, changed, seen = QRectF(self.rect()), QRegion(), self._seen(shown)
        for place, (was, line) in enumerate(zip(self._seen(before), seen, strict=True)):
            if was != line:
                changed |= self._card(area, place).toAlignedRect()
        if self._progress(before) != self._progress(shown):
            changed |= self._title_row(area).toAlignedRect()
        if before.carton != shown.carton:
            changed |= self._rest(area, len(seen)).toAlignedRect()
        return changed

    def _heading(self, canvas: Canvas, area: QRectF, shown: LinesShare) -> None:
        row = QRectF(area.left() + 4, area.top(), area.width() - 8, self._head())
        row.setHeight(row.height() - self.theme.pick(14, 12))
        right = self._progress(shown)
        wide = canvas.width(right, "label", strong=True) + 2
        canvas.text(row, right, ("label", "ink"), MIDDLE_RIGHT, strong=True)
        row.setRight(row.right() - wide - self.theme.px(12))
        text = canvas.words.say("screen.lines.title")
        canvas.text(row, text, ("label", "ink2"), MIDDLE_LEFT, strong=True)

    def _hidden(self, canvas: Canvas, room: QRectF, hidden: tuple[int, int]) -> None:
        above, below = hidden
        words = canvas.words
        parts = [words.say("screen.lines.above", above)] if above else []
        parts += [words.say("screen.lines.below", below)] if below else []
        row = QRectF(room.left() + 4, room.top(), room.width() - 8, min(room.height(), 60.0))
        canvas.text(row, " · ".join(parts), ("label", "ink2"), MIDDLE_LEFT, strong=True)

    def _draw_strip(self, canvas: Canvas, area: QRectF, shown: LinesShare) -> None:
        """At 200 %: pictures with counts side by side."""
        side = area.height()
        wide = side * 2
        fits = max(1, int((area.width() + 12) // (wide + 12)))
        first = max(0, min(_current(shown.lines) - 1, len(shown.lines) - fits))
        cell = QRectF(area.left(), area.top(), wide, side)
        for line in shown.lines[first : first + fits]:
            self._draw_cell(canvas, cell, line)
            cell.translate(wide + 12, 0)

    def _draw_cell(self, canvas: Canvas, cell: QRectF, line: LineView) -> None:
        current = line.state == "current"
        fill, edge = ("now.tint", "now.fill") if current else ("surface", "line")
        canvas.plate(cell, fill, edge, width=tokens.CURRENT_LINE if current else tokens.HAIRLINE)
        inset = 4
        side = cell.height() - 2 * inset
        picture = QRectF(cell.left() + inset, cell.top() + inset, side, side)
        fade = 0.62 if line.state in {"done", "short"} else 1.0
        draw_product(canvas, self.kit.pictures, picture, line.product, radius="chip", fade=fade)
        text = f"{line.done}/{line.total}"
        room = QRectF(picture.right() + 8, cell.top(), 0, cell.height())
        room.setRight(cell.right() - 8)
        canvas.text(room, text, ("label", "ink"), MIDDLE_LEFT, strong=True)


def _current(lines: tuple[LineView, ...]) -> int:
    return next((i for i, line in enumerate(lines) if line.state == "current"), 0)


def box_words(canvas: Canvas, carton: CartonView) -> tuple[str, str]:
    """A box's name and its sides with fill."""
    words = canvas.words
    name = (
        words.say("screen.box.own")
        if carton.kind == "own"
        else words.say("screen.box", code=carton.code)
    )
    sides = " × ".join(str(side) for side in carton.inner_mm)
    details = words.say("screen.sides", sides=sides)
    if carton.fill_percent:
        details += " · " + words.say("screen.fill", p=carton.fill_percent)
    return name, details


def draw_box_card(canvas: Canvas, room: QRectF, carton: CartonView) -> None:
    """The proposed box at the foot of the column, where there is room for it."""
    theme = canvas.theme
    height = theme.pick(106, 84)
    if room.height() < height:
        return
    area = QRectF(room.left(), room.bottom() - height, room.width(), height)
    canvas.card(area)
    side = theme.pick(76, 60)
    picture = QRectF(area.left() + theme.pick(34, 20), 0, side, side)
    picture.moveTop(area.center().y() - side / 2)
    length, width, tall = carton.inner_mm
    iso.iso_box(canvas.painter, theme, picture, (length, width, tall))
    name, details = box_words(canvas, carton)
    left = picture.right() + theme.pick(20, 14)
    text = QRectF(left, area.top(), area.right() - theme.px(20) - left, area.height())
    first = theme.line_height("label")
    second = theme.line_height("fine")
    top = area.center().y() - (first + second) / 2
    row = QRectF(text.left(), top, text.width(), first)
    canvas.text(row, name, ("label", "ink"), MIDDLE_LEFT, strong=True)
    row = QRectF(text.left(), top + first, text.width(), second)
    canvas.text(row, details, ("fine", "ink2"), MIDDLE_LEFT)
