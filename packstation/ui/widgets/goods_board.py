"""Labels for goods: the kind on top, what is printed as the hero, how many as the giant."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from packstation.station.views import GoodsLabelView, ProductView, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import CENTRE, MIDDLE_CENTRE, MIDDLE_LEFT, Canvas
from packstation.ui.widgets.fitting import fit_giant
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.product_picture import draw_product
from packstation.ui.words import Speaker


def main_line(words: Speaker, shown: GoodsLabelView) -> str:
    """The one thing to do, or how it went."""
    if shown.problem is not None:
        return words.of(shown.problem)
    if shown.state in {"printing", "sent", "failed"}:
        return words.say(f"labels.{shown.state}")
    if shown.missing is None:
        return words.say("labels.print")
    scan = shown.missing.key == "labels.ask.sku"
    return words.say("labels.scan") if scan else words.of(shown.missing)


class GoodsKinds(Painted[GoodsLabelView]):
    """Four kinds side by side; F3 goes to the next."""

    def share(self, view: StationView) -> GoodsLabelView | None:
        """The kinds."""
        return view.goods

    def spoken(self) -> str:
        """Which is chosen."""
        shown = self.shown
        named = (one.words for one in shown.kinds if one.value == shown.kind) if shown else ()
        return self.words.of(next(iter(named), None))

    def keys(self, area: QRectF) -> list[QRectF]:
        """One plate a kind."""
        count = len(self.shown.kinds) if self.shown else 1
        gap = self.theme.px(16)
        wide = (area.width() - gap * (count - 1)) / count
        return [
            QRectF(area.left() + place * (wide + gap), area.top(), wide, area.height())
            for place in range(count)
        ]

    def draw(self, canvas: Canvas, area: QRectF, shown: GoodsLabelView) -> None:
        """The chosen one is filled and ticked."""
        theme = self.theme
        for one, key in zip(shown.kinds, self.keys(area), strict=True):
            chosen = one.value == shown.kind
            canvas.plate(key, "now.fill" if chosen else "surface", None if chosen else "line")
            inner = key.adjusted(theme.px(10), 0, -theme.px(10), 0)
            if chosen:
                side = theme.pick(28, 22)
                mark = QRectF(key.left() + theme.px(14), key.center().y() - side / 2, side, side)
                paint.tick(canvas.painter, mark, theme.color("now.on"))
                inner.setLeft(mark.right() + theme.px(4))
            ink = "now.on" if chosen else "ink"
            fitted = canvas.fit(
                (inner.width(), inner.height()), self.words.of(one.words), "label", 2, strong=True
            )
            canvas.fitted(inner, fitted, ink, MIDDLE_CENTRE)


class GoodsHero(Painted[GoodsLabelView]):
    """What is asked for, or is printed: main line, picture, name, codes."""

    _image = QImage()

    def changed(self, before: GoodsLabelView | None) -> None:
        """The picture of the label, read once."""
        png = self.shown.preview if self.shown else b""
        if before is None or png != before.preview:
            self._image = QImage.fromData(png) if png else QImage()

    def share(self, view: StationView) -> GoodsLabelView | None:
        """All of it."""
        return view.goods

    def spoken(self) -> str:
        """The main line."""
        return main_line(self.words, self.shown) if self.shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: GoodsLabelView) -> None:
        """Main line above; picture at the left, name and codes beside it."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = theme.pick(36, 20)
        inner = area.adjusted(pad, theme.pick(26, 14), -pad, -theme.pick(24, 12))
        bad = shown.problem is not None or shown.state == "failed"
        tone = "stop.ink" if bad else "ok.ink" if shown.state == "sent" else "ink"
        size = theme.pick(56, 46)
        head = canvas.fit(
            (inner.width(), inner.height() * 0.3),
            main_line(self.words, shown),
            "head",
            2,
            largest=size,
        )
        canvas.fitted(inner, head, tone)
        top = inner.top() + head.height + theme.pick(16, 8)
        below = QRectF(inner.left(), top, inner.width(), inner.bottom() - top)
        if not self._image.isNull():
            below = self._paper(canvas, below)
        if not shown.name:
            self._hint(canvas, below, shown)
            return
        side = min(below.height(), below.width() * 0.36)
        picture = QRectF(below.left(), below.top(), side, side)
        if shown.sku and shown.kind in {"product", "lot"}:
            draw_product(
                canvas,
                self.kit.pictures,
                picture,
                ProductView(shown.sku, shown.name, image=shown.image),
            )
        else:
            canvas.plate(picture, "sunken")
            canvas.icon(
                "papers", picture.adjusted(side * 0.3, side * 0.3, -side * 0.3, -side * 0.3), "ink2"
            )
        left = picture.right() + theme.pick(32, 18)
        room = QRectF(left, below.top(), below.right() - left, below.height())
        name = canvas.fit((room.width(), room.height() * 0.4), shown.name, "title", 2, strong=True)
        canvas.fitted(room, name, "ink")
        y = room.top() + name.height + theme.px(4)
        canvas.mono(
            QRectF(left, y, room.width(), theme.line_height("label")), shown.sku, "ink2", "label"
        )
        y += theme.line_height("label") + theme.px(8)
        self._facts(canvas, QRectF(left, y, room.width(), room.bottom() - y), shown)

    def _paper(self, canvas: Canvas, area: QRectF) -> QRectF:
        """The label as it comes out, at the right end; the room that is left."""
        room = QSizeF(area.width() * 0.3, area.height())
        size = self._image.size().toSizeF().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        paper = QRectF(area.right() - size.width(), area.top(), size.width(), size.height())
        canvas.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        canvas.painter.drawImage(paper, self._image)
        canvas.painter.setPen(QPen(canvas.color("edge"), 1.5))
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas.painter.drawRect(paper)
        return area.adjusted(0, 0, -size.width() - self.theme.pick(28, 16), 0)

    def _hint(self, canvas: Canvas, area: QRectF, shown: GoodsLabelView) -> None:
        """Without a product: what else is asked, and facts of units."""
        if shown.missing is not None and shown.missing.key == "labels.ask.sku":
            words = self.words.of(shown.missing)
            fitted = canvas.fit((area.width(), area.height() * 0.4), words, "title", 2)
            canvas.fitted(area, fitted, "ink2")
            area = area.adjusted(0, fitted.height + 12, 0, 0)
        if shown.facts:
            self._facts(canvas, area, shown)
            return
        side = min(area.height() * 0.7, self.theme.pick(260, 170))
        icon = QRectF(0, 0, side, side)
        icon.moveCenter(area.center())
        canvas.icon("scanner" if shown.kind in {"product", "lot"} else "document", icon, "ink3")

    def _facts(self, canvas: Canvas, area: QRectF, shown: GoodsLabelView) -> None:
        theme = self.theme
        line = theme.line_height("body") + theme.px(4)
        wide = area.width() * 0.45
        y = area.top()
        for words, value in shown.facts:
            if y + line > area.bottom() + 1:
                return
            name = QRectF(area.left(), y, wide - 8, line)
            canvas.text(name, self.words.of(words), ("label", "ink2"), MIDDLE_LEFT)
            room = QRectF(area.left() + wide, y, area.width() - wide, line)
            canvas.mono(room, value, "ink", "label")
            y += line


