"""Everything of one theme and language: bar, rail, foot, stages, what covers them, the keypad.

Made anew when the person or the screen's profile changes, so that no part has to restyle itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from packstation.station.ports import CommandGiven
from packstation.station.views import Screen, StationView
from packstation.ui import tokens
from packstation.ui.stage import StageScreen
from packstation.ui.theme import Theme
from packstation.ui.widgets.foot import Foot
from packstation.ui.widgets.step_rail import StepRail, rail_of
from packstation.ui.widgets.task_bar import TaskBar
from packstation.ui.widgets.top_bar import TopBar
from packstation.ui.widgets.touch_area import TouchArea
from packstation.ui.widgets.training_bar import TrainingBar
from packstation.ui.words import Speaker

if TYPE_CHECKING:
    from packstation.ui.main_window import Stages
    from packstation.ui.widgets.keypad import Keypad, Shadow

# Made in idle moments, so that no scan waits for an import.
_WARM_OVERLAYS = ("refusal",)
_WARM_SCREENS = (
    Screen.QUEUE,
    Screen.SCANNING,
    Screen.CARTONING,
    Screen.WEIGHING,
    Screen.RATING,
    Screen.PRINTING,
    Screen.CONFIRMING,
    Screen.COMPLETED,
)


class Frame(QWidget):
    """Lays out the regions; the stage is chosen by ``view.screen``, an alert lies over it."""

    happened = Signal(object)

    def __init__(
        self,
        theme: Theme,
        words: Speaker,
        stages: Stages,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.words = words
        self._stages = stages
        self.training = TrainingBar(theme, words, self)
        self.task = TaskBar(theme, words, self)
        self.task.happened.connect(self.happened)
        self.training.happened.connect(self.happened)
        self.top = TopBar(theme, words, now, self)
        self.rail = StepRail(theme, words, self)
        self.foot = Foot(theme, words, self)
        self.devices = TouchArea(self)
        self.devices.setAccessibleName(words.say("frame.title.devices"))
        self.devices.clicked.connect(self._devices_touched)
        self.keypad: Keypad | None = None
        self.shadow: Shadow | None = None
        self.light = FrameLight(theme, self)
        self.foot.happened.connect(self.happened)
        self._screens: dict[Screen, StageScreen] = {}
        self._overlays: dict[str, StageScreen] = {}
        self.stage: StageScreen | None = None
        self.overlay: StageScreen | None = None
        self.training.hide()
        self.task.hide()
        self.light.hide()

    # --- what is shown --------------------------------------------------------------------

    def show_view(self, view: StationView) -> None:
        """Shows a snapshot in every region, the verdict of a scan first."""
        if self.stage is not None and self.stage is self._screens.get(_stage_of(view)):
            self.stage.show_first(view)
        self.top.show_view(view)
        self.rail.show_view(view)
        self.foot.show_view(view)
        self.task.show_view(view)
        self.training.show_view(view)
        self.rail.setVisible(bool(rail_of(view)[0]))
        self._choose_stage(view)
        self._choose_overlay(view)
        self._arrange()
        self._ask(view)
        self._stack()
        self.light.setVisible(bool(view.alert and view.alert.sound and view.person.muted))

    def _choose_stage(self, view: StationView) -> None:
        wanted = _stage_of(view)
        if wanted not in self._screens:
            self._screens[wanted] = self._adopt(self._stages.screen(wanted, self.theme, self.words))
        stage = self._screens[wanted]
        if stage is not self.stage:
            if self.stage is not None:
                self.stage.hide()
            self.stage = stage
            stage.setGeometry(self._stage_rect())
            stage.show()
        stage.show_view(view)

    def _choose_overlay(self, view: StationView) -> None:
        kind = view.alert.kind if view.alert and not view.locked else ""
        if kind and kind not in self._overlays:
            self._make_overlay(kind)
        overlay = self._overlays.get(kind)
        if overlay is not self.overlay:
            if self.overlay is not None:
                self.overlay.hide()
            self.overlay = overlay
            if overlay is not None:
                overlay.setGeometry(self._below_top())
                overlay.show()
        if overlay is not None:
            overlay.show_view(view)

    def _stack(self) -> None:
        """What covers what, the stage undermost; raising what is in place would repaint it."""
        layers = (self.overlay, self.devices, self.shadow, self.keypad, self.light)
        wanted = [widget for widget in layers if widget is not None]
        if self.children()[-len(wanted) :] != wanted:
            for widget in wanted:
                widget.raise_()

    def _make_screen(self, screen: Screen) -> None:
        self._screens[screen] = self._adopt(self._stages.screen(screen, self.theme, self.words))

    def _make_overlay(self, kind: str) -> None:
        overlay = self._adopt(self._stages.overlay(kind, self.theme, self.words))
        # It covers all its area: what lies beneath is not painted.
        overlay.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._overlays[kind] = overlay

    def warm(self) -> bool:
        """Makes one stage or overlay of the way of a parcel; whether one is still to be made."""
        for kind in _WARM_OVERLAYS:
            if kind not in self._overlays:
                self._make_overlay(kind)
                return True
        for screen in _WARM_SCREENS:
            if screen not in self._screens:
                self._make_screen(screen)
                return True
        return False

    def _adopt(self, screen: StageScreen) -> StageScreen:
        screen.setParent(self)
        screen.hide()
        screen.happened.connect(self.happened)
        return screen

    def _ask(self, view: StationView) -> None:
        """Opens the keypad where the view asks for something that the stage does not ask itself."""
        covering = self.overlay or self.stage
        own = covering is not None and covering.shows_entry
        asking = view.entry is not None and not own
        if self.keypad is None and not asking:
            return
        keypad, shadow = self._entry_parts()
        keypad.show_view(view)
        if asking:
            self._place_keypad()
        shadow.setVisible(asking)
        keypad.setVisible(asking)
        if asking:
            keypad.focus_field()

    def _entry_parts(self) -> tuple[Keypad, Shadow]:
        """Keypad and its shadow, made for the first question: start-up does without them."""
        from packstation.ui.widgets.keypad import Keypad, Shadow

        if self.keypad is None or self.shadow is None:
            self.shadow = Shadow(self.theme, self)
            self.keypad = Keypad(self.theme, self.words, self)
            self.keypad.happened.connect(self.happened)
        return self.keypad, self.shadow

    # --- where it is ------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The window's own size changed."""
        self._arrange()

    def _top_edge(self) -> int:
        return self.training.wanted_height() if not self.training.isHidden() else 0

    def _arrange(self) -> None:
        m, width, top = self.theme.metrics, self.width(), self._top_edge()
        self.training.setGeometry(0, 0, width, self.training.wanted_height())
        self.top.setGeometry(0, top, width, m.top)
        self.rail.setGeometry(self._side(), top + m.top, width - 2 * self._side(), m.rail)
        stage = self._stage_rect()
        bar = self.task.wanted_height()
        self.task.setGeometry(stage.left(), stage.top() - bar, stage.width(), bar)
        tall = self.foot.wanted_height()
        self.foot.setGeometry(0, self.height() - tall, width, tall)
        if self.stage is not None:
            self.stage.setGeometry(self._stage_rect())
        if self.overlay is not None:
            self.overlay.setGeometry(self._below_top())
        lamps = self.top.lamps.geometry()
        self.devices.setGeometry(lamps.left(), top, lamps.width(), max(m.top, m.touch))
        self.light.setGeometry(self.rect())
        if self.keypad is not None and not self.keypad.isHidden():
            self._place_keypad()

    def _side(self) -> int:
        """Above 1920 the stage grows to 2200 wide, then the margins do."""
        return max(0, (self.width() - self.theme.px(tokens.STAGE_WIDEST)) // 2)

    def _stage_rect(self) -> QRect:
        m = self.theme.metrics
        top = self._top_edge() + m.top + (0 if self.rail.isHidden() else m.rail)
        top += 0 if self.task.isHidden() else self.task.wanted_height()
        low = self.height() - self.foot.wanted_height()
        return QRect(self._side(), top, self.width() - 2 * self._side(), low - top)

    def _below_top(self) -> QRect:
        top = self._top_edge() + self.theme.metrics.top
        return QRect(0, top, self.width(), self.height() - top)

    def _place_keypad(self) -> None:
        """At the side, above the foot where it fits there."""
        m, below, edge = self.theme.metrics, self._below_top(), self.theme.px(12)
        keypad, shadow = self._entry_parts()
        width, height = keypad.wanted(below.height() - 2 * edge)
        room = below.height() - self.foot.wanted_height()
        if height > room - 2 * edge:
            room = below.height()
        left = m.margin if self.theme.mirrored else self.width() - m.margin - width
        place = QRect(left, below.top() + (room - height) // 2, width, height)
        keypad.setGeometry(place)
        spread = shadow.SPREAD
        shadow.setGeometry(place.adjusted(-spread, -spread + 12, spread, spread + 12))

    def _devices_touched(self) -> None:
        fault = self.top.lamps.first_fault
        self.happened.emit(CommandGiven("devices", fault, source="touch"))


def _stage_of(view: StationView) -> Screen:
    """A locked bench shows its sign-in whatever lies open."""
    return Screen.SIGN_IN if view.locked else view.screen


class FrameLight(QWidget):
    """A lit rim in place of a muted alarm."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Four bars of amber."""
        painter, wide = QPainter(self), self._theme.px(10)
        area = QRectF(self.rect())
        ink = self._theme.color("warn.fill")
        for bar in (
            QRectF(0, 0, area.width(), wide),
            QRectF(0, area.height() - wide, area.width(), wide),
            QRectF(0, 0, wide, area.height()),
            QRectF(area.width() - wide, 0, wide, area.height()),
        ):
            painter.fillRect(bar, ink)
        painter.end()
