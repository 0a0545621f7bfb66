"""Devices as cards: the one in trouble first and twice as wide, with the cure as its main line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import DeviceView, ScaleView, StationView
from packstation.ui import paint, tokens
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.painted import Painted

ICONS = {
    "scanner": "scanner",
    "scale": "scale",
    "label": "label",
    "papers": "printer",
    "camera": "camera",
    "dimensioner": "dimensioner",
    "badge": "badge",
    "pedal": "keypad",
    "light": "bell",
    "server": "server",
}
_NUMBERED = 9
_TONES = {"ok": "ok", "fault": "stop", "asleep": "off", "off": "off"}


def utc_now() -> datetime:
    """The clock of ages that are shown; tests and manuals set another on the board."""
    return datetime.now(UTC)


class DeviceShare(Struct, frozen=True):
    """All devices, the scale's live number, and which card Enter opens."""

    devices: tuple[DeviceView, ...]
    scale: ScaleView
    selected: str = ""


def device_name(canvas: Canvas, device: DeviceView) -> str:
    """Its own name, else what it is."""
    return device.name or canvas.words.say(f"screen.device.{device.kind}")


def state_words(canvas: Canvas, device: DeviceView) -> str:
    """Working, asleep, off, or what is wrong; a device that works may have a word to say too."""
    if device.state in {"fault", "ok"} and device.cause is not None:
        return canvas.words.of(device.cause)
    return canvas.words.say(f"screen.device.state.{device.state}")