class GoodsCopies(Painted[GoodsLabelView]):
    """How many: the giant, and which printer."""

    def share(self, view: StationView) -> GoodsLabelView | None:
        """Copies and printer."""
        return view.goods

    def spoken(self) -> str:
        """Copies."""
        return str(self.shown.copies) if self.shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: GoodsLabelView) -> None:
        """Caption, number, how to change it, printer."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = theme.pick(24, 14)
        inner = area.adjusted(pad, pad, -pad, -pad)
        label = theme.line_height("label")
        head = QRectF(inner.left(), inner.top(), inner.width(), label)
        canvas.text(head, self.words.say("labels.copies"), ("label", "ink2"), CENTRE, strong=True)
        printer = self.words.say("labels.on", printer=shown.printer) if shown.printer else ""
        low = canvas.fit((inner.width(), label * 2), printer, "label", 2)
        foot = QRectF(inner.left(), inner.bottom() - low.height, inner.width(), low.height)
        cap_high = theme.pick(34, 30)
        cap_wide = paint.key_width(theme, "7 *")
        corner = QPointF(inner.center().x() - cap_wide / 2, foot.top() - cap_high - theme.px(12))
        paint.key_cap(canvas.painter, theme, corner, "7 *")
        if printer:
            canvas.fitted(foot, low, "ink2", CENTRE)
        number = QRectF(inner.left(), head.bottom(), inner.width(), corner.y() - head.bottom())
        cap = min(number.height() * 0.7, theme.pick(190, 110))
        text = str(shown.copies)
        width = inner.width()
        font = fit_giant(theme, "count", text, int(width), int(cap))
        measure = QFontMetricsF(font)
        x = inner.center().x() - measure.horizontalAdvance(text) / 2
        base = number.center().y() + measure.capHeight() / 2
        canvas.giant(QPointF(x, base), (width, cap), text, "ink")
