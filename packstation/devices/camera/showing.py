"""A picture for the window: smaller, as bytes, with what it shows of the camera's own state.

Codes that were read are veiled: no screen may show a code that a scanner takes (UI_DESIGN "Must
never happen"), and a mark stands on them anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from packstation.devices.camera import pixels
from packstation.domain.reading import box
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
    small = _veiled(small, marks, factor)
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


def _veiled(small: Pixels, marks: tuple[FrameMark, ...], factor: float) -> Pixels:
    """Bars and modules smeared until nothing is left of them but their grey."""
    cv = pixels.opencv()
    veiled = small.copy() if marks else small
    for mark in marks:
        left, top, right, bottom = (round(value * factor) for value in box(mark.corners))
        room = max(6, (right - left) // 8)
        area = (left - room, top - room, right + room, bottom + room)
        part = pixels.cut(veiled, area).pixels
        if part.size:
            part[:] = cv.blur(part, (31, 31))
    return veiled
