"""First start: enrol, find devices, scan the test card (picture 16)."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPen

from packstation.station.views import DeviceView, FirstStartView, ScaleView, StationView, Words
from packstation.ui import paint, tokens
from packstation.ui.widgets.canvas import (
    MIDDLE_CENTRE,
    MIDDLE_LEFT,
    MIDDLE_RIGHT,
    Canvas,
)
from packstation.ui.widgets.device_cards import draw_title
from packstation.ui.widgets.hero_card import hero_pad
from packstation.ui.widgets.label_preview import draw_word
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.verdict_strip import draw_band, strip_height

_INK = QColor(tokens.LIGHT.ink)
CARD_CODES = 4
ASKED = ("scale", "label")


class FoundShare(Struct, frozen=True):
    """Devices found and the scale's number."""

    devices: tuple[DeviceView, ...]
    scale: ScaleView
    bench: str
    problem: Words | None


def found_key(devices: tuple[DeviceView, ...]) -> str:
    """The main line by what was found."""
    kinds = {device.kind for device in devices if device.state != "off"}
    if {"scale", "label"} <= kinds:
        return "screen.first.found"
    if "scale" in kinds:
        return "screen.first.found_scale"
    if "label" in kinds:
        return "screen.first.found_label"
    return "screen.first.searching"


