"""Two big answers to a question that only eyes can answer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from packstation.station.ports import AnswerGiven, Happening
from packstation.ui import tokens
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas
from packstation.ui.words import Speaker


class BigButton(QAbstractButton):
    """A plate with icon, word and key cap: primary in now, else outlined. Emits its happening."""

    happened = Signal(object)

    def __init__(  # noqa: PLR0913 - a button is its look and its word
        self,
        theme: Theme,
        words: Speaker,
        key: str,
        happening: Happening,
        parent: QWidget,
        *,
        icon: str = "",
        primary: bool = False,
        cap: str = "",
    ) -> None:
        """``key`` names its word; ``cap`` is the key on the keyboard that does the same."""
        super().__init__(parent)
        self._theme, self._words = theme, words
        self._happening, self._icon, self._primary, self._cap = happening, icon, primary, cap
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setText(words.say(key).replace("&", "&&"))
        self.setAccessibleName(words.say(key))
        self.clicked.connect(self._emit)

    @Slot()
    def _emit(self) -> None:
        self.happened.emit(self._happening)

    def _label(self) -> str:
        text = self.text().replace("&&", "&")
        return f"{self._cap}  {text}" if self._cap else text

    def sizeHint(self) -> QSize:
        """As high as a finger needs."""
        measure = self._theme.metrics_of("body", strong=True)
        icon = self._theme.px(48) if self._icon else 0
        wide = measure.horizontalAdvance(self._label()) + icon + self._theme.px(64)
        return QSize(round(wide), self._theme.metrics.touch)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Plate, icon and word in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        canvas = Canvas(painter, self._theme, self._words)
        area = QRectF(self.rect())
        fill, ink = ("now.fill", "now.on") if self._primary else ("surface", "ink")
        if self.isDown():
            fill, ink = ("now.tint", "now.ink")
        line = None if self._primary and not self.isDown() else "edge"
        canvas.plate(area, fill, line, width=tokens.CURRENT_LINE * 0.75)
        wish = canvas.width(self._label(), "body", strong=True)
        roomy = bool(self._icon) and wish + self._theme.px(64) <= area.width()
        side = self._theme.px(30) if roomy else 0
        gap = self._theme.px(18) if roomy else 0
        word = min(wish, area.width() - side - gap - 16)
        left = area.center().x() - (side + gap + word) / 2
        if roomy:
            box = QRectF(left, area.center().y() - side / 2, side, side)
            canvas.icon(self._icon, box, ink)
        room = QRectF(left + side + gap, area.top(), word + 2, area.height())
        canvas.text(room, self._label(), ("body", ink), MIDDLE_LEFT, strong=True)
        painter.end()


def yes_no(
    theme: Theme, words: Speaker, about: str, parent: QWidget
) -> tuple[BigButton, BigButton]:
    """The two answers about ``about``, keyed 1 and 2."""
    yes = BigButton(
        theme,
        words,
        f"screen.answer.{about}.yes",
        AnswerGiven(yes=True, about=about),
        parent,
        icon="check",
        primary=True,
    )
    no = BigButton(
        theme, words, f"screen.answer.{about}.no", AnswerGiven(yes=False, about=about), parent
    )
    return yes, no
