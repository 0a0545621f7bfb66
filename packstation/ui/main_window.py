"""The frame round every stage: top bar, rail, foot; what covers it; and the person's inputs.

The window shows a `StationView` and says what the person did through ``happened``. It decides
nothing: it does not know what a command does, nor which screen follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct
from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from packstation.station import frames
from packstation.station.ports import CommandGiven, Happening
from packstation.station.views import Screen, StationView
from packstation.ui.frame import Frame
from packstation.ui.keys import Keys, Stroke
from packstation.ui.look import look_of
from packstation.ui.stage import StageScreen
from packstation.ui.theme import Profile, Theme, choose_profile
from packstation.ui.widgets.fitting import forget_fits
from packstation.ui.words import Speaker, Speakers

if TYPE_CHECKING:
    from packstation.ui.sounds import Player

UNSEEN_MS: Final = 2000


def utc_now() -> datetime:
    """The clock of ages that are shown; tests give another."""
    return datetime.now(UTC)


class MakeScreen(Protocol):
    """Makes the stage of a state."""

    def __call__(self, screen: Screen, theme: Theme, speaker: Speaker) -> StageScreen:
        """Called once a screen, theme and language."""


class MakeOverlay(Protocol):
    """Makes what covers the stage."""

    def __call__(self, kind: str, theme: Theme, speaker: Speaker) -> StageScreen:
        """``kind`` of an alert."""


class Stages(Struct, frozen=True):
    """Where screens come from: `packstation.ui.screens`, or a test's own."""

    screen: MakeScreen
    overlay: MakeOverlay


