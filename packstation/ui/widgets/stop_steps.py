"""A stopped order: barrier tape, what happened, and three pictured steps to safety."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import AlertView, LineView, StationView, Words
from packstation.ui import paint
from packstation.ui.tokens import MOTION_MS
from packstation.ui.widgets.alert_plate import SWELL, draw_head, head_height, plate_pad
from packstation.ui.widgets.canvas import Canvas
from packstation.ui.widgets.count_badge import draw_disc
from packstation.ui.widgets.hold_plate import draw_step_number
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.product_picture import draw_ground, draw_product
from packstation.ui.widgets.tote_picture import draw_tote
from packstation.ui.words import Speaker

# More are counted by whoever reads the order anew; a packer reads two lines.
MOST_CHANGES = 4


class StopShare(Struct, frozen=True):
    """The alert and what is already in the box."""

    alert: AlertView
    inside: tuple[LineView, ...]


def said(words: Speaker, alert: AlertView) -> str:
    """What changed, where that is known; else by whom it was stopped."""
    changed = " · ".join(words.of(change) for change in alert.changes[:MOST_CHANGES])
    return changed or words.of(alert.by or alert.todo)


class StopBody(Painted[StopShare]):
    """HELD by the order itself (picture 07)."""

    swell = 1.0

    def changed(self, before: StopShare | None) -> None:
        """A new alert's shape settles; the same one shown again does not move."""
        if self.shown is not None and (
            before is None or before.alert.serial != self.shown.alert.serial
        ):
            self.motion.run(SWELL, 1.0, MOTION_MS["plate"])

    def moved(self, value: float) -> None:
        """How large the shape is."""
        self.swell = value
        self.update(0, 0, self.width(), head_height(self.theme) + self.theme.pick(40, 28))

    def share(self, view: StationView) -> StopShare | None:
        """Lines with something in the box."""
        if view.alert is None:
            return None
        return StopShare(view.alert, tuple(line for line in view.lines if line.done))

    def spoken(self) -> str:
        """Headline, and by whom."""
        if self.shown is None:
            return ""
        alert = self.shown.alert
        return f"{self.words.of(alert.headline)}. {said(self.words, alert)}"

    def draw(self, canvas: Canvas, area: QRectF, shown: StopShare) -> None:
        """Tape, headline, steps."""
        theme = self.theme
        canvas.painter.fillRect(area, canvas.color("hold.fill"))
        tape = theme.pick(22, 16)
        paint.tape(canvas.painter, theme, QRectF(area.left(), area.top(), area.width(), tape))
        pad = plate_pad(theme)
        tall = head_height(theme) + theme.pick(14, 8)
        head = QRectF(area.left() + pad, area.top() + tape, area.width() - 2 * pad, tall)
        second = said(canvas.words, shown.alert)
        draw_head(canvas, head, shown.alert, second, self.swell)
        room = QRectF(area.left() + pad, head.bottom(), area.width() - 2 * pad, 0)
        room.setBottom(area.bottom() - theme.pick(36, 18))
        if shown.alert.steps:
            self._steps(canvas.on(theme.paper), room, shown)

    def _steps(self, paper: Canvas, room: QRectF, shown: StopShare) -> None:
        theme = self.theme
        steps = shown.alert.steps[:3]
        gap = theme.pick(28, 16)
        high = min(room.height(), theme.pick(430, 330))
        shares = {1: (1.0,), 2: (0.5, 0.5), 3: (0.386, 0.307, 0.307)}[len(steps)]
        free = room.width() - gap * (len(steps) - 1)
        left = room.left()
        top = room.top() + (room.height() - high) * 0.45
        for index, words in enumerate(steps):
            card = QRectF(left, top, free * shares[index], high)
            self._step(paper, card, index, words, shown)
            left = card.right() + gap

    def _step(
        self, paper: Canvas, card: QRectF, index: int, words: Words, shown: StopShare
    ) -> None:
        theme = self.theme
        paper.plate(card, "surface", radius="hero")
        pad = theme.pick(34, 18)
        low = theme.pick(136, 100)
        picture = card.adjusted(pad, pad * 0.9, -pad, -low)
        draw_ground(paper, picture)
        self._picture(paper, picture, words.key.rpartition(".")[2], shown)
        side = theme.pick(60, 46)
        middle = picture.bottom() + (card.bottom() - picture.bottom()) / 2
        draw_step_number(paper, QPointF(card.left() + pad + side / 2, middle), index + 1, side)
        left = card.left() + pad + side + theme.pick(22, 14)
        room = QRectF(left, picture.bottom() + 4, card.right() - pad * 0.5 - left, 0)
        room.setBottom(card.bottom() - 4)
        text = paper.fit(
            (room.width(), room.height()), paper.words.of(words), "title", 2, strong=True
        )
        top = middle - text.height / 2
        paper.fitted(QRectF(room.left(), top, room.width(), text.height), text, "ink")

    def _picture(self, paper: Canvas, area: QRectF, step: str, shown: StopShare) -> None:
        """What to take out, the tote, the scan, the label: by the last word of the step's key."""
        if step == "out" and shown.inside:
            self._goods(paper, area, shown.inside)
        elif step == "into":
            pieces = sum(line.done for line in shown.inside)
            inset = area.height() * 0.1
            draw_tote(paper, area.adjusted(inset, inset, -inset, -inset), min(6, pieces))
        else:
            side = area.height() * 0.62
            box = QRectF(0, 0, side, side)
            box.moveCenter(area.center())
            icon = {"void": "label", "relabel": "printer", "out": "box"}.get(step, "scanner")
            paper.icon(icon, box, "now.fill")

    def _goods(self, paper: Canvas, area: QRectF, inside: tuple[LineView, ...]) -> None:
        seen = inside[:3]
        side = min(area.height() * 0.9, area.width() / (len(seen) + 0.4))
        left = area.center().x() - side * len(seen) / 2
        for line in seen:
            box = QRectF(left, area.center().y() - side / 2, side, side)
            draw_product(paper, self.kit.pictures, box, line.product)
            corner = QPointF(box.right() - side * 0.16, box.bottom() - side * 0.18)
            draw_disc(paper, corner, line.done, self.theme.pick(52, 40))
            left += side
