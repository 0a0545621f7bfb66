"""The hand-over: how many of how many as the giant, the bag in hand, and who is named beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from packstation.station.handover_views import HandoverView, LoadRow, LoadUnitView
from packstation.station.views import StationView
from packstation.ui import paint
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.fitting import fit_giant
from packstation.ui.widgets.painted import Painted
from packstation.ui.words import Speaker

INKS: Final = {"": "ink2", "warn": "warn.ink", "stop": "stop.ink", "ok": "ok.ink"}
_UNIT_TONES: Final = {"open": "now", "closed": "ok", "off": "warn"}


def main_line(words: Speaker, shown: HandoverView) -> str:
    """What went wrong, else the one thing to do."""
    return words.of(shown.problem or shown.main)


def tone_of(shown: HandoverView) -> str:
    """How the step stands: done and complete are good, a weight that is off is not."""
    off = shown.weight is not None and shown.weight[2] != 0
    stopped = any(row.tone == "stop" for row in shown.rows)
    if shown.problem is not None or off or stopped:
        return "stop"
    if shown.step == "done" or (shown.step == "check" and not shown.rows):
        return "ok"
    return "warn" if shown.step == "check" else "now"


def giant_of(words: Speaker, shown: HandoverView) -> str:
    """What is read from across the room: by how much a bag is off, else how many."""
    if shown.step == "weigh" and shown.weight is not None:
        return words.say("screen.grams", g=f"{shown.weight[2]:+d}".replace("-", "−"))
    return str(shown.unit.count if shown.step == "weigh" and shown.unit else shown.count)


def kilograms(words: Speaker, grams: int) -> str:
    """To the gram, as a scale shows it."""
    return words.say("screen.kg", kg=Decimal(grams).scaleb(-3))


class HandoverHero(Painted[HandoverView]):
    """Service and cut-off, main line, the count, the bag that is open."""

    def share(self, view: StationView) -> HandoverView | None:
        """All but the side."""
        return view.handover

    def spoken(self) -> str:
        """The main line."""
        return main_line(self.words, self.shown) if self.shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: HandoverView) -> None:
        """From the top: whose list, what to do, how many, in what."""
        theme, tone = self.theme, tone_of(shown)
        canvas.card(area, radius="hero")
        pad = theme.pick(36, 20)
        inner = area.adjusted(pad, theme.pick(26, 14), -pad, -theme.pick(24, 12))
        top = self._service(canvas, inner, shown)
        size = theme.pick(60, 46)
        head = canvas.fit(
            (inner.width(), inner.height() * 0.26),
            main_line(self.words, shown),
            "head",
            2,
            largest=size,
        )
        ink = "ink" if tone == "now" else INKS[tone]
        canvas.fitted(QRectF(inner.left(), top, inner.width(), head.height), head, ink)
        top += head.height + theme.pick(14, 6)
        if shown.note is not None:
            note = canvas.fit((inner.width(), 0), self.words.of(shown.note), "label", 2)
            canvas.fitted(QRectF(inner.left(), top, inner.width(), note.height), note, "warn.ink")
            top += note.height
        low = self._bag_height()
        bag = QRectF(inner.left(), inner.bottom() - low, inner.width(), low)
        self._count(canvas, QRectF(inner.left(), top, inner.width(), bag.top() - top), shown, ink)
        self._bag(canvas, bag, shown)

    def _service(self, canvas: Canvas, inner: QRectF, shown: HandoverView) -> float:
        """One line: service at the left; when it leaves and the list's code at the right."""
        theme = self.theme
        line = theme.line_height("title")
        row = QRectF(inner.left(), inner.top(), inner.width(), line)
        until = self.words.say("handover.until.long", t=shown.cutoff) if shown.cutoff else ""
        mode = shown.mode if isinstance(shown.mode, str) else self.words.of(shown.mode)
        told = " · ".join(part for part in (until, mode, shown.code) if part)
        wide = min(canvas.width(told, "label", strong=True) + 2, row.width() * 0.62)
        right = QRectF(row.right() - wide, row.top(), wide, line)
        canvas.text(right, told, ("label", "ink2"), MIDDLE_RIGHT, strong=True)
        side = line * 0.8
        icon = QRectF(row.left(), row.center().y() - side / 2, side, side)
        canvas.icon("truck", icon, "ink2")
        name = QRectF(
            icon.right() + theme.px(14), row.top(), right.left() - icon.right() - theme.px(34), line
        )
        canvas.text(name, shown.service, ("title", "ink"), MIDDLE_LEFT, strong=True)
        return row.bottom() + theme.pick(14, 6)

    def _count(self, canvas: Canvas, area: QRectF, shown: HandoverView, ink: str) -> None:
        """The giant, and beside it of how many and how heavy."""
        theme = self.theme
        text = giant_of(self.words, shown)
        cap = int(min(area.height() * 0.72, theme.pick(230, 120)))
        room = int(area.width() * 0.66)
        font = fit_giant(theme, "count", text, room, cap)
        measure = QFontMetricsF(font)
        base = area.center().y() + measure.capHeight() / 2
        taken = canvas.giant(QPointF(area.left(), base), (room, cap), text, ink)
        left = taken.right() + theme.pick(40, 22)
        beside = QRectF(left, area.top(), area.right() - left, area.height())
        self._beside(canvas, beside, shown)

    def _beside(self, canvas: Canvas, area: QRectF, shown: HandoverView) -> None:
        theme, lines = self.theme, self._facts(shown)
        high = sum(theme.line_height(role) for _, role, _ in lines)
        y = area.center().y() - high / 2
        for text, role, ink in lines:
            row = QRectF(area.left(), y, area.width(), theme.line_height(role))
            canvas.text(row, text, (role, ink), MIDDLE_LEFT, strong=role == "title")
            y = row.bottom()

    def _facts(self, shown: HandoverView) -> list[tuple[str, str, str]]:
        """Lines beside the giant: text, type role, ink."""
        if shown.step == "weigh":
            expected = shown.weight[1] if shown.weight else shown.unit.gross_g if shown.unit else 0
            weighed = (
                [(kilograms(self.words, shown.weight[0]), "title", "ink")] if shown.weight else []
            )
            should = f"{self.words.say('handover.should')} {kilograms(self.words, expected)}"
            return [*weighed, (should, "label", "ink2")]
        of = self.words.say("handover.of", n=shown.due)
        facts = [(of, "title", "ink2"), (kilograms(self.words, shown.gross_g), "title", "ink2")]
        if shown.last:
            facts.append((f"✓ {shown.last}", "label", "ok.ink"))
        return facts

    def _bag_height(self) -> float:
        return self.theme.pick(92, 62)

    def _bag(self, canvas: Canvas, area: QRectF, shown: HandoverView) -> None:
        """The bag in hand, or how many there are."""
        theme = self.theme
        canvas.plate(area, "sunken", radius="card")
        pad = theme.pick(24, 14)
        inner = area.adjusted(pad, 0, -pad, 0)
        side = min(inner.height() * 0.5, theme.pick(44, 30))
        icon = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
        unit = shown.unit
        name = "box" if unit and unit.kind != "bag" else "tote"
        canvas.icon(name if unit or shown.units else "document", icon, "ink2")
        room = inner.adjusted(side + theme.px(18), 0, 0, 0)
        if unit is None:
            text = self.words.say(f"{shown.about}.loose")
            if shown.units:
                text = self.words.say(f"{shown.about}.bags", len(shown.units))
            canvas.text(room, text, ("body", "ink"), MIDDLE_LEFT, strong=True)
            return
        kind = self.words.say(f"handover.kind.{unit.kind}")
        weight = kilograms(self.words, unit.gross_g)
        inside = f"{self.words.say('handover.in_bag', unit.count)} · {weight}"
        wide = canvas.width(inside, "body", strong=True) + 2
        right = QRectF(room.right() - wide, room.top(), wide, room.height())
        canvas.text(right, inside, ("body", "ink"), MIDDLE_RIGHT, strong=True)
        left = QRectF(room.left(), room.top(), right.left() - room.left() - 16, room.height())
        canvas.text(left, f"{kind} {unit.code}", ("body", "ink"), MIDDLE_LEFT)


