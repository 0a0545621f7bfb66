"""One camera: a thread that takes pictures, reads them, and keeps the newest for the window.

It lives as `packstation.devices.link.Link` does: a camera that is not there is reported once and
opened again and again; one that is frozen is reported, closed and opened anew. Codes go to the
station as `CodesSeen`; pictures wait in one slot until the window asks (`latest`), so a slow
window costs pictures and never memory.
"""

from __future__ import annotations

import logging
import random
import threading
import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from packstation.devices.camera.pixels import opencv
from packstation.devices.camera.showing import shown
from packstation.devices.camera.stream import StreamReader
from packstation.devices.camera.watch import CameraTiming, FrameWatch, Sight
from packstation.devices.health import Reporter
from packstation.devices.leaving import joined
from packstation.devices.link import LinkTiming
from packstation.devices.ports import LINK_ERRORS
from packstation.domain.errors import DeviceFaulty
from packstation.domain.reading import CodeRead
from packstation.station.frames import Frame, FrameMark
from packstation.station.ports import CodesSeen, DeviceState

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels
    from packstation.devices.camera.sources import FrameSource, SourceOpener

_LOG = logging.getLogger(__name__)

# The window shows it smaller than the sensor sees it, too small for a scanner to read.
SHOWN_WIDE: Final = 640
_UNWATCHED_S: Final = 2.0
_EVERY: Final = 0.9
_SAY_NS: Final = 120_000_000
_NS: Final = 1_000_000_000
_STALE_NS: Final = 2 * _NS
# cv2.IMWRITE_JPEG_QUALITY is 1; at 85 the print of a carton can be read.
_QUALITY: Final = 85