class FoundHero(Painted[FoundShare]):
    """FIND_DEVICES: each found device asks one thing that eyes can answer."""

    def share(self, view: StationView) -> FoundShare:
        """What was found so far."""
        problem = view.first.problem if view.first else None
        return FoundShare(view.devices, view.scale, view.person.bench, problem)

    def spoken(self) -> str:
        """The main line."""
        return self.words.say(found_key(self.shown.devices)) if self.shown else ""

    def asked(self) -> list[DeviceView]:
        """Devices with a question, in the order of the cards."""
        devices = self.shown.devices if self.shown else ()
        # The first of its kind asks for all: its test label came out, its number moves.
        found = {device.kind: device for device in devices[::-1]}
        return [found[kind] for kind in ASKED if kind in found and found[kind].state != "off"]

    def card(self, area: QRectF, index: int) -> QRectF:
        """Where the card of a question stands."""
        theme = self.theme
        pad = hero_pad(theme)
        lines = theme.line_height("head") + theme.line_height("title")
        top = area.top() + max(theme.pick(178, 126), pad * 0.75 + lines + theme.pick(24, 14))
        bottom = area.bottom() - strip_height(theme) - theme.pick(32, 14)
        gutter = theme.metrics.gutter
        wide = (area.width() - 2 * pad - gutter) / 2
        left = area.left() + pad + index * (wide + gutter)
        return QRectF(left, top, wide, bottom - top)

    def draw(self, canvas: Canvas, area: QRectF, shown: FoundShare) -> None:
        """Main line, two cards, what was looked at."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = hero_pad(theme)
        head = QRectF(area.left() + pad, area.top() + pad * 0.75, area.width() - 2 * pad, 0)
        head.setHeight(theme.line_height("head"))
        taken = canvas.text(head, self.spoken(), ("head", "ink"))
        row = QRectF(head.left(), taken.bottom(), head.width(), theme.line_height("title"))
        look = canvas.words.say("screen.first.look")
        canvas.thin(row, canvas.fit((row.width(), row.height()), look, "title"), "ink2")
        for index, device in enumerate(self.asked()):
            self._card(canvas, self.card(area, index), device, shown)
        self._strip(canvas, area, shown)

    def _card(self, canvas: Canvas, card: QRectF, device: DeviceView, shown: FoundShare) -> None:
        theme = self.theme
        canvas.plate(card, None, "line")
        pad = theme.pick(28, 16)
        inner = card.adjusted(pad, pad * 0.8, -pad, -pad)
        title = QRectF(inner.left(), inner.top(), inner.width(), theme.pick(70, 52))
        draw_title(canvas, title, device, tint="ok.tint" if device.state == "ok" else "")
        low = float(theme.metrics.touch) + theme.px(16)
        room = QRectF(inner.left(), title.bottom() + theme.px(8), inner.width(), 0)
        room.setBottom(inner.bottom() - low)
        if device.kind == "scale":
            self._scale(canvas, room, shown.scale)
        else:
            self._label(canvas, room, shown.bench)

    def _scale(self, canvas: Canvas, room: QRectF, scale: ScaleView) -> None:
        """The live number; the question is whether it moves."""
        theme = self.theme
        hint = canvas.words.say("screen.first.put_on")
        role = "label" if theme.profile.tight else "body"
        high = theme.line_height(role)
        row = QRectF(room.left(), room.bottom() - high * 1.4, room.width(), high * 1.4)
        canvas.text(row, hint, (role, "ink2"), MIDDLE_LEFT, lines=2)
        grams = scale.grams
        number = "–" if grams is None else canvas.words.show(grams)
        cap = min(row.top() - room.top() - theme.px(12), theme.pick(104, 64))
        baseline = QPointF(room.left(), row.top() - theme.px(12))
        state = canvas.words.say(f"screen.scale.{scale.state}")
        beside = canvas.width(state, "title", strong=True) + theme.px(90)
        taken = canvas.giant(baseline, (room.width() - beside, cap), number, "ink")
        title = theme.line_height("title")
        cell = QRectF(taken.right() + theme.px(16), baseline.y() - title * 0.82, beside, title)
        unit = canvas.text(cell, canvas.words.say("screen.unit.g"), ("title", "ink2"))
        cell.setLeft(unit.right() + theme.px(24))
        calm = scale.state in {"STABLE", "ZERO"}
        canvas.text(cell, state, ("title", "ok.ink" if calm else "ink2"), strong=True)

    def _label(self, canvas: Canvas, room: QRectF, bench: str) -> None:
        """The test label as it should have come out."""
        theme = self.theme
        wide = min(room.height() * 0.72, room.width() * 0.4)
        paper = QRectF(room.left(), room.top(), wide, min(room.height(), wide / 0.715))
        paper.moveTop(room.center().y() - paper.height() / 2)
        self._test_label(canvas.on(theme.paper), paper, bench)
        left = paper.right() + theme.pick(26, 16)
        column = QRectF(left, room.top(), room.right() - left, room.height())
        first = canvas.fit(
            (column.width(), column.height() / 2),
            canvas.words.say("screen.print.unsure"),
            "title",
            2,
            strong=True,
        )
        second = canvas.fit(
            (column.width(), column.height() / 2),
            canvas.words.say("screen.first.border"),
            "body",
            3,
        )
        top = column.center().y() - (first.height + second.height + theme.px(8)) / 2
        canvas.fitted(QRectF(left, top, column.width(), first.height), first, "ink")
        low = QRectF(left, top + first.height + theme.px(8), column.width(), second.height)
        canvas.fitted(low, second, "ink2")

    def _test_label(self, canvas: Canvas, paper: QRectF, bench: str) -> None:
        """Border, name, greys, hatch: drawn without a code."""
        painter = canvas.painter
        unit = paper.width() / 166
        paint.rounded(painter, paper, 5, canvas.color("surface"), canvas.color("edge"), 1.2)
        frame = paper.adjusted(12 * unit, 12 * unit, -12 * unit, -12 * unit)
        painter.setPen(QPen(_INK, 2.2 * unit))
        painter.setBrush(canvas.color("surface"))
        painter.drawRect(frame)
        inner = frame.adjusted(10 * unit, 8 * unit, -10 * unit, -8 * unit)
        row = QRectF(inner.left(), inner.top(), inner.width(), inner.height() * 0.16)
        draw_word(
            painter, canvas.theme, row, canvas.words.say("screen.first.label"), _INK, spaced=True
        )
        row.translate(0, row.height())
        text = canvas.words.say("screen.badge.bench", b=bench) if bench else ""
        draw_word(painter, canvas.theme, row, text, _INK, spaced=True)
        top = row.bottom() + inner.height() * 0.08
        greys = ("#14171C", "#4D525A", "#83888F", "#B6BABE", "#E3E4E5")
        step = inner.width() / len(greys)
        for index, grey in enumerate(greys):
            patch = QRectF(inner.left() + index * step, top, step, inner.height() * 0.13)
            painter.fillRect(patch, QColor(grey))
        bars = QRectF(
            inner.left(), top + inner.height() * 0.22, inner.width() * 0.9, inner.height() * 0.2
        )
        paint.hatch(painter, bars, _INK)
        row = QRectF(
            inner.left(),
            inner.bottom() - inner.height() * 0.16,
            inner.width(),
            inner.height() * 0.16,
        )
        draw_word(
            painter, canvas.theme, row, canvas.words.say("screen.first.no_ship"), _INK, spaced=True
        )

    def _strip(self, canvas: Canvas, area: QRectF, shown: FoundShare) -> None:
        """What was found and what was not; it can be added later."""
        theme = self.theme
        found = sum(device.state != "off" for device in shown.devices)
        tone = "ok" if found else "now"
        band = draw_band(canvas, area, strip_height(theme), f"{tone}.tint")
        side = theme.pick(52, 40)
        mark = QRectF(band.left() + theme.pick(32, 22), band.center().y() - side / 2, side, side)
        if found:
            paint.ok_disc(canvas.painter, theme, mark)
        else:
            canvas.icon("find", mark, "now.ink")
        left = mark.right() + theme.px(18)
        missing = {"scanner", "scale", "label", "papers"} - {d.kind for d in shown.devices}
        right = band.right() - theme.pick(32, 22)
        if missing:
            names = ", ".join(canvas.words.say(f"screen.device.{kind}") for kind in sorted(missing))
            text = canvas.words.say("screen.first.missing", d=names)
            wide = min(canvas.width(text, "label") + 2, band.width() * 0.5)
            cell = QRectF(right - wide, band.top() + 4, wide, band.height() - 8)
            canvas.text(cell, text, ("label", "ink2"), MIDDLE_RIGHT, lines=2)
            right = cell.left() - theme.px(20)
        words = canvas.words.of(shown.problem) or canvas.words.say("screen.first.count", found)
        room = QRectF(left, band.top() + 4, right - left, band.height() - 8)
        canvas.text(room, words, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)


class FirstShare(Struct, frozen=True):
    """Where first start is."""

    first: FirstStartView
    bench: str


def _share(view: StationView) -> FirstShare:
    return FirstShare(view.first or FirstStartView(), view.person.bench)


class EnrolCard(Painted[FirstShare]):
    """Step 1 at the right: done with its facts, or what is still asked."""

    def share(self, view: StationView) -> FirstShare:
        """Server and bench."""
        return _share(view)

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.first.enrol")

    def draw(self, canvas: Canvas, area: QRectF, shown: FirstShare) -> None:
        """Tick, title, rows."""
        theme = self.theme
        canvas.card(area)
        inner, head, mark = _step_places(canvas, area)
        done = shown.first.enrolled
        draw_step(canvas, mark, 1, done=done)
        state = canvas.words.say("screen.first.done") if done else ""
        wide = canvas.width(state, "label", strong=True) + 2
        cell = QRectF(head.right() - wide, head.top(), wide, head.height())
        canvas.text(cell, state, ("label", "ok.ink"), MIDDLE_RIGHT, strong=True)
        left = mark.right() + theme.px(16)
        room = QRectF(left, head.top(), cell.left() - left - 8, head.height())
        canvas.text(room, self.spoken(), ("title", "ink"), MIDDLE_LEFT, strong=True)
        rows = (("screen.first.bench", shown.bench), ("screen.first.server", shown.first.server))
        top = head.bottom() + theme.px(12)
        step = min((inner.bottom() - top) / 2, theme.pick(44, 36))
        for key, value in rows:
            if value:
                self._row(canvas, QRectF(inner.left(), top, inner.width(), step), key, value)
                top += step

    def _row(self, canvas: Canvas, row: QRectF, key: str, value: str) -> None:
        name = canvas.text(row, canvas.words.say(key), ("label", "ink2"), MIDDLE_LEFT)
        room = row.adjusted(name.width() + self.theme.px(14), 0, 0, 0)
        shown = canvas.cut_middle(value, "label", room.width() * 0.92)
        canvas.text(room, shown, ("label", "ink"), MIDDLE_RIGHT, strong=True)


def _step_places(canvas: Canvas, area: QRectF) -> tuple[QRectF, QRectF, QRectF]:
    """Of a step's card: what is inside its padding, the line of its title, the disc in that."""
    theme = canvas.theme
    pad = theme.pick(32, 18)
    inner = area.adjusted(pad, theme.pick(24, 12), -pad, -theme.pick(20, 10))
    side = theme.pick(44, 34)
    height = max(side, theme.line_height("title"))
    head = QRectF(inner.left(), inner.top(), inner.width(), height)
    return inner, head, QRectF(head.left(), head.center().y() - side / 2, side, side)


