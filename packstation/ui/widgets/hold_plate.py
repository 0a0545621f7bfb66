"""Held: the inverse plate. Weight off with what explains it, missing fields, a stopped order."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from packstation.station.views import AlertView, ProductView, StationView, WeighView, Words
from packstation.ui.tokens import MOTION_MS
from packstation.ui.widgets.alert_plate import SWELL, draw_band, draw_head, head_height, plate_pad
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.lack_list import draw_lacks
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.product_picture import draw_product


class HoldShare(Struct, frozen=True):
    """What is held, and the weight it is about."""

    alert: AlertView
    weigh: WeighView | None
    goods: tuple[ProductView, ...]


class HoldBody(Painted[HoldShare]):
    """HELD by an own trouble (picture 15): weight off, or data that is missing."""

    swell = 1.0

    def changed(self, before: HoldShare | None) -> None:
        """A new alert's shape settles; the same one shown again does not move."""
        if self.shown is not None and (
            before is None or before.alert.serial != self.shown.alert.serial
        ):
            self.motion.run(SWELL, 1.0, MOTION_MS["plate"])

    def moved(self, value: float) -> None:
        """How large the shape is."""
        self.swell = value
        self.update(0, 0, self.width(), head_height(self.theme) + self.theme.pick(40, 28))

    def share(self, view: StationView) -> HoldShare | None:
        """The alert; the weight only where it is off."""
        if view.alert is None:
            return None
        weigh = view.weigh if view.weigh and view.weigh.read_g is not None else None
        off = weigh is not None and abs(weigh.deviation_g) > weigh.tolerance_g
        goods = tuple(line.product for line in view.lines)
        return HoldShare(view.alert, weigh if off else None, goods)

    def spoken(self) -> str:
        """Headline and reason."""
        if self.shown is None:
            return ""
        alert = self.shown.alert
        said = f"{self.words.of(alert.headline)}. {self.words.of(alert.todo or alert.by)}"
        return f"{said}. {alert.lacks[alert.focus].words}" if alert.lacks else said

    def draw(self, canvas: Canvas, area: QRectF, shown: HoldShare) -> None:
        """Plate with headline; cards are paper."""
        theme = self.theme
        canvas.painter.fillRect(area, canvas.color("hold.fill"))
        pad = plate_pad(theme)
        tall = head_height(theme) - theme.pick(14, 8)
        head = QRectF(area.left() + pad, area.top(), area.width() - 2 * pad, tall)
        second = canvas.words.of(shown.alert.todo or shown.alert.by)
        draw_head(canvas, head, shown.alert, second, self.swell)
        room = area.adjusted(pad, tall, -pad, -theme.pick(30, 16))
        paper = canvas.on(theme.paper)
        if shown.weigh is not None:
            self._weight_off(paper, room, shown, shown.weigh)
        elif shown.alert.lacks:
            draw_lacks(canvas, room, shown.alert.lacks, shown.alert.focus)
        else:
            self._fields(paper, room, shown)

    # --- weight off -------------------------------------------------------------------------

    def _weight_off(self, paper: Canvas, room: QRectF, shown: HoldShare, weigh: WeighView) -> None:
        theme = self.theme
        gutter = theme.pick(28, 16)
        wide = room.width() * 0.477 if shown.weigh and weigh.why else room.width()
        low = theme.pick(196, 136)
        upper = QRectF(room.left(), room.top(), wide, room.height() - low - gutter * 0.85)
        self._figures(paper, upper, weigh)
        again = "screen.hold.again" if weigh.deviation_g < 0 else "screen.hold.again_out"
        self._ways(paper, QRectF(room.left(), room.bottom() - low, wide, low), again)
        if weigh.why:
            right = QRectF(room.left() + wide + gutter, room.top(), 0, room.height())
            right.setRight(room.right())
            self._reasons(paper, right, shown, weigh)

    def _figures(self, paper: Canvas, card: QRectF, weigh: WeighView) -> None:
        """Expected and read beside each other, the band below."""
        theme = self.theme
        paper.card(card, radius="hero")
        pad = theme.pick(36, 22)
        inner = card.adjusted(pad, theme.pick(24, 12), -pad, -theme.pick(24, 12))
        label = theme.line_height("label")
        bar = theme.pick(22, 18) + theme.pick(18, 12) + label
        half = inner.width() / 2 - theme.px(8)
        words = paper.words
        number_room = inner.height() - bar - label * 2 - theme.pick(46, 26)
        for index, (key, grams) in enumerate(
            (("screen.hold.expected", weigh.expected_g), ("screen.hold.read", weigh.read_g))
        ):
            left = inner.left() + index * (half + theme.px(16))
            row = QRectF(left, inner.top(), half, theme.line_height("body"))
            look = ("body", "ink" if index else "ink2")
            paper.text(row, words.say(key), look, MIDDLE_LEFT, strong=bool(index))
            cap = min(number_room, theme.size("num") * 0.78)
            baseline = QPointF(left, row.bottom() + cap + theme.pick(16, 6))
            text = words.show(grams) if grams is not None else "–"
            unit = words.say("screen.unit.g")
            beside = paper.width(unit, "title") + theme.px(16)
            taken = paper.giant(baseline, (half - beside, cap), text, "ink", "alarm")
            high = theme.line_height("title")
            cell = QRectF(taken.right() + theme.px(10), baseline.y() - high * 0.82, beside, high)
            paper.text(cell, unit, ("title", "ink2"), strong=True)
        top = inner.bottom() - bar
        caption = QRectF(inner.left(), top - label - theme.pick(18, 15), inner.width(), label)
        self._caption(paper, caption, weigh)
        if weigh.expected_g is not None:
            band = QRectF(inner.left(), top, inner.width(), theme.pick(22, 18))
            draw_band(paper, band, weigh.expected_g, weigh.tolerance_g, weigh.read_g, off=True)

    def _caption(self, paper: Canvas, caption: QRectF, weigh: WeighView) -> None:
        """What the band rests on, and how wide it is; a doubt of the scale goes before both."""
        text = paper.words.say("screen.hold.either_way", t=weigh.tolerance_g)
        beside = paper.width(text, "label") + self.theme.px(16)
        note = paper.words.of(weigh.doubt or weigh.rests)
        room = caption.adjusted(0, 0, -beside, 0)
        if weigh.doubt and paper.width(note, "fine") > room.width():
            paper.text(caption, note, ("label", "stop.ink"), MIDDLE_LEFT)
            return
        paper.text(caption, text, ("label", "ink2"), MIDDLE_RIGHT)
        paper.text(room, note, ("label", "stop.ink" if weigh.doubt else "ink2"), MIDDLE_LEFT)

    def _ways(self, paper: Canvas, card: QRectF, again: str) -> None:
        """The two ways out."""
        theme = self.theme
        paper.card(card, radius="hero")
        pad = theme.pick(38, 22)
        words = paper.words
        rows = (
            ("scale", words.say(again), words.say("screen.hold.again_how")),
            ("shield", words.say("screen.hold.release"), words.say("screen.hold.release_how")),
        )
        step = (card.height() - theme.pick(36, 16)) / 2
        for index, (icon, first, second) in enumerate(rows):
            top = card.top() + theme.pick(18, 8) + index * step
            side = theme.pick(42, 34)
            middle = top + step / 2
            box = QRectF(card.left() + pad, middle - side / 2, side, side)
            paper.icon(icon, box, "ink2")
            left = box.right() + theme.pick(24, 16)
            room = QRectF(left, top, card.right() - pad - left, step)
            self._two(paper, room, first, second)

    def _two(self, paper: Canvas, room: QRectF, first: str, second: str) -> None:
        theme = self.theme
        high = min(theme.line_height("body"), room.height() / 2)
        low = min(theme.line_height("label"), room.height() - high)
        top = room.center().y() - (high + low) / 2
        row = QRectF(room.left(), top, room.width(), high)
        paper.text(row, first, ("body", "ink"), MIDDLE_LEFT, strong=True)
        row = QRectF(room.left(), row.bottom(), room.width(), low)
        paper.text(row, second, ("label", "ink2"), MIDDLE_LEFT)

    def _reasons(self, paper: Canvas, card: QRectF, shown: HoldShare, weigh: WeighView) -> None:
        """The likeliest explanation with its picture, others below it."""
        theme = self.theme
        paper.card(card, radius="hero")
        pad = theme.pick(36, 22)
        inner = card.adjusted(pad, theme.pick(26, 14), -pad, -theme.pick(16, 10))
        first, rest = weigh.why[0], weigh.why[1 : 2 if theme.profile.tight else 3]
        row_high = theme.pick(92, 68)
        top = self._likeliest(paper, inner, weigh)
        under = row_high * len(rest)
        text = paper.words.of(first)
        wide = inner.width()
        head = paper.fit_name(
            (wide, (inner.bottom() - under - top) * 0.5), text, theme.size("head")
        )
        paper.fitted(QRectF(inner.left(), top, wide, head.height), head, "ink")
        picture_top = top + head.height + theme.px(8)
        room = QRectF(
            inner.left(), picture_top, wide, inner.bottom() - under - picture_top - theme.px(12)
        )
        if room.height() > theme.px(60):
            named = _product_of(first, shown) or shown.alert.in_hand
            look = "screen.hold.look" if first.key.endswith("missing") else "screen.hold.look_in"
            after = paper.words.of(weigh.after)
            hint = "\n".join(text for text in (paper.words.say(look), after) if text)
            self._pictured(paper, room, named, hint)
        for index, words in enumerate(rest):
            row = QRectF(inner.left(), inner.bottom() - under + index * row_high, wide, row_high)
            paper.rule(row.topLeft(), row.topRight())
            self._other(paper, row, words, shown)

    def _likeliest(self, paper: Canvas, inner: QRectF, weigh: WeighView) -> float:
        """Caption, and how much of the difference is in question; where the head begins."""
        theme = self.theme
        high = theme.pick(44, 34)
        text = paper.words.say("screen.hold.difference", g=abs(weigh.deviation_g))
        wide = paper.width(text, "label", strong=True) + theme.px(66)
        chip = QRectF(inner.right() - wide, inner.top(), wide, high)
        paper.plate(chip, "warn.tint", radius="chip")
        side = theme.px(26)
        mark = QRectF(chip.left() + theme.px(16), chip.center().y() - side / 2, side, side)
        paper.icon("warn", mark, "warn.ink")
        room = QRectF(mark.right() + theme.px(10), chip.top(), 0, high)
        room.setRight(chip.right() - theme.px(8))
        paper.text(room, text, ("label", "warn.ink"), MIDDLE_LEFT, strong=True)
        row = QRectF(inner.left(), inner.top(), chip.left() - inner.left() - 12, high)
        caption = paper.words.say("screen.hold.likeliest")
        paper.text(row, caption, ("label", "ink2"), MIDDLE_LEFT, strong=True)
        return chip.bottom() + theme.px(6)

    def _pictured(
        self, paper: Canvas, room: QRectF, product: ProductView | None, hint: str
    ) -> None:
        """What may be missing or too much, in an outline; where to look, how well that fits."""
        if product is None:
            return
        theme = self.theme
        wide = min(room.width() * 0.42, room.height() * 1.12)
        frame = QRectF(room.left(), room.top(), wide, room.height())
        draw_product(paper, self.kit.pictures, frame, product)
        pen = QPen(paper.color("ink"), theme.pick(4, 3))
        pen.setDashPattern([2.2, 1.6])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        paper.painter.setPen(pen)
        paper.painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = frame.adjusted(2, 2, -2, -2)
        paper.painter.drawRoundedRect(edge, theme.radius("card"), theme.radius("card"))
        left = frame.right() + theme.pick(30, 18)
        column = QRectF(left, room.top(), room.right() - left, room.height())
        name = paper.fit(
            (column.width(), column.height() * 0.5), product.name, "body", 3, strong=True
        )
        below = paper.fit((column.width(), column.height() * 0.5), hint, "label", 4)
        top = column.center().y() - (name.height + below.height + theme.px(10)) / 2
        paper.fitted(QRectF(left, top, column.width(), name.height), name, "ink")
        low = QRectF(left, top + name.height + theme.px(10), column.width(), below.height)
        paper.fitted(low, below, "ink2")

    def _other(self, paper: Canvas, row: QRectF, words: Words, shown: HoldShare) -> None:
        theme = self.theme
        side = min(theme.pick(72, 54), row.height() - 8)
        picture = QRectF(row.left(), row.center().y() - side / 2, side, side)
        product = _product_of(words, shown)
        if product is not None:
            draw_product(paper, self.kit.pictures, picture, product, radius="chip")
        else:
            paper.plate(picture, "picture", radius="chip")
            paper.icon("box", picture.adjusted(12, 12, -12, -12), "ink2")
        left = picture.right() + theme.px(20)
        room = QRectF(left, row.top(), row.right() - left, row.height())
        paper.text(room, paper.words.of(words), ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)

    # --- what is missing ---------------------------------------------------------------------

    def _fields(self, paper: Canvas, room: QRectF, shown: HoldShare) -> None:
        """Every field that lacks, with the value that is allowed; a product with its picture."""
        theme, alert = self.theme, shown.alert
        if not alert.facts:
            return
        goods = {product.name: product for product in shown.goods}
        pictured = any(value in goods for _, value in alert.facts)
        high = theme.pick(190, 132) if pictured else theme.pick(104, 76)
        step = min(high, room.height() / len(alert.facts))
        card = QRectF(room.left(), room.top(), room.width(), step * len(alert.facts) + 16)
        card.setBottom(min(card.bottom(), room.bottom()))
        paper.card(card, radius="hero")
        pad = theme.pick(38, 22)
        fits = int((card.height() - 12) // (step - 1))
        for index, (words, value) in enumerate(alert.facts[:fits]):
            row = QRectF(card.left() + pad, card.top() + 8 + index * step, 0, step)
            row.setRight(card.right() - pad)
            if index:
                paper.rule(row.topLeft(), row.topRight())
            self._field(paper, row, paper.words.of(words), value, goods.get(value))

    def _field(
        self, paper: Canvas, row: QRectF, name: str, value: str, product: ProductView | None
    ) -> None:
        theme = self.theme
        pictured = product is not None and row.height() > theme.pick(110, 84)
        side = row.height() - theme.px(24) if pictured else theme.pick(40, 32)
        box = QRectF(row.left(), row.center().y() - side / 2, side, side)
        if product is not None and pictured:
            draw_product(paper, self.kit.pictures, box, product, radius="chip")
        else:
            paper.icon("document", box, "ink2")
        left = box.right() + theme.pick(24, 16)
        wide = min(paper.width(value, "body", strong=True) + 2, row.width() * 0.45)
        cell = QRectF(row.right() - wide, row.top(), wide, row.height())
        paper.text(cell, value, ("body", "ink"), MIDDLE_RIGHT, lines=2, strong=True)
        room = QRectF(left, row.top(), cell.left() - left - theme.px(16), row.height())
        paper.text(room, name, ("body", "ink"), MIDDLE_LEFT, lines=2)


def _product_of(words: Words, shown: HoldShare) -> ProductView | None:
    """The product that an explanation names."""
    name = dict(words.args).get("name")
    return next((product for product in shown.goods if product.name == name), None)


def draw_step_number(canvas: Canvas, centre: QPointF, number: int, side: float) -> None:
    """A step's number on a dark disc."""
    disc = QRectF(0, 0, side, side)
    disc.moveCenter(centre)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    canvas.painter.setBrush(canvas.color("ink"))
    canvas.painter.drawEllipse(disc)
    canvas.text(disc, str(number), ("title", "surface"), MIDDLE_CENTRE, strong=True)
