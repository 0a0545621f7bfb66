"""What covers everything below the top bar: refusal, hold, stopped order."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from packstation.station.views import CommandView, StationView
from packstation.ui.stage import StageScreen
from packstation.ui.theme import Theme
from packstation.ui.widgets.alert_plate import PLATES, AlertFoot, foot_height, plate_pad
from packstation.ui.widgets.answer_keys import AnswerKey
from packstation.ui.widgets.painted import Kit, Painted
from packstation.ui.widgets.product_picture import Pictures
from packstation.ui.widgets.refusal import RefusalBody
from packstation.ui.words import Speaker


class AlertScreen(StageScreen):
    """Body and foot; the answers are keys on the foot."""

    tone = "stop"
    kind = "refusal"

    def __init__(self, theme: Theme, speaker: Speaker, parent: QWidget | None = None) -> None:
        """Shows nothing before the first view with an alert."""
        super().__init__(theme, speaker, parent)
        self.kit = Kit(theme, speaker, self.happened.emit, Pictures(self))
        self.body = self.make_body()
        self.foot = AlertFoot(self.kit, self)
        self.keys: list[AnswerKey] = []
        self._answers: tuple[CommandView, ...] = ()

    @abstractmethod
    def make_body(self) -> Painted[Any]:
        """The cards."""

    def show_view(self, view: StationView) -> None:
        """Shows the view's alert; the giant is the headline."""
        if view.alert is None:
            return
        self.main_line = self.giant = self.speaker.of(view.alert.headline)
        self.banner_role = self.tone
        self.setAccessibleName(self.main_line)
        if view.alert.answers != self._answers:
            self._answers = view.alert.answers
            self._make_keys()
        self.body.show_view(view)
        self.foot.show_view(view)

    def _make_keys(self) -> None:
        for key in self.keys:
            key.hide()
            key.deleteLater()
        ink = PLATES[self.kind].on
        self.keys = [
            AnswerKey(self.theme, self.speaker, answer, ink, self) for answer in self._answers
        ]
        for key in self.keys:
            key.given.connect(self.happened)
            key.show()
        self._arrange()

    def _arrange(self) -> None:
        high = foot_height(self.theme)
        area = self.rect()
        self.body.setGeometry(0, 0, area.width(), area.height() - high)
        self.foot.setGeometry(0, area.height() - high, area.width(), high)
        pad, gap = plate_pad(self.theme), self.theme.pick(44, 26)
        wides = [key.sizeHint().width() for key in self.keys]
        x = area.width() - pad - sum(wides) - gap * max(0, len(wides) - 1)
        self.foot.reserved = area.width() - x
        for key, wide in zip(self.keys, wides, strict=True):
            tall = min(high, key.sizeHint().height())
            key.setGeometry(x, area.height() - high + (high - tall) // 2, wide, tall)
            key.raise_()
            x += wide + gap

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Lays body, foot and keys out anew."""
        self._arrange()

    def content(self) -> QRectF:
        """The whole area."""
        return QRectF(self.rect())


class RefusalScreen(AlertScreen):
    """Stage red, octagon."""

    def make_body(self) -> RefusalBody:
        """In hand beside needed."""
        return RefusalBody(self.kit, self)
