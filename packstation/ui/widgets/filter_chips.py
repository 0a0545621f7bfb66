"""Kinds of rows as chips in a line: the one in sight is filled, each says how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF

from packstation.station.views import FilterView
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, Canvas


def chips_height(theme: Theme) -> int:
    """Pixels of the line."""
    return max(theme.pick(50, 40), round(theme.line_height("label")) + theme.px(8))


def chip_text(canvas: Canvas, chip: FilterView) -> str:
    """Its name and how many rows it has."""
    return f"{canvas.words.of(chip.words)} · {canvas.words.show(chip.count)}"


def draw_chips(canvas: Canvas, row: QRectF, chips: Sequence[FilterView]) -> None:
    """From the left; those that do not fit are left out, never the chosen one."""
    theme = canvas.theme
    pad, gap = theme.pick(20, 14), theme.pick(14, 10)
    wide = {
        chip.name: canvas.width(chip_text(canvas, chip), "label", strong=True) for chip in chips
    }
    left, chosen = row.left(), next((chip for chip in chips if chip.chosen), None)
    for chip in chips:
        width = wide[chip.name] + 2 * pad + 2
        later = (
            chosen is not None and chosen is not chip and chips.index(chosen) > chips.index(chip)
        )
        kept = wide[chosen.name] + 2 * pad + gap if later and chosen else 0
        if left + width + kept > row.right() + 1:
            continue
        _draw_chip(canvas, QRectF(left, row.top(), width, row.height()), chip)
        left += width + gap


def _draw_chip(canvas: Canvas, area: QRectF, chip: FilterView) -> None:
    if chip.chosen:
        canvas.plate(area, "now.tint", "now.fill", radius="chip", width=2.0)
    else:
        canvas.plate(area, "surface", "line", radius="chip")
    ink = "now.ink" if chip.chosen else "ink" if chip.count else "ink3"
    canvas.text(area, chip_text(canvas, chip), ("label", ink), MIDDLE_CENTRE, strong=True)
