"""Text that fits: broken into lines, a role smaller where it must be, never clipped."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from packstation.ui import tokens
from packstation.ui.theme import Theme

_RIGHT, _CENTRE = Qt.AlignmentFlag.AlignRight.value, Qt.AlignmentFlag.AlignHCenter.value
_SIDEWAYS = _RIGHT | _CENTRE

# From here on signs stand without blanks between words.
_HAN = 0x2E80
# What a role becomes where it does not fit: one role smaller, then step by step.
_SMALLER = {
    "count": "count4",
    "count4": "num",
    "alarm": "head",
    "num": "head",
    "price": "title",
    "head": "title",
    "title": "body",
    "body": "label",
    "label": "fine",
}


class Fitted(Struct, frozen=True):
    """Text broken for a region. ``elided``: it did not fit at any size that may be shown.

    ``advances`` are the widths of the lines where they were measured already.
    """

    lines: tuple[str, ...]
    font: QFont
    line_height: float
    elided: bool = False
    advances: tuple[float, ...] = ()

    @property
    def height(self) -> float:
        """Pixels from the top of the first line to the foot of the last."""
        return self.line_height * len(self.lines)

    @property
    def width(self) -> float:
        """Pixels of the widest line."""
        return max(self.measured(), default=0.0)

    def measured(self) -> tuple[float, ...]:
        """Pixels of each line."""
        if self.advances:
            return self.advances
        measure = QFontMetricsF(self.font)
        return tuple(measure.horizontalAdvance(line) for line in self.lines)


def text_fit(
    theme: Theme,
    width: float,
    height: float,
    text: str,
    role: str,
    lines: int = 1,
    *,
    strong: bool = False,
) -> Fitted:
    """``text`` in at most ``lines`` lines of ``role``, smaller where the region is too small.

    Never under `fine` (in its usual size, where a person has larger text); what does not fit even
    then ends in an ellipsis and says so in ``elided``.
    """
    return _fit(theme, int(width), int(height), text, role, lines, strong)


@lru_cache(maxsize=2048)
def advance(theme: Theme, role: str, text: str, strong: bool) -> float:
    """Pixels of ``text`` in one line of ``role``; shaping it takes longer than painting it."""
    return theme.metrics_of(role, strong=strong).horizontalAdvance(text)


@lru_cache(maxsize=512)
def _fit(
    theme: Theme, width: int, height: int, text: str, role: str, lines: int, strong: bool
) -> Fitted:
    if text == text.strip() and "\n" not in text:
        wide = advance(theme, role, text, strong)
        if wide <= width:
            font = theme.font(role, strong=strong)
            return Fitted((text,), font, theme.line_height(role), advances=(wide,))
    last: Fitted | None = None
    torn: Fitted | None = None
    for pixels, used in _sizes(theme, role):
        entry = tokens.TYPE[role]
        weight = entry.strong if strong else entry.weight
        font = theme.font_px(role, pixels, weight)
        leading = pixels * theme.line_height(used) / theme.size(used)
        allowed = max(1, min(lines, int((height + leading * 0.2) / leading)))
        broken = break_lines(text, font, width)
        last = Fitted(tuple(broken), font, leading)
        last = replace(last, advances=last.measured())
        if len(broken) <= allowed and last.width <= width + 1:
            if theme.text_scale <= 1 or _whole(text, broken):
                return last
            torn = torn or last
    if torn is not None:
        return torn
    if last is None:
        raise ValueError(role)
    measure = QFontMetricsF(last.font)
    kept = list(last.lines[:lines])
    tail = " ".join(last.lines[lines - 1 :])
    kept[-1] = measure.elidedText(tail, Qt.TextElideMode.ElideRight, width)
    return Fitted(tuple(kept), last.font, last.line_height, elided=True)


def _sizes(theme: Theme, role: str) -> Iterator[tuple[int, str]]:
    """Sizes to try, largest first: the roles down from ``role``, with steps between far ones."""
    floor = theme.size("fine")
    current: str | None = role
    while current is not None:
        below = _SMALLER.get(current)
        top = theme.size(current)
        bottom = max(theme.size(below) if below else floor, floor)
        yield top, current
        step = max(2, (top - bottom) // 4)
        for pixels in range(top - step, bottom, -step):
            yield pixels, current
        current = below
    # A text that a person wishes larger goes back to the usual size before it is cut.
    yield from ((pixels, "fine") for pixels in range(floor - 1, _usual(theme, floor) - 1, -1))


def _usual(theme: Theme, grown: int) -> int:
    return min(grown, round(grown / theme.text_scale)) if theme.text_scale > 1 else grown


def _whole(text: str, lines: list[str]) -> bool:
    """Whether no word of an alphabet was torn; Han text may break anywhere."""
    words = {word for line in lines for word in line.split()}
    return all(word in words for word in text.split() if ord(max(word)) < _HAN)


def forget_widths() -> None:
    """Fonts came in that were not there when texts were measured."""
    advance.cache_clear()
    _fit.cache_clear()


def break_lines(text: str, font: QFont, width: float) -> list[str]:
    """Lines by the Unicode rules, at explicit newlines, and inside a word only where one must."""
    found: list[str] = []
    for part in text.split("\n"):
        layout = QTextLayout(part, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start, length = line.textStart(), line.textLength()
            found.append(part[start : start + length].rstrip())
        layout.endLayout()
    return found or [""]


def draw_fitted(
    painter: QPainter,
    rect: QRectF,
    fitted: Fitted,
    color: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> QRectF:
    """Draws fitted lines from the top of ``rect``; the area they took."""
    painter.setFont(fitted.font)
    painter.setPen(color)
    sideways = align.value & _SIDEWAYS
    drop = _drop(fitted.font)
    advances = fitted.measured()
    for row, (line, advance) in enumerate(zip(fitted.lines, advances, strict=True)):
        base = rect.top() + fitted.line_height * (row + 0.5) + drop
        painter.drawText(QPointF(_left(rect, advance, sideways), base), line)
    widest = max(advances, default=0.0)
    return QRectF(_left(rect, widest, sideways), rect.top(), widest, fitted.height)


def _drop(font: QFont) -> float:
    """From the middle of a line down to its base, whatever the fallback fonts say."""
    measure = QFontMetricsF(font)
    return (measure.capHeight() + measure.xHeight()) / 4 + measure.xHeight() / 8


def _left(rect: QRectF, advance: float, sideways: int) -> float:
    if sideways == _RIGHT:
        return rect.right() - advance
    if sideways == _CENTRE:
        return rect.center().x() - advance / 2
    return rect.left()


def draw_text(  # noqa: PLR0913 - what, where and how
    painter: QPainter,
    theme: Theme,
    rect: QRectF,
    text: str,
    role: str,
    color: str,
    *,
    lines: int = 1,
    strong: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> QRectF:
    """Fits and draws ``text``; ``color`` is a name of `Theme.color`. The area it took.

    ``align`` may add AlignVCenter or AlignBottom to the sideways one.
    """
    fitted = text_fit(theme, rect.width(), rect.height(), text, role, lines, strong=strong)
    top = rect.top()
    if align & Qt.AlignmentFlag.AlignVCenter:
        top += (rect.height() - fitted.height) / 2
    elif align & Qt.AlignmentFlag.AlignBottom:
        top = rect.bottom() - fitted.height
    area = QRectF(rect.left(), top, rect.width(), fitted.height)
    return draw_fitted(painter, area, fitted, theme.color(color), align)