def ago(canvas: Canvas, since: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that says something."""
    if since is None:
        return ""
    seconds = max(0, int((now - since).total_seconds()))
    for limit, size, key in ((60, 1, "s"), (3600, 60, "min"), (172800, 3600, "h")):
        if seconds < limit:
            return canvas.words.say(f"screen.ago.{key}", t=seconds // size)
    return canvas.words.say("screen.ago.d", t=seconds // 86400)


def draw_state(canvas: Canvas, room: QRectF, device: DeviceView) -> float:
    """Mark and word at the right of ``room``; where the rest must end."""
    theme = canvas.theme
    text = state_words(canvas, device)
    tone = _TONES.get(device.state, "off")
    ink = {"ok": "ok.ink", "stop": "stop.ink"}.get(tone, "ink2")
    wide = min(canvas.width(text, "label", strong=True) + 2, room.width() * 0.5)
    cell = QRectF(room.right() - wide, room.top(), wide, room.height())
    canvas.text(cell, text, ("label", ink), MIDDLE_RIGHT, lines=2, strong=True)
    side = theme.px(20)
    mark = QRectF(cell.left() - side - theme.px(8), room.center().y() - side / 2, side, side)
    if tone == "ok":
        canvas.painter.setPen(theme.color("ok.fill"))
        canvas.painter.setBrush(theme.color("ok.fill"))
        canvas.painter.drawEllipse(mark)
    elif tone == "stop":
        paint.fault_square(canvas.painter, theme, mark)
    else:
        paint.empty_ring(canvas.painter, mark, canvas.color("edge"), 3)
    return mark.left() - theme.px(12)


def draw_title(canvas: Canvas, row: QRectF, device: DeviceView, *, tint: str = "") -> None:
    """Icon plate, name, detail, state."""
    theme = canvas.theme
    fault = device.state == "fault"
    side = min(row.height(), theme.pick(64, 52))
    plate = QRectF(row.left(), row.center().y() - side / 2, side, side)
    fill = tint or ("stop.fill" if fault else "sunken")
    canvas.plate(plate, fill, radius="chip")
    inset = side * 0.22
    ink = "ok.ink" if tint else "stop.on" if fault else "ink"
    icon = plate.adjusted(inset, inset, -inset, -inset)
    canvas.icon(ICONS.get(device.kind, "find"), icon, ink)
    left = plate.right() + theme.px(18)
    right = draw_state(canvas, QRectF(left, row.top(), row.right() - left, row.height()), device)
    room = QRectF(left, row.top(), right - left, row.height())
    fine = theme.line_height("fine")
    size = theme.pick(30, 26)
    name = canvas.fit(
        (room.width(), room.height() - fine), device_name(canvas, device), "title", largest=size
    )
    if name.elided:  # the whole name before what stands under it
        canvas.text(
            room, device_name(canvas, device), ("label", "ink"), MIDDLE_LEFT, lines=2, strong=True
        )
        return
    top = room.center().y() - (name.height + fine) / 2
    canvas.fitted(QRectF(left, top, room.width(), name.height), name, "ink")
    low = QRectF(left, top + name.height, room.width(), fine)
    detail = canvas.cut_middle(device.detail, "fine", low.width())
    canvas.text(low, detail, ("fine", "ink2"), MIDDLE_LEFT)


class DeviceBoard(Painted[DeviceShare]):
    """All cards on a grid of three columns (picture 10)."""

    now = datetime.min.replace(tzinfo=UTC)
    clock: Callable[[], datetime] = staticmethod(utc_now)

    def share(self, view: StationView) -> DeviceShare:
        """Devices and scale."""
        rows = view.devices
        chosen = rows[view.selected].id if view.selected < len(rows) else ""
        return DeviceShare(rows, view.scale, chosen)

    def changed(self, before: DeviceShare | None) -> None:
        """Ages are counted from the moment of the view."""
        del before
        self.now = self.clock()

    def spoken(self) -> str:
        """What to do about the first one in trouble."""
        fault = self.first_fault()
        return self.words.of(fault.cure) if fault else self.words.say("screen.devices.fine")

    def first_fault(self) -> DeviceView | None:
        """The device whose card is the large one."""
        if self.shown is None:
            return None
        return next((d for d in self.shown.devices if d.state == "fault"), None)

    def fault_card(self, area: QRectF) -> QRectF:
        """Where the large card stands."""
        columns, high, gutter = self._grid(area)
        wide = (area.width() - (columns - 1) * gutter) / columns
        span = min(2, columns)
        return QRectF(area.left(), area.top(), wide * span + gutter * (span - 1), high * 1.86)

    def _grid(self, area: QRectF) -> tuple[int, float, float]:
        """Columns, height of a card, gutter."""
        gutter = self.theme.metrics.gutter
        count = len(self.shown.devices) if self.shown else 1
        fault = self.first_fault() is not None
        pairs = self.theme.profile.tight or (count in {2, 4} and not fault)
        columns = 2 if pairs else 3
        if fault:
            beside = columns - 2
            rows = max(1, -(-(count - 1 - beside) // columns))
            high = (area.height() - gutter * rows) / (1.86 + rows)
        else:
            rows = max(1, -(-count // columns))
            high = (area.height() - gutter * (rows - 1)) / rows
        return columns, min(high, self.theme.pick(300, 230)), gutter

    def draw(self, canvas: Canvas, area: QRectF, shown: DeviceShare) -> None:
        """The card in trouble, then the others row by row."""
        if not shown.devices:
            canvas.text(area, canvas.words.say("screen.devices.none"), ("head", "ink"), lines=2)
            return
        for device, card in self.places(area):
            if device is self.first_fault():
                self._fault(canvas, card, device)
            else:
                self._card(canvas, card, device, shown.scale)
            self._number(canvas, card, device)

    def places(self, area: QRectF) -> list[tuple[DeviceView, QRectF]]:
        """Every device with the place of its card, the one in trouble first."""
        columns, high, gutter = self._grid(area)
        wide = (area.width() - (columns - 1) * gutter) / columns
        fault = self.first_fault()
        devices = self.shown.devices if self.shown else ()
        rest = [device for device in devices if device is not fault]
        found: list[tuple[DeviceView, QRectF]] = []
        top = area.top()
        if fault is not None:
            card = self.fault_card(area)
            found.append((fault, card))
            if columns > 2 and rest:
                beside = QRectF(area.right() - wide, top, wide, card.height())
                found.append((_beside(rest), beside))
            top = card.bottom() + gutter
        for index, device in enumerate(rest):
            left = area.left() + (index % columns) * (wide + gutter)
            card = QRectF(left, top + (index // columns) * (high + gutter), wide, high)
            found.append((device, card))
        return found

    def _number(self, canvas: Canvas, card: QRectF, device: DeviceView) -> None:
        """The key that opens it, on the upper edge; Enter's one is outlined."""
        shown = self.shown
        if shown is None:
            return
        if device.id == shown.selected and device is not self.first_fault():
            canvas.plate(card, None, "now.fill", width=tokens.CURRENT_LINE)
        number = shown.devices.index(device) + 1
        if number <= _NUMBERED:
            room = self._cap_room()
            pad = self._pad()
            high = self.theme.pick(34, 30)
            top = card.top() + pad * 0.85 + (self._title() - high) / 2
            corner = QPointF(card.right() - pad - room + self.theme.px(16), top)
            paint.key_cap(canvas.painter, self.theme, corner, str(number))

    def _cap_room(self) -> float:
        """What the key cap takes of the title's row."""
        return paint.key_width(self.theme, "9") + self.theme.px(16)

    def _pad(self) -> float:
        return float(self.theme.pick(28, 18))

    def _title(self) -> float:
        return float(self.theme.pick(68, 54))

    def _card(self, canvas: Canvas, card: QRectF, device: DeviceView, scale: ScaleView) -> None:
        theme = self.theme
        canvas.card(card)
        pad = self._pad()
        inner = card.adjusted(pad, pad * 0.85, -pad, -pad * 0.85)
        head = QRectF(inner.left(), inner.top(), inner.width() - self._cap_room(), self._title())
        draw_title(canvas, head, device)
        fine = theme.line_height("fine") + theme.px(14)
        last = QRectF(inner.left(), inner.bottom() - fine, inner.width(), fine)
        if device.last and last.top() > head.bottom():
            canvas.plate(last, "sunken", radius="key")
            canvas.mono(last.adjusted(theme.px(14), 0, -theme.px(14), 0), device.last)
        label = theme.line_height("label")
        row = QRectF(inner.left(), last.top() - label - theme.px(8), inner.width(), label)
        if device.note is not None and row.top() >= head.bottom() - 2:
            row = self._note(canvas, row, device)
        tall = row.top() - head.bottom()
        number = scale.grams is not None and scale.state not in {"FAULT", "NO_SCALE", "ASLEEP"}
        if device.kind == "scale" and number and tall > theme.px(70):
            self._grams(canvas, QRectF(inner.left(), head.bottom(), inner.width(), tall), scale)
        if row.top() >= head.bottom() - 2:
            self._last(canvas, row, device)

    def _note(self, canvas: Canvas, row: QRectF, device: DeviceView) -> QRectF:
        """The card's own line takes the place of the last data's age, where there is but one."""
        text = canvas.words.of(device.note)
        canvas.text(row, text, ("label", "ink2"), MIDDLE_LEFT)
        return row.translated(0, -row.height())

    def _last(self, canvas: Canvas, row: QRectF, device: DeviceView) -> None:
        text = ago(canvas, device.last_at, self.now)
        if not text:
            return
        key = f"screen.device.last.{device.kind}"
        known = device.kind in ICONS.keys() - {"light", "server"}
        name = canvas.words.say(key if known else "screen.device.last.other")
        taken = canvas.text(row, text, ("label", "ink"), MIDDLE_RIGHT, strong=True)
        room = row.adjusted(0, 0, -taken.width() - 12, 0)
        canvas.text(room, name, ("label", "ink2"), MIDDLE_LEFT)

    def _grams(self, canvas: Canvas, room: QRectF, scale: ScaleView) -> None:
        """The live number, as it would be read in the readout."""
        theme = self.theme
        cap = min(room.height() * 0.6, theme.size("num") * 0.73)
        baseline = QPointF(room.left(), room.center().y() + cap / 2)
        text = canvas.words.show(scale.grams or 0)
        taken = canvas.giant(baseline, (room.width() * 0.75, cap), text, "ink", "num")
        unit = canvas.words.say("screen.unit.g")
        high = theme.line_height("title")
        row = QRectF(taken.right() + theme.px(12), baseline.y() - high * 0.82, 80, high)
        canvas.text(row, unit, ("title", "ink2"), strong=True)

    def _fault(self, canvas: Canvas, card: QRectF, device: DeviceView) -> None:
        """Cure as main line, since when, and what still works."""
        theme = self.theme
        canvas.plate(card, "surface", "stop.fill", radius="hero", width=tokens.CURRENT_LINE)
        pad = self._pad() * 1.1
        inner = card.adjusted(pad, pad * 0.85, -pad, -pad * 0.85)
        head = QRectF(inner.left(), inner.top(), inner.width() - self._cap_room(), self._title())
        draw_title(canvas, head, device)
        body = QRectF(inner.left(), head.bottom() + theme.px(10), inner.width(), 0)
        body.setBottom(inner.bottom())
        wide = inner.width() * (0.64 if device.still else 1.0)
        left = QRectF(body.left(), body.top(), wide - theme.px(20), body.height())
        cure = canvas.words.of(device.cure) or canvas.words.say("screen.devices.look")
        low = float(theme.metrics.touch) + theme.px(10)
        size = (left.width(), (left.height() - low) * 0.6)
        main = canvas.fit_name(size, cure, theme.pick(54, 44))
        canvas.fitted(left, main, "ink")
        text = self._since(canvas, device)
        row = QRectF(left.left(), left.top() + main.height, left.width(), 0)
        row.setBottom(left.bottom() - low)
        if row.height() >= theme.line_height("label"):
            canvas.text(row, text, ("body", "ink2"), lines=2)
        if device.still:
            rule = body.left() + wide
            canvas.rule(QPointF(rule, body.top()), QPointF(rule, body.bottom()))
            right = QRectF(rule + theme.px(30), body.top(), 0, body.height())
            right.setRight(inner.right())
            self._still(canvas, right, device)

    def _since(self, canvas: Canvas, device: DeviceView) -> str:
        if device.since is None:
            return ""
        return canvas.words.say("screen.device.since", t=ago(canvas, device.since, self.now))

    def _still(self, canvas: Canvas, room: QRectF, device: DeviceView) -> None:
        """What goes on without it."""
        theme = self.theme
        label = theme.line_height("label") + theme.px(10)
        step = min(theme.pick(40, 36), (room.height() - label) / max(1, len(device.still)))
        top = room.bottom() - step * len(device.still)
        row = QRectF(room.left(), top - label, room.width(), label)
        caption = canvas.words.say("screen.devices.still")
        canvas.text(row, caption, ("label", "ink2"), MIDDLE_LEFT, strong=True)
        for index, words in enumerate(device.still):
            line = QRectF(room.left(), top + index * step, room.width(), step)
            side = theme.px(28)
            mark = QRectF(line.left(), line.center().y() - side / 2, side, side)
            canvas.icon("check", mark, "ok.ink")
            cell = line.adjusted(side + theme.px(14), 0, 0, 0)
            canvas.text(cell, canvas.words.of(words), ("body", "ink"), MIDDLE_LEFT)


def _beside(rest: list[DeviceView]) -> DeviceView:
    """Takes out what stands beside the large card: the scale, whose number is looked at."""
    found = next((device for device in rest if device.kind == "scale"), rest[0])
    rest.remove(found)
    return found
