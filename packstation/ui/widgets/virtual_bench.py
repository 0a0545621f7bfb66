"""The simulated bench beside the window: goods to scan, a scale, faults, the printer's paper.

It drives `packstation.station.ports.BenchControls` and nothing else; on a real bench it is
absent (picture 11, right side).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from packstation.station.ports import BenchControls
from packstation.station.views import ProductView, Screen, StationView
from packstation.ui.theme import Theme, set_role
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.fault_card import FaultCard
from packstation.ui.widgets.label_preview import draw_label
from packstation.ui.widgets.plain_button import PlainButton
from packstation.ui.widgets.product_picture import Pictures, draw_product
from packstation.ui.words import Speaker

SHOWN = 4
_REFRESH_MS = 200
_LAMPS = (("green", "ok.fill"), ("amber", "warn.fill"), ("red", "stop.fill"))


class Thing(Struct, frozen=True):
    """Something that a hand may hold before the scanner.

    ``kind``: badge, order, product or carton; ``weight_g`` what it adds to the scale.
    """

    kind: str
    name: str
    code: str
    product: ProductView | None = None
    weight_g: int = 0
    aim: str = ""


_KIND = {
    Screen.SIGN_IN: "badge",
    Screen.ENROL: "badge",
    Screen.QUEUE: "order",
    Screen.COMPLETED: "order",
    Screen.CARTONING: "carton",
    Screen.WEIGHING: "carton",
    Screen.PARKED: "tote",
}
_ICONS = {"badge": "badge", "order": "tote", "carton": "box", "tote": "tote"}


def things_for(view: StationView, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """What is likely in the hand now: goods of the order, else badges, orders or boxes."""
    kind = "badge" if view.locked else _KIND.get(view.screen, "product")
    fitting = [thing for thing in things if thing.kind == kind]
    if kind == "product":
        due = [line.product.sku for line in view.lines if line.due and line.state != "short"]
        wanted = [t for t in fitting if t.product is not None and t.product.sku in due]
        wanted.sort(key=lambda t: due.index(t.product.sku) if t.product else 0)
        other = [thing for thing in fitting if thing not in wanted]
        fitting = wanted[: SHOWN - 1] + other[: max(1, SHOWN - len(wanted))]
    elif kind == "carton" and view.carton is not None:
        fitting.sort(key=lambda thing: thing.code != view.carton.code if view.carton else False)
    elif kind == "order" and view.queue is not None:
        order = [row.order_id for row in view.queue.rows]
        fitting.sort(key=lambda t: order.index(t.name) if t.name in order else len(order))
    return tuple(fitting[:SHOWN])


class VirtualBench(QWidget):
    """Four cards under each other: scan, scale, faults, paper."""

    def __init__(
        self,
        theme: Theme,
        words: Speaker,
        controls: BenchControls,
        things: Sequence[Thing] = (),
        parent: QWidget | None = None,
    ) -> None:
        """``things`` are goods, badges, orders and cartons of the samples."""
        super().__init__(parent)
        self.theme, self.words = theme, words
        self._controls, self._things = controls, things
        self._view = StationView(screen=Screen.SIGN_IN)
        self.pictures = Pictures(self)
        self.pictures.ready.connect(self.update)
        self.shown: tuple[Thing, ...] = ()
        self.picked: Thing | None = None
        self.paper = -1
        self.bench = controls.view()
        self._build()
        self._show_faults()
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()

    def _build(self) -> None:
        t, w = self.theme, self.words
        self.field = QLineEdit(self)
        self.field.setFont(t.font("label", mono=True))
        # Its height is the card's to give: no glove touches a simulated bench.
        set_role(self.field, "low")
        self.field.setAccessibleName(w.say("screen.sim.text"))
        self.field.setPlaceholderText(w.say("screen.sim.text"))
        self.field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.field.returnPressed.connect(self.scan)
        self.scan_button = PlainButton(
            t, w.say("screen.sim.scan"), self, icon="scanner", primary=True
        )
        self.scan_button.clicked.connect(self.scan)
        self.put_on = PlainButton(t, w.say("screen.sim.on"), self)
        self.put_on.clicked.connect(self.put)
        self.take_off = PlainButton(t, w.say("screen.sim.off"), self)
        self.take_off.clicked.connect(self.clear)
        self.fault_card = FaultCard(t, w, self.bench.devices, self)
        self.fault_card.flipped.connect(self._flip)
        self.stick = PlainButton(t, w.say("screen.sim.stick"), self)
        self.stick.clicked.connect(self.stick_paper)
        self.scan_paper = PlainButton(t, w.say("screen.sim.scan_label"), self)
        self.scan_paper.clicked.connect(self.scan_label)
        self.older = PlainButton(t, w.say("screen.sim.older"), self)
        self.older.clicked.connect(self.turn_back)

    # --- what a hand does -----------------------------------------------------------------

    @Slot()
    def scan(self) -> None:
        """Pulls the trigger on the text of the field."""
        text = self.field.text().strip()
        if text:
            aim = self.picked.aim if self.picked and self.picked.code == text else ""
            self._controls.scan(text, aim)
            self.field.clearFocus()

    @Slot()
    def put(self) -> None:
        """Puts the closed box on while weighing, else the picked thing."""
        weigh = self._view.weigh
        if self._view.screen == Screen.WEIGHING and weigh is not None and weigh.expected_g:
            self._controls.place(weigh.expected_g)
        else:
            more = self.picked.weight_g if self.picked and self.picked.weight_g else 100
            self._controls.place(self._controls.view().on_scale_g + more)
        self.refresh()

    @Slot()
    def clear(self) -> None:
        """Takes everything off the scale."""
        self._controls.place(0)
        self.refresh()

    @Slot(str, str, bool)
    def _flip(self, device: str, fault: str, on: bool) -> None:
        self._controls.set_fault(device, fault, on)
        self.refresh()

    @Slot()
    def stick_paper(self) -> None:
        """Sticks the label that is shown on the box."""
        waybill = self._waybill()
        if waybill:
            self._controls.stick_label(waybill)
            self.refresh()

    @Slot()
    def scan_label(self) -> None:
        """Scans the label on the box, or the one that is shown."""
        waybill = self.bench.stuck or self._waybill()
        if waybill:
            self._controls.scan(waybill, "]C1")

    @Slot()
    def turn_back(self) -> None:
        """Shows the label before this one; after the first the newest again."""
        count = len(self.bench.papers)
        if count:
            shown = count - 1 if self.paper < 0 else self.paper
            self.paper = shown - 1 if shown > 0 else -1
            self.update()

    def _waybill(self) -> str:
        papers = self.bench.papers
        if not papers:
            return ""
        return papers[self.paper if 0 <= self.paper < len(papers) else -1].waybill

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A touched thing is scanned at once."""
        for index, thing in enumerate(self.shown):
            if self._cell(index).contains(event.position()):
                self.picked = thing
                self._hold(thing.code)
                self._controls.scan(thing.code, thing.aim)
                self.update()

    def _hold(self, code: str) -> None:
        """Into the field, from its first character: a long code scrolls at its end."""
        self.field.setText(code)
        self.field.setCursorPosition(0)

    # --- what is shown ----------------------------------------------------------------------

    def show_view(self, view: StationView) -> None:
        """Offers what is likely in the hand in this state."""
        self._view = view
        shown = things_for(view, self._things)
        if shown != self.shown:
            self.shown = shown
            if self.picked not in shown:
                self.picked = shown[0] if shown else None
                self._hold(self.picked.code if self.picked else "")
        self.update()

    @Slot()
    def refresh(self) -> None:
        """Looks at the simulated bench again; paints only what changed."""
        bench = self._controls.view()
        if bench == self.bench:
            return
        if len(bench.papers) != len(self.bench.papers):
            self.paper = -1
        self.bench = bench
        self._show_faults()
        self.update()

    def _show_faults(self) -> None:
        self.fault_card.show_bench(self.bench)

    def _cards(self) -> list[QRectF]:
        """Scan, scale, faults, paper."""
        margin = self.theme.px(20)
        gap = self.theme.pick(17, 10)
        inner = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        free = inner.height() - 3 * gap
        top = inner.top()
        found = []
        for part in (0.272, 0.128, 0.318, 0.282):
            found.append(QRectF(inner.left(), top, inner.width(), free * part))
            top += free * part + gap
        return found

    def _pad(self) -> float:
        return float(self.theme.pick(22, 14))

    def _head(self) -> float:
        return self.theme.line_height("label") + self.theme.pick(26, 14)

    def _cell(self, index: int) -> QRectF:
        """The place of a thing to scan."""
        card = self._cards()[0]
        inner = card.adjusted(self._pad(), self._head(), -self._pad(), 0)
        gap = self.theme.px(14)
        wide = (inner.width() - (SHOWN - 1) * gap) / SHOWN
        high = card.height() - self._head() - self._field_high() - self.theme.pick(40, 24)
        return QRectF(inner.left() + index * (wide + gap), inner.top(), wide, high)

    def _field_high(self) -> float:
        return float(self.theme.pick(56, 44))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Fields and buttons stand on their cards."""
        if self.width() < self.theme.px(240):
            return
        scan, scale, faults, paper = self._cards()
        pad, high = self._pad(), self._field_high()
        low = scan.bottom() - pad - high
        wide = min(scan.width() * 0.36, float(self.scan_button.sizeHint().width()))
        button = QRectF(scan.right() - pad - wide, low, wide, high)
        self.scan_button.setGeometry(button.toRect())
        field = QRectF(scan.left() + pad, low, button.left() - scan.left() - pad - 12, high)
        self.field.setFixedSize(field.size().toSize())
        self.field.move(field.topLeft().toPoint())
        self._place_row(scale, [self.put_on, self.take_off])
        self.fault_card.setGeometry(faults.toRect())
        self._place_column(paper, [self.scan_paper, self.stick])
        head = QRectF(paper.left() + pad, paper.top() + 6, paper.width() - 2 * pad, 0)
        head.setHeight(self._head() - 8)
        head.setLeft(head.center().x() + pad)
        self.older.setGeometry(head.toRect())

    def _place_row(self, card: QRectF, buttons: list[PlainButton]) -> None:
        high = min(self._field_high(), card.height() - self._head())
        wide = card.width() * 0.3
        x = card.right() - self._pad() - wide * len(buttons) - 12 * (len(buttons) - 1)
        for button in buttons:
            top = card.top() + self._head() * 0.7 + (card.height() - self._head() * 0.7 - high) / 2
            button.setGeometry(QRectF(x, top, wide, high).toRect())
            x += wide + 12

    def _place_column(self, card: QRectF, buttons: list[PlainButton]) -> None:
        left = self._paper(card).right() + self._pad()
        wide = card.right() - self._pad() - left
        said = self._paper(card).top() + self.theme.line_height("fine") * 2 + self.theme.px(8)
        room = card.bottom() - self._pad() - said
        step = min(self._field_high() + self.theme.px(8), room / len(buttons))
        top = card.bottom() - self._pad() - step * len(buttons)
        for button in buttons:
            cell = QRect(round(left), round(top), round(wide), round(step - self.theme.px(8)))
            button.setGeometry(cell)
            top += step

    def _paper(self, card: QRectF) -> QRectF:
        high = card.height() - self._head() - self._pad()
        wide = min(card.width() * 0.36, high * 0.77)
        return QRectF(card.left() + self._pad(), card.top() + self._head(), wide, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cards on the sunken ground."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        canvas = Canvas(painter, self.theme, self.words)
        painter.fillRect(self.rect(), canvas.color("sunken"))
        cards = self._cards()
        titles = ("screen.sim.scan_title", "screen.sim.scale", "screen.sim.paper")
        # The faults have a card of their own.
        for card, key in zip((cards[0], cards[1], cards[3]), titles, strict=True):
            canvas.card(card)
            row = QRectF(card.left() + self._pad(), card.top(), card.width() - 2 * self._pad(), 0)
            row.setHeight(self._head())
            canvas.text(row, self.words.say(key), ("label", "ink"), MIDDLE_LEFT, strong=True)
        for index, thing in enumerate(self.shown):
            self._draw_thing(canvas, self._cell(index), thing)
        self._draw_light(canvas, cards[0])
        self._draw_scale(canvas, cards[1])
        self._draw_paper(canvas, cards[3])
        painter.end()

    def _draw_thing(self, canvas: Canvas, cell: QRectF, thing: Thing) -> None:
        """Picture and name; the picked one in a now outline."""
        text = self.theme.line_height("fine")
        side = min(cell.width(), cell.height() - text)
        box = QRectF(cell.center().x() - side / 2, cell.top(), side, side)
        if thing.product is not None:
            draw_product(canvas, self.pictures, box, thing.product, radius="chip")
        else:
            canvas.plate(box, "picture", radius="chip")
            inset = side * 0.26
            paper = canvas.on(self.theme.paper)
            icon = _ICONS.get(thing.kind, "find")
            paper.icon(icon, box.adjusted(inset, inset, -inset, -inset), "ink2")
        if thing == self.picked:
            canvas.plate(box.adjusted(-5, -5, 5, 5), None, "now.fill", radius="card", width=3)
        row = QRectF(cell.left() - 6, box.bottom() + 2, cell.width() + 12, text)
        name = canvas.cut_middle(thing.name, "fine", row.width())
        canvas.text(row, name, ("fine", "ink"), MIDDLE_CENTRE)

    def _draw_light(self, canvas: Canvas, card: QRectF) -> None:
        """The tower at the bench: three lamps in the scan card's head, and their colours' names."""
        lit = self.bench.lit
        if lit is None:
            return
        side = self._head() * 0.4
        row = QRectF(card.left(), card.top(), card.width() - self._pad(), self._head())
        for name, color in reversed(_LAMPS):
            lamp = QRectF(row.right() - side, row.center().y() - side / 2, side, side)
            shines = name in lit
            canvas.plate(lamp, color if shines else "sunken", "edge", radius="chip", width=1)
            row.setRight(lamp.left() - self.theme.px(6))
        row.setLeft(card.center().x() - self._pad())
        names = [name for name, _ in _LAMPS if name in lit] or ["dark"]
        said = ", ".join(canvas.words.say(f"screen.sim.lit.{name}") for name in names)
        canvas.text(row, said, ("fine", "ink2"), MIDDLE_RIGHT)

    def _draw_scale(self, canvas: Canvas, card: QRectF) -> None:
        grams = canvas.words.show(self.bench.on_scale_g)
        left = card.left() + self._pad()
        room = QRectF(left, card.top() + self._head() * 0.7, self.put_on.x() - left - 8, 0)
        room.setBottom(card.bottom() - 4)
        number = canvas.text(
            room.adjusted(0, 0, -room.width() * 0.25, 0), grams, ("price", "ink"), MIDDLE_LEFT
        )
        room.setLeft(number.right() + 10)
        unit = canvas.words.say("screen.unit.g")
        canvas.text(room, unit, ("label", "ink2"), MIDDLE_LEFT)

    def _draw_paper(self, canvas: Canvas, card: QRectF) -> None:
        """The label that came out last, or the one turned back to."""
        paper = self._paper(card)
        canvas.plate(paper, "picture", radius="chip")
        waybill = self._waybill()
        left = paper.right() + self._pad()
        row = QRectF(left, paper.top(), card.right() - self._pad() - left, 0)
        row.setHeight(self.theme.line_height("fine") * 2)
        enabled = bool(waybill)
        for button in (self.stick, self.scan_paper):
            button.setEnabled(enabled)
        self.older.setEnabled(len(self.bench.papers) > 1)
        if not waybill:
            canvas.text(row, self.words.say("screen.sim.no_paper"), ("fine", "ink2"), lines=2)
            return
        stuck = self.bench.stuck == waybill
        key = "screen.sim.stuck" if stuck else "screen.sim.loose"
        text = f"{waybill}\n{self.words.say(key)}"
        canvas.text(row, text, ("fine", "ink"), lines=2, strong=True)
        wide = paper.width() * 0.92
        label = QRectF(0, 0, wide, wide * 0.725)
        label.moveCenter(paper.center())
        country = self._view.order.country if self._view.order else ""
        box = self._view.carton.code if self._view.carton else ""
        draw_label(canvas.painter, self.theme, label, country=country, box=box, waybill=waybill)


def make_virtual_bench(
    theme: Theme, words: Speaker, controls: BenchControls, things: Sequence[Thing] = ()
) -> VirtualBench:
    """The panel for `MainWindow.set_side`."""
    return VirtualBench(theme, words, controls, things)


def bench_width(theme: Theme) -> int:
    """Pixels that the panel takes at the right of the window."""
    return theme.pick(500, 372)
