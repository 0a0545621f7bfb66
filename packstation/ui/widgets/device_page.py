"""Parts of a device's page: what it is, its live bytes, facts, and a scale's health."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

from packstation.station.views import (
    ByteView,
    DevicePageView,
    Fact,
    HealthView,
    ScaleView,
    StationView,
    Words,
)
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.device_cards import ago, draw_title, utc_now
from packstation.ui.widgets.facts_card import card_pad, draw_card, draw_facts, fitting
from packstation.ui.widgets.painted import Painted

# Kinds whose last words are what is looked at.
_READERS = frozenset({"scanner", "badge"})
_READ = 28
_CALM = frozenset({"STABLE", "ZERO"})


class HeroShare(Struct, frozen=True):
    """The device, and the scale's live number."""

    page: DevicePageView
    scale: ScaleView


class Number(Struct, frozen=True):
    """The hero's giant: figures, unit beside them, a word below in its colour."""

    text: str
    unit: str
    below: str
    ink: str


class DeviceHero(Painted[HeroShare]):
    """Name and state; the cure as main line while in trouble, else what it says now."""

    now = datetime.min.replace(tzinfo=UTC)
    clock: Callable[[], datetime] = staticmethod(utc_now)

    def share(self, view: StationView) -> HeroShare | None:
        """The page's device."""
        return HeroShare(view.page, view.scale) if view.page else None

    def changed(self, before: HeroShare | None) -> None:
        """Ages are counted from the moment of the view."""
        del before
        self.now = self.clock()

    def spoken(self) -> str:
        """The main line."""
        return main_line(self.words.of, self.words.say, self.shown.page if self.shown else None)

    def draw(self, canvas: Canvas, area: QRectF, shown: HeroShare) -> None:
        """Title, main line, since when; a scale's number is the giant."""
        theme, device = self.theme, shown.page.device
        fault = device.state == "fault"
        canvas.plate(area, "surface", "stop.fill" if fault else "line", radius="hero", width=3)
        pad = theme.pick(30, 18)
        inner = area.adjusted(pad, pad * 0.8, -pad, -pad * 0.8)
        head = QRectF(inner.left(), inner.top(), inner.width(), theme.pick(68, 54))
        draw_title(canvas, head, device)
        low = theme.metrics.touch + theme.px(14) if shown.page.tests else 0
        body = QRectF(inner.left(), head.bottom() + theme.px(8), inner.width(), 0)
        body.setBottom(inner.bottom() - low)
        health = shown.page.health
        asked = health is not None and health.checking is not None
        number = None if fault else _number_of(canvas, shown)
        if number is not None:
            body = self._number(canvas, body, number)
        size = (body.width(), body.height() - theme.line_height("body") * 1.2)
        main = canvas.fit_name(size, self.spoken(), theme.pick(50, 36))
        taken = canvas.fitted(body, main, "now.ink" if asked else "ink")
        row = QRectF(body.left(), taken.bottom(), body.width(), theme.line_height("body") * 1.2)
        if row.bottom() <= body.bottom() + 2:
            canvas.text(row, self._since(canvas, shown), ("body", "ink2"), MIDDLE_LEFT)
        notes = shown.page.printer.notes if shown.page.printer else ()
        self._notes(canvas, body.adjusted(0, row.bottom() - body.top(), 0, 0), notes)
        heard = shown.page.heard
        if device.kind in _READERS and heard and not fault:
            room = body.adjusted(0, row.bottom() - body.top() + theme.px(10), 0, 0)
            cap = min(room.height() * 0.6, theme.pick(84, 50))
            if cap > theme.px(20):
                baseline = QPointF(room.left(), room.top() + cap + theme.px(6))
                canvas.giant(baseline, (room.width(), cap), heard[0].text[:_READ], "ink", "num")

    def _notes(self, canvas: Canvas, room: QRectF, notes: Sequence[Words]) -> None:
        """What is to be known of a printer, as many lines as fit."""
        high = self.theme.line_height("label")
        top = room.top() + self.theme.px(6)
        for note in notes:
            row = QRectF(room.left(), top, room.width(), high * 1.05)
            if row.bottom() > room.bottom() + 2:
                return
            top = canvas.text(row, canvas.words.of(note), ("label", "ink2"), lines=1).bottom()

    def _number(self, canvas: Canvas, body: QRectF, number: Number) -> QRectF:
        """The live number at the right; what is left of the room."""
        theme = self.theme
        wide = body.width() * 0.44
        room = QRectF(body.right() - wide, body.top(), wide, body.height())
        high = theme.line_height("title")
        beside = canvas.width(number.unit, "title") + theme.px(20)
        cap = min(room.height() - high * 1.3, theme.pick(120, 74))
        baseline = QPointF(room.left(), room.top() + cap + theme.px(6))
        taken = canvas.giant(baseline, (wide - beside, cap), number.text, "ink")
        cell = QRectF(taken.right() + theme.px(12), baseline.y() - high * 0.84, beside, high)
        canvas.text(cell, number.unit, ("title", "ink2"))
        low = QRectF(room.left(), baseline.y() + theme.px(6), wide, high)
        canvas.text(low, number.below, ("title", number.ink), strong=True)
        return QRectF(body.left(), body.top(), room.left() - body.left() - 20, body.height())

    def _since(self, canvas: Canvas, shown: HeroShare) -> str:
        device = shown.page.device
        since = ago(canvas, device.since, self.now)
        last = ago(canvas, device.last_at, self.now)
        parts = [
            canvas.words.say("screen.device.since", t=since) if since else "",
            canvas.words.say("screen.bytes.last", t=last) if last else "",
        ]
        return " · ".join(part for part in parts if part)


