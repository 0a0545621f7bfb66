"""A refused scan: the whole stage red, what is in the hand beside what is needed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import AlertView, ProductView, StationView, Words
from packstation.ui import paint
from packstation.ui.tokens import MOTION_MS
from packstation.ui.widgets.alert_plate import SWELL, draw_head, head_height, plate_pad
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.number_groups import draw_compared
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.product_picture import draw_product
from packstation.ui.widgets.step_strip import draw_steps, strip_height


def _second(alert: AlertView) -> Words | None:
    """What is said under the word, unless it is one of the steps anyway."""
    named = alert.todo is not None and alert.todo.key in {step.key for step in alert.steps}
    return None if named else alert.todo


class RefusalBody(Painted[AlertView]):
    """Headline and cards of a refusal (picture 03)."""

    swell = 1.0

    def changed(self, before: AlertView | None) -> None:
        """A new alert's shape settles; the same one shown again does not move."""
        if self.shown is not None and (before is None or before.serial != self.shown.serial):
            self.motion.run(SWELL, 1.0, MOTION_MS["plate"])

    def moved(self, value: float) -> None:
        """How large the shape is."""
        self.swell = value
        self.update(0, 0, self.width(), head_height(self.theme) + self.theme.pick(40, 28))

    def share(self, view: StationView) -> AlertView | None:
        """The alert itself."""
        return view.alert

    def spoken(self) -> str:
        """Headline and what to do."""
        if self.shown is None:
            return ""
        said = (self.shown.headline, _second(self.shown), *self.shown.steps)
        return ". ".join(filter(None, (self.words.of(words) for words in said)))

    def draw(self, canvas: Canvas, area: QRectF, shown: AlertView) -> None:
        """Octagon and word above, one or two cards below."""
        theme = self.theme
        canvas.painter.fillRect(area, canvas.color("stop.fill"))
        pad = plate_pad(theme)
        head = QRectF(area.left() + pad, area.top(), area.width() - 2 * pad, head_height(theme))
        bare = shown.in_hand is None and shown.needed is None
        paper, second = canvas.on(theme.paper), canvas.words.of(_second(shown))
        if bare and not shown.text_read and shown.compare == ("", ""):
            self._alone(canvas, paper, head, shown)
            return
        draw_head(canvas, head, shown, second, self.swell)
        room = area.adjusted(pad, head.height(), -pad, -theme.pick(34, 20))
        low = strip_height(theme, room.height(), len(shown.steps))
        if low:
            draw_steps(
                paper, QRectF(room.left(), room.bottom() - low, room.width(), low), shown.steps
            )
            room.setBottom(room.bottom() - low)
        if shown.compare != ("", ""):
            self._compare(paper, room, shown.compare)
        elif shown.in_hand is not None and shown.in_hand == shown.needed:
            self._same(paper, room, shown)
        else:
            self._pair(canvas, paper, room, shown)

    def _alone(self, canvas: Canvas, paper: Canvas, head: QRectF, shown: AlertView) -> None:
        """Nothing to compare: the word, and the steps below it, in the middle."""
        area = QRectF(self.rect())
        low = strip_height(self.theme, area.height() * 0.6, len(shown.steps))
        head.moveTop(area.center().y() - head.height() * 0.62 - low / 2)
        draw_head(canvas, head, shown, canvas.words.of(_second(shown)), self.swell)
        if low:
            draw_steps(paper, QRectF(head.left(), head.bottom(), head.width(), low), shown.steps)

    def _pair(self, canvas: Canvas, paper: Canvas, room: QRectF, shown: AlertView) -> None:
        """In hand, an arrow, what is needed."""
        gap = self.theme.pick(96, 60)
        if shown.needed is None:
            if shown.in_hand is None:
                room = QRectF(room.left(), room.top(), room.width(), room.height() * 0.62)
            self._hand(paper, room, shown)
            return
        wide = (room.width() - gap) / 2
        self._hand(paper, QRectF(room.left(), room.top(), wide, room.height()), shown)
        side = self.theme.pick(56, 40)
        arrow = QRectF(room.center().x() - side / 2, room.center().y() - side / 2, side, side)
        canvas.icon("next", arrow, "stop.on")
        right = QRectF(room.right() - wide, room.top(), wide, room.height())
        self._needed(paper, right, shown, shown.needed)

    def _hand(self, paper: Canvas, card: QRectF, shown: AlertView) -> None:
        if shown.in_hand is None:
            self._text_read(paper, card, shown)
            return
        picture, column = self._split(paper, card)
        draw_product(paper, self.kit.pictures, picture, shown.in_hand)
        side = min(picture.width(), picture.height()) * 0.73
        box = QRectF(0, 0, side, side)
        box.moveCenter(picture.center())
        paint.cross(paper.painter, box, paper.color("stop.fill"), side * 0.078)
        told = (f"{paper.words.of(name)}: {value}" for name, value in shown.facts if value)
        code = "\n".join(part for part in (shown.in_hand.sku, shown.text_read, *told) if part)
        words = paper.words.say("screen.alert.in_hand")
        self._named(paper, column, words, "stop.ink", shown.in_hand.name, code)

    def _needed(self, paper: Canvas, card: QRectF, shown: AlertView, product: ProductView) -> None:
        picture, column = self._split(paper, card)
        draw_product(paper, self.kit.pictures, picture, product)
        due = max(0, shown.needed_total - shown.needed_done)
        if not shown.needed_total:
            # Only a guess by the weight: nothing says how many.
            words = paper.words.say("screen.alert.alike")
            self._named(paper, column, words, "ok.ink", product.name, product.sku)
            return
        words = paper.words.say("screen.alert.needed")
        below = self._named(paper, column, words, "ok.ink", product.name, "", self._giant_room())
        self._due(paper, QPointF(column.left(), below), column.width(), due)

    def _giant_room(self) -> float:
        return float(self.theme.pick(124, 88))

    def _due(self, paper: Canvas, top: QPointF, width: float, due: int) -> None:
        theme = self.theme
        size = theme.pick(122, 84)
        cap = size * 0.73
        baseline = QPointF(top.x(), top.y() + cap + theme.pick(22, 12))
        more = paper.words.say("screen.scan.more", due)
        beside = paper.width(more, "title", strong=True) + theme.px(24)
        taken = paper.giant(baseline, (width - beside, cap), str(due), "now.fill")
        height = theme.line_height("title")
        row = QRectF(taken.right() + theme.px(16), baseline.y() - height * 0.86, beside, height)
        paper.text(row, more, ("title", "now.ink"), strong=True)

    def _split(self, paper: Canvas, card: QRectF) -> tuple[QRectF, QRectF]:
        """A paper card's picture and the column beside it."""
        theme = self.theme
        paper.plate(card, "surface", radius="hero")
        pad = theme.pick(28, 16)
        inner = card.adjusted(pad, pad, -pad, -pad)
        wide = min(card.width() * 0.5, inner.height() * 1.1)
        picture = QRectF(inner.left(), inner.top(), wide, inner.height())
        left = picture.right() + theme.pick(36, 20)
        return picture, QRectF(left, inner.top(), inner.right() - left, inner.height())

    def _named(
        self,
        paper: Canvas,
        column: QRectF,
        verb: str,
        tone: str,
        name: str,
        code: str,
        below: float = 0.0,
    ) -> float:
        """Verb, name, codes as one block in the middle of ``column``; where it ends."""
        theme = self.theme
        high = column.height() - below
        first = paper.fit((column.width(), high * 0.25), verb, "title")
        size = theme.pick(44, 34)
        second = paper.fit_name((column.width(), high * 0.6), name, size)
        codes = [part for part in code.split("\n") if part]
        row_height = theme.line_height("label")
        total = first.height + second.height + row_height * len(codes) + theme.px(14) + below
        top = max(column.top(), column.center().y() - total / 2)
        paper.fitted(QRectF(column.left(), top, column.width(), first.height), first, tone)
        top += first.height + theme.px(2)
        paper.fitted(QRectF(column.left(), top, column.width(), second.height), second, "ink")
        top += second.height + theme.px(12)
        for part in codes:
            row = QRectF(column.left(), top, column.width(), row_height)
            shown = paper.cut_middle(part, "label", column.width())
            paper.text(row, shown, ("label", "ink2"), MIDDLE_LEFT)
            top += row_height
        return top

    def _text_read(self, paper: Canvas, card: QRectF, shown: AlertView) -> None:
        """No product: the text as the scanner read it, or what the scale felt."""
        theme, text = self.theme, shown.text_read
        felt = shown.sound == "weight_off"
        paper.plate(card, "surface", radius="hero")
        pad = theme.pick(48, 24)
        inner = card.adjusted(pad, pad, -pad, -pad)
        side = theme.pick(96, 56)
        short = len(text) <= 24
        needed = theme.line_height("title") + theme.line_height("num" if short else "title")
        top = inner.top()
        if inner.height() >= side + theme.pick(30, 14) + needed:
            paper.icon(
                "scale" if felt else "scanner", QRectF(inner.left(), top, side, side), "ink3"
            )
            top += side + theme.pick(30, 14)
        elif short:
            top = inner.center().y() - needed / 2
        verb = QRectF(inner.left(), top, inner.width(), theme.line_height("title"))
        words = paper.words.say("screen.alert.felt" if felt else "screen.alert.text_read")
        paper.text(verb, words, ("title", "stop.ink"))
        room = QRectF(inner.left(), verb.bottom() + theme.px(10), inner.width(), 0)
        room.setBottom(max(inner.bottom(), room.top() + theme.line_height("title")))
        role = "num" if short else "title"
        paper.text(room, text[:400], (role, "ink"), lines=1 if short else 6, strong=True)

    def _same(self, paper: Canvas, card: QRectF, shown: AlertView) -> None:
        """Too many of it, or too old: one product, with the count or the dates."""
        product = shown.in_hand
        if product is None:
            return
        theme = self.theme
        picture, column = self._split(paper, card)
        draw_product(paper, self.kit.pictures, picture, product)
        facts = [(paper.words.of(words), value) for words, value in shown.facts]
        each = theme.line_height("body") + theme.size("price") * 1.2
        beside = column.height() < each * len(facts) + theme.line_height("title") * 4
        high = (each - theme.line_height("body") if beside else each) * len(facts)
        count = theme.pick(150, 96) if not facts else high
        verb = paper.words.say("screen.alert.in_hand")
        end = self._named(
            paper, column, verb, "stop.ink", product.name, product.sku, count + theme.px(20)
        )
        end += theme.px(12)
        if not facts:
            words = paper.words.say(
                "screen.alert.already", d=shown.needed_done, n=shown.needed_total
            )
            room = QRectF(column.left(), end, column.width(), column.bottom() - end)
            paper.text(room, words, ("num", "ink"), lines=2)
            return
        self._dates(paper, QRectF(column.left(), end, column.width(), 0), facts, beside=beside)

    def _dates(
        self, paper: Canvas, top: QRectF, facts: list[tuple[str, str]], *, beside: bool
    ) -> None:
        """Names with their values below them, or beside them where the card is low."""
        theme, end = self.theme, top.top()
        high = theme.size("price") * 1.2
        wide = max((paper.width(name, "body") for name, _ in facts), default=0.0) + theme.px(20)
        for name, value in facts:
            row = QRectF(
                top.left(), end, top.width(), high if beside else theme.line_height("body")
            )
            paper.text(row, name, ("body", "ink2"), MIDDLE_LEFT)
            left, upper = (wide, row.top()) if beside else (0.0, row.bottom())
            cell = QRectF(row.left() + left, upper, row.width() - left, high)
            paper.text(cell, value, ("price", "ink"), MIDDLE_LEFT)
            end = cell.bottom()

    def _compare(self, paper: Canvas, room: QRectF, pair: tuple[str, str]) -> None:
        """Two waybills under each other, what differs marked."""
        theme = self.theme
        gap = theme.pick(34, 18)
        high = min((room.height() - gap) / 2, theme.pick(260, 170))
        top = room.center().y() - high - gap / 2
        for index, key in enumerate(("screen.alert.label_read", "screen.alert.label_due")):
            card = QRectF(room.left(), top + index * (high + gap), room.width(), high)
            paper.plate(card, "surface", radius="hero")
            pad = theme.pick(48, 24)
            inner = card.adjusted(pad, 0, -pad, 0)
            verb = QRectF(inner.left(), card.top() + high * 0.14, inner.width(), 0)
            verb.setHeight(theme.line_height("title"))
            tone = "stop.ink" if index == 0 else "ok.ink"
            paper.text(verb, paper.words.say(key), ("title", tone))
            number = QRectF(inner.left(), verb.bottom(), inner.width(), 0)
            number.setBottom(card.bottom() - high * 0.1)
            mark = "stop" if index == 0 else "ok"
            draw_compared(paper, number, pair[index], pair[1 - index], mark)