def draw_step(canvas: Canvas, mark: QRectF, number: int, *, done: bool) -> None:
    """A step's disc: ticked, or its number in a ring."""
    if done:
        paint.ok_disc(canvas.painter, canvas.theme, mark)
        return
    paint.empty_ring(canvas.painter, mark, canvas.color("edge"), 3)
    canvas.text(mark, str(number), ("label", "ink"), MIDDLE_CENTRE, strong=True)


class TestCardCard(Painted[FirstShare]):
    """Step 3 at the right: the card with its bars hatched."""

    def share(self, view: StationView) -> FirstShare:
        """Codes read so far."""
        return _share(view)

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.first.card")

    def draw(self, canvas: Canvas, area: QRectF, shown: FirstShare) -> None:
        """Title, picture, sentence."""
        theme = self.theme
        canvas.card(area)
        inner, head, mark = _step_places(canvas, area)
        done = len(shown.first.card_read) >= CARD_CODES
        draw_step(canvas, mark, 3, done=done)
        room = head.adjusted(mark.width() + theme.px(16), 0, 0, 0)
        canvas.text(room, self.spoken(), ("title", "ink"), MIDDLE_LEFT, strong=True)
        why = canvas.words.say("screen.first.card_why")
        text = canvas.fit((inner.width(), inner.height() * 0.34), why, "body", 3)
        low = QRectF(inner.left(), inner.bottom() - text.height, inner.width(), text.height)
        canvas.fitted(low, text, "ink2")
        picture = QRectF(inner.left(), head.bottom() + theme.px(14), inner.width(), 0)
        picture.setBottom(low.top() - theme.px(14))
        if picture.height() > theme.px(60):
            canvas.plate(picture, "picture")
            draw_test_card(canvas.on(theme.paper), picture)


