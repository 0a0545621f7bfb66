"""What to do now, in pictures: one to three steps in a row under a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import Words
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import Canvas
from packstation.ui.widgets.hold_plate import draw_step_number

# Last part of a step's key -> icon; the words of a state (`todo.weighing`) are steps as well.
PICTURES: Final[Mapping[str, str]] = {
    "aside": "aside",
    "expired": "aside",
    "shelf": "shelf",
    "pack_back": "shelf",
    "another": "shelf",
    "fresh": "calendar",
    "lot": "find",
    "out": "take-out",
    "at_hand": "hold",
    "call": "bell",
    "office": "bell",
    "in_place": "put-in",
    "larger": "box",
    "list_box": "box",
    "cartoning": "box",
    "split": "plus",
    "into_box": "put-in",
    "gain_out": "take-out",
    "gain_only": "put-in",
    "gain_whole": "put-in",
    "gain_back": "put-in",
    "gain_undo": "undo",
    "close_same": "box",
    "close_again": "box",
    "void_first": "label",
    "undo_last": "undo",
    "void": "label",
    "label_off": "take-out",
    "label_due": "label",
    "open_out": "take-out",
    "undo_out": "take-out",
    "confirming": "label",
    "printing": "label",
    "by_hand": "find",
    "badge": "badge",
    "release": "badge",
    "sign_in": "badge",
    "tote": "tote",
    "idle": "tote",
    "completed": "tote",
    "parked": "tote",
    "cancelled": "tote",
    "weighing": "scale",
    "measuring": "dimensioner",
    "rating": "clock",
    "labelling": "clock",
    "bar": "document",
    "held": "warn",
}
SCAN: Final = "scanner"
MOST: Final = 3


def strip_height(theme: Theme, room: float, steps: int) -> float:
    """Pixels of the row and the gap above it, out of ``room``; 0 without steps."""
    return min(float(theme.pick(132, 92)), room * 0.3) if steps else 0.0


def draw_steps(
    paper: Canvas, area: QRectF, steps: tuple[Words, ...], ground: str = "surface"
) -> None:
    """Plates side by side along the foot of ``area``, as tall as it leaves after a gap."""
    theme, shown = paper.theme, steps[:MOST]
    if not shown:
        return
    gap = theme.pick(24, 14)
    row = area.adjusted(0, theme.pick(20, 12), 0, 0)
    wide = (row.width() - gap * (len(shown) - 1)) / len(shown)
    for index, words in enumerate(shown):
        card = QRectF(row.left() + index * (wide + gap), row.top(), wide, row.height())
        paper.plate(card, ground, radius="hero")
        # Ways to choose between have no numbers.
        _step(paper, card, words, index + 1 if len(shown) > 1 and ground == "surface" else 0)


def _step(paper: Canvas, card: QRectF, words: Words, number: int) -> None:
    pad = card.height() * 0.18
    side = card.height() - 2 * pad
    x = card.left() + pad
    if number:
        disc = side * 0.62
        draw_step_number(paper, QPointF(x + disc / 2, card.center().y()), number, disc)
        x += disc + pad * 0.7
    icon = PICTURES.get(words.key.rpartition(".")[2], SCAN)
    paper.icon(icon, QRectF(x, card.top() + pad, side, side), "now.fill")
    x += side + pad * 0.9
    room = QRectF(x, card.top() + 4, card.right() - pad * 0.6 - x, card.height() - 8)
    said = paper.words.of(words)
    text = paper.fit((room.width(), room.height()), said, "title", 2, strong=True)
    top = card.center().y() - text.height / 2
    paper.fitted(QRectF(room.left(), top, room.width(), text.height), text, "ink")
