"""Short movements of drawn parts: one at a time, never waited for, ended by the next view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QVariantAnimation, Slot
from PySide6.QtWidgets import QWidget


class Motion(QVariantAnimation):
    """Moves a value of ``widget`` and has it painted; without motion it jumps to its end."""

    def __init__(self, widget: QWidget, take: Callable[[float], None], *, moves: bool) -> None:
        """``take`` is given every value; ``moves`` is the theme's wish."""
        super().__init__(widget)
        self._take = take
        self._moves = moves
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._step)

    @Slot(object)
    def _step(self, value: float) -> None:
        self._take(float(value))

    def run(self, start: float, end: float, milliseconds: int) -> None:
        """From ``start`` to ``end`` once."""
        self.stop()
        if not self._moves:
            self._take(end)
            return
        self.setLoopCount(1)
        self._begin(start, end, milliseconds)

    def turn(self, milliseconds: int) -> None:
        """From 0 to 1 again and again: the only movement without an end."""
        if not self._moves or self.state() == QVariantAnimation.State.Running:
            return
        self.setEasingCurve(QEasingCurve.Type.Linear)
        self.setLoopCount(-1)
        self._begin(0.0, 1.0, milliseconds)

    def _begin(self, start: float, end: float, milliseconds: int) -> None:
        self.setStartValue(start)
        self.setEndValue(end)
        self.setDuration(milliseconds)
        self.start()
