"""A simulated bench camera: labels on a mat, as a stream of JPEG pictures on the loopback.

It speaks what a network camera speaks, so the whole way from the socket to the code is the real
one. Its sensor has noise: two pictures are equal only under the fault ``frozen``.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.devices.sim.faults import FAULTS, FaultSet

if TYPE_CHECKING:
    import numpy as np

    from packstation.devices.camera.pixels import Pixels

_HEAD: Final = (
    b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=picture\r\n"
    b"Cache-Control: no-store\r\n\r\n"
)
_SLOW_S: Final = 1.5
_MOST_GREY: Final = 120.0


class Laid(Struct, frozen=True):
    """A label on the mat: what it carries, where its middle is (shares of the picture), its turn.

    13 digits are an EAN-13, a text with "[01]" in front a GS1 DataMatrix, others Code 128.
    """

    text: str
    x: float
    y: float
    degrees: float = 0.0


def in_rows(texts: Sequence[str], across: int = 3) -> list[Laid]:
    """Texts as labels side by side."""
    down = max(1, -(-len(texts) // across))
    return [
        Laid(text, (at % across + 0.5) / across, (at // across + 0.5) / max(2, down))
        for at, text in enumerate(texts)
    ]


class CameraSim:
    """A camera over a mat; `show` lays labels down, `cover` puts a hand over a part."""

    def __init__(
        self, *, size: tuple[int, int] = (1280, 720), fps: float = 15.0, seed: int = 1
    ) -> None:
        self.faults = FaultSet(FAULTS["camera"])
        self._size = size
        self._gap_s = 1 / fps
        self._seed = seed
        self._guard = threading.Lock()
        self._laid: tuple[Laid, ...] = ()
        self._hand: tuple[float, float, float, float] | None = None
        self._scene: Pixels | None = None
        self._closing = threading.Event()
        self._listener: socket.socket | None = None
        self._lines: list[socket.socket] = []
        self._port = 0
        self._plug()

    @property
    def address(self) -> str:
        """Where a station finds it."""
        return f"http://127.0.0.1:{self._port}/camera"

    def show(self, laid: Sequence[Laid]) -> None:
        """Lay these on the mat, and nothing else."""
        with self._guard:
            self._laid, self._scene = tuple(laid), None

    def cover(self, hand: tuple[float, float, float, float] | None) -> None:
        """A hand over left, top, right, bottom (shares of the picture); None takes it away."""
        with self._guard:
            self._hand, self._scene = hand, None

    def set_fault(self, fault: str, *, on: bool) -> None:
        """Switch a fault; ``unplug`` ends the stream and refuses the next call."""
        self.faults.set(fault, on=on)
        if fault == "unplug":
            (self._unplug if on else self._plug)()

    def close(self) -> None:
        """End all threads."""
        self._closing.set()
        self._unplug()

    # --- the cable ------------------------------------------------------------------------

    def _plug(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        self._port = listener.getsockname()[1]
        with self._guard:
            self._listener = listener
        threading.Thread(
            target=self._accept, args=(listener,), name="camera-sim", daemon=True
        ).start()

    def _unplug(self) -> None:
        with self._guard:
            lines, self._lines = [*self._lines], []
            listener, self._listener = self._listener, None
        if listener is not None:
            lines.append(listener)
        for line in lines:
            # A close alone does not wake the thread that waits in accept.
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                with self._guard:
                    self._lines.append(line)
                threading.Thread(
                    target=self._serve, args=(line,), name="camera-sim-line", daemon=True
                ).start()

    def _serve(self, line: socket.socket) -> None:
        import numpy as np

        chance = np.random.default_rng(self._seed)
        with contextlib.suppress(OSError):
            line.settimeout(5.0)
            line.recv(4096)
            line.sendall(_HEAD)
            frozen = b""
            while not self._closing.wait(_SLOW_S if self.faults.has("slow") else self._gap_s):
                frozen = frozen if frozen and self.faults.has("frozen") else self._picture(chance)
                head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frozen)}"
                line.sendall(head.encode() + b"\r\n\r\n" + frozen + b"\r\n")

    # --- the picture ----------------------------------------------------------------------

    def _picture(self, chance: np.random.Generator) -> bytes:
        import numpy as np

        from packstation.devices.camera.pixels import opencv

        cv = opencv()
        with self._guard:
            if self._scene is None:
                self._scene = mat_picture(self._laid, self._size, self._hand)
            scene = self._scene
        if self.faults.has("blur"):
            scene = cv.GaussianBlur(scene, (0, 0), 4.0)
        grain = chance.integers(-3, 4, scene.shape, dtype=np.int16)
        noisy = np.clip(scene * (0.02 if self.faults.has("dark") else 1.0) + grain, 0, 255)
        _, data = cv.imencode(".jpg", noisy.astype(np.uint8), [cv.IMWRITE_JPEG_QUALITY, 85])
        return bytes(data)


def mat_picture(
    laid: Sequence[Laid],
    size: tuple[int, int],
    hand: tuple[float, float, float, float] | None = None,
) -> Pixels:
    """The mat with its labels, grey, without noise; ``hand`` as of `CameraSim.cover`."""
    import numpy as np

    wide, high = size
    mat = np.full((high, wide), _MOST_GREY, np.uint8)
    for label in laid:
        _lay(mat, label)
    if hand is not None:
        left, right = (int(share * wide) for share in hand[::2])
        top, bottom = (int(share * high) for share in hand[1::2])
        mat[top:bottom, left:right] = 170
    return mat


def _lay(mat: Pixels, label: Laid) -> None:
    """Paste the label, turned, where it lies; what hangs over the edge is cut off."""
    import numpy as np

    from packstation.devices.camera.pixels import opencv

    cv = opencv()
    code = np.pad(_code(label.text), 14, constant_values=235)
    high, wide = mat.shape
    there = cv.getRotationMatrix2D((code.shape[1] / 2, code.shape[0] / 2), label.degrees, 1.0)
    there[:, 2] += (label.x * wide - code.shape[1] / 2, label.y * high - code.shape[0] / 2)
    turned = cv.warpAffine(code, there, (wide, high), borderValue=0)
    shape = cv.warpAffine(np.full_like(code, 255), there, (wide, high), borderValue=0)
    mat[shape > 127] = turned[shape > 127]


def _code(text: str) -> Pixels:
    from packstation.devices.sim.codes import Symbol, drawn

    if len(text) == 13 and text.isdigit():
        return drawn(Symbol("EAN13", text), 2.0)
    if text.startswith("["):
        return drawn(Symbol("DataMatrix", text, gs1=True), 5.0)
    return drawn(Symbol("Code128", text), 1.5)
