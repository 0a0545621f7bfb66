"""What refusals and holds share: shape and headline above, sound, weight and answers below."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import AlertView, ScaleView, StationView
from packstation.ui import paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import Painted


class Plate(Struct, frozen=True):
    """Colours of a whole-stage alert: its area, the text on it, its lower strip."""

    fill: str
    on: str
    foot: str


PLATES = {
    "refusal": Plate("stop.fill", "stop.on", "stop_foot"),
    "hold": Plate("hold.fill", "hold.on", "hold_foot"),
    "stop": Plate("hold.fill", "hold.on", "hold_foot"),
}


SWELL = 1.06  # how much larger a shape is in the moment that it appears


def plate_pad(theme: Theme) -> int:
    """Distance of cards from the edges of the screen."""
    return theme.pick(72, 44)


def foot_height(theme: Theme) -> int:
    """Pixels of the lower strip."""
    return theme.pick(128, 96)


def head_height(theme: Theme) -> int:
    """Pixels of shape and headline."""
    return theme.pick(241, 172)


def draw_head(
    canvas: Canvas, area: QRectF, alert: AlertView, second: str, scale: float = 1.0
) -> None:
    """The shape, the word, and what to do, over the cards."""
    theme = canvas.theme
    plate = PLATES[alert.kind]
    side = theme.pick(139, 100)
    top = area.top() + (theme.pick(54, 34))
    mark = QRectF(area.left() + 4, top, side, side)
    _mark(canvas, mark, alert.kind, scale)
    left = mark.right() + theme.pick(46, 28)
    room = QRectF(left, area.top() + theme.pick(30, 18), area.right() - left, 0)
    room.setBottom(area.bottom() - theme.pick(20, 10))
    head = canvas.fit(
        (room.width(), room.height() * 0.62), canvas.words.of(alert.headline), "alarm", 1
    )
    under = canvas.fit((room.width(), room.height() - head.height), second, "title", 2)
    under_height = under.height if second else 0
    gap = theme.px(6) if second else 0
    top = mark.center().y() - (head.height + gap + under_height) / 2
    top = max(room.top(), min(top, room.bottom() - head.height - gap - under_height))
    row = QRectF(left, top, room.width(), head.height)
    canvas.fitted(row, head, plate.on)
    if second:
        row = QRectF(left, row.bottom() + gap, room.width(), under.height)
        canvas.thin(row, under, plate.on)


def _mark(canvas: Canvas, area: QRectF, kind: str, scale: float) -> None:
    grown = area.width() * (scale - 1) / 2
    box = area.adjusted(-grown, -grown, grown, grown)
    theme, painter = canvas.theme, canvas.painter
    if kind == "refusal":
        paint.octagon(painter, box, theme.color("stop.on"), theme.color("stop.fill"))
    elif kind == "stop":
        paint.hold_plate(painter, box, theme.color("warn.fill"), theme.color("warn.on"))
    else:
        paint.hold_plate(painter, box, theme.color("hold.on"), theme.color("hold.fill"))


class FootShare(Struct, frozen=True):
    """What the strip says beside the answers."""

    kind: str
    sound: str
    muted: bool
    scale: ScaleView
    hint: bool
    scan: bool = False


class AlertFoot(Painted[FootShare]):
    """Sound mark and live weight; the answers stand on it as keys."""

    reserved = 0

    def share(self, view: StationView) -> FootShare | None:
        """Only while something covers the stage."""
        alert = view.alert
        if alert is None:
            return None
        hint = alert.kind == "refusal" and any(a.command == "accept" for a in alert.answers)
        scan = any(step.key == "stop.step.scan" for step in alert.steps)
        return FootShare(alert.kind, alert.sound, view.person.muted, view.scale, hint, scan)

    def draw(self, canvas: Canvas, area: QRectF, shown: FootShare) -> None:
        """From the left: sound, weight, hint; what has no room is left out, the hint first."""
        plate = PLATES[shown.kind]
        canvas.painter.fillRect(area, canvas.color(plate.foot))
        theme = self.theme
        x = plate_pad(theme) + 4.0
        end = area.right() - self.reserved - theme.px(16)
        for icon, strong, text in self._entries(shown):
            wide = self._width(canvas, icon, strong, text)
            if x + wide > end:
                continue
            self._entry(
                canvas, QRectF(x, area.top(), wide, area.height()), plate, (icon, strong, text)
            )
            x += wide + theme.pick(78, 36)

    def _entries(self, shown: FootShare) -> list[tuple[str, str, str]]:
        say = self.words.say
        found: list[tuple[str, str, str]] = []
        if shown.scale.grams is not None and shown.scale.state not in {"FAULT", "NO_SCALE"}:
            grams = say("screen.grams", g=shown.scale.grams)
            found.append(("scale", grams, self._state(shown.scale)))
        if shown.sound:
            muted = say("screen.alert.muted")
            until = "refusal" if shown.kind == "stop" and not shown.scan else shown.kind
            text = muted if shown.muted else say(f"screen.alert.sound.{until}")
            found.insert(0, ("speaker-off" if shown.muted else "speaker", "", text))
        if shown.hint:
            found.append(("", "", say("screen.alert.right_scan")))
        return found

    def _state(self, scale: ScaleView) -> str:
        return self.words.say(f"screen.scale.{scale.state}")

    def _width(self, canvas: Canvas, icon: str, strong: str, text: str) -> float:
        theme = self.theme
        wide = canvas.width(text, "body") + 2
        if strong:
            wide += canvas.width(strong, "body", strong=True) + theme.px(18)
        return wide + (theme.px(54) if icon else 0)

    def _entry(
        self, canvas: Canvas, cell: QRectF, plate: Plate, what: tuple[str, str, str]
    ) -> None:
        icon, strong, text = what
        theme = self.theme
        room = QRectF(cell)
        if icon:
            side = theme.px(36)
            box = QRectF(cell.left(), cell.center().y() - side / 2, side, side)
            canvas.icon(icon, box, plate.on)
            room.setLeft(cell.left() + theme.px(54))
        if strong:
            taken = canvas.text(room, strong, ("body", plate.on), MIDDLE_LEFT, strong=True)
            room.setLeft(taken.right() + theme.px(16))
        canvas.text(room, text, ("body", plate.on), MIDDLE_LEFT)


def band_scale(
    area: QRectF, expected: int, tolerance: int, read: int | None
) -> tuple[float, float, float]:
    """Left and right end of the good part and the pointer, in pixels along ``area``."""
    spread = max(tolerance * 3.5, abs((read or expected) - expected) * 1.35, 1.0)
    low = expected - spread
    per = area.width() / (2 * spread)

    def at(grams: float) -> float:
        return min(max(area.left() + (grams - low) * per, area.left()), area.right())

    return (
        at(expected - tolerance),
        at(expected + tolerance),
        at(expected if read is None else read),
    )


def draw_band(
    canvas: Canvas,
    area: QRectF,
    expected: int,
    tolerance: int,
    read: int | None,
    *,
    off: bool,
) -> None:
    """The band of good weights with a pointer at what was read, and the figures under it."""
    theme = canvas.theme
    bar = QRectF(area.left(), area.top(), area.width(), theme.pick(22, 18))
    paint.rounded(canvas.painter, bar, bar.height() / 2, canvas.color("sunken"))
    left, right, pointer = band_scale(bar, expected, tolerance, read)
    canvas.painter.fillRect(
        QRectF(left, bar.top(), right - left, bar.height()), canvas.color("ok.fill")
    )
    labels = [(left, expected - tolerance), (right, expected + tolerance)]
    if read is not None:
        if off:
            near = left if pointer < left else right
            line = QRectF(min(pointer, near), bar.center().y() - 2, abs(near - pointer), 4)
            canvas.painter.fillRect(line, canvas.color("ink"))
            labels.append((pointer, read))
        _pointer(canvas, QPointF(pointer, bar.center().y()), bar.height())
    below = QRectF(area.left(), bar.bottom() + theme.pick(18, 12), 0, theme.line_height("label"))
    for x, grams in labels:
        text = canvas.words.show(grams)
        wide = canvas.width(text, "label", strong=True) + 4
        start = min(max(x - wide / 2, area.left()), area.right() - wide)
        cell = QRectF(start, below.top(), wide, below.height())
        canvas.text(cell, text, ("label", "ink"), MIDDLE_LEFT, strong=True)


def _pointer(canvas: Canvas, centre: QPointF, height: float) -> None:
    tall, wide = height * 2.4, canvas.theme.px(8)
    gap = canvas.theme.px(4)
    box = QRectF(0, 0, wide, tall)
    box.moveCenter(centre)
    halo = box.adjusted(-gap, 0, gap, 0)
    middle = QRectF(halo.left(), centre.y() - height / 2, halo.width(), height)
    canvas.painter.fillRect(middle, canvas.color("surface"))
    paint.rounded(canvas.painter, box, wide / 2, canvas.color("ink"))
