"""The box of the parcel as a card: name, sides, picture, what goes where."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import CartonView, CommandView, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.carton3d import draw_legend, draw_open_carton, legend, legend_height
from packstation.ui.widgets.line_card import box_words
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.soft3d import draw_closed


class CartonShare(Struct, frozen=True):
    """The box, the names of what is in it, and the key that asks for another one."""

    carton: CartonView | None
    names: tuple[tuple[str, str], ...]
    other: CommandView | None


def names_of(view: StationView) -> tuple[tuple[str, str], ...]:
    """SKU and name of the order's lines."""
    return tuple((line.product.sku, line.product.name) for line in view.lines)


def draw_carton(canvas: Canvas, area: QRectF, carton: CartonView, names: Mapping[str, str]) -> None:
    """Open with its goods and their legend; closed where nothing is known of its inside."""
    theme = canvas.theme
    if not carton.placements:
        inset = area.width() * 0.1
        draw_closed(canvas, area.adjusted(inset, inset * 0.4, -inset, -inset * 0.4), carton)
        return
    entries = legend(carton, names)
    under = min(legend_height(canvas, entries, area.width()), area.height() * 0.4)
    gap = theme.pick(20, 10)
    picture = area.adjusted(0, 0, 0, -under - gap)
    draw_open_carton(canvas, picture, carton)
    foot = QRectF(area.left(), area.bottom() - under, area.width(), under)
    draw_legend(canvas, foot, entries)


class CartonCard(Painted[CartonShare]):
    """Left of the weight (picture 04)."""

    def share(self, view: StationView) -> CartonShare:
        """The box and the names."""
        other = next((c for c in view.commands if c.command == "carton"), None)
        return CartonShare(view.carton, names_of(view), other)

    def spoken(self) -> str:
        """The box's name."""
        carton = self.shown.carton if self.shown else None
        return self.words.say("screen.box", code=carton.code) if carton else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: CartonShare) -> None:
        """Name and sides above the picture."""
        canvas.card(area, radius="hero")
        if shown.carton is None:
            return
        theme = self.theme
        pad = theme.pick(36, 20)
        inner = area.adjusted(pad, pad * 0.8, -pad, -pad * 0.7)
        name, details = box_words(canvas, shown.carton)
        right = self._key(canvas, inner, shown.other)
        title = canvas.theme.line_height("title")
        row = QRectF(inner.left(), inner.top(), right - inner.left(), title)
        canvas.text(row, name, ("title", "ink"), MIDDLE_LEFT, strong=True)
        low = QRectF(inner.left(), row.bottom(), inner.width(), theme.line_height("label") * 1.1)
        if right < inner.right():
            low.setWidth(right - inner.left())
        below = canvas.fit((low.width(), low.height() * 2), details, "label", 2)
        canvas.fitted(low, below, "ink2")
        room = QRectF(inner)
        room.setTop(low.top() + below.height + theme.px(10))
        draw_carton(canvas, room, shown.carton, dict(shown.names))

    def _key(self, canvas: Canvas, inner: QRectF, other: CommandView | None) -> float:
        """The key for another box at the right, where there is room; where text must end."""
        if other is None:
            return inner.right()
        text = canvas.words.of(other.words)
        wide = canvas.width(text, "label", strong=True) + 2
        cap = paint.key_width(canvas.theme, other.key)
        left = inner.right() - wide - cap - canvas.theme.px(12)
        if left - inner.left() < inner.width() * 0.55:
            return inner.right()
        top = inner.top() + canvas.theme.px(14)
        area = paint.key_cap(canvas.painter, canvas.theme, QPointF(left, top), other.key)
        word = QRectF(area.right() + canvas.theme.px(12), area.top(), wide, area.height())
        canvas.text(word, text, ("label", "ink"), MIDDLE_LEFT, strong=True)
        return left - canvas.theme.px(14)
