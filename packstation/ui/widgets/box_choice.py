"""Which box: its code as the giant, the goods in it, and the next best two to pick from."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from packstation.station.ports import ChoiceMade
from packstation.station.views import CartonView, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.carton3d import draw_legend, draw_open_carton, legend, legend_height
from packstation.ui.widgets.carton_card import names_of
from packstation.ui.widgets.hero_card import draw_eyebrow, hero_pad
from packstation.ui.widgets.line_card import box_words
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.side_card import draw_facts
from packstation.ui.widgets.soft3d import draw_closed
from packstation.ui.widgets.verdict_strip import draw_band, strip_height


class BoxShare(Struct, frozen=True):
    """The proposed box and what the goods in it are called."""

    carton: CartonView | None
    names: tuple[tuple[str, str], ...]
    note: str = ""
    parcels: tuple[CartonView, ...] = ()


_MOST_PARCELS = 3
# Drawn where any box will do.
_ANY = CartonView("", "box", (300, 220, 160))


class BoxHero(Painted[BoxShare]):
    """CARTONING: take this box and scan it."""

    def share(self, view: StationView) -> BoxShare:
        """Box and names."""
        note = self.words.of(view.box_note) if view.box_note else ""
        return BoxShare(view.carton, names_of(view), note, view.parcels)

    def main_line(self, carton: CartonView | None, parcels: int = 0) -> str:
        """Box C3, own box, so many parcels, or: scan any box."""
        if carton is None and parcels:
            return self.words.say("screen.carton.split", parcels)
        if carton is None:
            return self.words.say("screen.carton.any")
        if carton.kind == "own":
            return self.words.say("screen.box.own")
        return self.words.say("screen.box", code=carton.code)

    def giant(self, carton: CartonView | None) -> str:
        """The code; the sides of goods that ship as they are."""
        if carton is None:
            return ""
        if carton.kind == "own":
            return " × ".join(str(side) for side in carton.inner_mm)
        return carton.code

    def spoken(self) -> str:
        """The main line."""
        shown = self.shown
        return self.main_line(shown.carton, len(shown.parcels)) if shown else ""

    def draw(self, canvas: Canvas, area: QRectF, shown: BoxShare) -> None:
        """Picture left, code right, what to do with it at the foot."""
        theme = self.theme
        canvas.card(area, radius="hero")
        foot = self._foot(canvas, area, shown)
        pad = hero_pad(theme)
        inner = area.adjusted(pad, pad, -pad, -foot - pad)
        wide = round(area.width() * (0.41 if theme.profile.tight else 0.47))
        picture = QRectF(inner.left(), inner.top(), wide, inner.height())
        canvas.plate(picture, "picture")
        self._picture(canvas.on(theme.paper), picture, shown)
        left = picture.right() + theme.pick(56, 30)
        column = QRectF(left, inner.top(), inner.right() - left, inner.height())
        self._column(canvas, column, shown)

    def _picture(self, canvas: Canvas, picture: QRectF, shown: BoxShare) -> None:
        carton = shown.carton or next(iter(shown.parcels), None)
        pad = self.theme.pick(24, 12)
        if carton is None:
            inset = picture.width() * 0.2
            draw_closed(canvas, picture.adjusted(inset, inset, -inset, -inset), _ANY)
            return
        if min(carton.inner_mm) <= 0:
            return
        room = picture.adjusted(pad, pad, -pad, -pad)
        if not carton.placements:
            inset = room.width() * 0.12
            draw_closed(canvas, room.adjusted(inset, inset, -inset, -inset), carton)
            return
        entries = legend(carton, dict(shown.names))
        share = 0.5 if self.theme.profile.tight else 0.4
        under = min(legend_height(canvas, entries, room.width()), room.height() * share)
        draw_open_carton(canvas, room.adjusted(0, 0, 0, -under - pad / 2), carton)
        legend_room = QRectF(room.left(), room.bottom() - under, room.width(), under)
        draw_legend(canvas, legend_room, entries)

    def _column(self, canvas: Canvas, column: QRectF, shown: BoxShare) -> None:
        theme, carton = self.theme, shown.carton or next(iter(shown.parcels), None)
        text = canvas.words.say("screen.carton.take")
        below = draw_eyebrow(canvas, column, "box", text, "now.ink")
        room = QRectF(below.left(), below.top(), below.width(), below.height() * 0.4)
        main = canvas.fit_name((room.width(), room.height()), self.spoken())
        taken = canvas.fitted(room, main, "ink")
        if carton is None:
            return
        own = carton.kind == "own"
        floor = column.bottom() - (theme.pick(24, 12) if own else theme.pick(100, 70))
        if not own:
            self._fill(
                canvas,
                QRectF(column.left(), floor, column.width(), column.bottom() - floor),
                carton,
            )
        cap = floor - taken.bottom() - theme.pick(56, 24)
        baseline = QPointF(column.left(), floor - theme.pick(36, 16))
        unit = canvas.words.say("screen.unit.mm") if own else ""
        beside = canvas.width(unit, "title") + theme.px(20) if own else 0.0
        role = "count" if len(carton.code) < 4 and not own else "count4"
        room_left = (column.width() - beside, cap)
        number = canvas.giant(baseline, room_left, self.giant(carton), "now.fill", role)
        if own:
            high = theme.line_height("title")
            row = QRectF(number.right() + theme.px(14), baseline.y() - high * 0.82, beside, high)
            canvas.text(row, unit, ("title", "now.ink"))

    def _fill(self, canvas: Canvas, room: QRectF, carton: CartonView) -> None:
        """Sides and fill in words, the fill as a bar."""
        theme = self.theme
        _, details = box_words(canvas, carton)
        high = theme.line_height("body")
        row = QRectF(room.left(), room.top(), room.width(), high)
        right = 0.0
        if carton.price:
            taken = canvas.text(row, carton.price, ("body", "ink"), MIDDLE_RIGHT, strong=True)
            right = taken.width() + theme.px(16)
        wide = row.width() - right
        fitted = canvas.fit((wide, room.height() - theme.px(26)), details, "body", 2)
        canvas.fitted(row.adjusted(0, 0, -right, 0), fitted, "ink2")
        if not carton.fill_percent:
            return
        low = max(row.bottom(), row.top() + fitted.height)
        bar = QRectF(room.left(), low + theme.px(10), room.width(), theme.px(14))
        paint.rounded(canvas.painter, bar, bar.height() / 2, canvas.color("sunken"))
        part = min(100, carton.fill_percent) / 100
        full = QRectF(bar.left(), bar.top(), max(bar.height(), bar.width() * part), bar.height())
        paint.rounded(canvas.painter, full, bar.height() / 2, canvas.color("now.fill"))

    def _foot(self, canvas: Canvas, area: QRectF, shown: BoxShare) -> float:
        """What to do: scan the box's own code, or accept; or why no box is offered."""
        theme = self.theme
        carton, note = shown.carton, shown.note
        tone = "warn" if note else "now"
        band = draw_band(canvas, area, strip_height(theme), f"{tone}.tint")
        side = theme.pick(44, 32)
        left = band.left() + theme.pick(33, 22)
        icon = QRectF(left, band.center().y() - side / 2, side, side)
        canvas.icon("warn" if note else "scanner", icon, f"{tone}.ink")
        key = "screen.carton.own" if carton and carton.kind == "own" else "screen.carton.scan"
        left = icon.right() + theme.px(20)
        room = QRectF(left, band.top() + 4, band.right() - theme.px(24) - left, band.height() - 8)
        text = note or canvas.words.say(key)
        fitted = canvas.fit((room.width(), room.height()), text, "title", 2)
        canvas.fitted(room.adjusted(0, (room.height() - fitted.height) / 2, 0, 0), fitted, "ink")
        return band.height()


