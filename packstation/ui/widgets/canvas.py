"""One painter with theme and words: what every drawn part of a screen is made of.

A canvas keeps where each text went, so that a test can tell that nothing is clipped, cut or
laid over something else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from packstation.ui import icons, paint, tokens
from packstation.ui.theme import Theme
from packstation.ui.typeset import Fitted, break_lines, draw_fitted, text_fit
from packstation.ui.words import Speaker

Align = Qt.AlignmentFlag
LEFT, RIGHT, CENTRE = Align.AlignLeft, Align.AlignRight, Align.AlignHCenter
MIDDLE, BOTTOM = Align.AlignVCenter, Align.AlignBottom
MIDDLE_LEFT, MIDDLE_RIGHT = LEFT | MIDDLE, RIGHT | MIDDLE
MIDDLE_CENTRE = CENTRE | MIDDLE


@dataclass(frozen=True, slots=True)
class Placed:
    """A text as painted: where, how large, and whether it had to be cut."""

    text: str
    area: QRectF
    pixels: int
    cut: bool


@dataclass(slots=True)
class Canvas:
    """A painter that knows the theme's roles; rectangles are pixels of the widget."""

    painter: QPainter
    theme: Theme
    words: Speaker
    placed: list[Placed] = field(default_factory=list)

    def on(self, theme: Theme) -> Canvas:
        """The same painter in another theme (paper cards on a plate)."""
        return Canvas(self.painter, theme, self.words, self.placed)

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
        if largest is None or largest >= self.theme.size(role):
            return self._whole_words(size, shown, role, lines, strong=strong)
        return self._stepped(size, shown, (role, largest, lines)) or text_fit(
            self.theme, *size, shown, "title", lines, strong=True
        )

    def _whole_words(
        self, size: tuple[float, float], text: str, role: str, lines: int, *, strong: bool
    ) -> Fitted:
        """Smaller rather than with a word broken; only what is too long at `fine` is broken."""
        theme = self.theme
        measure = theme.metrics_of(role, strong=strong)
        if lines > 1 and any(measure.horizontalAdvance(word) > size[0] for word in _words(text)):
            entry = tokens.TYPE[role]
            weight = entry.strong if strong else entry.weight
            lead = theme.line_height(role) / theme.size(role)
            for pixels in range(theme.size(role), theme.size("fine") - 1, -1):
                font = theme.font_px(role, pixels, weight)
                broken = unbroken_lines(text, font, size[0])
                allowed = min(lines, max(1, int((size[1] + 1) / (pixels * lead))))
                if broken and len(broken) <= allowed:
                    return Fitted(tuple(broken), font, pixels * lead)
        return text_fit(theme, *size, text, role, lines, strong=strong)

    def fit_name(self, size: tuple[float, float], text: str, largest: int = 0) -> Fitted:
        """A name as large as it can stand: two lines of `head`, more lines once it is smaller."""
        shown = printable(text)
        top = largest or self.theme.size("head")
        return (
            self._stepped(size, shown, ("head", top, 2), floor=int(top * 0.72))
            or self._stepped(
                size, shown, ("head", int(top * 0.72), 4), floor=self.theme.size("body")
            )
            or text_fit(self.theme, *size, shown, "body", 5, strong=True)
        )

    def _stepped(
        self, size: tuple[float, float], text: str, start: tuple[str, int, int], floor: int = 0
    ) -> Fitted | None:
        """From ``start`` (role, pixels, lines) down; None where words would have to be broken."""
        role, largest, lines = start
        lead = self.theme.line_height(role) / self.theme.size(role)
        for pixels in range(largest, floor or self.theme.size("title"), -2):
            font = self.theme.font_px(role, pixels, tokens.TYPE[role].weight)
            broken = unbroken_lines(text, font, size[0])
            allowed = min(lines, max(1, int((size[1] + 1) / (pixels * lead))))
            if broken and len(broken) <= allowed:
                return Fitted(balanced_lines(text, font, size[0], broken), font, pixels * lead)
        return None

    def width(self, text: str, role: str, *, strong: bool = False) -> float:
        """Pixels that ``text`` takes in one line of ``role``."""
        return self.theme.metrics_of(role, strong=strong).horizontalAdvance(printable(text))

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
        size = self.theme.size(role)
        entry = tokens.TYPE[role]
        while True:
            font = self.theme.font_px(role, size, entry.weight)
            measure = QFontMetricsF(font)
            advance = measure.horizontalAdvance(text)
            fits = advance <= width and measure.capHeight() <= cap
            if fits or size <= self.theme.size("title"):
                break
            size = max(size - max(2, size // 24), self.theme.size("title"))
        self.painter.setFont(font)
        self.painter.setPen(self.color(color))
        self.painter.drawText(baseline, text)
        top = baseline.y() - measure.capHeight()
        taken = QRectF(baseline.x(), top, advance, measure.capHeight())
        self.placed.append(Placed(text, taken, size, cut=advance > width + 1))
        return taken

    def rule(self, left: QPointF, right: QPointF) -> None:
        """A hairline."""
        self.painter.setPen(QPen(self.color("line"), tokens.HAIRLINE))
        self.painter.drawLine(left, right)


def unbroken_lines(text: str, font: QFont, width: float) -> list[str]:
    """Lines of ``text``; none where a word had to be broken to fit ``width``."""
    measure = QFontMetricsF(font)
    if any(measure.horizontalAdvance(word) > width for word in _words(text)):
        return []
    return break_lines(text, font, width)


def balanced_lines(text: str, font: QFont, width: float, broken: list[str]) -> tuple[str, ...]:
    """The same number of lines, about as long as each other: no word is left alone below."""
    if len(broken) < 2:
        return tuple(broken)
    least, most = width / 2, width
    best = broken
    while most - least > 4:
        middle = (least + most) / 2
        tried = unbroken_lines(text, font, middle)
        if tried and len(tried) == len(broken):
            best, most = tried, middle
        else:
            least = middle
    return tuple(best)


def _words(text: str) -> list[str]:
    """What a line may not part: runs without spaces; Chinese may be parted anywhere."""
    return [word for word in text.split() if not any(mark > "\u2e7f" for mark in word)]


def printable(text: str) -> str:
    """Text without control characters and direction marks: what is read must be what is there."""
    return "".join(
        mark if mark == "\n" or mark.isprintable() or mark in "\u2009\u00a0\u202f" else " "
        for mark in text
    )
