"""Sample views with a camera: ticks beside the lines, and the camera's own page."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.look_view import LookMark, LookView
from packstation.station.views import DeviceView, Screen, StationView, Words
from tests.ui.sample_order import NOW, base, commands
from tests.ui.sample_steps import scanning

FULL = (1280, 720)


def square(x: int, y: int, wide: int = 210, high: int = 90) -> tuple[tuple[int, int], ...]:
    """Corners of a code."""
    return ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))


LOOK = LookView(
    "camera",
    FULL,
    (
        LookMark(square(108, 135), "counted"),
        LookMark(square(535, 135), "due"),
        LookMark(square(962, 135), "scan"),
        LookMark(square(108, 495), "other"),
        LookMark(square(535, 495), "counted", covered=True),
        LookMark(square(962, 495), "unsure"),
    ),
)


def scanning_look(language: str) -> StationView:
    """Things lie under the camera while an order is scanned."""
    return replace(scanning(language), look=LOOK)


def camera_device(cause: str = "") -> DeviceView:
    """The camera, in trouble or not."""
    return DeviceView(
        id="camera",
        kind="camera",
        name="",
        state="fault" if cause else "ok",
        detail="uvc · /dev/v4l/by-id/usb-046d_C920-video-index0",
        cause=Words(cause) if cause else None,
        cure=Words(f"{cause}.cure") if cause else None,
        since=NOW,
        last_at=NOW,
    )


def camera(language: str) -> StationView:
    """The camera's page."""
    view = base(Screen.CAMERA, language)
    view = replace(view, order=None, lines=(), current=None, look=LOOK, carton=None, step=0)
    return replace(view, devices=(*view.devices, camera_device()), commands=commands("back"))


def camera_frozen(language: str) -> StationView:
    """The camera shows the same picture again and again."""
    view = camera(language)
    return replace(view, devices=(*view.devices[:-1], camera_device("camera.frozen")))


def camera_none(language: str) -> StationView:
    """Its page, after its row was taken out of the settings."""
    view = camera(language)
    return replace(view, devices=view.devices[:-1], look=None)