class OtherShare(Struct, frozen=True):
    """Other boxes, or the limits that own packaging has to keep."""

    cartons: tuple[CartonView, ...]
    limits: tuple[tuple[str, str], ...]
    parcels: tuple[CartonView, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


class OtherBoxes(Painted[OtherShare]):
    """The two next best boxes, picked by touch or by 1 and 2; limits for own packaging."""

    def share(self, view: StationView) -> OtherShare:
        """At most two."""
        limits = tuple((self.words.of(words), value) for words, value in view.limits)
        return OtherShare(view.other_cartons[:2], limits, view.parcels, names_of(view))

    def spoken(self) -> str:
        """The heading."""
        split = self.shown is not None and bool(self.shown.parcels)
        return self.words.say("screen.carton.parcels" if split else "screen.carton.others")

    def _card(self, area: QRectF, index: int) -> QRectF:
        head = self._head()
        gutter = self.theme.metrics.gutter
        high = min((area.height() - head - gutter) / 2, self.theme.pick(270, 210))
        top = area.top() + head + index * (high + gutter)
        return QRectF(area.left(), top, area.width(), high)

    def _head(self) -> float:
        return max(self.theme.pick(47, 43), self.theme.line_height("label") + self.theme.px(12))

    def draw(self, canvas: Canvas, area: QRectF, shown: OtherShare) -> None:
        """Cards under a heading, or a card of limits."""
        if shown.parcels:
            self._parcels(canvas, area, shown)
            return
        if not shown.cartons:
            title = canvas.words.say("screen.limits")
            if shown.limits:
                high = self.theme.pick(90, 64) + self.theme.pick(56, 48) * len(shown.limits)
                draw_facts(
                    canvas, QRectF(area.left(), area.top(), area.width(), high), title, shown.limits
                )
            return
        row = QRectF(area.left() + 4, area.top(), area.width() - 8, self._head() - 12)
        canvas.text(row, self.spoken(), ("label", "ink2"), MIDDLE_LEFT, strong=True)
        for index, carton in enumerate(shown.cartons):
            self._draw_card(canvas, self._card(area, index), index, carton)

    def _parcels(self, canvas: Canvas, area: QRectF, shown: OtherShare) -> None:
        """What goes into which parcel: its number and box, its picture, its goods."""
        row = QRectF(area.left() + 4, area.top(), area.width() - 8, self._head() - 12)
        canvas.text(row, self.spoken(), ("label", "ink2"), MIDDLE_LEFT, strong=True)
        seen = shown.parcels[:_MOST_PARCELS]
        gutter = self.theme.metrics.gutter
        room = area.height() - self._head() - gutter * (len(seen) - 1)
        high = min(room / len(seen), self.theme.pick(270, 210))
        for index, parcel in enumerate(seen):
            top = area.top() + self._head() + index * (high + gutter)
            card = QRectF(area.left(), top, area.width(), high)
            self._parcel(canvas, card, (index + 1, parcel), dict(shown.names))

    def _parcel(
        self, canvas: Canvas, card: QRectF, numbered: tuple[int, CartonView], names: dict[str, str]
    ) -> None:
        theme, (number, parcel) = self.theme, numbered
        canvas.card(card)
        pad = theme.pick(20, 12)
        side = min(card.height() - 2 * pad, card.width() * 0.38)
        picture = QRectF(card.left() + pad, card.center().y() - side / 2, side, side)
        canvas.plate(picture, "picture")
        inset = side * 0.06
        inside = picture.adjusted(inset, inset, -inset, -inset)
        draw_open_carton(canvas.on(theme.paper), inside, parcel)
        left = picture.right() + theme.pick(20, 12)
        column = QRectF(left, card.top() + pad, card.right() - pad - left, card.height() - 2 * pad)
        head = canvas.words.say("screen.carton.parcel", i=number, code=parcel.code)
        high = theme.line_height("body")
        row = QRectF(column.left(), column.top(), column.width(), high)
        canvas.text(row, head, ("body", "ink"), MIDDLE_LEFT, strong=True)
        counts = Counter(sku for sku, _, _ in parcel.placements)
        text = "\n".join(f"{count} × {names.get(sku, sku)}" for sku, count in counts.items())
        room = column.adjusted(0, high, 0, 0)
        lines = max(1, int(room.height() // theme.line_height("label")))
        fitted = canvas.fit((room.width(), room.height()), text, "label", lines)
        if fitted.elided:
            small = max(1, int(room.height() // theme.line_height("fine")))
            fitted = canvas.fit((room.width(), room.height()), text, "fine", small)
        canvas.fitted(room, fitted, "ink2")

    def _draw_card(self, canvas: Canvas, card: QRectF, index: int, carton: CartonView) -> None:
        theme = self.theme
        canvas.card(card)
        pad = theme.pick(24, 14)
        side = min(card.height() - 2 * pad, card.width() * 0.34)
        picture = QRectF(card.left() + pad, card.center().y() - side / 2, side, side)
        canvas.plate(picture, "picture")
        inset = side * 0.12
        draw_closed(canvas, picture.adjusted(inset, inset, -inset, -inset), carton)
        left = picture.right() + theme.pick(24, 16)
        column = QRectF(left, card.top() + pad, card.right() - pad - left, card.height() - 2 * pad)
        cap = paint.key_cap(
            canvas.painter,
            theme,
            QPointF(card.right() - pad - paint.key_width(theme, str(index + 1)), column.top()),
            str(index + 1),
        )
        size = theme.pick(60, 44)
        code = canvas.fit(
            (column.width() - cap.width() - 12, size * 1.2), carton.code, "num", largest=size
        )
        lines = self._details(canvas, carton)
        high = theme.line_height("label")
        top = column.center().y() - (code.height + high * len(lines)) / 2
        canvas.fitted(QRectF(column.left(), top, column.width(), code.height), code, "ink")
        top += code.height
        for text in lines:
            row = QRectF(column.left(), top, column.width(), high)
            canvas.text(row, text, ("label", "ink2"), MIDDLE_LEFT)
            top += high

    def _details(self, canvas: Canvas, carton: CartonView) -> list[str]:
        sides = " × ".join(str(side) for side in carton.inner_mm)
        lines = [canvas.words.say("screen.sides", sides=sides)]
        rest = (
            [canvas.words.say("screen.fill", p=carton.fill_percent)] if carton.fill_percent else []
        )
        rest += [carton.price] if carton.price else []
        return [*lines, *rest]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A touched card takes that box."""
        if self.shown is None or event.button() != Qt.MouseButton.LeftButton:
            return
        for index, carton in enumerate(self.shown.cartons):
            if self._card(QRectF(self.rect()), index).contains(event.position()):
                self.kit.post(ChoiceMade(index=index, value=carton.code, source="touch"))