def _number_of(canvas: Canvas, shown: HeroShare) -> Number | None:
    """A scale's weight, or how many labels a printer has left."""
    device, scale, words = shown.page.device, shown.scale, canvas.words
    if device.kind == "scale" and scale.grams is not None:
        ink = "ok.ink" if scale.state in _CALM else "ink2"
        unit, state = words.say("screen.unit.g"), words.say(f"screen.scale.{scale.state}")
        return Number(words.show(scale.grams), unit, state, ink)
    if device.roll_left is None:
        return None
    ink = "warn.ink" if device.roll_low else "ink2"
    below = words.of(Words("screen.printer.left", n=device.roll_left))
    return Number(f"≈{words.show(device.roll_left)}", "", below, ink)


def main_line(
    of: Callable[[Words | None], str], say: Callable[..., str], page: DevicePageView | None
) -> str:
    """What a person reads first: what to put on, the cure, or how it is."""
    if page is None:
        return say("screen.devices.none")
    if page.health is not None and page.health.checking is not None:
        return of(page.health.checking)
    if page.device.state == "fault":
        return of(page.device.cure) or say("screen.devices.look")
    return say(f"screen.device.now.{page.device.state}")


class BytesCard(Painted[tuple[ByteView, ...]]):
    """The last bytes: the newest large with hex and meaning, those before it a line each."""

    def share(self, view: StationView) -> tuple[ByteView, ...]:
        """Of the device's page, or of the one that is being added."""
        if view.page is not None:
            return view.page.heard
        return view.adding.heard if view.adding else ()

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.bytes")

    def draw(self, canvas: Canvas, area: QRectF, shown: tuple[ByteView, ...]) -> None:
        """Title, newest, older ones."""
        theme = self.theme
        canvas.card(area)
        pad = card_pad(theme.pick)
        inner = area.adjusted(pad, pad * 0.6, -pad, -pad * 0.6)
        label = theme.line_height("label")
        head = QRectF(inner.left(), inner.top(), inner.width(), label)
        canvas.text(head, self.spoken(), ("label", "ink2"), MIDDLE_LEFT, strong=True)
        if not shown:
            row = head.translated(0, label + theme.px(8))
            canvas.text(row, canvas.words.say("screen.bytes.none"), ("label", "ink2"), MIDDLE_LEFT)
            return
        fine = theme.line_height("fine")
        plate = QRectF(inner.left(), head.bottom() + theme.px(8), inner.width(), fine * 2.5)
        if plate.bottom() > inner.bottom():
            return
        canvas.plate(plate, "sunken", radius="key")
        side = theme.px(14)
        row = QRectF(plate.left() + side, plate.top() + fine * 0.2, 0, fine)
        row.setRight(plate.right() - side)
        self._line(canvas, row, shown[0], "ink")
        canvas.mono(row.translated(0, fine * 1.05), shown[0].hex, "ink2")
        top = plate.bottom() + theme.px(6)
        for older in shown[1:]:
            row = QRectF(plate.left() + side, top, plate.width() - 2 * side, fine * 1.25)
            if row.bottom() > inner.bottom():
                break
            self._line(canvas, row, older, "ink2")
            top = row.bottom()

    def _line(self, canvas: Canvas, row: QRectF, heard: ByteView, ink: str) -> None:
        state = canvas.words.say(f"screen.scale.{heard.state}") if heard.state else ""
        means = " ".join(part for part in (heard.value, state) if part)
        many = f"× {heard.count}" if heard.count > 1 else ""
        text = "   ".join(part for part in (means, many) if part)
        right = row.right()
        if text:
            wide = min(canvas.width(text, "fine", strong=True) + 4, row.width() * 0.5)
            cell = QRectF(right - wide, row.top(), wide, row.height())
            canvas.text(cell, text, ("fine", ink), MIDDLE_RIGHT, strong=True)
            right = cell.left() - self.theme.px(12)
        canvas.mono(
            QRectF(row.left(), row.top(), right - row.left(), row.height()), heard.text, ink
        )


