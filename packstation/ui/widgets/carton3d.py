"""A carton turned open: front walls clear, top-back flaps up, goods numbered as they go in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from packstation.station.views import CartonView
from packstation.ui import iso, paint
from packstation.ui.iso import Iso, Point3
from packstation.ui.widgets import soft3d
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, Canvas

# Muted colours of drawn goods, told apart by lightness as well as by hue.
GOODS = ("#E3CFA3", "#33495A", "#588A57", "#C26033", "#8A5A80", "#4A78B0", "#D8A33F", "#7C828A")
_MOST_DRAWN = 120


class Good(Struct, frozen=True):
    """One unit in the carton: its number in packing order, colour, place and size in mm."""

    number: int
    sku: str
    color: str
    at: tuple[int, int, int]
    size: tuple[int, int, int]

    def end(self, axis: int) -> int:
        """Where it ends along an axis."""
        return self.at[axis] + self.size[axis]


def goods_of(carton: CartonView) -> tuple[Good, ...]:
    """The carton's goods with a colour for each SKU."""
    skus = list(dict.fromkeys(sku for sku, _, _ in carton.placements))
    return tuple(
        Good(number, sku, GOODS[skus.index(sku) % len(GOODS)], at, size)
        for number, (sku, at, size) in enumerate(carton.placements[:_MOST_DRAWN], start=1)
    )


def _behind(one: Good, other: Good) -> bool:
    """Whether ``one`` must be painted before ``other``: it ends where the other begins."""
    return any(one.end(axis) <= other.at[axis] for axis in range(3))


def back_to_front(goods: Sequence[Good]) -> list[Good]:
    """The order of painting; of a knot that has none, the one farthest back goes first."""
    rest = sorted(goods, key=lambda good: (sum(good.at), good.number))
    done: list[Good] = []
    while rest:
        free = next(
            (
                good
                for good in rest
                if not any(_behind(o, good) and not _behind(good, o) for o in rest if o is not good)
            ),
            rest[0],
        )
        rest.remove(free)
        done.append(free)
    return done


def uncovered(goods: Sequence[Good]) -> list[Good]:
    """Goods whose upper face nothing stands on."""
    return [good for good in goods if not any(_stands_on(o, good) for o in goods)]


def _stands_on(upper: Good, lower: Good) -> bool:
    return upper.at[2] >= lower.end(2) and all(
        upper.at[axis] < lower.end(axis) and lower.at[axis] < upper.end(axis) for axis in (0, 1)
    )


def _flaps(size: Point3) -> tuple[list[Point3], list[Point3]]:
    """The two flaps that stand up at the back, over the short side and over the long one."""
    length, width, height = size
    out = min(width * 0.35, length * 0.35, 90.0)
    up, lean = out * 0.5, out * 0.23
    tip = height + up
    over_width: list[Point3] = [(0, 0, height), (0, width, height), (-out, width, tip)]
    over_length: list[Point3] = [(0, 0, height), (length, 0, height), (length, -out, tip)]
    return [*over_width, (-out, -lean, tip)], [*over_length, (-lean, -out, tip)]


def _fitted(area: QRectF, size: Point3) -> Iso:
    """The projection that shows the carton with its flaps as large as ``area`` allows."""
    length, width, _ = size
    flaps = _flaps(size)
    unit = Iso(QPointF(), 1.0)
    corners = [*flaps[0], *flaps[1], (length, width, 0.0), (0.0, width, 0.0), (length, 0.0, 0.0)]
    seen = unit.area(corners).boundingRect()
    scale = min(area.width() / seen.width(), area.height() / seen.height()) * 0.985
    return Iso(area.center() - seen.center() * scale, scale)


