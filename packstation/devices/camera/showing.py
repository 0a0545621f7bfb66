"""A picture for the window: smaller, as bytes, with what it shows of the camera's own state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packstation.devices.camera import pixels
from packstation.station.frames import Frame, FrameMark

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels


def shown(
    image: Pixels, wide: int, seq: int, mono_ns: int, fps: float, marks: tuple[FrameMark, ...]
) -> Frame:
    """``image`` at most ``wide`` pixels wide; its marks stay in pixels of the whole picture."""
    cv = pixels.opencv()
    high, across = image.shape[:2]
    factor = min(1.0, wide / across)
    size = (max(1, round(across * factor)), max(1, round(high * factor)))
    small = cv.resize(image, size, interpolation=cv.INTER_AREA) if factor < 1 else image
    grey = pixels.grey(small)
    return Frame(
        seq=seq,
        width=size[0],
        height=size[1],
        stride=size[0] * (1 if small.ndim == 2 else 3),
        format="grey8" if small.ndim == 2 else "bgr888",
        data=small.tobytes(),
        marks=marks,
        full=(across, high),
        mono_ns=mono_ns,
        fps=round(fps, 1),
        brightness=round(float(grey.mean())),
        sharpness=round(float(cv.Laplacian(grey, cv.CV_16S).var())),
    )
