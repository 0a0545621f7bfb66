"""The hero: verb, main line, the giant count, the product, and the last verdict at its foot."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from packstation.station.views import LineView, StationView, VerdictView, Words
from packstation.ui import paint
from packstation.ui.theme import Theme
from packstation.ui.tokens import MOTION_MS
from packstation.ui.typeset import Fitted
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import SMOOTH, Kit, Painted
from packstation.ui.widgets.product_picture import draw_product
from packstation.ui.widgets.step_strip import draw_steps
from packstation.ui.widgets.step_strip import strip_height as steps_height
from packstation.ui.widgets.verdict_strip import draw_ground, draw_verdict, strip_height, tone_of

# Entries that are about the item in the hand: the question becomes the main line.
DATA_DUE = frozenset(
    {
        "serial",
        "lot",
        "expiry",
        "manual",
        "mark",
        "imei",
        "jw_uin",
        "gtd",
        "rnpt",
        "country",
        "unit_weight",
    }
)


class HeroShare(Struct, frozen=True):
    """What the scanning hero shows."""

    line: LineView | None
    verdict: VerdictView | None
    asked: Words | None
    ways: tuple[Words, ...] = ()


def hero_pad(theme: Theme) -> int:
    """Distance of the hero's content from its edge."""
    return theme.px(12) if theme.profile.tight else theme.pick(40, 22)


def hero_columns(theme: Theme, hero: QRectF, foot: float) -> tuple[QRectF, QRectF]:
    """The picture (at least 40 % of the width) and the text beside it."""
    pad = hero_pad(theme)
    inner = hero.adjusted(pad, pad, -pad, -pad)
    inner.setBottom(hero.bottom() - foot - (pad if foot else 0) - (0 if foot else pad))
    share = 0.453 if not theme.small else 0.408
    wide = round(hero.width() * share)
    if theme.profile.tight:
        wide = round(min(hero.width() * 0.3, inner.height()))
    picture = QRectF(inner.left(), inner.top(), wide, inner.height())
    left = picture.right() + theme.pick(56, 32)
    return picture, QRectF(left, inner.top(), inner.right() - left, inner.height())


def draw_eyebrow(canvas: Canvas, column: QRectF, icon: str, text: str, color: str) -> QRectF:
    """The verb over the main line; where the main line begins."""
    theme = canvas.theme
    height = max(theme.pick(40, 26), theme.line_height("label"))
    row = QRectF(column.left(), column.top(), column.width(), height)
    side = theme.pick(24, 22)
    canvas.icon(icon, QRectF(row.left(), row.center().y() - side / 2, side, side), color)
    row.setLeft(row.left() + side + theme.pick(13, 9))
    canvas.text(row, text, ("label", color), MIDDLE_LEFT, strong=True)
    below = QRectF(column)
    below.setTop(row.bottom() + theme.pick(10, 7))
    return below


def balanced(name: str, language: str) -> str:
    """A Chinese name of two parts stands on two lines, as it is read."""
    if language.startswith("zh") and name.count(" ") == 1 and len(name) <= 20:
        return name.replace(" ", "\n")
    return name


