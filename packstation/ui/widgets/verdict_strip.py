"""The last result at the foot of the hero; it stays until the next scan."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt

from packstation.station.views import VerdictView
from packstation.ui import paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas

HAIR: Final = 1.5  # pixels of a card's outline and of the smoothing beside it


def strip_height(theme: Theme) -> int:
    """Pixels of the strip."""
    grown = max(1.0, theme.text_scale)
    return round(theme.pick(92, 64) * (grown + 1) / 2)


def band_of(hero: QRectF, height: float) -> QRectF:
    """Where a band of ``height`` lies: inside the card's outline."""
    inner = hero.adjusted(HAIR, HAIR, -HAIR, -HAIR)
    return QRectF(inner.left(), inner.bottom() - height, inner.width(), height)


def draw_band(canvas: Canvas, hero: QRectF, height: float, color: str) -> QRectF:
    """A coloured band along the foot of ``hero``, inside its rounded corners."""
    radius = canvas.theme.radius("hero") - HAIR
    band = band_of(hero, height)
    canvas.painter.save()
    canvas.painter.setClipRect(band, Qt.ClipOperation.IntersectClip)
    body = band.adjusted(0, -3 * radius, 0, 0)  # its upper corners are cut off with the rest
    paint.rounded(canvas.painter, body, radius, canvas.color(color))
    canvas.painter.restore()
    return band


def tone_of(verdict: VerdictView) -> str:
    """ok, warn or stop."""
    return verdict.tone if verdict.tone in {"ok", "warn", "stop"} else "ok"


def draw_ground(canvas: Canvas, hero: QRectF, tone: str) -> None:
    """What stays from verdict to verdict of one tone: the card's foot, the band, the mark."""
    canvas.card(hero, radius="hero")
    draw_band(canvas, hero, strip_height(canvas.theme), f"{tone}.tint")
    if tone == "ok":
        paint.bare_disc(canvas.painter, canvas.theme, _mark(canvas.theme, hero))
    else:
        paint.state_mark(canvas.painter, canvas.theme, _mark(canvas.theme, hero), tone)


def draw_verdict(canvas: Canvas, hero: QRectF, verdict: VerdictView, progress: float) -> None:
    """On its ground: the tick, what was read, how many, and what the scale says of it."""
    theme = canvas.theme
    mark = _mark(theme, hero)
    if tone_of(verdict) == "ok":
        paint.disc_tick(canvas.painter, theme, mark, progress)
    band = band_of(hero, strip_height(theme))
    room = band.adjusted(0, theme.px(5), -theme.pick(32, 22), -theme.px(5))
    room.setLeft(mark.right() + theme.px(18))
    room.setRight(_detail(canvas, room, verdict))
    _what(canvas, room, verdict)


def _mark(theme: Theme, hero: QRectF) -> QRectF:
    band = band_of(hero, strip_height(theme))
    side, pad = theme.pick(52, 40), theme.pick(32, 22)
    return QRectF(band.left() + pad, band.center().y() - side / 2, side, side)


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