_DUE_INK = {"failed": "stop.ink", "overdue": "warn.ink", "fine": "ok.ink"}


class HealthCard(Painted[HealthView]):
    """A scale's health: noise, zero, settling, the last check, and the last readings drawn."""

    now = datetime.min.replace(tzinfo=UTC)
    clock: Callable[[], datetime] = staticmethod(utc_now)

    def share(self, view: StationView) -> HealthView | None:
        """Of the page's scale."""
        return view.page.health if view.page else None

    def changed(self, before: HealthView | None) -> None:
        """Ages are counted from the moment of the view."""
        del before
        self.now = self.clock()

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.health")

    def draw(self, canvas: Canvas, area: QRectF, shown: HealthView) -> None:
        """Title, when the check is due, figures, plot."""
        theme = self.theme
        inner = draw_card(canvas, area, self.spoken())
        high = theme.line_height("label") * 2
        due = QRectF(inner.left(), inner.top() - theme.px(6), inner.width(), high)
        ink = _DUE_INK.get(shown.due_state, "ink2")
        taken = canvas.text(due, canvas.words.of(shown.due), ("label", ink), lines=2, strong=True)
        room = QRectF(inner.left(), taken.bottom() + theme.px(6), inner.width(), 0)
        room.setBottom(inner.bottom() - theme.pick(110, 70))
        rows = self._rows(canvas, shown)
        stands = fitting(canvas, room.height(), len(rows))
        low = draw_facts(canvas, room, rows[: stands.rows], stands)
        plot = QRectF(inner.left(), low + theme.px(8), inner.width(), 0)
        plot.setBottom(inner.bottom())
        if plot.height() > theme.px(50):
            _plot(canvas, plot, [float(grams) for grams in shown.plot])

    def _rows(self, canvas: Canvas, shown: HealthView) -> list[Fact]:
        checked = ago(canvas, shown.checked_at, self.now)
        last = f"{canvas.words.of(shown.deviation)} · {checked}" if checked else ""
        rows: tuple[tuple[str, str | Words | None], ...] = (
            ("screen.health.noise", shown.noise),
            ("screen.health.zero", shown.zero),
            ("screen.health.drift", shown.drift),
            ("screen.health.settling", shown.settling),
            ("screen.health.moving", shown.moving),
            ("screen.health.checked", last),
        )
        return [(Words(key), value) for key, value in rows if value]


def _plot(canvas: Canvas, area: QRectF, grams: Sequence[float]) -> None:
    """The last readings as a line; its lowest and highest in grams at the right."""
    canvas.plate(area, "sunken", radius="key")
    if len(grams) < 2:
        return
    theme = canvas.theme
    low, high = min(grams), max(grams)
    fine = theme.line_height("fine")
    texts = [canvas.words.say("unit.g", g=Decimal(f"{value:.6g}")) for value in (high, low)]
    wide = max(canvas.width(text, "fine") for text in texts) + theme.px(10)
    room = area.adjusted(theme.px(10), fine * 0.5, -wide - theme.px(12), -fine * 0.5)
    span = (high - low) or 1.0
    path = QPainterPath()
    for index, value in enumerate(grams):
        x = room.left() + room.width() * index / (len(grams) - 1)
        y = room.bottom() - room.height() * ((value - low) / span if high > low else 0.5)
        path.lineTo(x, y) if index else path.moveTo(x, y)
    pen = QPen(canvas.color("now.ink"), 2)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    canvas.painter.setPen(pen)
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    canvas.painter.drawPath(path)
    left = area.right() - wide - theme.px(4)
    canvas.text(QRectF(left, area.top() + 2, wide, fine), texts[0], ("fine", "ink2"), MIDDLE_RIGHT)
    if high > low and area.height() > 2 * fine:
        row = QRectF(left, area.bottom() - fine - 2, wide, fine)
        canvas.text(row, texts[1], ("fine", "ink2"), MIDDLE_RIGHT)