class Camera:
    """`packstation.station.ports.FramePort` over a `FrameSource`."""

    def __init__(
        self,
        reporter: Reporter,
        opener: SourceOpener,
        timing: CameraTiming | None = None,
        link: LinkTiming | None = None,
        chance: Callable[[], float] | None = None,
    ) -> None:
        self._reporter = reporter
        self._opener = opener
        self._timing = timing or CameraTiming()
        self._link = link or LinkTiming()
        self._chance = chance or random.SystemRandom().random
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._pause = self._link.first_pause_s
        self._was_open = False
        self._seq = 0
        self._fps = 0.0
        self._said: list[str] = []
        self._said_ns = 0
        self._frame: Frame | None = None
        self._asked_s = float("-inf")
        self._whole: tuple[Pixels, int] | None = None
        self._thread = threading.Thread(
            target=self._run, name=f"camera-{reporter.device}", daemon=True
        )

    def start(self) -> None:
        """Begin to open the camera."""
        self._thread.start()

    def latest(self) -> Frame | None:
        """The newest picture, at most `SHOWN_WIDE` wide; None before the first or when lost."""
        self._asked_s = time.monotonic()
        return self._frame

    def photo(self) -> tuple[bytes, int, int]:
        """The whole newest picture as JPEG, its width and height; from any thread, some 20 ms.

        Raises:
            DeviceFaulty: there is none of the last two seconds.
        """
        whole = self._whole
        if whole is None or self._reporter.mono_ns() - whole[1] > _STALE_NS:
            raise DeviceFaulty(device=self._reporter.device, fault="photo.stale")
        done, data = opencv().imencode(".jpg", whole[0], [1, _QUALITY])
        if not done:
            raise DeviceFaulty(device=self._reporter.device, fault="photo.failed")
        return data.tobytes(), whole[0].shape[1], whole[0].shape[0]

    def whole(self) -> tuple[Pixels, int] | None:
        """The whole newest picture and its monotonic time, not to be changed; None without one."""
        whole = self._whole
        if whole is None or self._reporter.mono_ns() - whole[1] > _STALE_NS:
            return None
        return whole

    def retry_now(self) -> None:
        """A camera was plugged in: try at once."""
        self._wake.set()

    def end(self) -> None:
        """Let the thread end; returns at once."""
        self._reporter.hush()
        self._closing.set()
        self._wake.set()

    def join(self, timeout: float) -> bool:
        """Wait for the thread, seconds; whether the camera is given back."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        """End the thread; nothing is reported afterwards."""
        self.end()
        self.join(self._link.join_s)
        self._reporter.mute()

    # --- the thread -----------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closing.is_set():
            self._attempt()
            self._frame, self._whole = None, None
            self._wake.wait(self._next_pause())
            if not self._closing.is_set():
                self._wake.clear()

    def _next_pause(self) -> float:
        pause = self._pause
        self._pause = min(pause * 2, self._link.longest_pause_s)
        return pause * (1 + self._link.jitter * self._chance())

    def _attempt(self) -> None:
        source: FrameSource | None = None
        try:
            source = self._opener()
            self._was_open = True
            self._watch(source)
        except LINK_ERRORS as failure:
            self._reporter.lost(failure, was_open=self._was_open)
        except Exception as raised:  # noqa: BLE001 - a bug in a decoder must not end the device
            _LOG.exception("camera %s failed", self._reporter.device)
            self._reporter.health(DeviceState.FAULT, "device.internal", repr(raised))
        finally:
            if source is not None:
                source.close()

    def _watch(self, source: FrameSource) -> None:
        """Until the camera is closed, lost or frozen."""
        watch = FrameWatch(self._reporter.mono_ns(), self._timing.watch)
        reader = StreamReader()
        before_ns = self._reporter.mono_ns()
        while not self._closing.is_set():
            image = source.read()
            now_ns = self._reporter.mono_ns()
            sight = watch.nothing(now_ns) if image is None else self._judged(watch, image, now_ns)
            self._tell(sight)
            if sight is Sight.FROZEN:
                return
            if image is not None and sight is not Sight.WARMING:
                self._pause = self._link.first_pause_s
                self._pace(now_ns - before_ns)
                self._take(reader, image, now_ns)
            before_ns = now_ns

    def _judged(self, watch: FrameWatch, image: Pixels, now_ns: int) -> Sight:
        # Every fourth pixel of every fourth row has noise enough to tell two pictures apart.
        thin = image[::4, ::4].tobytes()
        digest = zlib.crc32(thin).to_bytes(4, "big")
        return watch.picture(digest, float(image[::8, ::8].mean()), now_ns)

    def _tell(self, sight: Sight) -> None:
        match sight:
            case Sight.SEES:
                self._reporter.well()
            case Sight.DARK:
                # A cap on the lens is no broken camera: it sleeps, and its cure is said.
                self._reporter.health(DeviceState.ASLEEP, "camera.dark")
            case Sight.FROZEN:
                self._reporter.health(DeviceState.FAULT, "camera.frozen")

    def _say(self, reads: tuple[CodeRead, ...], shape: tuple[int, ...], now_ns: int) -> None:
        """What changed at once, what stays a few times a second, an empty bench once."""
        keys = sorted(read.key for read in reads)
        if keys == self._said and (not keys or now_ns - self._said_ns < _SAY_NS):
            return
        self._said, self._said_ns = keys, now_ns
        self._reporter.post(
            CodesSeen(self._reporter.device, reads, self._seq, now_ns, (shape[1], shape[0]))
        )

    def _pace(self, gap_ns: int) -> None:
        now = _NS / max(gap_ns, 1_000_000)
        self._fps = _EVERY * self._fps + (1 - _EVERY) * now if self._fps else now

    def _take(self, reader: StreamReader, image: Pixels, now_ns: int) -> None:
        self._seq += 1
        self._whole = (image, now_ns)
        reads = reader.read(image, self._seq, spare_s=self._timing.spare_s)
        self._say(reads, image.shape, now_ns)
        if reads:
            last = reads[-1]
            self._reporter.seen(f"{last.format} {last.text}".encode())
        if time.monotonic() - self._asked_s < _UNWATCHED_S or self._frame is None:
            marks = tuple(FrameMark(r.text, r.format, r.engine, r.corners) for r in reads)
            self._frame = shown(image, SHOWN_WIDE, self._seq, now_ns, self._fps, marks)