def draw_test_card(canvas: Canvas, picture: QRectF) -> None:
    """A laminated card lying a little askew."""
    painter = canvas.painter
    wide = min(picture.width() * 0.66, picture.height() * 1.1)
    unit = wide / 290
    painter.save()
    painter.translate(picture.center())
    painter.rotate(-5)
    card = QRectF(-145 * unit, -88 * unit, 290 * unit, 176 * unit)
    paint.rounded(painter, card, 12 * unit, canvas.color("surface"), _INK, 2 * unit)
    title = QRectF(card.left() + 20 * unit, card.top() + 14 * unit, 180 * unit, 34 * unit)
    text = canvas.words.say("screen.first.card_title")
    draw_word(painter, canvas.theme, title, text, _INK, spaced=True)
    icon = QRectF(card.right() - 52 * unit, card.top() + 16 * unit, 32 * unit, 32 * unit)
    canvas.icon("scanner", icon, "now.fill")
    for top, long in ((60, 250), (114, 160)):
        bars = QRectF(card.left() + 20 * unit, card.top() + top * unit, long * unit, 42 * unit)
        paint.hatch(painter, bars, _INK)
    painter.restore()


class EnrolHero(Painted[FirstShare]):
    """ENROL: scan or type the one-time token."""

    def share(self, view: StationView) -> FirstShare:
        """Server and problem."""
        return _share(view)

    def spoken(self) -> str:
        """The main line."""
        return self.words.say("screen.first.token")

    def draw(self, canvas: Canvas, area: QRectF, shown: FirstShare) -> None:
        """Where the token comes from, in three lines, and what went wrong."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = hero_pad(theme)
        inner = area.adjusted(pad, pad * 0.75, -pad, -pad)
        wide = inner.width() * 0.8
        main = canvas.fit_name((wide, inner.height() * 0.3), self.spoken())
        taken = canvas.fitted(QRectF(inner.left(), inner.top(), wide, main.height), main, "ink")
        row = QRectF(inner.left(), taken.bottom(), wide, theme.line_height("title") * 2)
        text = canvas.fit(
            (wide, row.height()), canvas.words.say("screen.first.token_how"), "title", 2
        )
        below = canvas.thin(row, text, "ink2")
        foot = strip_height(theme) if shown.first.problem else 0
        room = QRectF(inner.left(), below.bottom() + theme.pick(36, 16), inner.width(), 0)
        room.setBottom(area.bottom() - foot - pad)
        self._steps(canvas, room)
        if shown.first.problem is not None:
            self._problem(canvas, area, shown.first.problem)

    def _steps(self, canvas: Canvas, room: QRectF) -> None:
        theme = self.theme
        rows = (("server", "ask"), ("scanner", "scan"), ("check", "ready"))
        step = min(room.height() / len(rows), theme.pick(104, 76))
        for index, (icon, key) in enumerate(rows):
            row = QRectF(room.left(), room.top() + index * step, room.width(), step)
            side = min(theme.pick(64, 50), step * 0.85)
            plate = QRectF(row.left(), row.center().y() - side / 2, side, side)
            canvas.plate(plate, "now.tint", radius="chip")
            inset = side * 0.24
            canvas.icon(icon, plate.adjusted(inset, inset, -inset, -inset), "now.ink")
            cell = row.adjusted(side + theme.pick(28, 18), 0, 0, 0)
            text = canvas.words.say(f"screen.first.token_{key}")
            canvas.text(cell, text, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)

    def _problem(self, canvas: Canvas, area: QRectF, problem: Words) -> None:
        theme = self.theme
        band = draw_band(canvas, area, strip_height(theme), "warn.tint")
        side = theme.pick(44, 34)
        mark = QRectF(band.left() + theme.pick(32, 22), band.center().y() - side / 2, side, side)
        paint.state_mark(canvas.painter, theme, mark, "warn")
        room = QRectF(mark.right() + theme.px(18), band.top() + 4, 0, band.height() - 8)
        room.setRight(band.right() - theme.px(24))
        canvas.text(
            room, canvas.words.of(problem), ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True
        )
