"""Where pictures come from: a `FrameSource` is open, gives frames, and fails as ports do.

``uvc``: OpenCV's VideoCapture over the system's camera (V4L2, Media Foundation), or a video file.
``mjpeg``: a network camera's stream of JPEG pictures over HTTP (``multipart/x-mixed-replace``,
RFC 2046 section 5.1); the simulated camera speaks it too. Failures are `OSError`, so that
`packstation.devices.health` finds their cause.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from packstation.devices.camera.pixels import opencv
from packstation.domain.errors import SettingsError

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

_ALLOWED: Final = "/dev/v4l/by-id/NAME, a number or a video file"
_LINUX: Final[bool] = sys.platform.startswith("linux")
_LONGEST_HEAD: Final = 4096
_LARGEST: Final = 16 * 1024 * 1024
_LENGTH: Final = re.compile(rb"content-length:\s*(\d{1,9})", re.IGNORECASE)


class CameraLine(Struct, frozen=True):
    """How a camera is opened: pixels, frames a second, exposure (None leaves it automatic).

    ``exposure`` is the driver's own unit: 100 microseconds on Linux (V4L2
    ``exposure_time_absolute``), a power of two of seconds on Windows.
    """

    width: int = 1920
    height: int = 1080
    fps: int = 30
    exposure: float | None = None


class FrameSource(Protocol):
    """An open camera; everything belongs to the thread that opened it."""

    def read(self) -> Pixels | None:
        """The next picture, colour or grey; None where none came within a second."""

    def close(self) -> None:
        """Give it back."""


SourceOpener = Callable[[], FrameSource]


def source_opener(model: str, address: str, line: CameraLine) -> SourceOpener:
    """What opens the address; its form is checked now (`SettingsError`)."""
    if model == "mjpeg":
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname:
            raise SettingsError(name="address", value=address, allowed="http://host:port/path")
        return lambda: MjpegSource(parts.hostname or "", parts.port or 80, parts.path or "/")
    if not address.strip():
        raise SettingsError(name="address", value=address, allowed=_ALLOWED)
    return lambda: CaptureSource(address, line)


class CaptureSource:
    """A camera of the system, or a video file, by OpenCV."""

    def __init__(self, address: str, line: CameraLine) -> None:
        """Open it; OSError ENOENT, EACCES or EBUSY where that fails."""
        self._cv = opencv()
        _must_be_there(address)
        self._file = Path(address).is_file()
        self._capture: Any = self._open(address)
        if not self._capture.isOpened():
            self._capture.release()
            raise OSError(errno.EBUSY, "camera does not open", address)
        if not self._file:
            self._set(line)

    def _open(self, address: str) -> Any:  # noqa: ANN401 - OpenCV's own type
        if self._file:
            return self._cv.VideoCapture(address)
        if _LINUX:
            return self._cv.VideoCapture(_device_number(address), self._cv.CAP_V4L2)
        number = int(address) if address.isdigit() else address
        return self._cv.VideoCapture(number, self._cv.CAP_ANY)

    def _set(self, line: CameraLine) -> None:
        """MJPG before the size: many cameras give 1080p uncompressed at five frames a second."""
        cv = self._cv
        self._capture.set(cv.CAP_PROP_FOURCC, cv.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv.CAP_PROP_FRAME_WIDTH, line.width)
        self._capture.set(cv.CAP_PROP_FRAME_HEIGHT, line.height)
        self._capture.set(cv.CAP_PROP_FPS, line.fps)
        self._capture.set(cv.CAP_PROP_BUFFERSIZE, 1)
        if line.exposure is not None:
            # 1 is manual and 3 automatic in V4L2, 0.25 and 0.75 with DirectShow.
            manual = 1 if _LINUX else 0.25
            self._capture.set(cv.CAP_PROP_AUTO_EXPOSURE, manual)
            self._capture.set(cv.CAP_PROP_EXPOSURE, line.exposure)

    def read(self) -> Pixels | None:
        """The next picture; a file that ends, or a camera that fails, is unplugged."""
        taken, image = self._capture.read()
        if not taken:
            raise OSError(errno.ENODEV, "no more pictures")
        found: Pixels = image
        return found

    def close(self) -> None:
        self._capture.release()


def _must_be_pictures(head: bytes) -> None:
    status = head.split(b"\r\n", 1)[0] + b" "
    if b" 200 " not in status or b"multipart" not in head.lower():
        raise OSError(errno.ENXIO, "no stream of pictures")


def _must_be_there(address: str) -> None:
    """OpenCV only says that it did not open; the system says why."""
    name = f"/dev/video{address}" if address.isdigit() and _LINUX else address
    if not name.startswith(("/", ".")):
        return
    if not os.access(name, os.R_OK):
        number = errno.EACCES if Path(name).exists() else errno.ENOENT
        raise OSError(number, os.strerror(number), name)


def _device_number(address: str) -> int | str:
    """V4L2 is opened by number: /dev/v4l/by-id names are links to /dev/videoN."""
    if address.isdigit():
        return int(address)
    found = re.fullmatch(r"/dev/video(\d+)", str(Path(address).resolve()))
    return int(found[1]) if found else address


class MjpegSource:
    """JPEG pictures of an HTTP stream, one after the other."""

    WAIT_S: Final = 1.0

    def __init__(self, host: str, port: int, path: str) -> None:
        """Connect and ask; OSError where it is refused, or is no stream of pictures."""
        self._line = socket.create_connection((host, port), timeout=2.0)
        self._held = bytearray()
        self._wanted = 0
        try:
            ask = f"GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            self._line.sendall(ask.encode("ascii", "replace"))
            head = self._until(b"\r\n\r\n")
            _must_be_pictures(head)
        except OSError:
            self._line.close()
            raise
        self._line.settimeout(self.WAIT_S)

    def read(self) -> Pixels | None:
        """The newest picture; OSError where the stream ends or is torn."""
        try:
            data = self._next()
            while self._waits():
                data = self._next()
        except TimeoutError:
            return None
        cv = opencv()
        import numpy as np

        image = cv.imdecode(np.frombuffer(data, np.uint8), cv.IMREAD_COLOR)
        if image is None:
            raise OSError(errno.EIO, "a torn picture")
        picture: Pixels = image
        return picture

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._line.close()

    def _next(self) -> bytes:
        """One picture's bytes; what came of it before a silence is kept for the next call."""
        if not self._wanted:
            found = _LENGTH.search(self._until(b"\r\n\r\n"))
            if found is None or not 0 < int(found[1]) <= _LARGEST:
                raise OSError(errno.EIO, "a picture without its length")
            self._wanted = int(found[1])
        data, self._wanted = self._exactly(self._wanted), 0
        return data

    def _waits(self) -> bool:
        """Whether a newer picture is on its way already: the reader was slower than the camera."""
        return len(self._held) > _LONGEST_HEAD or bool(
            select.select([self._line], [], [], 0)[0] and self._peek()
        )

    def _peek(self) -> bool:
        return len(self._line.recv(_LONGEST_HEAD, socket.MSG_PEEK)) == _LONGEST_HEAD

    def _until(self, mark: bytes) -> bytes:
        """Up to and with ``mark``; what waits is kept where nothing more comes for now."""
        while (at := self._held.find(mark)) < 0:
            if len(self._held) > _LONGEST_HEAD:
                raise OSError(errno.EIO, "no head of a picture")
            self._more()
        return self._take(at + len(mark))

    def _exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            self._more()
        return self._take(count)

    def _more(self) -> None:
        data = self._line.recv(65536)
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, "the stream ended")
        self._held += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken
