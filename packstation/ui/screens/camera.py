"""The camera's page: its picture, what it says of itself, and what it reads."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.camera_facts import CameraFacts, camera_of
from packstation.ui.widgets.look_panel import LookPanel
from packstation.ui.widgets.main_line import MainLine
from packstation.ui.widgets.painted import Painted


class CameraScreen(BenchScreen):
    """CAMERA: hold a code before it and see whether it reads."""

    def build(self) -> tuple[Painted[Any], ...]:
        """Main line, picture, facts."""
        self.line = MainLine(self.kit, self._line, self)
        self.look = LookPanel(self.kit, self)
        self.facts = CameraFacts(self.kit, self)
        self.look.pulled.connect(self.facts.take)
        return self.line, self.look, self.facts

    def arrange(self, area: QRectF) -> None:
        """The picture as large as it can be under the main line; facts in their column."""
        main, side = self.columns(area, min(self.theme.pick(596, 424), area.width() * 0.34))
        high = self.theme.line_height("head") * 1.3
        place(self.line, QRectF(main.left(), main.top(), main.width(), high))
        place(self.look, main.adjusted(0, high + self.theme.px(12), 0, 0))
        place(self.facts, side)

    def show_view(self, view: StationView) -> None:
        """The tone is the camera's own."""
        super().show_view(view)
        camera = camera_of(view)
        fault = camera is not None and camera.state == "fault"
        self.banner_role = "stop" if fault else "ok"

    def says(self, view: StationView) -> tuple[str, str]:
        """The cure where it is in trouble, else what to do; nothing giant besides the picture."""
        return self._line(view), ""

    def _line(self, view: StationView) -> str:
        camera = camera_of(view)
        if camera is None:
            return self.speaker.say("screen.camera.missing")
        if camera.cause is not None:
            return self.speaker.of(camera.cure) or self.speaker.of(camera.cause)
        return self.speaker.say("screen.camera.hold")
