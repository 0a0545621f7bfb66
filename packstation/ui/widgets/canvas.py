"""One painter with theme and words: what every drawn part of a screen is made of.

A canvas keeps where each text went, so that a test can tell that nothing is clipped, cut or
laid over something else.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QRegion

from packstation.ui import icons, paint, tokens
from packstation.ui.theme import Theme
from packstation.ui.typeset import Fitted, advance, draw_fitted, text_fit
from packstation.ui.widgets.fitting import (
    fit_giant,
    fit_name,
    fit_stepped,
    fit_words,
    printable,
)
from packstation.ui.words import Speaker

__all__ = [
    "BOTTOM",
    "CENTRE",
    "LEFT",
    "MIDDLE",
    "MIDDLE_CENTRE",
    "MIDDLE_LEFT",
    "MIDDLE_RIGHT",
    "RIGHT",
    "Canvas",
    "Placed",
    "printable",
]

Align = Qt.AlignmentFlag
LEFT, RIGHT, CENTRE = Align.AlignLeft, Align.AlignRight, Align.AlignHCenter
MIDDLE, BOTTOM = Align.AlignVCenter, Align.AlignBottom
MIDDLE_LEFT, MIDDLE_RIGHT = LEFT | MIDDLE, RIGHT | MIDDLE
MIDDLE_CENTRE = CENTRE | MIDDLE


class Placed(Struct, frozen=True):
    """A text as painted: where, how large, and whether it had to be cut."""

    text: str
    area: QRectF
    pixels: int
    cut: bool

    @property
    def place(self) -> tuple[float, float]:
        """Where it begins."""
        return self.area.left(), self.area.top()


class Canvas(Struct):
    """A painter that knows the theme's roles; rectangles are pixels of the widget."""

    painter: QPainter
    theme: Theme
    words: Speaker
    placed: list[Placed] = field(default_factory=list)
    region: QRegion | None = None

    def touches(self, area: QRectF) -> bool:
        """Whether something in ``area`` is to be painted now; what is not need not be drawn."""
        return self.region is None or self.region.intersects(area.toAlignedRect())

    def on(self, theme: Theme) -> Canvas:
        """The same painter in another theme (paper cards on a plate)."""
        return Canvas(self.painter, theme, self.words, self.placed, self.region)

    def color(self, name: str) -> QColor:
        """A colour of the theme by name."""
        return self.theme.color(name)

    def text(
        self,
        area: QRectF,
        text: str,
        look: tuple[str, str],
        align: Qt.AlignmentFlag = LEFT,
        *,
        lines: int = 1,
        strong: bool = False,
    ) -> QRectF:
        """Writes ``text`` in ``look`` (type role, colour name); the area that it took."""
        shown = printable(text)
        if not shown:
            return QRectF(area.left(), area.top(), 0, 0)
        role, color = look
        fitted = self.fit((area.width(), area.height()), shown, role, lines, strong=strong)
        return self.fitted(area, fitted, color, align)

    def fitted(
        self, area: QRectF, fitted: Fitted, color: str, align: Qt.AlignmentFlag = LEFT
    ) -> QRectF:
        """Writes what was fitted before; the area that it took."""
        top = area.top()
        if align & MIDDLE:
            top += (area.height() - fitted.height) / 2
        elif align & BOTTOM:
            top = area.bottom() - fitted.height
        room = QRectF(area.left(), top, area.width(), fitted.height)
        taken = draw_fitted(self.painter, room, fitted, self.color(color), align)
        text = " ".join(fitted.lines)
        self.placed.append(Placed(text, taken, fitted.font.pixelSize(), fitted.elided))
        return taken

    def thin(self, area: QRectF, fitted: Fitted, color: str) -> QRectF:
        """Writes a fitted second line in the regular weight, as under every main line."""
        font = self.theme.font_px("title", fitted.font.pixelSize(), 400)
        lighter = Fitted(fitted.lines, font, fitted.line_height, fitted.elided)
        return self.fitted(area, lighter, color)

    def fit(
        self,
        size: tuple[float, float],
        text: str,
        role: str,
        lines: int = 1,
        *,
        strong: bool = False,
        largest: int | None = None,
    ) -> Fitted:
        """Measures before writing; ``size`` is width and height, ``largest`` caps the pixels."""
        shown = printable(text)
        room = (int(size[0]), int(size[1]))
        if largest is None or largest >= self.theme.size(role):
            return fit_words(self.theme, room, shown, role, lines, strong)
        floor = self.theme.size("title")
        return fit_stepped(self.theme, room, shown, role, largest, lines, floor) or text_fit(
            self.theme, *room, shown, "title", lines, strong=True
        )

    def fit_name(self, size: tuple[float, float], text: str, largest: int = 0) -> Fitted:
        """A name as large as it can stand: two lines of `head`, more lines once it is smaller."""
        top = largest or self.theme.size("head")
        return fit_name(self.theme, (int(size[0]), int(size[1])), printable(text), top)

    def fit_line(self, wide: float, text: str, largest: int, least: int) -> Fitted | None:
        """A name on one line between two sizes; None where it is longer."""
        room = (int(wide), 2 * largest)
        return fit_stepped(self.theme, room, printable(text), "head", largest, 1, least)

    def alike(
        self, texts: Iterable[tuple[str, float]], role: str, *, strong: bool = False
    ) -> dict[str, Fitted]:
        """Lines of one list in one size: texts with the width each has; the longest decides."""
        entry = tokens.TYPE[role]
        weight = entry.strong if strong else entry.weight
        found = {
            text: self.fit((wide, 0), text, role, strong=strong) for text, wide in texts if text
        }
        if not found:
            return {}
        least = min(found.values(), key=lambda one: one.font.pixelSize())
        font = self.theme.font_px(role, least.font.pixelSize(), weight)
        return {
            text: one if one.elided else Fitted(one.lines, font, least.line_height)
            for text, one in found.items()
        }

    def width(self, text: str, role: str, *, strong: bool = False) -> float:
        """Pixels that ``text`` takes in one line of ``role``."""
        return advance(self.theme, role, printable(text), strong)

    def cut_middle(self, text: str, role: str, width: float) -> str:
        """A code shortened in its middle to one line of ``role``; ends are what people compare."""
        measure = self.theme.metrics_of(role)
        return measure.elidedText(printable(text), Qt.TextElideMode.ElideMiddle, int(width))

    def mono(self, area: QRectF, text: str, color: str = "ink2", role: str = "fine") -> QRectF:
        """One line of codes or bytes in the fixed font, in the middle of ``area``."""
        font = self.theme.font_px(role, self.theme.size(role), 400, mono=True)
        measure = QFontMetricsF(font)
        shown = measure.elidedText(
            printable(text), Qt.TextElideMode.ElideMiddle, max(0.0, area.width())
        )
        self.painter.setFont(font)
        self.painter.setPen(self.color(color))
        self.painter.drawText(area, MIDDLE_LEFT, shown)
        taken = QRectF(area.left(), area.top(), measure.horizontalAdvance(shown), area.height())
        self.placed.append(Placed(shown, taken, font.pixelSize(), cut=False))
        return taken

    def mono_width(self, text: str, font: QFont) -> float:
        """Pixels of ``text`` in the fixed font."""
        return QFontMetricsF(font).horizontalAdvance(printable(text))

    def plate(
        self,
        area: QRectF,
        fill: str | None,
        line: str | None = None,
        *,
        radius: str = "card",
        width: float = tokens.HAIRLINE,
    ) -> None:
        """A rounded area by colour names."""
        paint.rounded(
            self.painter,
            area,
            self.theme.radius(radius),
            self.color(fill) if fill else None,
            self.color(line) if line else None,
            width,
        )

    def card(self, area: QRectF, *, radius: str = "card") -> None:
        """Paper on the canvas: surface and a hairline."""
        self.plate(area, "surface", "line", radius=radius)

    def icon(self, name: str, area: QRectF, color: str) -> None:
        """An icon by name in a colour."""
        icons.draw_icon(self.painter, name, area, self.color(color))

    def giant(
        self,
        baseline: QPointF,
        room: tuple[float, float],
        text: str,
        color: str,
        role: str = "count",
    ) -> QRectF:
        """The one giant thing, standing on ``baseline``; the area of its capitals.

        It is as large as its role, smaller where ``room`` (width, cap height) asks for it.
        """
        width, cap = room
        font = fit_giant(self.theme, role, text, int(width), int(cap))
        measure = QFontMetricsF(font)
        advance = measure.horizontalAdvance(text)
        self.painter.setFont(font)
        self.painter.setPen(self.color(color))
        self.painter.drawText(baseline, text)
        top = baseline.y() - measure.capHeight()
        taken = QRectF(baseline.x(), top, advance, measure.capHeight())
        self.placed.append(Placed(text, taken, font.pixelSize(), cut=advance > width + 1))
        return taken

    def rule(self, left: QPointF, right: QPointF) -> None:
        """A hairline."""
        self.painter.setPen(QPen(self.color("line"), tokens.HAIRLINE))
        self.painter.drawLine(left, right)