class HandoverSide(Painted[HandoverView]):
    """Who is named: missing, too many, likely gone; below them the bags."""

    def share(self, view: StationView) -> HandoverView | None:
        """Rows and bags."""
        return view.handover

    def spoken(self) -> str:
        """The head."""
        return self.words.of(self.shown.head) if self.shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: HandoverView) -> None:
        """Head, parcels, bags."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = theme.pick(24, 14)
        inner = area.adjusted(pad, theme.pick(20, 12), -pad, -theme.pick(18, 10))
        bags = self._bags_height(inner, shown)
        y = inner.top()
        line = theme.line_height("body")
        if shown.head is not None:
            head = QRectF(inner.left(), y, inner.width(), line)
            canvas.text(head, self.words.of(shown.head), ("body", "ink"), MIDDLE_LEFT, strong=True)
            y = head.bottom() + theme.px(8)
        room = QRectF(inner.left(), y, inner.width(), inner.bottom() - bags - y)
        if shown.rows:
            self._rows(canvas, room, shown)
        elif shown.step in {"load", "check", "sign", "done"}:
            self._nobody(canvas, room)
        if bags:
            self._bags(
                canvas, QRectF(inner.left(), inner.bottom() - bags, inner.width(), bags), shown
            )

    def _nobody(self, canvas: Canvas, room: QRectF) -> None:
        """A tick says that nobody is missing."""
        side = min(room.height() * 0.5, room.width() * 0.4, self.theme.pick(130, 84))
        if side > 0:
            disc = QRectF(0, 0, side, side)
            disc.moveCenter(room.center())
            paint.ok_disc(canvas.painter, self.theme, disc)

    def _rows(self, canvas: Canvas, room: QRectF, shown: HandoverView) -> None:
        """As many as fit; how many more there are stands on the last line."""
        line = self.theme.line_height("label")
        heights = [self._high(canvas, room.width(), row) for row in shown.rows]
        fits = len(heights)
        while fits and sum(heights[:fits]) + line * self._hidden(shown, fits) > room.height() + 1:
            fits -= 1
        y = room.top()
        for row, high in zip(shown.rows[:fits], heights, strict=False):
            self._row(canvas, QRectF(room.left(), y, room.width(), high), row)
            y += high
        if self._hidden(shown, fits):
            said = self.words.say("handover.more", shown.more + len(shown.rows) - fits)
            rest = QRectF(room.left(), y, room.width(), line)
            canvas.text(rest, said, ("label", "ink2"), MIDDLE_LEFT, strong=True)

    @staticmethod
    def _hidden(shown: HandoverView, fits: int) -> bool:
        return bool(shown.more) or fits < len(shown.rows)

    def _indent(self, row: LoadRow) -> float:
        return self.theme.pick(32, 26) + self.theme.px(14) if row.tone else 0.0

    def _note(self, canvas: Canvas, wide: float, row: LoadRow) -> Fitted:
        """On two lines where one is too short."""
        room = (wide - self._indent(row), self.theme.line_height("label") * 2)
        return canvas.fit(room, self.words.of(row.note), "label", 2)

    def _high(self, canvas: Canvas, wide: float, row: LoadRow) -> float:
        note = self._note(canvas, wide, row).height
        return self.theme.line_height("body") + note + self.theme.px(16)

    def _row(self, canvas: Canvas, place: QRectF, row: LoadRow) -> None:
        theme = self.theme
        canvas.rule(place.topLeft(), place.topRight())
        text = place.adjusted(self._indent(row), theme.px(6), 0, 0)
        if row.tone:
            side = theme.pick(32, 26)
            mark = QRectF(place.left(), place.center().y() - side / 2, side, side)
            paint.state_mark(canvas.painter, theme, mark, row.tone)
        code = QRectF(text.left(), text.top(), text.width(), theme.line_height("body"))
        canvas.mono(code, row.code, "ink", "body")
        note = self._note(canvas, place.width(), row)
        below = QRectF(text.left(), code.bottom(), text.width(), note.height)
        canvas.fitted(below, note, INKS[row.tone])

    def _bags_height(self, inner: QRectF, shown: HandoverView) -> float:
        """As many bags as half of the card holds, the newest last."""
        if not shown.units or shown.step == "weigh":
            return 0.0
        line = self.theme.line_height("body") + self.theme.px(8)
        return min(line * (len(shown.units) + 1), inner.height() * 0.45)

    def _bags(self, canvas: Canvas, area: QRectF, shown: HandoverView) -> None:
        theme = self.theme
        line = theme.line_height("body") + theme.px(8)
        canvas.rule(area.topLeft(), area.topRight())
        head = QRectF(area.left(), area.top() + theme.px(4), area.width(), line)
        said = self.words.say(f"{shown.about}.bags", len(shown.units))
        canvas.text(head, said, ("label", "ink2"), MIDDLE_LEFT, strong=True)
        fits = max(0, int((area.height() - line + 1) // line))
        y = head.bottom()
        for unit in shown.units[-fits:] if fits else ():
            self._unit(canvas, QRectF(area.left(), y, area.width(), line), unit)
            y += line

    def _unit(self, canvas: Canvas, row: QRectF, unit: LoadUnitView) -> None:
        theme = self.theme
        side = theme.pick(26, 20)
        mark = QRectF(row.left(), row.center().y() - side / 2, side, side)
        tone = _UNIT_TONES[unit.state]
        if tone == "now":
            paint.empty_ring(canvas.painter, mark, theme.color("now.ink"), theme.px(3))
        else:
            paint.state_mark(canvas.painter, theme, mark, tone)
        count = f"{unit.count} · {kilograms(self.words, unit.gross_g)}"
        wide = canvas.width(count, "label", strong=True) + 2
        right = QRectF(row.right() - wide, row.top(), wide, row.height())
        canvas.text(right, count, ("label", "ink"), MIDDLE_RIGHT, strong=True)
        left = mark.right() + theme.px(12)
        code = QRectF(left, row.top(), right.left() - left - theme.px(10), row.height())
        canvas.mono(code, unit.code, "ink2", "label")