def draw_open_carton(canvas: Canvas, area: QRectF, carton: CartonView) -> None:
    """The carton as large as ``area`` allows with its goods in it."""
    size = soft3d.shape_of(carton)
    if min(size) <= 0:
        return
    soft = carton.kind in soft3d.SOFT
    view = soft3d.fitted(area, soft3d.outline(carton.kind, size)) if soft else _fitted(area, size)
    line = QColor(canvas.theme.palette.kraft[3])
    thick = max(1.5, view.scale * 2.2)
    if soft:
        soft3d.back(canvas, view, carton.kind, size, line)
    else:
        _back(canvas, view, size, line, thick)
    goods = goods_of(carton)
    for good in back_to_front(goods):
        color = QColor(good.color)
        iso.body(
            canvas.painter, view, good.at, good.size, iso.shades_of(color), color.darker(190), 1.2
        )
    if soft:
        soft3d.front(canvas, view, carton.kind, size, line)
    else:
        _front(canvas, view, size, line, thick)
    for good in uncovered(goods):
        _number(canvas, view, good)


def _polygon(canvas: Canvas, view: Iso, corners: Sequence[Point3], fill: QColor) -> None:
    canvas.painter.setBrush(fill)
    canvas.painter.drawPolygon(view.area(corners))


def _back(canvas: Canvas, view: Iso, size: Point3, line: QColor, thick: float) -> None:
    """Floor, the two back walls from inside, and their flaps."""
    length, width, height = size
    top, left, right = iso.kraft_shades(canvas.theme)
    pen = QPen(line, thick)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    canvas.painter.setPen(pen)
    over_width, over_length = _flaps(size)
    _polygon(canvas, view, over_width, top)
    _polygon(canvas, view, over_length, left)
    _polygon(canvas, view, [(0, 0, 0), (0, width, 0), (0, width, height), (0, 0, height)], top)
    _polygon(canvas, view, [(0, 0, 0), (length, 0, 0), (length, 0, height), (0, 0, height)], right)
    _polygon(canvas, view, [(0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0)], left)


def _front(canvas: Canvas, view: Iso, size: Point3, line: QColor, thick: float) -> None:
    """The clear front walls: a breath of board over the goods, and their edges."""
    pen = QPen(line, thick)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    canvas.painter.setPen(pen)
    for face, shade in ((iso.left_face, 1), (iso.right_face, 2)):
        clear = QColor(canvas.theme.palette.kraft[shade])
        clear.setAlpha(46)
        _polygon(canvas, view, face((0, 0, 0), size), clear)


def _number(canvas: Canvas, view: Iso, good: Good) -> None:
    x, y, z = good.at
    a, b, c = good.size
    side = min(canvas.theme.pick(32, 26), view.scale * min(a, b) * 0.8)
    if side < canvas.theme.size("fine") * 1.1:
        return
    text = str(good.number)
    wide = max(side, canvas.width(text, "fine", strong=True) + canvas.theme.px(10))
    if wide > view.scale * (a + b) * 0.7:
        return
    disc = QRectF(0, 0, wide, side)
    disc.moveCenter(view.point(x + a / 2, y + b / 2, z + c))
    ink = canvas.theme.paper.color("ink")
    canvas.painter.setPen(QPen(ink, 1.6))
    canvas.painter.setBrush(canvas.theme.paper.color("surface"))
    canvas.painter.drawRoundedRect(disc, side / 2, side / 2)
    paper = canvas.on(canvas.theme.paper)
    paper.text(disc, text, ("fine", "ink"), MIDDLE_CENTRE, strong=True)


class Entry(Struct, frozen=True):
    """A run of equal goods in the legend: ``numbers`` as "3–5"."""

    numbers: str
    color: str
    name: str


def legend(carton: CartonView, names: Mapping[str, str]) -> list[Entry]:
    """Goods in packing order, neighbours of one SKU joined."""
    found: list[Entry] = []
    goods = goods_of(carton)
    start = 0
    for index, good in enumerate(goods):
        last = index + 1 == len(goods) or goods[index + 1].sku != good.sku
        if last:
            first = goods[start].number
            numbers = str(first) if first == good.number else f"{first}–{good.number}"
            found.append(Entry(numbers, good.color, names.get(good.sku, good.sku)))
            start = index + 1
    return found


