"""The fast lane's cards: item and box with the one thing to do, the order, the last four."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import (
    CartonView,
    FastDone,
    FastView,
    OrderView,
    ProductView,
    StationView,
    VerdictView,
)
from packstation.ui import paint
from packstation.ui.widgets.canvas import CENTRE, MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.product_picture import draw_product
from packstation.ui.widgets.verdict_strip import draw_band, tone_of

MAIN_KEYS = {
    "scan": "screen.fast.scan",
    "weigh": "screen.fast.weigh",
    "print": "screen.fast.print",
    "stick": "screen.fast.stick",
}


_ICONS = {"weigh": "scale", "print": "printer"}


def main_key(fast: FastView | None) -> str:
    """What to do, by step."""
    return MAIN_KEYS.get(fast.step if fast else "scan", "screen.fast.scan")


class HeroShare(Struct, frozen=True):
    """The item, its box and what to do with them."""

    fast: FastView
    product: ProductView | None
    carton: CartonView | None
    verdict: VerdictView | None


class FastHero(Painted[HeroShare]):
    """FAST (picture 08), the large card."""

    def share(self, view: StationView) -> HeroShare:
        """The item of the only line."""
        product = view.lines[0].product if view.lines else None
        return HeroShare(view.fast or FastView(), product, view.carton, view.verdict)

    def spoken(self) -> str:
        """The main line."""
        return self.words.say(main_key(self.shown.fast if self.shown else None))

    def draw(self, canvas: Canvas, area: QRectF, shown: HeroShare) -> None:
        """Waiting: the line alone. Busy: picture, name, box; the line at the foot."""
        canvas.card(area, radius="hero")
        if shown.fast.step == "scan" or shown.product is None:
            self._waiting(canvas, area, shown)
            return
        theme = self.theme
        high = max(theme.pick(124, 84), theme.line_height("head") + theme.px(10))
        strip = draw_band(canvas, area, high, "now.tint")
        self._line(canvas, strip, _ICONS.get(shown.fast.step, "scanner"))
        pad = theme.pick(40, 20)
        inner = area.adjusted(pad, pad * 0.8, -pad, 0)
        inner.setBottom(strip.top() - pad * 0.6)
        wide = min(inner.width() * (0.36 if theme.profile.tight else 0.48), inner.height())
        picture = QRectF(inner.left(), inner.top(), wide, inner.height())
        words = QRectF(picture.right() + pad, inner.top(), 0, inner.height())
        words.setRight(inner.right())
        if theme.mirrored:
            words.moveLeft(inner.left())
            picture.moveRight(inner.right())
        draw_product(canvas, self.kit.pictures, picture, shown.product)
        self._words(canvas, words, shown)

    def _waiting(self, canvas: Canvas, area: QRectF, shown: HeroShare) -> None:
        theme = self.theme
        side = theme.pick(150, 92)
        top = area.top() + area.height() * 0.2
        icon = QRectF(area.center().x() - side / 2, top, side, side)
        canvas.icon("scanner", icon, "now.fill")
        room = QRectF(area.left() + 40, icon.bottom() + theme.px(16), area.width() - 80, 0)
        room.setHeight(theme.line_height("head") * 2)
        largest = theme.pick(76, 56)
        main = canvas.fit_name((room.width(), room.height()), self.spoken(), largest)
        taken = canvas.fitted(room, main, "ink", CENTRE)
        count = canvas.words.say("screen.fast.waiting", shown.fast.waiting)
        low = QRectF(room.left(), taken.bottom() + theme.px(8), room.width(), 0)
        low.setHeight(theme.line_height("title"))
        canvas.text(low, count, ("title", "ink2"), CENTRE)
        if shown.verdict is not None:
            tone = tone_of(shown.verdict)
            strip = draw_band(canvas, area, theme.pick(92, 64), f"{tone}.tint")
            text = canvas.words.of(shown.verdict.words)
            canvas.text(strip, text, ("title", f"{tone}.ink"), CENTRE | MIDDLE_LEFT, strong=True)

    def _line(self, canvas: Canvas, strip: QRectF, icon_name: str) -> None:
        theme = self.theme
        side = theme.pick(54, 40)
        left = strip.left() + theme.pick(36, 20)
        icon = QRectF(left, strip.center().y() - side / 2, side, side)
        canvas.icon(icon_name, icon, "now.fill")
        room = QRectF(icon.right() + theme.px(22), strip.top(), 0, strip.height())
        room.setRight(strip.right() - theme.pick(30, 16))
        size = theme.pick(50, 40)
        main = canvas.fit((room.width(), room.height()), self.spoken(), "head", 2, largest=size)
        canvas.fitted(room, main, "ink", MIDDLE_LEFT)

    def _words(self, canvas: Canvas, room: QRectF, shown: HeroShare) -> None:
        """Why this order, the name, and the box as the one giant thing."""
        theme = self.theme
        row = QRectF(room.left(), room.top(), room.width(), theme.line_height("label") * 1.2)
        side = theme.px(26)
        canvas.icon("check", QRectF(row.left(), row.center().y() - side / 2, side, side), "ok.ink")
        found = canvas.words.of(shown.fast.found)
        text = row.adjusted(side + theme.px(12), 0, 0, 0)
        canvas.text(text, found, ("label", "ok.ink"), MIDDLE_LEFT, strong=True)
        product = shown.product
        name = product.name if product else ""
        if product and product.variant:
            name = f"{name}, {product.variant}"
        upper = QRectF(room.left(), row.bottom() + theme.px(4), room.width(), room.height() * 0.3)
        fitted = canvas.fit_name((upper.width(), upper.height()), name, theme.pick(56, 44))
        taken = canvas.fitted(upper, fitted, "ink")
        low = QRectF(room.left(), taken.bottom() + theme.px(8), room.width(), 0)
        low.setBottom(room.bottom())
        self._box(canvas, low, shown.carton)

    def _box(self, canvas: Canvas, room: QRectF, carton: CartonView | None) -> None:
        if carton is None:
            return
        theme, words = self.theme, canvas.words
        into = QRectF(room.left(), room.top(), room.width(), theme.line_height("title"))
        canvas.text(into, words.say("screen.fast.into"), ("title", "ink2"), MIDDLE_LEFT)
        foot = theme.line_height("title") + theme.line_height("label")
        cap = room.bottom() - foot - into.bottom() - theme.px(20)
        baseline = QPointF(room.left(), into.bottom() + theme.px(10) + cap)
        if cap > theme.px(30):
            canvas.giant(
                baseline, (room.width(), min(cap, theme.pick(190, 110))), carton.code, "now.ink"
            )
        kind = words.say(f"screen.fast.kind.{carton.kind}")
        line = QRectF(room.left(), room.bottom() - foot, room.width(), theme.line_height("title"))
        canvas.text(line, kind, ("title", "ink"), MIDDLE_LEFT, strong=True)
        sides = words.say("screen.sides", sides=" × ".join(map(str, carton.inner_mm)))
        last = QRectF(room.left(), line.bottom(), room.width(), theme.line_height("label"))
        canvas.text(last, sides, ("label", "ink2"), MIDDLE_LEFT)


class OrderShare(Struct, frozen=True):
    """The order that the item goes to."""

    order: OrderView | None
    fast: FastView


class FastOrder(Painted[OrderShare]):
    """Number, place, and what is known of the order."""

    def share(self, view: StationView) -> OrderShare:
        """Order and facts."""
        return OrderShare(view.order, view.fast or FastView())

    def draw(self, canvas: Canvas, area: QRectF, shown: OrderShare) -> None:
        """Rows of name and value."""
        canvas.card(area)
        theme, order = self.theme, shown.order
        if order is None:
            return
        pad = theme.pick(34, 18)
        inner = area.adjusted(pad, theme.pick(24, 10), -pad, -theme.pick(18, 8))
        head = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("title"))
        canvas.text(head, order.order_id, ("title", "ink"), MIDDLE_LEFT, strong=True)
        place = ", ".join(part for part in (order.city, order.country) if part)
        row = QRectF(inner.left(), head.bottom(), inner.width(), theme.line_height("body"))
        canvas.text(row, place, ("body", "ink2"), MIDDLE_LEFT)
        top = row.bottom() + theme.px(8)
        step = min(theme.line_height("label") * 1.3, (inner.bottom() - top) / 5)
        for index, (words, text) in enumerate(shown.fast.facts):
            line = QRectF(inner.left(), top + index * step, inner.width(), step)
            name = canvas.text(line, canvas.words.of(words), ("label", "ink2"), MIDDLE_LEFT)
            value = line.adjusted(name.width() + theme.px(12), 0, 0, 0)
            canvas.text(value, text, ("label", "ink"), MIDDLE_RIGHT, strong=True)


class LastFour(Painted[tuple[FastDone, ...]]):
    """The last four parcels that were closed."""

    def share(self, view: StationView) -> tuple[FastDone, ...]:
        """At most four."""
        return view.fast.last[:4] if view.fast else ()

    def draw(self, canvas: Canvas, area: QRectF, shown: tuple[FastDone, ...]) -> None:
        """Cards side by side, the newest at the left."""
        theme = self.theme
        gap = theme.metrics.gutter
        wide = (area.width() - 3 * gap) / 4
        for index, done in enumerate(shown):
            left = area.left() + index * (wide + gap)
            self._card(canvas, QRectF(left, area.top(), wide, area.height()), done)

    def _card(self, canvas: Canvas, area: QRectF, done: FastDone) -> None:
        theme = self.theme
        canvas.card(area)
        pad = theme.pick(14, 8)
        side = area.height() - 2 * pad
        picture = QRectF(area.left() + pad, area.top() + pad, side, side)
        product = ProductView(done.sku, done.name, image=done.image)
        draw_product(canvas, self.kit.pictures, picture, product, radius="chip")
        mark = theme.pick(34, 24)
        disc = QRectF(area.right() - pad - mark, area.center().y() - mark / 2, mark, mark)
        paint.ok_disc(canvas.painter, theme, disc)
        room = QRectF(picture.right() + theme.px(14), area.top(), 0, area.height())
        room.setRight(disc.left() - theme.px(8))
        high = theme.line_height("label")
        fine = theme.line_height("fine")
        top = room.center().y() - (high + fine) / 2
        line = QRectF(room.left(), top, room.width(), high)
        text = canvas.cut_middle(done.order_id, "label", room.width() * 0.92)
        canvas.text(line, text, ("label", "ink"), MIDDLE_LEFT, strong=True)
        low = QRectF(room.left(), line.bottom(), room.width(), fine)
        canvas.text(low, f"{done.country} · {done.at}", ("fine", "ink2"), MIDDLE_LEFT)
