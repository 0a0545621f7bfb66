"""What the camera says of itself, and every code in sight with its kind and reader."""

from __future__ import annotations

import time
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from packstation.station.frames import Frame
from packstation.station.views import DeviceView, StationView
from packstation.ui.widgets.canvas import Canvas
from packstation.ui.widgets.painted import Kit, Painted
from packstation.ui.widgets.side_card import Rows, draw_facts

# What decoders call the kinds, as people do.
_KINDS: Final = {
    "ean13": "EAN-13",
    "ean8": "EAN-8",
    "upca": "UPC-A",
    "upce": "UPC-E",
    "itf": "ITF",
    "code128": "Code 128",
    "code39": "Code 39",
    "code93": "Code 93",
    "qr": "QR",
    "datamatrix": "Data Matrix",
    "pdf417": "PDF417",
    "databar": "DataBar",
}
_MOST_ROWS: Final = 6
_BEAT_NS: Final = 250_000_000


class CameraShare(Struct, frozen=True):
    """The camera's own state."""

    camera: DeviceView | None


class CameraFacts(Painted[CameraShare]):
    """Two cards: pictures a second, age, light, sharpness; and what is in sight."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.facts: Rows = ()
        self.sight: Rows = ()
        self._told_ns = 0

    def share(self, view: StationView) -> CameraShare:
        """The device."""
        return CameraShare(camera_of(view))

    def take(self, frame: object) -> None:
        """A picture came, or None; figures change four times a second, so that they can be read."""
        now = time.monotonic_ns()
        if now - self._told_ns < _BEAT_NS:
            return
        self._told_ns = now
        picture = frame if isinstance(frame, Frame) else None
        told = (self._facts(picture, now), self._sight(picture))
        if told != (self.facts, self.sight):
            self.facts, self.sight = told
            self.update()

    def _facts(self, frame: Frame | None, now_ns: int) -> Rows:
        if frame is None:
            return ()
        age = max(0, now_ns - frame.mono_ns) // 1_000_000
        values = (
            ("fps", f"{frame.fps:.1f}"),
            ("age", f"{age} ms"),
            ("light", str(frame.brightness)),
            ("sharp", str(frame.sharpness)),
            ("size", f"{frame.full[0]} × {frame.full[1]}"),
        )
        return tuple((self.words.say(f"screen.camera.{name}"), value) for name, value in values)

    def _sight(self, frame: Frame | None) -> Rows:
        marks = frame.marks[:_MOST_ROWS] if frame is not None else ()
        return tuple(
            (mark.text[:32], f"{_KINDS.get(mark.format, mark.format)} · {mark.engine}")
            for mark in marks
        )

    def draw(self, canvas: Canvas, area: QRectF, shown: CameraShare) -> None:
        """One card over the other."""
        gap = canvas.theme.metrics.gutter
        high = (area.height() - gap) / 2
        named = shown.camera.name if shown.camera else ""
        name = named or canvas.words.say("cmd.camera")
        draw_facts(canvas, QRectF(area.left(), area.top(), area.width(), high), name, self.facts)
        low = QRectF(area.left(), area.top() + high + gap, area.width(), high)
        title = "screen.camera.read" if self.sight else "screen.camera.nothing"
        draw_facts(canvas, low, canvas.words.say(title), self.sight)


def camera_of(view: StationView) -> DeviceView | None:
    """The camera that the page is about."""
    wanted = view.look.device if view.look else ""
    return next((d for d in view.devices if d.kind == "camera" and wanted in {"", d.id}), None)