class HeroCard(Painted[HeroShare]):
    """Scan this, so many more."""

    ground = "canvas"
    progress = 1.0

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        """Nothing is shown before the first view."""
        super().__init__(kit, parent)
        self._foot: tuple[object, QPixmap] = (None, QPixmap())

    def changed(self, before: HeroShare | None) -> None:
        """The tick of a new verdict is still to be drawn; the strip itself is there at once."""
        if self._fresh(before) and self.theme.motion:
            self.progress = 0.0

    def settled(self, before: HeroShare | None) -> None:
        """The tick is drawn."""
        if self._fresh(before):
            self.motion.run(0.0, 1.0, MOTION_MS["verdict"])

    def _fresh(self, before: HeroShare | None) -> bool:
        verdict = self.shown.verdict if self.shown else None
        return verdict is not None and (before is None or before.verdict != verdict)

    def moved(self, value: float) -> None:
        """How much of the tick is drawn."""
        self.progress = value
        self.update(self._strip())

    def _strip(self) -> QRect:
        tall = strip_height(self.theme) + 2  # the band stands inside the card's outline
        return QRect(0, self.height() - tall, self.width(), tall)

    def at_once(self, before: HeroShare | None) -> QRect:
        """The verdict of a scan."""
        shown = self.shown
        if before is None or shown is None or shown.verdict is None or before.verdict is None:
            return QRect()
        return self._strip() if shown.verdict != before.verdict else QRect()

    def dirt(self, before: HeroShare | None) -> QRegion:
        """While the same product is scanned on, its picture stays."""
        shown = self.shown
        if before is None or shown is None or before.line is None or shown.line is None:
            return super().dirt(before)
        stays = before.line.product == shown.line.product and before.asked == shown.asked
        if not stays or (before.verdict is None) != (shown.verdict is None):
            return super().dirt(before)
        column = self._regions(QRectF(self.rect()), shown)[1].toAlignedRect()
        changed = QRegion(column) if before.line != shown.line else QRegion()
        return changed | self._strip() if before.verdict != shown.verdict else changed

    def share(self, view: StationView) -> HeroShare:
        """The line to scan next and the last verdict."""
        asked = view.entry.words if view.entry and view.entry.kind in DATA_DUE else None
        return HeroShare(view.current, view.verdict, asked, view.ways)

    def spoken(self) -> str:
        """The verb, the name and how many more."""
        if self.shown is None:
            return ""
        if self.shown.line is None:
            said = (self.words.of(way) for way in self.shown.ways)
            return ". ".join((self.words.say("screen.scan.all_in"), *said))
        line = self.shown.line
        return " ".join(
            (
                self.words.say("screen.scan.next"),
                line.product.name,
                str(line.due),
                self.words.say("screen.scan.more", line.due),
            )
        )

    def draw(self, canvas: Canvas, area: QRectF, shown: HeroShare) -> None:
        """Picture, text column and strip."""
        if shown.verdict is not None and self._only_strip(canvas):
            strip = self._strip()
            canvas.painter.drawPixmap(strip.topLeft(), self._ground(tone_of(shown.verdict)))
            draw_verdict(canvas, area, shown.verdict, self.progress)
            return
        if shown.verdict is None:
            canvas.card(area, radius="hero")
        else:
            draw_ground(canvas, area, tone_of(shown.verdict))
            draw_verdict(canvas, area, shown.verdict, self.progress)
        picture, column = self._regions(area, shown)
        if shown.line is None:
            self._all_in(canvas, area, shown)
            return
        if canvas.touches(picture):
            draw_product(canvas, self.kit.pictures, picture, shown.line.product)
        if canvas.touches(column):
            self._column(canvas, column, shown.line, canvas.words.of(shown.asked))

    def _all_in(self, canvas: Canvas, area: QRectF, shown: HeroShare) -> None:
        """Nothing more is due: a tick, and the ways on under it."""
        theme, pad = self.theme, hero_pad(self.theme)
        foot = strip_height(theme) if shown.verdict is not None else 0
        room = area.adjusted(pad, pad, -pad, -pad - foot)
        side, low = theme.pick(96, 64), steps_height(theme, room.height(), len(shown.ways))
        high = theme.line_height("head")
        top = room.top() + max(0.0, (room.height() - low - max(side, high)) / 2)
        mark = QRectF(room.left(), top, side, side)
        paint.ok_disc(canvas.painter, theme, mark)
        head = QRectF(mark.right() + theme.pick(32, 20), top, 0, side)
        head.setRight(room.right())
        text = canvas.words.say("screen.scan.all_in")
        fitted = canvas.fit((head.width(), head.height()), text, "head", 2)
        canvas.fitted(head, fitted, "ink", MIDDLE_LEFT)
        draw_steps(
            canvas, QRectF(room.left(), head.bottom(), room.width(), low), shown.ways, "sunken"
        )

    def _only_strip(self, canvas: Canvas) -> bool:
        """Whether nothing else is to be painted, on a screen whose pixels are whole."""
        whole = self.devicePixelRatioF().is_integer()
        return (
            whole
            and canvas.region is not None
            and self._strip().contains(canvas.region.boundingRect())
        )

    def _ground(self, tone: str) -> QPixmap:
        """The strip without its words, kept: smoothing the whole card's outline takes long."""
        ratio, strip = self.devicePixelRatioF(), self._strip()
        key = (tone, self.size(), ratio)
        if self._foot[0] != key:
            picture = QPixmap(strip.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(self.theme.color(self.ground))
            painter = QPainter(picture)
            painter.setRenderHints(SMOOTH)
            painter.translate(0, -strip.top())
            draw_ground(Canvas(painter, self.theme, self.words), QRectF(self.rect()), tone)
            painter.end()
            self._foot = (key, picture)
        return self._foot[1]

    def _regions(self, area: QRectF, shown: HeroShare) -> tuple[QRectF, QRectF]:
        """Picture and text column, over a strip that a tight screen has with a verdict only."""
        strip = shown.verdict is not None or not self.theme.profile.tight
        return hero_columns(self.theme, area, strip_height(self.theme) if strip else 0.0)

    def _column(self, canvas: Canvas, column: QRectF, line: LineView, asked: str) -> None:
        theme = self.theme
        verb = line.product.name if asked else canvas.words.say("screen.scan.next")
        icon = "keypad" if asked else "scanner"
        below = draw_eyebrow(canvas, column, icon, verb, "now.ink")
        pip = theme.px(24) if theme.profile.tight else theme.pick(40, 32)
        pips = QRectF(column.left(), column.bottom() - pip, min(column.width(), pip * 11), pip)
        floor = pips.top() - theme.pick(45, 29) * (0.4 if theme.profile.tight else 1)
        name = asked or balanced(line.product.name, canvas.words.language)
        least = theme.size("head") * 0.9
        head = QRectF(below.left(), below.top(), below.width(), floor - least - below.top())
        taken = canvas.fitted(head, self._name(canvas, head, name), "ink")
        paint.pips(canvas.painter, theme, pips, line.done, line.total)
        cap = floor - taken.bottom() - theme.px(12)
        self._count(canvas, QPointF(column.left(), floor), (column.width(), cap), line.due)

    def _name(self, canvas: Canvas, head: QRectF, name: str) -> Fitted:
        """Two lines; on a low stage one if it can be, or smaller ones: the count is the giant."""
        theme, size = self.theme, (head.width(), head.height())
        if head.height() >= theme.pick(380, 240):
            return canvas.fit_name(size, name)
        least = theme.size("title")
        most = theme.size("head") if head.height() >= theme.pick(200, 120) else least + 2
        one = canvas.fit_line(head.width(), name, most, least)
        return one or canvas.fit_name(size, name, round(theme.size("head") * 0.8))

    def _count(
        self, canvas: Canvas, baseline: QPointF, room: tuple[float, float], due: int
    ) -> None:
        theme = self.theme
        more = canvas.words.say("screen.scan.more", due)
        beside = canvas.width(more, "title", strong=True) + theme.px(22)
        count = str(due)
        role = "count" if len(count) < 4 else "count4"
        taken = canvas.giant(baseline, (room[0] - beside, room[1]), count, "now.fill", role)
        height = theme.line_height("title")
        row = QRectF(taken.right() + theme.px(20), baseline.y() - height * 0.86, beside, height)
        canvas.text(row, more, ("title", "now.ink"), strong=True)
