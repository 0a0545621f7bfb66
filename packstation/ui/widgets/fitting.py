"""Names and lines as large as they can stand: whole words, lines of about the same length."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from packstation.ui import tokens
from packstation.ui.theme import Theme
from packstation.ui.typeset import Fitted, break_lines, forget_widths, text_fit

_SPACES = "\u2009\u00a0\u202f"


def printable(text: str) -> str:
    """Text without control characters and direction marks: what is read must be what is there."""
    if text.isprintable():
        return text
    return "".join(
        mark if mark == "\n" or mark.isprintable() or mark in _SPACES else " " for mark in text
    )


@lru_cache(maxsize=512)
def fit_stepped(
    theme: Theme,
    size: tuple[int, int],
    text: str,
    role: str,
    largest: int,
    lines: int,
    floor: int,
) -> Fitted | None:
    """From ``largest`` pixels down to ``floor``; None where words would have to be broken.

    ``size`` is the room's width and height in pixels.
    """
    lead = theme.line_height(role) / theme.size(role)
    for pixels in range(largest, floor, -2):
        font = theme.font_px(role, pixels, tokens.TYPE[role].weight)
        broken = unbroken_lines(text, font, size[0])
        allowed = min(lines, max(1, int((size[1] + 1) / (pixels * lead))))
        if broken and len(broken) <= allowed:
            return Fitted(balanced_lines(text, font, size[0], broken), font, pixels * lead)
    return None


@lru_cache(maxsize=1024)
def fit_words(
    theme: Theme, size: tuple[int, int], text: str, role: str, lines: int, strong: bool
) -> Fitted:
    """Smaller rather than with a word broken; only what is too long at `fine` is broken."""
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


def fit_name(theme: Theme, size: tuple[int, int], text: str, largest: int) -> Fitted:
    """Two lines of `head` at most, more lines once it is smaller."""
    least = int(largest * 0.72)
    return (
        fit_stepped(theme, size, text, "head", largest, 2, least)
        or fit_stepped(theme, size, text, "head", least, 4, theme.size("body"))
        or text_fit(theme, *size, text, "body", 5, strong=True)
    )


def forget_fits() -> None:
    """Fonts came in that were not there when texts were fitted."""
    forget_widths()
    for fitted in (fit_stepped, fit_words, fit_giant):
        fitted.cache_clear()


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


@lru_cache(maxsize=256)
def fit_giant(theme: Theme, role: str, text: str, width: int, cap: int) -> QFont:
    """The largest font of ``role`` whose text is at most ``width`` wide and ``cap`` high."""
    size, least = theme.size(role), theme.size("title")
    weight = tokens.TYPE[role].weight
    while True:
        font = theme.font_px(role, size, weight)
        measure = QFontMetricsF(font)
        if size <= least:
            return font
        if measure.horizontalAdvance(text) <= width and measure.capHeight() <= cap:
            return font
        size = max(size - max(2, size // 24), least)
