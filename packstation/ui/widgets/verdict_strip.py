"""The last result at the foot of the hero; it stays until the next scan."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt

from packstation.station.views import VerdictView
from packstation.ui import paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas


def strip_height(theme: Theme) -> int:
    """Pixels of the strip."""
    grown = max(1.0, theme.text_scale)
    return round(theme.pick(92, 64) * (grown + 1) / 2)


def draw_band(canvas: Canvas, hero: QRectF, height: float, color: str) -> QRectF:
    """A coloured band along the foot of ``hero``, inside its rounded corners."""
    hair = 1.5
    inner = hero.adjusted(hair, hair, -hair, -hair)
    radius = canvas.theme.radius("hero") - hair
    band = QRectF(inner.left(), inner.bottom() - height, inner.width(), height)
    canvas.painter.save()
    canvas.painter.setClipRect(band, Qt.ClipOperation.IntersectClip)
    body = band.adjusted(0, -3 * radius, 0, 0)  # its upper corners are cut off with the rest
    paint.rounded(canvas.painter, body, radius, canvas.color(color))
    canvas.painter.restore()
    return band


def draw_verdict(
    canvas: Canvas, hero: QRectF, verdict: VerdictView, progress: float = 1.0
) -> QRectF:
    """Mark, what was read, how many, and what the scale says of it; the strip's area."""
    tone = verdict.tone if verdict.tone in {"ok", "warn", "stop"} else "ok"
    band = draw_band(canvas, hero, strip_height(canvas.theme), f"{tone}.tint")
    theme = canvas.theme
    side = theme.pick(52, 40)
    pad = theme.pick(32, 22)
    mark = QRectF(band.left() + pad, band.center().y() - side / 2, side, side)
    if tone == "ok":
        paint.ok_disc(canvas.painter, theme, mark, progress)
    else:
        paint.state_mark(canvas.painter, theme, mark, tone)
    left = mark.right() + theme.px(18)
    right = band.right() - pad
    band = band.adjusted(0, theme.px(5), 0, -theme.px(5))
    right = _detail(canvas, QRectF(left, band.top(), right - left, band.height()), verdict)
    _what(canvas, QRectF(left, band.top(), right - left, band.height()), verdict)
    return band


def _detail(canvas: Canvas, room: QRectF, verdict: VerdictView) -> float:
    """Writes the detail at the right; where the rest ends."""
    text = canvas.words.of(verdict.detail)
    if not text:
        return room.right()
    wish = min(canvas.width(text, "label") + 2, room.width() * 0.45)
    area = QRectF(room.right() - wish, room.top(), wish, room.height())
    canvas.text(area, text, ("label", "ink2"), MIDDLE_RIGHT, lines=2)
    return area.left() - canvas.theme.px(24)


def _what(canvas: Canvas, room: QRectF, verdict: VerdictView) -> None:
    count = canvas.words.of(verdict.words)
    name = verdict.product.name if verdict.product else ""
    if not name:
        canvas.text(room, count, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)
        return
    tail = canvas.width(count, "body") + canvas.theme.px(18)
    wide = min(canvas.width(name, "body", strong=True) + 2, room.width() - tail)
    area = QRectF(room.left(), room.top(), wide, room.height())
    taken = canvas.text(area, name, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)
    after = taken.right() + canvas.theme.px(18)
    rest = QRectF(after, room.top(), room.right() - after + 2, room.height())
    canvas.text(rest, count, ("body", "ink2"), MIDDLE_LEFT)
