"""The panel of an entry: what is asked, what was typed, twelve keys or a list of answers.

Its field is the only widget of the window that takes the focus. The keypad works by touch;
a keyboard types into the field and Enter confirms, only when the value is plausible.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from packstation.station.ports import ChoiceMade, CommandGiven, TextEntered
from packstation.station.views import EntryView, ProductView, StationView
from packstation.ui import icons, paint, tokens
from packstation.ui.plausible import judge
from packstation.ui.theme import Theme, set_role
from packstation.ui.typeset import text_fit
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, Canvas
from packstation.ui.widgets.product_picture import Pictures, draw_product
from packstation.ui.widgets.touch_area import TouchArea
from packstation.ui.words import Speaker

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "enter")


class KeyButton(TouchArea):
    """A key of the pad: a digit, an icon, or Enter, which is off until the value is plausible."""

    def __init__(self, name: str, theme: Theme, words: Speaker, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._theme = theme
        spoken = name if name.isdigit() else words.say(f"frame.key.{name}")
        self.setAccessibleName(spoken)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A plate with its digit or icon."""
        painter, t = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        primary = self.name == "enter" and self.isEnabled()
        down = self.isDown()
        fill = "now.fill" if primary else "sunken" if down or not self.isEnabled() else "surface"
        line = "now.fill" if primary else "edge" if self.isEnabled() else "line"
        paint.rounded(painter, area, t.radius("card"), t.color(fill), t.color(line), 2)
        ink = t.color("now.on" if primary else "ink" if self.isEnabled() else "ink3")
        if self.name.isdigit():
            painter.setFont(t.font("title", strong=True))
            painter.setPen(ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.name)
        else:
            side = t.px(36)
            box = QRectF(0, 0, side, side)
            box.moveCenter(area.center())
            icons.draw_icon(painter, "check" if self.name == "enter" else self.name, box, ink)
        painter.end()


