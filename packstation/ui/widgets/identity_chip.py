"""Who is packing, which order, which parcel: the left of the top bar."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRectF, Qt

from packstation.station.views import OrderView, PersonView, Screen, StationView
from packstation.ui import icons
from packstation.ui.theme import Theme
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.bar_part import BarPart
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, Canvas
from packstation.ui.words import Speaker


class IdentityChip(BarPart):
    """Initials, name and bench."""

    elide = Qt.TextElideMode.ElideRight
    spare = 0  # pixels that nothing else on the bar needs, for a name that was cut
    _person = PersonView()

    def share(self, view: StationView) -> Hashable:
        """The person."""
        self._person = view.person
        return (view.person.name, view.person.initials, view.person.bench)

    def lines(self) -> tuple[str, str]:
        """Name and bench; without a person, the bench and that nobody is signed in."""
        bench = (
            self.words.say("frame.bench", bench=self._person.bench) if self._person.bench else ""
        )
        if self._person.name:
            return self._person.name, bench
        return bench or self.words.say("frame.bench.new"), self.words.say("frame.nobody")

    def spoken(self) -> str:
        """Name and bench."""
        return ", ".join(part for part in self.lines() if part)

    @property
    def top_level(self) -> int:
        """In full, with a long name cut, or as initials alone."""
        return 2

    def wanted(self) -> int:
        """Disc and the wider line, or part of it."""
        disc = self.theme.pick(64, 56)
        if not self.level and self._person.initials:
            return self.theme.pick(52, 44)
        wide = self.widest(*self.lines())
        return disc + (wide if self.level > 1 else min(wide, self.theme.px(120) + self.spare))

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """A disc with initials, then two lines."""
        side = self.theme.pick(52, 44)
        disc = QRectF(0, area.center().y() - side / 2, side, side)
        canvas.painter.setPen(canvas.color("ink"))
        canvas.painter.setBrush(canvas.color("ink"))
        canvas.painter.drawEllipse(disc)
        initials = self._person.initials[:2]
        if initials:
            font = self.theme.font_px("fine", self.theme.pick(20, 18), 700)
            canvas.fitted(disc, Fitted((initials,), font, side), "surface", MIDDLE_CENTRE)
        else:
            inset = side * 0.24
            box = disc.adjusted(inset, inset, -inset, -inset)
            icons.draw_icon(canvas.painter, "person", box, canvas.color("surface"))
        if self.level or not initials:
            room = area.adjusted(self.theme.pick(64, 56), 0, 0, 0)
            name, bench = self.lines()
            if self.widest(name, "") > room.width() + 2:
                name = short_name(name)
            self.two_lines(canvas, room, name, bench)


def short_name(name: str) -> str:
    """The first name, and of the others their first letters: what colleagues call each other."""
    first, *others = name.split()
    return " ".join((first, *(f"{other[0]}." for other in others)))


class OrderBlock(BarPart):
    """Order and destination; no buyer's name, no street."""

    _order: OrderView | None = None

    def share(self, view: StationView) -> Hashable:
        """The order's identity."""
        self._order = view.order
        order = view.order
        return order and (order.order_id, order.channel, order.city, order.country)

    def lines(self) -> tuple[str, str]:
        """Order number; channel and place."""
        order = self._order
        if order is None:
            return "", ""
        place = self.words.say("frame.place", city=order.city, country=order.country)
        return order.order_id, " · ".join(
            part for part in (order.channel, place.strip(", ")) if part
        )

    def spoken(self) -> str:
        """Number and place."""
        return ", ".join(part for part in self.lines() if part)

    @property
    def top_level(self) -> int:
        """Long numbers and places may be cut back to what fits."""
        return 1

    def wanted(self) -> int:
        """The wider line, or a fixed part of it."""
        if self._order is None:
            return 0
        full = self.widest(*self.lines())
        least = self.theme.px(130) if self.theme.profile.tight else self.theme.pick(260, 190)
        return full if self.level else min(full, least)

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Two lines."""
        self.two_lines(canvas, area, *self.lines())


class ParcelBlock(BarPart):
    """Parcel n of m, and how far it is."""

    def __init__(self, theme: Theme, words: Speaker) -> None:
        super().__init__(theme, words)
        self._said = ("", "")
        self._short = ""

    @property
    def top_level(self) -> int:
        """In words, or as bare numbers."""
        return 1

    def lines(self) -> tuple[str, str]:
        """Parcel and progress."""
        first, second = self._said
        return (first, second if self.level else self._short) if first else self._said

    def share(self, view: StationView) -> Hashable:
        """Both lines as said."""
        order = view.order
        if order is None:
            self._said = ("", "")
            return self._said
        first = self.words.say("frame.parcel", i=order.parcel, of=order.parcels)
        weight = view.weigh.read_g if view.weigh else None
        if view.step >= 4 and weight is not None and view.carton:
            second = f"{self.words.say('frame.grams', g=weight)} · {view.carton.code}"
        else:
            second = self.words.say("frame.scanned", d=order.units_done, of=order.units_total)
        self._said = (first, second)
        self._short = self.words.say("frame.done", d=order.units_done, of=order.units_total)
        return self._said

    def spoken(self) -> str:
        """Both lines."""
        return ", ".join(part for part in self._said if part)

    def wanted(self) -> int:
        """The wider line."""
        return self.widest(*self.lines()) if self._said[0] else 0

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Two lines."""
        self.two_lines(canvas, area, *self.lines())


class TitleBlock(BarPart):
    """The screen's name where no order is open."""

    _title = ""

    def share(self, view: StationView) -> Hashable:
        """The name, or nothing."""
        named = view.order is None and not view.locked and view.screen is not Screen.SIGN_IN
        name = view.page_rows.name if view.page_rows else view.screen.value
        self._title = self.words.say(f"frame.title.{name or view.screen.value}") if named else ""
        return self._title

    def spoken(self) -> str:
        """The name."""
        return self._title

    def wanted(self) -> int:
        """One line."""
        return round(self.advance(self._title, "title") + 1) if self._title else 0

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """One line in the middle."""
        canvas.text(area.adjusted(0, 0, 2, 0), self._title, ("title", "ink"), MIDDLE_LEFT)
