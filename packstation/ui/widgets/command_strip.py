"""The commands of a state: code, key cap and word; what a scanner, a key and a finger can do."""

from __future__ import annotations

from collections.abc import Hashable

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent

from packstation.station.ports import CommandGiven
from packstation.station.views import CommandView, StationView
from packstation.ui import paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas, printable
from packstation.ui.widgets.frame_part import FramePart
from packstation.ui.widgets.touch_area import TouchArea
from packstation.ui.words import Speaker

_TIGHT_COMMANDS = 4


class Cell(Struct, frozen=True):
    """A command's place: its own width of content and the words in one or two lines."""

    command: CommandView
    text: str
    left: float
    width: float
    coded: bool


class CommandStrip(FramePart):
    """Cells spread over the width. Where words do not fit they wrap; codes go last."""

    happened = Signal(object)

    def __init__(self, theme: Theme, words: Speaker) -> None:
        super().__init__(theme, words)
        self._commands: tuple[CommandView, ...] = ()
        self._cells: tuple[Cell, ...] = ()
        self._areas: list[TouchArea] = []

    def share(self, view: StationView) -> Hashable:
        """The commands; at 200 % the first of them and help."""
        commands = view.commands
        if self.theme.profile.tight and len(commands) > _TIGHT_COMMANDS:
            commands = (*commands[: _TIGHT_COMMANDS - 1], commands[-1])
        self._commands = commands
        return commands

    def spoken(self) -> str:
        """What this strip is."""
        return self.words.say("frame.commands")

    def changed(self) -> None:
        """Lays cells and touch areas out anew."""
        self._lay_out()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Another width spreads the cells anew."""
        self._lay_out()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Where each command stands."""
        return self._cells

    def _plate_side(self, command: str) -> int:
        """A code's plate: the code with its white module, and a rim."""
        side = paint.matrix_side(self.theme, command)
        return side + 2 * self.theme.pick(3, 2) if side else 0

    def _width(self, command: CommandView, text: str, *, coded: bool) -> float:
        t = self.theme
        measure = t.metrics_of("label", strong=True)
        words = max(
            paint.key_width(t, command.key),
            *(measure.horizontalAdvance(line) for line in text.split("\n")),
        )
        code = self._plate_side(command.command) if coded and command.coded else 0
        return (code + t.pick(16, 16) if code else 0) + words + 2

    def _widths(self) -> tuple[list[str], list[float], bool]:
        """Texts, widths and whether codes are shown: the first arrangement that fits."""
        plain = [printable(self.words.of(command.words)) for command in self._commands]
        wrapped = [_in_two_lines(text) for text in plain]
        least = self.theme.metrics.gap
        widths: list[float] = []
        for texts, coded in ((plain, True), (wrapped, True), (plain, False), (wrapped, False)):
            widths = [
                self._width(command, text, coded=coded)
                for command, text in zip(self._commands, texts, strict=True)
            ]
            if sum(widths) + least * (len(widths) - 1) <= self.width():
                return texts, widths, coded
        return wrapped, widths, False

    def _lay_out(self) -> None:
        texts, widths, coded = self._widths()
        free = self.width() - sum(widths)
        gap = free / (len(widths) - 1) if len(widths) > 1 else 0.0
        x, cells = 0.0, []
        for command, text, width in zip(self._commands, texts, widths, strict=True):
            cells.append(Cell(command, text, x, width, coded and command.coded))
            x += width + gap
        self._cells = tuple(cells)
        self._place_areas(gap)

    def _place_areas(self, gap: float) -> None:
        while len(self._areas) < len(self._cells):
            area = TouchArea(self)
            area.clicked.connect(self._pressed)
            self._areas.append(area)
        spare = max(0.0, gap - self.theme.metrics.gap)
        for index, area in enumerate(self._areas):
            area.setVisible(index < len(self._cells))
            if index >= len(self._cells):
                continue
            cell = self._cells[index]
            more = min(spare, max(0.0, self.theme.metrics.touch - cell.width))
            left = min(cell.left, self.width() - cell.width - more)
            area.setGeometry(round(left), 0, round(cell.width + more), self.height())
            area.setAccessibleName(f"{cell.command.key} {cell.text}".replace("\n", " "))
            area.setEnabled(cell.command.enabled)

    def _pressed(self) -> None:
        sender = self.sender()
        for area, cell in zip(self._areas, self._cells, strict=False):
            if area is sender:
                self.happened.emit(CommandGiven(command=cell.command.command, source="touch"))

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Each cell: code, then key cap over word."""
        for cell in self._cells:
            self._draw_cell(canvas, area, cell)

    def _draw_cell(self, canvas: Canvas, area: QRectF, cell: Cell) -> None:
        t = self.theme
        x, middle = cell.left, area.center().y()
        side = self._plate_side(cell.command.command) if cell.coded else 0
        if side:
            plate = QRectF(round(x), round(middle - side / 2), side, side)
            canvas.painter.setOpacity(1.0 if cell.command.enabled else 0.25)
            paint.rounded(
                canvas.painter, plate, t.radius("key"), t.paper.color("surface"), t.color("line"), 1
            )
            rim = t.pick(3, 2)
            corner = QPointF(plate.left() + rim, plate.top() + rim)
            paint.matrix_code(canvas.painter, t, corner, cell.command.command)
            canvas.painter.setOpacity(1.0)
            x += side + t.pick(16, 16)
        lines = cell.text.split("\n")
        # All caps stand at one height, also where only one word wraps.
        rise = t.pick(11, 10) * any("\n" in other.text for other in self._cells)
        paint.key_cap(
            canvas.painter, t, QPointF(x, middle - t.pick(34, 31) - rise), cell.command.key
        )
        ink = "ink" if cell.command.enabled else "ink3"
        tall = t.size("label") * 1.2
        for row, line in enumerate(lines):
            top = middle + t.pick(9, 5) - rise + row * tall
            top += tall / 2 if rise and len(lines) == 1 else 0
            room = QRectF(x, top, cell.left + cell.width - x + 2, tall)
            canvas.text(room, line, ("label", ink), MIDDLE_LEFT, strong=True)


def _in_two_lines(text: str) -> str:
    """The text broken at the blank nearest its middle; unbroken where there is none."""
    blanks = [index for index, mark in enumerate(text) if mark == " "]
    if not blanks:
        return text
    at = min(blanks, key=lambda index: abs(index - len(text) / 2))
    return f"{text[:at]}\n{text[at + 1 :]}"
