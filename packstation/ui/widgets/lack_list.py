"""All that the customs rules found, on the plate: the first fix in focus, the rest below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPen

from packstation.station.views import LackView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas

# How many lines the words of a finding may take, in focus and else.
FOCUSED: Final = 3
OTHERS: Final = 2
# Share of a row that who cures it may take.
CURE: Final = 0.24
_MARKS: Final = {"stop": "stop", "ask": "warn", "warn": "warn"}


def draw_lacks(plate: Canvas, room: QRectF, lacks: Sequence[LackView], focus: int) -> None:
    """Cards under each other, the one in focus always in sight; a foot says how many there are."""
    theme = plate.theme
    paper, many = plate.on(theme.paper), len(lacks) > 1
    foot = theme.line_height("label") + theme.pick(10, 4) if many else 0
    area = room.adjusted(0, 0, 0, -foot)
    gap = theme.pick(14, 8)
    highs = [_high(paper, room.width(), one, focused=at == focus) for at, one in enumerate(lacks)]
    first = first_shown(highs, focus, area.height(), gap)
    top = area.top()
    last = first
    for at in range(first, len(lacks)):
        if at > first and top + highs[at] > area.bottom() + 1:
            break
        row = QRectF(area.left(), top, area.width(), min(highs[at], area.bottom() - top))
        _row(paper, row, lacks[at], focused=at == focus)
        top, last = row.bottom() + gap, at
    if many:
        _foot(plate, room, focus, len(lacks), hidden=first > 0 or last < len(lacks) - 1)


def first_shown(highs: Sequence[float], focus: int, room: float, gap: float) -> int:
    """The row on top: from the first, or so that the one in focus is whole."""
    taken, top = highs[focus], focus
    while top > 0 and taken + gap + highs[top - 1] <= room:
        top -= 1
        taken += gap + highs[top]
    return top


def _pad(paper: Canvas) -> float:
    return paper.theme.pick(26, 16)


def _mark(paper: Canvas) -> float:
    return paper.theme.pick(48, 36)


def _rooms(paper: Canvas, width: float) -> tuple[float, float]:
    """Width of the words, and of who cures it."""
    cure = width * CURE
    words = width - 2 * _pad(paper) - _mark(paper) - 2 * paper.theme.pick(22, 12) - cure
    return words, cure


def _high(paper: Canvas, width: float, lack: LackView, focused: bool) -> float:
    theme = paper.theme
    words, _ = _rooms(paper, width)
    told = paper.fit((words, 10_000), _said(paper, lack), "body", _lines(focused=focused))
    low = 2 * theme.line_height("label") if focused else theme.line_height("label")
    return max(_mark(paper), told.height + theme.pick(4, 2) + low) + theme.pick(32, 18)


def _lines(*, focused: bool) -> int:
    return FOCUSED if focused else OTHERS


def _said(paper: Canvas, lack: LackView) -> str:
    """The rule's own words; of what has none, why no paper is made, or the field's name."""
    return lack.words or paper.words.of(lack.why or lack.field)


def _row(paper: Canvas, row: QRectF, lack: LackView, *, focused: bool) -> None:
    theme = paper.theme
    paper.card(row, radius="card")
    if focused:
        paper.painter.setPen(QPen(paper.color("now.fill"), theme.pick(5, 4)))
        paper.painter.setBrush(paper.color("now.tint"))
        radius = theme.radius("card")
        paper.painter.drawRoundedRect(row.adjusted(2, 2, -2, -2), radius, radius)
    pad, side, gap = _pad(paper), _mark(paper), theme.pick(22, 12)
    mark = QRectF(row.left() + pad, row.center().y() - side / 2, side, side)
    _tone(paper, mark, lack.tone)
    words, cure = _rooms(paper, row.width())
    left = mark.right() + gap
    told = paper.fit((words, row.height()), _said(paper, lack), "body", _lines(focused=focused))
    low = theme.line_height("label") * (2 if focused else 1)
    top = row.center().y() - (told.height + theme.pick(4, 2) + low) / 2
    paper.fitted(QRectF(left, top, words, told.height), told, "ink")
    under = QRectF(left, top + told.height + theme.pick(4, 2), words, low)
    paper.text(
        under, _facts(paper, lack), ("label", "ink2"), MIDDLE_LEFT, lines=2 if focused else 1
    )
    _cure(paper, QRectF(row.right() - pad - cure, row.top(), cure, row.height()), lack)


def _tone(paper: Canvas, mark: QRectF, tone: str) -> None:
    if tone in _MARKS:
        paint.state_mark(paper.painter, paper.theme, mark, _MARKS[tone])
    else:
        paper.icon("bell", mark, "ink2")


def _facts(paper: Canvas, lack: LackView) -> str:
    """Field, what stands there, what is needed, and whose it is: a long name is cut first."""
    words = paper.words
    named = words.of(lack.field) if lack.words or lack.why else ""
    now = words.say("papers.now", v=lack.value or words.say("papers.empty"))
    now = now if lack.value or not lack.why else ""
    needed = words.say("papers.allowed", v=lack.allowed) if lack.allowed else ""
    return " · ".join(part for part in (named, now, needed, lack.whose) if part)


def _cure(paper: Canvas, room: QRectF, lack: LackView) -> None:
    """Who can put it right, and under it the rule's id, small."""
    theme = paper.theme
    high, low = theme.line_height("label"), theme.line_height("fine")
    top = room.center().y() - (high + low) / 2
    ink = {"stop": "stop.ink", "ask": "warn.ink", "warn": "warn.ink"}.get(lack.tone, "ink2")
    who = QRectF(room.left(), top, room.width(), high)
    paper.text(who, paper.words.of(lack.cure), ("label", ink), MIDDLE_RIGHT, strong=True)
    rule = QRectF(room.left(), top + high, room.width(), low)
    paper.text(rule, lack.rule, ("fine", "ink2"), MIDDLE_RIGHT)


def _foot(plate: Canvas, room: QRectF, focus: int, count: int, *, hidden: bool) -> None:
    """Which of how many; with an arrow where not all are in sight."""
    theme = plate.theme
    row = QRectF(room.left(), room.bottom() - theme.line_height("label"), room.width(), 0)
    row.setBottom(room.bottom())
    text = plate.words.say("papers.place", n=focus + 1, d=count)
    arrow = " ↓" if hidden and focus < count - 1 else ""
    plate.text(row, text + arrow, ("label", "hold.on"), MIDDLE_RIGHT, strong=True)