class ChoiceRow(TouchArea):
    """One of the answers to pick: its number as a key cap, then its words."""

    def __init__(
        self, index: int, text: str, theme: Theme, words: Speaker, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.index = index
        self.pictures: Pictures | None = None
        self.product: ProductView | None = None
        self.role = "body"
        self._text = text
        self._theme = theme
        self._words = words
        self.setAccessibleName(f"{index + 1} {text}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A plate over the whole width."""
        painter, t = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        fill = t.color("sunken" if self.isDown() else "surface")
        paint.rounded(painter, area, t.radius("card"), fill, t.color("edge"), 2)
        pad = t.px(20)
        height = t.pick(34, 30)
        corner = QPointF(pad, area.center().y() - height / 2)
        left = pad
        if self.index < 4:
            cap = paint.key_cap(painter, t, corner, str(self.index + 1))
            left = round(cap.right() + t.px(16))
        canvas = Canvas(painter, t, self._words)
        if self.product is not None and self.pictures is not None:
            side = area.height() - t.px(12)
            picture = QRectF(left, t.px(6), side, side)
            draw_product(canvas, self.pictures, picture, self.product, radius="chip")
            left = round(picture.right() + t.px(16))
        room = QRectF(left, 0, area.width() - left - pad, area.height())
        canvas.text(room, self._text, (self.role, "ink"), MIDDLE_LEFT, lines=2, strong=True)
        painter.end()

    def roomy(self, width: int, height: int) -> bool:
        """Whether its words stand in ``body`` in two lines."""
        t = self._theme
        left = t.px(20) + (paint.key_width(t, "4") + t.px(16) if self.index < 4 else 0)
        left += height + t.px(10) if self.product is not None else 0
        fitted = text_fit(t, width - left - t.px(20), height, self._text, "body", 2, strong=True)
        return fitted.font.pixelSize() >= t.size("body")


class Keypad(QWidget):
    """Shows ``view.entry``; hidden without one. Emits TextEntered, ChoiceMade, CommandGiven."""

    happened = Signal(object)

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.words = words
        self._entry: EntryView | None = None
        self.field = QLineEdit(self)
        self.field.setFont(theme.font_px("num", theme.pick(52, 44), 700))
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.textChanged.connect(self._judge)
        self.keys = tuple(KeyButton(name, theme, words, self) for name in _KEYS)
        for key in self.keys:
            key.clicked.connect(self._touched)
        self.rows: tuple[ChoiceRow, ...] = ()
        self.pictures = Pictures(self)
        set_role(self, "keypad")
        self.hide()

    @property
    def entry(self) -> EntryView | None:
        """What is asked now."""
        return self._entry

    @property
    def _pad(self) -> int:
        return self.theme.pick(28, 22)

    def wanted(self, most: int) -> tuple[int, int]:
        """Width and height of the panel, no taller than ``most``."""
        m = self.theme.metrics
        key = max(m.touch, self.theme.px(80))
        width = 3 * key + 2 * m.gap + 2 * self._pad
        if self._entry is not None and self._entry.choices:
            rows = len(self._entry.choices)
            tall = self._head + rows * key + (rows - 1) * self.theme.px(29) + self._pad
            return max(width, self.theme.pick(560, 460)), min(most, tall + self._shown)
        return width, min(most, self._head + self._value + 4 * key + 3 * m.gap + self._pad)

    @property
    def _head(self) -> int:
        return self._pad + round(self.theme.line_height("body") * 2) + self.theme.px(8)

    @property
    def _shown(self) -> int:
        """Room for the thing that the answers are about."""
        entry = self._entry
        pictured = entry is not None and entry.choices and entry.product is not None
        return self.theme.pick(260, 170) if pictured else 0

    @property
    def _value(self) -> int:
        problem = round(self.theme.line_height("label")) * 2
        return self.theme.pick(76, 68) + problem + self.theme.px(16)

    def show_view(self, view: StationView) -> None:
        """Takes the view's entry.

        A new question starts with its value; the same one keeps what was typed.
        """
        entry, before = view.entry, self._entry
        if entry == before:
            return
        self._entry = entry
        if entry is None:
            self.field.clearFocus()
            return
        if before is None or (before.kind, before.words) != (entry.kind, entry.words):
            self.field.setText(entry.value)
            # What is proposed is taken by Enter; what is typed takes its place.
            self.field.selectAll()
        elif entry.problem is not None:
            self.field.clear()
        self._rebuild(entry)

    def _rebuild(self, entry: EntryView) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = tuple(
            ChoiceRow(index, self.words.of(words), self.theme, self.words, self)
            for index, (_, words) in enumerate(entry.choices)
        )
        for row, product in zip(self.rows, entry.pictures, strict=False):
            row.pictures, row.product = self.pictures, product
        for row in self.rows:
            row.clicked.connect(self._picked)
            row.show()
        typed = not entry.choices
        mode = QLineEdit.EchoMode.Password if entry.secret else QLineEdit.EchoMode.Normal
        self.field.setEchoMode(mode)
        self.field.setVisible(typed)
        self.field.setAccessibleName(self.words.of(entry.words))
        self.setAccessibleName(self.words.of(entry.words))
        for key in self.keys:
            key.setVisible(typed)
        self._judge()
        self._lay_out()
        self.update()

    def focus_field(self) -> None:
        """Typing goes into the field."""
        if self._entry is not None and not self._entry.choices:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keys keep their size; rows share the height."""
        self._lay_out()

    def _lay_out(self) -> None:
        t, pad = self.theme, self._pad
        key = max(t.metrics.touch, t.px(80))
        inner = self.width() - 2 * pad
        self.field.setGeometry(pad, self._head, inner, t.pick(76, 68))
        self._place_keys(key, pad, inner)
        room = self.height() - self._head - self._shown - pad
        gap = t.px(29)
        tall, step = key, key + gap
        if self.rows and len(self.rows) * step - gap > room:
            # More answers than fit: the rows share what there is.
            step = max(1, (room + gap // 2) // len(self.rows))
            tall = step - gap // 2
        for index, row in enumerate(self.rows):
            top = self._head + self._shown + index * step
            row.setGeometry(pad, top, inner, tall)
        role = "body" if all(row.roomy(inner, tall) for row in self.rows) else "label"
        for row in self.rows:
            row.role = role

    def _place_keys(self, key: int, pad: int, inner: int) -> None:
        """Twelve keys under the field; on a low screen they give up air first, then height."""
        top = self._head + self._value
        gap = self.theme.metrics.gap
        left = pad + (inner - 3 * key - 2 * gap) // 2
        room = self.height() - top - pad
        between = min(gap, max(self.theme.px(12), (room - 4 * key) // 3))
        high = min(key, (room - 3 * between) // 4)
        for index, button in enumerate(self.keys):
            x, y = index % 3, index // 3
            button.setGeometry(left + x * (key + gap), top + y * (high + between), key, high)

    def _judge(self) -> None:
        kind = self._entry.kind if self._entry else ""
        self.keys[-1].setEnabled(judge(kind, self.field.text()) == "")
        self.update()

    def confirm(self) -> None:
        """Enter: says what was typed, once it is plausible."""
        entry = self._entry
        if entry is None or entry.choices:
            return
        value = self.field.text().strip()
        if judge(entry.kind, value) == "":
            self.field.clear() if entry.secret else None
            self.happened.emit(TextEntered(kind=entry.kind, value=value))

    def _touched(self) -> None:
        button = self.sender()
        if not isinstance(button, KeyButton):
            return
        if button.name == "enter":
            self.confirm()
        elif button.name == "erase":
            self.field.backspace()
        else:
            self.field.insert(button.name)

    def _picked(self) -> None:
        row = self.sender()
        if isinstance(row, ChoiceRow) and self._entry is not None:
            value = self._entry.choices[row.index][0]
            self.happened.emit(ChoiceMade(index=row.index, value=value, source="touch"))

    def cancel(self) -> None:
        """Esc: the question goes away."""
        self.happened.emit(CommandGiven("back"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Raised plate, the question, and what is wrong with the value."""
        painter, t = QPainter(self), self.theme
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        area = QRectF(self.rect())
        paint.rounded(painter, area, t.radius("hero"), t.color("raised"), t.color("line"), 2)
        entry = self._entry
        if entry is not None:
            canvas = Canvas(painter, t, self.words)
            pad = self._pad
            head = QRectF(pad, pad, area.width() - 2 * pad, self._head - pad - t.px(8))
            canvas.text(
                head, self.words.of(entry.words), ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True
            )
            if self._shown and entry.product is not None:
                tall = self._shown - t.px(20)
                wide = min(area.width() - 2 * pad, tall * 1.5)
                box = QRectF(area.center().x() - wide / 2, self._head, wide, tall)
                draw_product(canvas, self.pictures, box, entry.product)
            self._say_problem(canvas, entry)
        painter.end()

    def _say_problem(self, canvas: Canvas, entry: EntryView) -> None:
        t = self.theme
        finding = judge(entry.kind, self.field.text()) if self.field.text() else ""
        text = self.words.say(finding) if finding else self.words.of(entry.problem)
        if not text or entry.choices:
            return
        ink = "ink2" if finding else "stop.ink"
        low = self.field.geometry().bottom() + t.px(3)
        room = QRectF(self._pad, low, self.width() - 2 * self._pad, t.line_height("label") * 2)
        canvas.text(room, text, ("label", ink), MIDDLE_CENTRE, lines=2, strong=not finding)


class Shadow(QWidget):
    """The one shadow there is, under the keypad: 0 12 40, ink 28 %; painted once per size."""

    SPREAD = 40

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Rounded plates of little ink on top of each other."""
        painter, t = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rings = 20
        for ring in range(rings):
            ink = QColor(tokens.LIGHT.ink)
            # Alphas add up to half of 28 % at the panel's edge, as a blur's do.
            ink.setAlphaF(0.14 * 2 * (ring + 1) / (rings * (rings + 1)))
            inset = self.SPREAD * ring / rings
            area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            paint.rounded(painter, area, t.radius("hero") + self.SPREAD - inset, ink)
        painter.end()
