"""A camera's newest picture on its way to the window; it never passes ``Station.handle``."""

from __future__ import annotations

from typing import Final, Protocol, runtime_checkable

from msgspec import Struct

from packstation.domain.reading import Corners


class FrameMark(Struct, frozen=True):
    """A code in a picture; ``corners`` in pixels of the whole picture."""

    text: str
    format: str
    engine: str
    corners: Corners


class Frame(Struct, frozen=True):
    """A picture to look at: ``data`` has ``height`` rows of ``stride`` bytes.

    ``format`` is bgr888 or grey8; ``full`` the size of the whole picture, in whose pixels the
    marks are; ``brightness`` the mean level 0 to 255, ``sharpness`` the variance of its edges.
    """

    seq: int
    width: int
    height: int
    stride: int
    format: str
    data: bytes
    marks: tuple[FrameMark, ...] = ()
    full: tuple[int, int] = (0, 0)
    mono_ns: int = 0
    fps: float = 0.0
    brightness: int = 0
    sharpness: int = 0


# What a camera is for: counting what lies before it, as a scanner too, or to look at only.
CAMERA_USES: Final = ("look", "scan", "off")


@runtime_checkable
class FramePort(Protocol):
    """The newest picture of a camera, one slot; frames never pass ``Station.handle``."""

    def latest(self) -> Frame | None:
        """Called by the window on its own tick, from its own thread; never blocks."""