class MainWindow(QWidget):
    """Full screen on a bench; ``show_view`` is the only way in, ``happened`` the only way out."""

    happened = Signal(object)
    closed = Signal()

    def __init__(
        self,
        stages: Stages,
        player: Player | None = None,
        now: Callable[[], datetime] = utc_now,
        dots_per_inch: float = 0.0,
        *,
        motion: bool = True,
    ) -> None:
        super().__init__()
        self._stages = stages
        self._player = player
        self._now = now
        self._dots_per_inch = dots_per_inch
        self._motion = motion
        self._speakers = Speakers()
        self._keys = Keys()
        self._cameras: Mapping[str, frames.FramePort] = {}
        self._view = StationView(screen=Screen.SIGN_IN)
        self._sounded = -1
        self._alarm = ""
        self._side: QWidget | None = None
        self._side_width = 0
        self._frame: Frame | None = None
        self._painted = False
        self._waiting: list[Callable[[], None]] = []
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("packstation")
        self.setWindowTitle("packstation")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # --- what is shown --------------------------------------------------------------------

    @property
    def view(self) -> StationView:
        """The snapshot on screen."""
        return self._view

    @property
    def frame(self) -> Frame:
        """The frame of the person and screen at hand."""
        if self._frame is None:
            self._frame = self._make_frame(self._look(self._view))
        return self._frame

    @property
    def theme(self) -> Theme:
        """What everything is painted with now."""
        return self.frame.theme

    def show_view(self, view: StationView) -> None:
        """Shows a snapshot, then sounds what it says."""
        self._view = view
        theme = self._look(view)
        if self._frame is None or self._frame.theme != theme:
            self._replace_frame(theme)
        self.frame.show_view(view)
        self._sound(view)

    def set_cameras(self, cameras: Mapping[str, frames.FramePort]) -> None:
        """Where pictures come from, by device."""
        self._cameras = cameras

    def latest(self, device: str) -> frames.Frame | None:
        """The newest picture of a camera, for whoever shows it."""
        camera = self._cameras.get(device)
        return camera.latest() if camera is not None else None

    def refresh(self) -> None:
        """Lays everything out anew, after fonts came in."""
        forget_fits()
        self._replace_frame(self._look(self._view))
        self.frame.show_view(self._view)

    def set_side(self, widget: QWidget | None, width: int = 0) -> None:
        """Stands ``widget`` (the virtual bench) at the right for ``width`` pixels."""
        if self._side is not None:
            self._side.setParent(None)
        self._side, self._side_width = widget, width if widget else 0
        if widget is not None:
            widget.setParent(self)
            widget.show()
        self._arrange()

    def _look(self, view: StationView) -> Theme:
        return look_of(view.person, self._profile(), motion=self._motion and not view.person.still)

    def _profile(self) -> Profile:
        return choose_profile(
            max(1, self.width() - self._side_width), max(1, self.height()), self._density()
        )

    def _density(self) -> float:
        """Dots an inch: the setting, else the monitor's word where it is believable."""
        if self._dots_per_inch:
            return self._dots_per_inch
        said = self.screen().physicalDotsPerInch()
        return said if 60 <= said <= 320 else 0.0

    def _make_frame(self, theme: Theme) -> Frame:
        speaker = self._speakers.of(theme.language)
        frame = Frame(theme, speaker, self._stages, self._now, self)
        frame.happened.connect(self.give)
        frame.setGeometry(self._frame_rect())
        return frame

    def _replace_frame(self, theme: Theme) -> None:
        old, self._frame = self._frame, self._make_frame(theme)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app)
        self._frame.show()
        if old is not None:
            old.hide()
            old.deleteLater()

    def _frame_rect(self) -> QRect:
        return QRect(0, 0, self.width() - self._side_width, self.height())

    def _arrange(self) -> None:
        if self._frame is not None and self._frame.theme != self._look(self._view):
            self.show_view(self._view)
        self.frame.setGeometry(self._frame_rect())
        if self._side is not None:
            left = self.width() - self._side_width
            self._side.setGeometry(left, 0, self._side_width, self.height())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Another size may be another profile."""
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The canvas under everything."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("canvas"))
        painter.end()
        if not self._painted:
            self._let_wait_end()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The owner ends what runs; the window only says so."""
        if self._player is not None:
            self._player.close()
        self.closed.emit()
        super().closeEvent(event)

    # --- what is heard --------------------------------------------------------------------

    @property
    def silent(self) -> bool:
        """Whether there is no player yet."""
        return self._player is None

    def set_player(self, player: Player) -> None:
        """Sound comes in after the first paint; what sounds now is sounded then."""
        self._player = player
        self._sounded, self._alarm = -1, ""
        self._sound(self._view)

    def _sound(self, view: StationView) -> None:
        """Once for a new fact; again and again for an alarm until it is answered."""
        if self._player is None:
            return
        self._player.tune(view.person.sounds, view.person.volume)
        muted = view.person.muted
        alarm = view.alert.sound if view.alert and not muted else ""
        answered = view.entry is not None and view.entry.kind in {"pin", "supervisor", "reason"}
        alarm_key = f"{alarm}/{view.alert.serial}" if alarm and view.alert and not answered else ""
        fresh = view.serial != self._sounded
        self._sounded = view.serial
        if alarm_key != self._alarm:
            self._alarm = alarm_key
            if alarm_key:
                self._player.repeat(alarm)
                return
            self._player.stop()
        if fresh and view.earcon and not muted and view.earcon != alarm:
            self._player.play(view.earcon)

    # --- what the person does ---------------------------------------------------------------

    def give(self, happening: Happening) -> None:
        """Passes an input on; the volume test is the window's own."""
        if isinstance(happening, CommandGiven) and self._player is not None:
            if happening.command == "volume-test":
                self._player.test()
                return
            if happening.source == "touch":
                self._player.play("key")
        self.happened.emit(happening)

    def typed(self, stroke: Stroke) -> bool:
        """A key that no scanner sent; whether the window used it."""
        keypad = self.frame.keypad
        asking = keypad is not None and keypad.entry is not None and keypad.isVisible()
        in_field = isinstance(QApplication.focusWidget(), QLineEdit)
        if in_field and not asking and stroke.name == "Enter":
            return False
        if keypad is not None and asking:
            if stroke.name == "Enter":
                keypad.confirm()
                return True
            if not keypad.rows and stroke.text and not stroke.alt:
                keypad.field.insert(stroke.text)
                return True
        happening = self._keys.read(self._view, stroke)
        if happening is not None:
            self.give(happening)
        return happening is not None or stroke.name in {"Enter", "Esc"}

    def warm(self) -> None:
        """Makes the stages of a parcel ahead, one an idle moment."""
        if self.frame.warm():
            self.after_paint(self.warm)

    def after_paint(self, work: Callable[[], None]) -> None:
        """Runs ``work`` once the window has been painted and the loop is idle.

        A window that nobody sees (minimised, a screen that is off) is not painted: then after
        ``UNSEEN_MS``.
        """
        if self._painted:
            QTimer.singleShot(0, self, work)
            return
        if not self._waiting:
            QTimer.singleShot(UNSEEN_MS, self, self._let_wait_end)
        self._waiting.append(work)

    def _let_wait_end(self) -> None:
        """From the first painting: its parts come in the same turn of the loop, timers later."""
        self._painted = True
        waiting, self._waiting = self._waiting, []
        for work in waiting:
            QTimer.singleShot(0, self, work)
