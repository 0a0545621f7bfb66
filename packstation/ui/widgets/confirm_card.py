"""Scan the label on the box: the only code to scan is on the box, the screen has none."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from packstation.station.views import CartonView, LabelView, OrderView, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.label_preview import draw_labelled_box
from packstation.ui.widgets.number_groups import draw_grouped, grouped_width
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.take_label import draw_take
from packstation.ui.words import Speaker


class ConfirmShare(Struct, frozen=True):
    """The label to be scanned and the box that it is stuck on."""

    label: LabelView
    carton: CartonView | None
    order: OrderView | None


def confirm_key(label: LabelView | None) -> str:
    """The main line: a label that still sticks out of its printer cannot be scanned on a box."""
    taken = label is None or label.take is None
    return "screen.confirm.scan" if taken else "screen.print.take"


def confirm_line(words: Speaker, label: LabelView | None) -> str:
    """What is to be done now: a mark to stick on or copies for the pouch come before the scan."""
    put = label.put if label is not None and label.take is None else None
    return words.of(put) if put is not None else words.say(confirm_key(label))


class ConfirmCard(Painted[ConfirmShare]):
    """CONFIRMING (picture 06)."""

    def share(self, view: StationView) -> ConfirmShare:
        """Label, box, country."""
        return ConfirmShare(view.label or LabelView(), view.carton, view.order)

    def spoken(self) -> str:
        """The main line."""
        return confirm_line(self.words, self.shown.label if self.shown else None)

    def draw(self, canvas: Canvas, area: QRectF, shown: ConfirmShare) -> None:
        """The box at the left, the line and the number at the right."""
        theme = self.theme
        canvas.card(area, radius="hero")
        share = 0.38 if theme.profile.tight else 0.4745
        left = QRectF(area.left(), area.top(), round(area.width() * share), area.height())
        if theme.mirrored:
            left.moveRight(area.right())
        self._picture(canvas, area, left, shown)
        pad = theme.pick(61, 30)
        column = QRectF(left.right() + pad, area.top(), 0, area.height())
        column.setRight(area.right() - pad)
        if theme.mirrored:
            column = QRectF(
                area.left() + pad, area.top(), left.left() - area.left() - 2 * pad, area.height()
            )
        self._column(canvas, column.adjusted(0, theme.pick(54, 18), 0, -theme.pick(44, 14)), shown)

    def _picture(self, canvas: Canvas, area: QRectF, left: QRectF, shown: ConfirmShare) -> None:
        theme = self.theme
        hair = 1.5
        body = QPainterPath()
        radius = theme.radius("hero") - hair
        body.addRoundedRect(area.adjusted(hair, hair, -hair, -hair), radius, radius)
        cut = QPainterPath()
        cut.addRect(left)
        canvas.painter.fillPath(body.intersected(cut), canvas.color("picture"))
        inset = theme.pick(80, 34)
        frame = left.adjusted(inset, inset * 0.58, -inset, -inset * 0.69)
        paper = canvas.on(theme.paper)
        _brackets(paper, frame)
        carton = shown.carton
        size = carton.inner_mm if carton is not None else (300, 200, 120)
        inside = frame.adjusted(
            frame.width() * 0.13,
            frame.height() * 0.1,
            -frame.width() * 0.07,
            -frame.height() * 0.02,
        )
        country = shown.order.country if shown.order else ""
        code = carton.code if carton else ""
        if shown.label.take is not None:
            draw_take(paper, inside, country, code, shown.label.waybill)
            return
        draw_labelled_box(paper, inside, size, country, code, shown.label.waybill)

    def _column(self, canvas: Canvas, column: QRectF, shown: ConfirmShare) -> None:
        """Main line, number, and the two facts; each block gives way to the next."""
        theme = self.theme
        facts = self._facts(shown.label)
        row_high = theme.pick(52, 42)
        text = confirm_line(canvas.words, shown.label)
        room = QRectF(column.left(), column.top(), column.width(), column.height() * 0.36)
        largest = theme.pick(76, 60)
        main = canvas.fit_name((room.width(), room.height()), text, largest)
        taken = canvas.fitted(room, main, "ink")
        row = QRectF(column.left(), taken.bottom() + 4, column.width(), theme.line_height("title"))
        then = "screen.confirm.why" if shown.label.put is None else "screen.confirm.put"
        why = canvas.words.of(shown.label.take) or canvas.words.say(then)
        second = canvas.fit((row.width(), row.height()), why, "title")
        canvas.thin(row, second, "ink2")
        top = row.bottom() + theme.pick(38, 10)
        caption = QRectF(column.left(), top, column.width(), theme.line_height("label"))
        canvas.text(
            caption, canvas.words.say("screen.confirm.only"), ("label", "ink2"), strong=True
        )
        top = caption.bottom() + theme.pick(14, 8)
        left = column.bottom() - top - row_high * len(facts) - theme.line_height("label")
        high = min(theme.pick(129, 96), max(left - theme.pick(60, 26), theme.px(52)))
        plate = QRectF(column.left(), top, column.width(), high)
        if shown.label.waybill:
            self._number(canvas, plate, shown.label.waybill)
        hint = QRectF(column.left(), plate.bottom() + theme.pick(14, 6), column.width(), 0)
        hint.setHeight(theme.line_height("label") * 1.3)
        if column.bottom() - row_high * len(facts) < plate.bottom():
            return  # a window this low has room for the number alone
        self._hint(canvas, hint)
        for index, (words, done) in enumerate(facts):
            low = column.bottom() - row_high * (len(facts) - index)
            self._fact(
                canvas, QRectF(column.left(), low, column.width(), row_high), words, done=done
            )

    def _number(self, canvas: Canvas, plate: QRectF, waybill: str) -> None:
        theme = self.theme
        pad = theme.pick(34, 20)
        largest = min(theme.pick(75, 58), int(plate.height() * 0.62))
        wide = grouped_width(canvas, waybill, largest) + 2 * pad
        plate.setWidth(min(plate.width(), wide))
        canvas.plate(plate, "sunken")
        draw_grouped(canvas, plate.adjusted(pad, 0, -pad + 8, 0), waybill, largest)

    def _hint(self, canvas: Canvas, row: QRectF) -> None:
        theme = self.theme
        side = theme.pick(34, 26)
        canvas.icon("scanner", QRectF(row.left(), row.center().y() - side / 2, side, side), "ink2")
        room = row.adjusted(side + theme.px(12), 0, 0, 0)
        canvas.text(
            room, canvas.words.say("screen.confirm.where"), ("label", "ink2"), MIDDLE_LEFT, lines=2
        )

    def _facts(self, label: LabelView) -> list[tuple[str, bool]]:
        """Whether the label is out, and the papers."""
        found = [(self.words.say("screen.confirm.printed"), True)]
        if label.papers:
            done = sum(paper.done or paper.place for paper in label.papers)
            key = (
                "screen.confirm.papers"
                if done == len(label.papers)
                else "screen.confirm.papers_wait"
            )
            text = self.words.say(key, d=done, n=len(label.papers))
            found.append((text, done == len(label.papers)))
        return found

    def _fact(self, canvas: Canvas, row: QRectF, text: str, *, done: bool) -> None:
        theme = self.theme
        side = theme.pick(40, 32)
        mark = QRectF(row.left(), row.center().y() - side / 2, side, side)
        if done:
            paint.ok_disc(canvas.painter, theme, mark)
        else:
            paint.empty_ring(canvas.painter, mark, canvas.color("edge"), 3)
        room = row.adjusted(side + theme.px(16), 0, 0, 0)
        canvas.text(room, text, ("body", "ink"), MIDDLE_LEFT)


def _brackets(canvas: Canvas, frame: QRectF) -> None:
    """Scan brackets of the size of a picture: short arms, round bends."""
    theme = canvas.theme
    width = theme.pick(9, 7)
    arm, bend = frame.width() * 0.105, frame.width() * 0.033
    canvas.painter.setPen(paint.stroke(canvas.color("now.fill"), width))
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, inward in ((frame.left(), 1.0), (frame.right(), -1.0)):
        for y, down in ((frame.top(), 1.0), (frame.bottom(), -1.0)):
            path = QPainterPath(QPointF(x, y + down * arm))
            path.lineTo(x, y + down * bend)
            path.quadTo(QPointF(x, y), QPointF(x + inward * bend, y))
            path.lineTo(x + inward * arm, y)
            canvas.painter.drawPath(path)