def legend_height(canvas: Canvas, entries: Sequence[Entry], width: float) -> float:
    """Pixels that the legend takes; at most four rows."""
    rows = min(4, len(_rows(canvas, entries, width)))
    return rows * _row_height(canvas, entries, width)


def _row_height(canvas: Canvas, entries: Sequence[Entry], width: float) -> float:
    """One line; two small ones where a name is longer than that."""
    theme = canvas.theme
    one = max(theme.pick(46, 36), theme.line_height("label") + 10)
    label = max((_entry_width(canvas, entry) for entry in entries), default=0.0)
    names = max((canvas.width(entry.name, "label") for entry in entries), default=0.0)
    # A wish for larger text must not hide what lies in the box.
    fine = theme.size("fine") / max(1.0, theme.text_scale)
    small = label - names * (1 - fine / theme.size("label"))
    return one if small <= width else max(one, theme.line_height("fine") * 2 + 2)


def _rows(canvas: Canvas, entries: Sequence[Entry], width: float) -> list[list[Entry]]:
    rows: list[list[Entry]] = [[]]
    used = 0.0
    for entry in entries:
        wide = min(_entry_width(canvas, entry), width)
        if used + wide > width and rows[-1]:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += wide + canvas.theme.px(26)
    return rows


def _pill(canvas: Canvas, entry: Entry) -> float:
    pixels = canvas.width(entry.numbers, "fine", strong=True)
    return max(canvas.theme.pick(40, 34), pixels + canvas.theme.px(24))


def _entry_width(canvas: Canvas, entry: Entry) -> float:
    gap = canvas.theme.px(12)
    return (
        _pill(canvas, entry) + canvas.theme.px(18) + 2 * gap + canvas.width(entry.name, "label") + 2
    )


def draw_legend(canvas: Canvas, area: QRectF, entries: Sequence[Entry]) -> None:
    """Number, colour and name of what is in the carton; a row too many says how many are left."""
    theme = canvas.theme
    rows = _rows(canvas, entries, area.width())
    step = _row_height(canvas, entries, area.width())
    fits = max(1, int((area.height() + 1) // step))
    top = area.top()
    for index, row in enumerate(rows[:fits]):
        x = area.left()
        if index == fits - 1 and len(rows) > fits:
            left = sum(len(more) for more in rows[index:])
            cell = QRectF(x, top, area.width(), step)
            text = canvas.words.say("screen.carton.more", left)
            canvas.text(cell, text, ("label", "ink2"), MIDDLE_LEFT)
            return
        for entry in row:
            cell = QRectF(x, top, min(_entry_width(canvas, entry), area.width()), step)
            _draw_entry(canvas, cell, entry)
            x = cell.right() + theme.px(26)
        top += step


def _draw_entry(canvas: Canvas, cell: QRectF, entry: Entry) -> None:
    theme = canvas.theme
    high = theme.pick(36, 30)
    pill = QRectF(cell.left(), cell.center().y() - high / 2, _pill(canvas, entry), high)
    paint.rounded(canvas.painter, pill, high / 2, canvas.color("surface"), canvas.color("ink"), 2)
    canvas.text(pill, entry.numbers, ("fine", "ink"), MIDDLE_CENTRE, strong=True)
    side = theme.px(18)
    gap = theme.px(12)
    dot = QRectF(pill.right() + gap, cell.center().y() - side / 2, side, side)
    paint.rounded(canvas.painter, dot, theme.px(4), QColor(entry.color))
    room = QRectF(dot.right() + gap, cell.top(), 0, cell.height())
    room.setRight(cell.right())
    fitted = canvas.fit((room.width(), cell.height()), entry.name, "label")
    if fitted.elided:
        fitted = canvas.fit((room.width(), cell.height()), entry.name, "fine", 2)
    canvas.fitted(room, fitted, "ink", MIDDLE_LEFT)
